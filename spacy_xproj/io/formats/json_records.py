"""A JSON file that is a list of records, as spaCy's training data, Argilla and others have it.

Each is what a line of JSONL may be. Read only.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import XProjError
from ..lines import good, place
from ..records import read_first, read_json
from .base import Fit, Format, Parse, Sniffed
from .jsonl import JsonlParser, explain_keys
from .label_keys import Decisions
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
            first = read_first(path)
        except XProjError:
            return Sniffed(Fit.NONE)  # which the usual format of the suffix says
        pair = isinstance(first, list) and len(first) == 2 and isinstance(first[0], str)
        texts = isinstance(first, dict) and any(first.get(key) is not None for key in _TEXTS)
        return Sniffed(Fit.SURE if pair or texts else Fit.NONE)

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        decisions = Decisions()
        for number, record in enumerate(read_json(path), 1):
            try:
                if isinstance(record, dict) and not decisions.keeps(record, place(path, number)):
                    continue
            except XProjError as error:
                record = error  # which is raised where the record is parsed
            yield number, record

    def parser(self, reading: Reading) -> Parse:
        parse = JsonlParser(reading).parse
        return lambda record, where, row: parse(good(record), where, row)

    def explain(self, content: Any) -> str:
        return explain_keys(content)
