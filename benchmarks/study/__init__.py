"""How the number of source languages in a teacher ensemble changes what is projected from them."""
