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
    if is_local(name):
        folder = Path(name)
    else:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HFValidationError

        try:
            found = snapshot_download(name, revision=revision, allow_patterns=_SAFE)
        except (OSError, HFValidationError) as error:
            reason = next(filter(str.strip, str(error).splitlines()), type(error).__name__)
            raise ModelNotFoundError(Errors.XP901.format(name=name, reason=reason)) from error
        folder = Path(found)
    if not (folder / WEIGHTS).is_file():
        raise XProjError(Errors.XP904.format(name=name, where=folder, error=f"it has no {WEIGHTS}"))
    return folder
