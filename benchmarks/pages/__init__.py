"""Scores with intervals, and pages that compare systems."""
