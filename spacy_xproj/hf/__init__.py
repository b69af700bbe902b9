"""Hugging Face models: finding, loading and running them over text of any length."""
