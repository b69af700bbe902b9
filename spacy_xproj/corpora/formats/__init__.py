"""File formats: sentences and their entities as spaCy Docs, and back."""
