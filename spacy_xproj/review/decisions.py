"""What reviewers decided, in a file to which each decision is added at once.

A line is a decision; of several about a sentence the last holds, so that nothing is ever written
over. A last line that was cut off, as by a kill, was not confirmed to anybody and is left out.
"""

import json
import os
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from spacy.tokens import Doc

from ..errors import Errors, XProjError

ANSWERS = ("accept", "ignore")


class Decision(NamedTuple):
    """row: the sentence's number in the corpus, from 0. text: its text, by which it is known to be
    the same. answer: ``accept`` (these are its entities) or ``ignore`` (nobody can say). entities:
    (start, end, label) in characters. reviewer: who. number: of the decision in the file, from 1.
    """

    row: int
    text: str
    answer: str
    entities: tuple[tuple[int, int, str], ...]
    reviewer: str = ""
    number: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "text": self.text,
            "answer": self.answer,
            "spans": [{"start": s, "end": e, "label": label} for s, e, label in self.entities],
            "reviewer": self.reviewer,
        }


def decision(record: Any, *, number: int = 0) -> Decision:
    """Checked. Raises ValueError, saying why, for anything else."""
    if not isinstance(record, dict):
        raise ValueError("it is not an object")
    row, text, answer = (record.get(key) for key in ("row", "text", "answer"))
    if type(row) is not int or row < 0 or not isinstance(text, str):
        raise ValueError("it has no row and text")
    if answer not in ANSWERS:
        raise ValueError(f"its answer is {answer!r}, not accept or ignore")
    spans = record.get("spans", [])
    if not isinstance(spans, list):
        raise ValueError("its spans are not a list")
    entities = []
    for span in spans:
        start, end, label = (
            (span.get(key) for key in ("start", "end", "label"))
            if isinstance(span, dict)
            else (None, None, None)
        )
        if not (type(start) is type(end) is int and isinstance(label, str) and label.strip()):
            raise ValueError(f"{span!r:.80} is not a span with start, end and label")
        if not 0 <= start < end <= len(text):
            raise ValueError(f"the span {start} to {end} does not lie within its text")
        entities.append((start, end, label))
    entities.sort()
    for one, other in pairwise(entities):
        if other[0] < one[1]:
            raise ValueError(f"the spans {one} and {other} overlap")
    reviewer = record.get("reviewer", "")
    if not isinstance(reviewer, str):
        raise ValueError("its reviewer is not a text")
    return Decision(row, text, answer, tuple(entities), reviewer, number)


def read_decisions(path: Path) -> dict[int, Decision]:
    """The last decision about each sentence, by row; none where there is no such file. Raises
    XProjError for a line that is not one, but for a last line that was cut off."""
    found: dict[int, Decision] = {}
    if not path.exists():
        return found
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    for number, line in enumerate(whole.splitlines(), 1):
        if line.strip():
            try:
                one = decision(json.loads(line), number=number)
            except ValueError as error:
                raise XProjError(Errors.XP924.format(path=path, line=number, why=error)) from error
            found[one.row] = one
    return found


def add_decision(path: Path, one: Decision) -> None:
    """Write a decision to the disk before this returns."""
    line = json.dumps(one.to_json(), ensure_ascii=False).encode("utf-8") + b"\n"
    with path.open("ab+") as file:
        whole = _complete(file)
        file.truncate(whole)
        file.seek(0, os.SEEK_END)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _complete(file: BinaryIO) -> int:
    """How many bytes of a file are complete lines."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 1, 0))
    if file.read(1) in (b"", b"\n"):
        return size
    file.seek(0)
    return file.read().rfind(b"\n") + 1


def of_docs(docs: Iterable[Doc], corrected: Iterable[Doc]) -> list[Decision]:
    """The decisions that a corrected corpus, as an annotation tool gives it back, holds about the
    sentences of another: those with the same text, in order where a text repeats. A sentence that
    is not among them has row -1."""
    rows: dict[str, list[int]] = {}
    for row, doc in enumerate(docs):
        rows.setdefault(doc.text.strip(), []).append(row)
    found = []
    for doc in corrected:
        own = rows.get(doc.text.strip(), [])
        row = (own.pop(0) if len(own) > 1 else own[0]) if own else -1
        entities = tuple((e.start_char, e.end_char, e.label_) for e in doc.ents)
        found.append(Decision(row, doc.text, "accept", entities))
    return found
