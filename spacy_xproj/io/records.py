"""JSON: a value a file, or an object a line (JSONL). The only place where either is written."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import Errors, XProjError
from .lines import Line, good, iter_lines, place, read_file, write_lines

_HEAD = 1 << 20


def to_json(value: Any, *, indent: int | None = None, sort_keys: bool = False) -> str:
    """A value as JSON; characters stand for themselves. What JSON has no form for (a path, an
    enumeration) is written as its text."""
    return json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=sort_keys, default=str)


def write_json(path: str | Path, value: Any, *, sort_keys: bool = False) -> None:
    """Write a value, indented, complete or not at all."""
    write_lines(path, [to_json(value, indent=2, sort_keys=sort_keys)])


def write_records(path: str | Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write an object a line, complete or not at all."""
    write_lines(path, map(to_json, rows))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Raises ValueError for a key that is there twice: JSON would take the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        raise ValueError(f"the key {twice!r} is there twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_object)  # json.loads would make one a line


def read_json(path: str | Path) -> Any:
    """The value of a JSON file. Raises XProjError that names the file (and the line, where it is
    not JSON) for one that is missing or cannot be read."""
    try:
        return json.loads(read_file(path).decode("utf-8-sig"), object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where, reason = place(path, error.lineno), error.msg
        if reason == "Extra data":
            reason = (
                "more after the first value; of an object a line give the file the suffix .jsonl"
            )
        raise XProjError(Errors.XP619.format(where=where, reason=reason)) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise XProjError(Errors.XP619.format(where=path, reason=error)) from error


def read_first(path: str | Path) -> Any:
    """The first value of a list that a JSON file is, of a large file without reading the rest; None
    where it is not a list, or empty. Raises XProjError as ``read_json`` does."""
    head = read_file(path, _HEAD).decode("utf-8-sig", "ignore").lstrip()
    if head.startswith("["):
        try:
            return json.JSONDecoder().raw_decode(head[1:].lstrip())[0]
        except (ValueError, RecursionError):
            pass  # it is longer, or there is none
    value = read_json(path)
    return value[0] if isinstance(value, list) and value else None


def split_records(path: str | Path) -> Iterator[tuple[int, Line]]:
    """The lines of a JSONL file that are not blank, not parsed, each with its number from 1."""
    for number, line in enumerate(iter_lines(path), 1):
        if isinstance(line, XProjError) or line.strip():
            yield number, line


def parse_value(line: Line, where: str) -> Any:
    """The JSON value of a line. Raises XProjError naming ``where`` for what is not JSON."""
    text = good(line)
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise XProjError(Errors.XP620.format(where=where, reason=error)) from error


def parse_record(line: Line, where: str) -> dict[str, Any]:
    """The JSON object of a line. Raises XProjError naming ``where`` for what is not one."""
    return check_record(parse_value(line, where), where)


def check_record(record: Any, where: str) -> dict[str, Any]:
    """The value, which must be an object. Raises XProjError naming ``where`` for another."""
    if not isinstance(record, dict):
        reason = f"it is a {type(record).__name__}"
        if isinstance(record, list):
            reason += "; a file that is one list of records has the suffix .json"
        raise XProjError(Errors.XP620.format(where=where, reason=reason))
    return record


def read_records(path: str | Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON objects of a JSONL file, each with its place; blank lines are skipped.

    Raises XProjError for a line that is not a JSON object.
    """
    for number, line in split_records(path):
        where = place(path, number)
        yield where, parse_record(line, where)
