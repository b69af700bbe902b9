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
from .decisions import Decisions
from .jsonl import JsonlParser, explain_keys
from .reading import Reading
from .span_units import in_token_keys, read_units

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
        records = read_json(path)
        units = read_units(path, [one for one in records if isinstance(one, dict)])
        for number, record in enumerate(records, 1):
            if not isinstance(record, dict):
                yield number, record
                continue
            try:
                judged = decisions.judge(record, place(path, number))
            except XProjError as error:
                yield number, error  # which is raised where the record is parsed
                continue
            if judged is not None:
                yield number, in_token_keys(judged, units)

    def parser(self, reading: Reading) -> Parse:
        parse = JsonlParser(reading).parse
        return lambda record, where, row: parse(good(record), where, row)

    def explain(self, content: Any) -> str:
        return explain_keys(content)
