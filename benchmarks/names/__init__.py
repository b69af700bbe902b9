"""Projection of names, and NER models, against gold."""
