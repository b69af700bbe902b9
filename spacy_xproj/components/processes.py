"""What holds for a process that is a copy of another."""

from ..hf.loading import use_threads

__all__ = ["use_threads"]
