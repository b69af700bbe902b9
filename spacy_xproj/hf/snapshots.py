"""The files of a model that transformers itself does not load, as a folder without anything that
could run code."""

from __future__ import annotations

from pathlib import Path

from ..errors import Errors, ModelNotFoundError, XProjError
from .loading import is_local

WEIGHTS = "model.safetensors"
# No pickles, and no Python.
_SAFE = ["*.json", "*.safetensors", "*.model", "*.txt"]


def safe_folder(name: str, revision: str | None = None) -> Path:
    """The folder of a model by path, or by its name on the hub, from where it is fetched unless it
    is in the cache. Raises ModelNotFoundError where it is to be had nowhere, XProjError where it
    has no weights as safetensors."""
    folder = Path(name) if is_local(name) else _fetched(name, revision, _SAFE)
    _check_weights(name, folder)
    return folder


def check_folder(name: str, revision: str | None = None, *, file: str) -> None:
    """Raise as ``safe_folder``, as far as that is known when of a model of the hub only this small
    file is fetched."""
    if is_local(name):
        _check_weights(name, Path(name))
    else:
        _fetched(name, revision, [file])


def _fetched(name: str, revision: str | None, files: list[str]) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=files))
    except (OSError, HFValidationError) as error:
        reason = next(filter(str.strip, str(error).splitlines()), type(error).__name__)
        raise ModelNotFoundError(Errors.XP901.format(name=name, reason=reason)) from error


def _check_weights(name: str, folder: Path) -> None:
    if not (folder / WEIGHTS).is_file():
        raise XProjError(Errors.XP904.format(name=name, where=folder, error=f"it has no {WEIGHTS}"))
