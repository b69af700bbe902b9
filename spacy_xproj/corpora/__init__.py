"""Benchmarks and formats as spaCy Docs, and back."""

from .formats.files import read_docs, write_docs
from .marked import parse_marked, read_marked

__all__ = ["parse_marked", "read_docs", "read_marked", "write_docs"]
