"""What trains the weights that ship with the package, and one's own."""
