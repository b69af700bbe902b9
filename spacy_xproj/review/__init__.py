"""The page of both sides."""
