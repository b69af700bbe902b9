"""No test of this room may reach a network."""

import socket

import pytest


@pytest.fixture
def no_network(monkeypatch):
    """A list of the calls that tried to reach a network; each of them fails, and at once."""
    import huggingface_hub.utils._http

    tried = []

    def refuse(*args, **kwargs):
        tried.append(args)
        raise OSError("there is no network here")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    # The hub's client waits longer and longer between its attempts.
    monkeypatch.setattr(huggingface_hub.utils._http.time, "sleep", lambda seconds: None)
    return tried


@pytest.fixture
def empty_cache(monkeypatch, tmp_path):
    """An empty Hugging Face cache."""
    import huggingface_hub.constants
    import transformers.utils.hub

    folder = tmp_path / "hf-cache"
    folder.mkdir()
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(folder))
    monkeypatch.setattr(transformers.utils.hub, "TRANSFORMERS_CACHE", str(folder))
    return folder
