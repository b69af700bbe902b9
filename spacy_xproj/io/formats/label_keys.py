"""Under which key a JSON record has its labels, by the tool that wrote it.

``spans`` (Prodigy, Argilla), ``entities`` and ``ents`` (spaCy), ``label`` and ``labels`` (doccano),
``annotation`` and ``annotations`` (Argilla, doccano) hold spans of characters; ``tags``,
``ner_tags`` and ``labels`` a tag for each of the record's words. Predictions (``prediction``,
``predictions``) are not labels.
"""

import json
from typing import Any, NamedTuple

from ...errors import Errors, XProjError
from ..notes import note

# These hold labels and nothing else; another type under them is an error.
_SURE = ("spans", "entities", "ents", "tags", "ner_tags")
# These may hold the class of a text, too, which says nothing of its words.
_PERHAPS = ("label", "labels", "annotation", "annotations")
_TAGS = ("tags", "ner_tags")
KEYS = (*_SURE, *_PERHAPS)
_WORDS = ("tokens", "words")
ACCEPTED, NOT_ACCEPTED = "accept", ("reject", "ignore")
REJECTED = "a record left out: answer"
# Keys that Prodigy writes; others may have answers of other kinds.
_PRODIGY = ("_input_hash", "_task_hash", "_annotator_id", "_session_id", "_view_id")
# What tells that two records are of one text, and who decided: Prodigy's, Label Studio's JSON-MIN.
_PEOPLE = (("_input_hash", "_annotator_id"), ("id", "annotator"))
# One of these keys is in each record that ``Decisions`` has to look at.
DECIDED = ('"answer"', '"annotator"', '"_annotator_id"')
_COMPARED = ("start", "end", "label", "labels", "start_offset", "end_offset")


class Labels(NamedTuple):
    """values: spans, or, where ``tags``, a tag a word, as the record has them under ``key``."""

    key: str
    values: list[Any]
    tags: bool


def find_labels(record: dict[str, Any], where: str) -> Labels | None:
    """The labels of a record; None where none of its keys has any: it is not labelled.

    Raises XProjError where a key has something else, or two keys have labels.
    """
    present = []
    for key in KEYS:
        values = record.get(key)
        if values is None or (key in _PERHAPS and not _holds_labels(values, record)):
            continue
        if key in _TAGS and values == [] and not any(record.get(name) for name in _WORDS):
            continue  # of a text, what it is about
        if not isinstance(values, list):
            reason = f"it is not a list but {type(values).__name__}."
            raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
        tags = key in _TAGS or (key == "labels" and bool(values) and _are_tags(values, record))
        present.append(Labels(key, values, tags))
    filled = [one for one in present if one.values]
    if len(filled) > 1:
        keys = ", ".join(one.key for one in filled)
        raise XProjError(Errors.XP628.format(where=where, keys=keys))
    return next(iter(filled or present), None)


def _holds_labels(values: Any, record: dict[str, Any]) -> bool:
    """Whether a list has spans or, beside words, tags; an empty one says that there are none."""
    if not isinstance(values, list):
        return False
    return all(isinstance(value, dict | list) for value in values) or _are_tags(values, record)


def _are_tags(values: list[Any], record: dict[str, Any]) -> bool:
    plain = all(isinstance(value, str) or type(value) is int for value in values)
    return plain and any(record.get(key) is not None for key in _WORDS)


class Decisions:
    """What people decided on the records of one file: those that they rejected or did not decide
    on are left out, and two who differ on one text are an error."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str, str]] = {}

    def keeps(self, record: dict[str, Any], where: str) -> bool:
        """Whether a record counts; one that does not is noted. Raises XProjError for an answer
        that Prodigy does not give, and for a record on whose text somebody else decided otherwise.
        """
        answer = record.get("answer", ACCEPTED)
        if answer is None or answer in NOT_ACCEPTED:
            note(f"{REJECTED} {answer!r}", where)
            return False
        meant = str(answer).strip().casefold().removesuffix("ed") in (
            ACCEPTED,
            *NOT_ACCEPTED,
            "ignor",
        )
        if answer != ACCEPTED and (meant or any(key in record for key in _PRODIGY)):
            raise XProjError(Errors.XP647.format(where=where, answer=answer))
        self._compare(record, where)
        return True

    def _compare(self, record: dict[str, Any], where: str) -> None:
        for text_key, person_key in _PEOPLE:
            if record.get(text_key) is None or record.get(person_key) is None:
                continue
            own = [record.get(key) for key in KEYS]
            labels = json.dumps(_places(own), sort_keys=True, default=str)
            seen = f"{text_key}={record[text_key]!r}"
            person = repr(record[person_key])
            first = self._first.setdefault(seen, (person, labels, where))
            if first[0] != person and first[1] != labels:
                raise XProjError(Errors.XP646.format(where=where, first=first[2]))


def _places(value: Any) -> Any:
    """Labels as far as they can differ: without the ids and the like of spans."""
    if isinstance(value, dict):
        return {key: _places(one) for key, one in value.items() if key in _COMPARED}
    if isinstance(value, list):
        places = [_places(one) for one in value]
        return sorted(places, key=str) if any(isinstance(one, dict) for one in value) else places
    return value
