"""Digests: of bytes, of several texts, and of files."""

import hashlib
from pathlib import Path

FileState = tuple[str, int, int]  # path, size, and time of change in nanoseconds
_BLOCK = 1 << 22


def sha256(data: bytes | str) -> str:
    """SHA-256 in hexadecimal; a text counts as its UTF-8."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def hash_parts(*parts: bytes) -> bytes:
    """SHA-256 of several parts with their lengths, so that ("a", "bc") is not ("ab", "c")."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def file_hash(path: str | Path, algorithm: str = "sha256") -> str:
    """The digest of a file's bytes, in hexadecimal; read in blocks."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with Path(path).open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
