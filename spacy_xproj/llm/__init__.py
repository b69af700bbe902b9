"""Language models over HTTP: the client for OpenAI-compatible servers, its cache and its budget."""

from .client import ChatClient

__all__ = ["ChatClient"]
