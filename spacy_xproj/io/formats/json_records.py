"""A JSON file that is a list of records, as spaCy's training data, Argilla and others have it.

Each is what a line of JSONL may be. Read only.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import XProjError
from ..lines import place
from ..notes import note
from ..records import read_json
from .base import Fit, Format, Parse, Sniffed
from .jsonl import JsonlParser, explain_keys
from .label_keys import is_rejected
from .reading import Reading

_TEXTS = ("text", "tokens", "words")


class JsonRecords(Format):
    """``spacy-xproj.JsonRecords.v1``: a list of the records of JSONL (see ``json_records``)."""

    name = "a JSON list of records"
    suffixes = (".json",)
    holds_unlabelled = True
    holds_spans = True
    holds_pieces = True

    def sniff(self, path: str | Path) -> Sniffed:
        try:
            value = read_json(path)
        except XProjError:
            return Sniffed(Fit.NONE)  # which the usual format of the suffix says
        first = value[0] if isinstance(value, list) and value else None
        pair = isinstance(first, list) and len(first) == 2 and isinstance(first[0], str)
        texts = isinstance(first, dict) and any(first.get(key) is not None for key in _TEXTS)
        return Sniffed(Fit.SURE if pair or texts else Fit.NONE)

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        for number, record in enumerate(read_json(path), 1):
            if isinstance(record, dict) and is_rejected(record):
                note(f"a record left out: answer {record['answer']!r}", place(path, number))
                continue
            yield number, record

    def parser(self, reading: Reading) -> Parse:
        return JsonlParser(reading).parse

    def explain(self, content: Any) -> str:
        return explain_keys(content)
