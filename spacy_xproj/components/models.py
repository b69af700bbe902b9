"""Where the models of components are, for whoever looks before running them."""

from ..hf.loading import locate

__all__ = ["locate"]
