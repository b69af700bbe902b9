"""Spans of any kind: opinion targets, arguments and names in one run."""
