"""Damage done to the bytes of a file: what disks, editors, other tools and attackers do."""

import random
import re
import zlib
from typing import Any

import srsly

# What a value is replaced by: of another type, out of range, not a character, far too large.
VALUES = (
    *(b"null", b"true", b"-1", b"0", b"1e999", b"NaN", b"0.5", b'""', b"{}", b"[]", b"[[]]"),
    *(b"9" * 23, b"-" + b"9" * 23, b"9" * 5000, b"18446744073709551616", b"[" * 3000),
    *(b'"\\ud800"', b'"\\u0000"', b'"en.stop_words"', b'"../../x"', b'"O"', b'"B-"', b'"\xc2\xa0"'),
)
PIECES = (
    *(b"\n", b"\r", b"\r\n", b"\t", b" ", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf"),
    *(b"\xe2\x80\xa8", b"#", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\tB-", b"\tI-X\n"),
)
PLAIN: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**63,
    1e308,
    "",
    "x",
    "en.stop_words",
    [],
    [[]],
    {},
    {"x": 1},
    b"x",
)
_JSON_VALUE = re.compile(rb'-?\d+(?:\.\d+)?|"(?:[^"\\]|\\.)*"|true|false|null|\[\]|\{\}')


def mutate(data: bytes, rng: random.Random) -> bytes:
    """The bytes with one fault or some; of packed data, inside or outside of the packing."""
    inner = _unpacked(data) if rng.random() < 0.9 else None
    if inner is None:
        return _damage(data, rng)
    if rng.random() < 0.3:
        return zlib.compress(_damage(inner, rng), 1)
    return zlib.compress(srsly.msgpack_dumps(_damage_value(srsly.msgpack_loads(inner), rng)), 1)


def _damage_value(value: Any, rng: random.Random) -> Any:
    """A faulty value somewhere inside, so that what holds it can still be unpacked."""
    if rng.random() < 0.1:
        return rng.choice(PLAIN)
    if isinstance(value, dict) and value:
        key = rng.choice(list(value))
        return value | {key: _damage_value(value[key], rng)}
    if isinstance(value, list) and value:
        at = rng.randrange(len(value))
        if rng.random() < 0.2:
            return value[:at] + value[at + 1 :]
        return [*value[:at], _damage_value(value[at], rng), *value[at + 1 :]]
    if isinstance(value, bytes):
        try:
            return srsly.msgpack_dumps(_damage_value(srsly.msgpack_loads(value), rng))
        except ValueError:
            # Numbers in a row: as many as before, or their other readers do not come that far.
            return rng.choice((_flip, _flip, _set, _delete))(value, rng)
    return rng.choice(PLAIN)


def _unpacked(data: bytes) -> bytes | None:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return None


def _damage(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        data = rng.choice(_KINDS)(data, rng)
    return data


def _span(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((1, 2, 8, 64, 512)))


def _flip(data: bytes, rng: random.Random) -> bytes:
    if not data:
        return data
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def _set(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + bytes([rng.choice((0, 1, 0x7F, 0x80, 0xFF))]) * (end - start) + data[end:]


def _delete(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start, end = _span(data, rng)
    return data[:end] + data[start:end] * rng.randint(1, 4) + data[end:]


def _truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def _insert(data: bytes, rng: random.Random) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(PIECES) + data[at:]


def _replace_value(data: bytes, rng: random.Random) -> bytes:
    found = list(_JSON_VALUE.finditer(data[:100_000]))
    if not found:
        return _insert(data, rng)
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(VALUES) + data[match.end() :]


_KINDS = (_flip, _set, _delete, _repeat, _truncate, _insert, _replace_value, _replace_value)
