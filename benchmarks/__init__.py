"""Comparisons with gold and with published figures; no part of the installed package."""
