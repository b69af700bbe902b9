"""Under which key a JSON record has its labels, by the tool that wrote it.

``spans`` (Prodigy, Argilla), ``entities`` and ``ents`` (spaCy), ``label`` and ``labels`` (doccano),
``annotation`` and ``annotations`` (Argilla, doccano) hold spans of characters; ``tags``,
``ner_tags`` and ``labels`` a tag for each of the record's words. Predictions (``prediction``,
``predictions``) are not labels.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from ...errors import Errors, XProjError

# These hold labels and nothing else; another type under them is an error.
_SURE = ("spans", "entities", "ents", "tags", "ner_tags")
# These may hold the class of a text, too, which says nothing of its words.
_PERHAPS = ("label", "labels", "annotation", "annotations")
_TAGS = ("tags", "ner_tags")
KEYS = (*_SURE, *_PERHAPS)
WORDS = ("tokens", "words")
_TAG = re.compile(r"O|[BIOESULMW][-_].+|.+[-_][BIESULMW]", re.DOTALL)


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
        if key in _TAGS and values == [] and not any(record.get(name) for name in WORDS):
            continue  # of a text, what it is about
        if key == "tags" and are_keywords(record):
            continue
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


@lru_cache(maxsize=1 << 12)  # the keys of a file are the same in each record
def fits(keys: re.Pattern[str], key: str) -> bool:
    """Whether a key, in any case, is one of those that a pattern in small letters names."""
    return bool(keys.fullmatch(key.casefold()))


def are_keywords(record: dict[str, Any]) -> bool:
    """Whether ``tags`` say what a text is about: beside spans, where there are no words that they
    could be the tags of."""
    given = record.get("tags")
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list) or any(record.get(name) is not None for name in WORDS):
        return False
    plain = all(isinstance(one, str) and not _TAG.fullmatch(one) for one in values)
    others = [record.get(key) for key in KEYS if key not in _TAGS]
    return plain and any(isinstance(own, list) for own in others)


def _holds_labels(values: Any, record: dict[str, Any]) -> bool:
    """Whether a list has spans or, beside words, tags; an empty one says that there are none."""
    if not isinstance(values, list):
        return False
    return all(isinstance(value, dict | list) for value in values) or _are_tags(values, record)


def _are_tags(values: list[Any], record: dict[str, Any]) -> bool:
    plain = all(isinstance(value, str) or type(value) is int for value in values)
    return plain and any(record.get(key) is not None for key in WORDS)
