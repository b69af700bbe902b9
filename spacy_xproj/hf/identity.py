"""Which model a name stands for: its content, not its name.

A folder can be written anew and a branch of the hub moves on, so what is kept for later use (its
translations, its converted weights) is kept under what the files hold. Time stamps would not do: a
copied folder is the same model, and must be found again.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from .loading import is_cached, is_local

# What ``from_pretrained`` reads of a folder; training states and notes beside it do not count.
_READ = (
    *(".json", ".safetensors", ".model", ".spm", ".txt", ".bpe", ".vocab", ".tiktoken"),
    *(".jinja",),
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_BLOCK = 1 << 22


def model_version(name: str, revision: str | None = None) -> str | None:
    """``sha256:...`` of the files of a folder, or ``commit:...`` of a model of the hub.

    None where that is not known yet: a model that is not on this machine, at a branch or tag.
    A folder is read once (about a gigabyte a second), and again when a file has changed.
    """
    if is_local(name):
        return f"sha256:{_folder_digest(Path(name))}"
    if is_cached(name, revision):
        # The cache keeps the files of a commit in a folder of that name.
        return f"commit:{model_folder(name, revision).name}"
    if revision is not None and _COMMIT.fullmatch(revision):
        return f"commit:{revision}"
    return None


def model_folder(name: str, revision: str | None = None) -> Path:
    """The folder that holds a model which is on this machine: its own, or that in the cache."""
    if is_local(name):
        return Path(name)
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(name, "config.json", revision=revision)
    assert isinstance(config, str), f"{name} is not on this machine"
    return Path(config).parent


def _folder_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix in _READ and file.is_file():
            stat = file.stat()
            own = file_digest(file.resolve(), stat.st_size, stat.st_mtime_ns)
            digest.update(f"{own} {file.name}\n".encode())
    return digest.hexdigest()


@lru_cache(maxsize=1024)
def file_digest(path: Path, size: int, modified: int) -> str:
    """``size`` and ``modified`` are there to read a changed file again."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
