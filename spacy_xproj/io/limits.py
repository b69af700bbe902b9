"""How much a packed file may unpack to: 2 MB of zeros, packed, are gigabytes in memory.

By default 256 MiB, or 100 times the file's own size where that is more; real corpora pack by less
(``.spacy`` files of this project by 3 to 15). ``SPACY_XPROJ_MAX_UNPACKED`` sets another bound, a
number of bytes or ``2G``, for this process and those that it starts; ``spacy xproj
--max-unpacked`` sets it.
"""

import os
import re
import zlib
from pathlib import Path

from ..errors import Errors, XProjError

VARIABLE = "SPACY_XPROJ_MAX_UNPACKED"
FLOOR = 256 << 20
RATIO = 100
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
_BLOCK = 1 << 20


def parse_size(text: str) -> int:
    """Bytes of ``1048576``, ``512M``, ``2G`` (powers of 1024). Raises XProjError for another."""
    match = re.fullmatch(r"([0-9]{1,15})([KMGT]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if not match or not int(match[1]):
        raise XProjError(Errors.XP692.format(value=text))
    return int(match[1]) << _UNITS[match[2].upper()]


def unpack_limit(path: str | Path) -> int:
    """The most bytes that a file may unpack to."""
    given = os.environ.get(VARIABLE)
    return parse_size(given) if given else max(FLOOR, RATIO * Path(path).stat().st_size)


def check_unpacked(path: str | Path, size: int, limit: int) -> None:
    """Raise XProjError where ``size`` bytes of a file are more than ``limit``."""
    if size > limit:
        raise XProjError(Errors.XP693.format(path=path, limit=limit))


def check_zlib(path: str | Path, data: bytes) -> None:
    """Raise XProjError where zlib data unpacks to more than is allowed; nothing of it is kept.
    Raises ``zlib.error`` for what is not zlib data."""
    limit, size = unpack_limit(path), 0
    unpacker = zlib.decompressobj()
    while data and not unpacker.eof:
        size += len(unpacker.decompress(data, _BLOCK))
        check_unpacked(path, size, limit)
        data = unpacker.unconsumed_tail
