"""Translations that are given: a parallel corpus, or output of a translation system."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import srsly

from ..data.status import ViewStatus
from ..errors import Errors, XProjError
from ..io.lines import good, iter_lines, place
from ..io.records import parse_record
from .base import Translation, blank_translation, is_blank

# A pair, or the texts of a file that is keyed by language.
Row = tuple[str, str] | dict[str, str]

JSONL = (".jsonl", ".ndjson")
TSV = (".tsv", ".tab", ".txt")


class Bitext:
    """``spacy-xproj.Bitext.v1``: translations from a file in UTF-8, or given pairs.

    path: JSON lines (``.jsonl``, ``.ndjson``), each an object; or two columns with a tab between
    (``.tsv``, ``.tab``, ``.txt``): text, translation. A header line is not assumed.
    source_field: the key of the given text. target_field: the key of its translation. Both as in
    machine translation: for Swahili documents and English views ``source_field = "sw"``,
    ``target_field = "en"``. null: the key is the language asked for, so that one file of objects
    such as ``{"sw": ..., "en": ..., "de": ...}`` serves several source languages.
    pairs: two texts each, in place of a file.

    A text is found as it is, else after Unicode NFC and with each run of white space as one space.
    Of a text that repeats with different translations the first is taken; ``describe()`` counts the
    others as ``conflicts``. ``Translation.row`` numbers the pairs from 0; blank lines of the file
    are no pairs and do not count, so that row i is line i of a Pharaoh file or document i of a
    corpus that was made from the pairs.

    Where ``source_field`` or ``target_field`` is None, the key is the language that ``translate``
    is asked for, so that one file of objects keyed by language serves them all; an object without
    that key has no translation. Else the pairs have one direction, which the two fields decide.
    """

    def __init__(
        self,
        *,
        path: str | None = None,
        pairs: Iterable[Sequence[str]] | None = None,
        source_field: str | None = "source",
        target_field: str | None = "target",
    ) -> None:
        """The file is read at first use. Raises XProjError for a pair that is not two texts."""
        self.path = path
        self.source_field = source_field
        self.target_field = target_field
        self._rows: list[Row] | None = None
        self._tables: dict[tuple[str, str], _Table] = {}
        if pairs is not None:
            self._rows = [_checked(f"pair {i}", pair) for i, pair in enumerate(pairs)]

    def translate(
        self, texts: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[Translation]:
        """The given translation of each text, else NO_TRANSLATION. Raises XProjError where the file
        cannot be read."""
        table = self._table(source_lang, target_lang)
        return [self._look_up(text, table) for text in texts]

    def check_ready(self) -> None:
        """Raise XProjError where there are no pairs, and no file of them."""
        if self._rows is None and (self.path is None or not Path(self.path).is_file()):
            self._load()

    def describe(self) -> dict[str, Any]:
        """``pairs`` and ``conflicts`` are None as long as the file has not been read."""
        loaded = self._rows is not None
        if loaded and self.source_field and self.target_field:
            self._table("", "")
        return {
            "kind": "bitext",
            "path": self.path,
            "source_field": self.source_field,
            "target_field": self.target_field,
            "pairs": len(self._rows) if self._rows is not None else None,
            "conflicts": sum(t.conflicts for t in self._tables.values()) if loaded else None,
        }

    def to_bytes(self) -> bytes:
        """The pairs, so that ``from_bytes`` needs no file. Reads the file where that has not
        happened yet; a bitext with neither pairs nor path is saved as it is."""
        rows = self._load() if self._rows is not None or self.path is not None else None
        data = {
            "path": self.path,
            "source_field": self.source_field,
            "target_field": self.target_field,
            "pairs": rows,
        }
        return srsly.msgpack_dumps(data)

    def from_bytes(self, data: bytes) -> Bitext:
        """Restore what ``to_bytes`` saved, in place."""
        state = srsly.msgpack_loads(data)
        self.path = state["path"]
        self.source_field = state["source_field"]
        self.target_field = state["target_field"]
        self._tables = {}
        rows = state["pairs"]
        self._rows = rows and [r if isinstance(r, dict) else (r[0], r[1]) for r in rows]
        return self

    def _look_up(self, text: str, table: _Table) -> Translation:
        if is_blank(text):
            return blank_translation()
        row = table.find(text)
        if row is None:
            reason = f"the bitext ({self.path or 'in memory'}) does not have this text"
            return Translation("", ViewStatus.NO_TRANSLATION, reason)
        wanted = table.pairs[row][1]
        if wanted is None:
            reason = f"pair {row} of the bitext has no translation into this language"
            return Translation("", ViewStatus.NO_TRANSLATION, reason, row)
        if is_blank(wanted):
            reason = f"pair {row} of the bitext has an empty translation"
            return Translation("", ViewStatus.EMPTY_TRANSLATION, reason, row)
        return Translation(wanted.strip(), ViewStatus.OK, "", row)

    def _load(self) -> list[Row]:
        if self._rows is None:
            if self.path is None:
                raise XProjError(Errors.XP201)
            self._rows = list(_read(Path(self.path), self.source_field, self.target_field))
        return self._rows

    def _table(self, source_lang: str, target_lang: str) -> _Table:
        """The pairs of one direction, indexed at first use."""
        keys = (self.source_field or source_lang, self.target_field or target_lang)
        if keys not in self._tables:
            rows = self._load()
            by_language = [row for row in rows if isinstance(row, dict)]
            for key in keys if by_language else ():
                if not any(row.get(key) is not None for row in by_language):
                    have = ", ".join(map(repr, by_language[0]))
                    why = f"no line has the key {key!r} (the first has {have})."
                    raise XProjError(Errors.XP202.format(where=self.path, why=why))
            self._tables[keys] = _Table(
                (row.get(keys[0]), row.get(keys[1])) if isinstance(row, dict) else row
                for row in rows
            )
        return self._tables[keys]


class _Table:
    """Pairs (text, translation) and where each text stands; None where a row lacks that side."""

    def __init__(self, pairs: Iterable[tuple[str | None, str | None]]) -> None:
        self.pairs = list(pairs)
        self.conflicts = 0
        self._exact: dict[str, int] = {}
        self._loose: dict[str, int] = {}
        for row, (given, wanted) in enumerate(self.pairs):
            if given is not None:
                first = self._exact.setdefault(given, row)
                self.conflicts += self.pairs[first][1] != wanted
                self._loose.setdefault(_normal(given), row)

    def find(self, text: str) -> int | None:
        row = self._exact.get(text)
        return self._loose.get(_normal(text)) if row is None else row


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _checked(where: str, pair: Sequence[Any]) -> tuple[str, str]:
    if len(pair) != 2 or not all(isinstance(text, str) for text in pair):
        why = f"expected two texts, got {str(list(pair))[:80]}."
        raise XProjError(Errors.XP202.format(where=where, why=why))
    try:
        "".join(pair).encode("utf8")
    except UnicodeEncodeError:
        why = "half of a surrogate pair (\\ud800 to \\udfff) is not a character; remove it."
        raise XProjError(Errors.XP202.format(where=where, why=why)) from None
    return pair[0], pair[1]


def _read(path: Path, source_field: str | None, target_field: str | None) -> Iterator[Row]:
    """The pairs of a file in order. Raises XProjError that names file and line."""
    if path.suffix.lower() not in JSONL + TSV:
        raise XProjError(Errors.XP203.format(path=path, suffixes=" ".join(JSONL + TSV)))
    if not path.is_file():
        raise XProjError(Errors.XP204.format(path=path, folder=Path.cwd()))
    for number, read in enumerate(iter_lines(path), start=1):
        line, where = good(read), place(path, number)
        if path.suffix.lower() in TSV:
            # A line with a tab alone is a pair of empty texts, as parallel corpora have them.
            if line.strip(" ") == "":
                continue
            columns = line.split("\t")
            if len(columns) != 2:
                why = f"expected 2 columns with one tab between, found {len(columns)}."
                raise XProjError(Errors.XP202.format(where=where, why=why))
            yield _checked(where, columns)
        elif line.strip():
            record = _from_json(line, where, source_field, target_field)
            if source_field is None or target_field is None:
                yield _by_language(where, record)
            else:
                yield _checked(where, [record[source_field], record[target_field]])


def _by_language(where: str, record: dict[str, Any]) -> dict[str, str]:
    """The texts of a record; a value that is null or no text is a missing translation."""
    return {
        key: _checked(where, (key, value))[1]
        for key, value in record.items()
        if isinstance(value, str)
    }


def _from_json(
    line: str, where: str, source_field: str | None, target_field: str | None
) -> dict[str, Any]:
    record = parse_record(line, where)
    for setting, field in (("source_field", source_field), ("target_field", target_field)):
        if field is not None and field not in record:
            have = ", ".join(map(repr, record)) or "none"
            why = f"no key {field!r} (it has {have}). Set {setting} to one of its keys."
            raise XProjError(Errors.XP202.format(where=where, why=why))
    return record
