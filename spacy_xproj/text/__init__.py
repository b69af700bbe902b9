"""Tokenizers, languages, scripts and markers."""
