"""Damaged files, as many as one likes, for every reader."""
