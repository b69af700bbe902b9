"""Whole-corpus steps on labelled documents: pairing, filters, splits, scores, training reader."""
