"""Gold word links."""
