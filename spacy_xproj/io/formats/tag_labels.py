"""Labels that are tags: of words that somebody took for entities, each with its tag as the label.

Such spans begin at every word, and those of words in no entity are called ``O``: their borders are
not those of entities.
"""

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path

from ...errors import Errors, XProjError
from ..notes import tell
from .not_text import USUAL
from .tag_schemes import has_score

_BEGINS, _GOES_ON = "BUSW", "IMLE"
_LETTERS = _BEGINS + _GOES_ON
_NAME = re.compile(USUAL)


def check_labels(path: str | Path, places: Mapping[str, str]) -> None:
    """Raise XProjError where labels of a file are tags: one is ``O`` or ends in a score, entities
    begin and go on (``B-PER`` and ``I-PER``, or ``PER``), or all are tags of words that begin one
    (``B-PER``, or ``B-X`` and ``B-Y``). ``E-MAIL`` and ``S-BAHN`` are not; where all are of one
    kind that may as well be labels (``B-X`` alone, ``PER-B``, ``U-PER``, ``B``), they are told.
    places: each label, and where it stands first.
    """
    found = next((label for label in places if label == "O" or has_score(label)), None)
    for sep, suffix in product("-_", (False, True)):
        found = found or _tag_of(places, sep, suffix)
    if found is not None:
        labels = ", ".join(list(places)[:8])
        raise XProjError(Errors.XP678.format(where=places[found], label=found, labels=labels))
    if _of_one_kind(places):
        labels = ", ".join(map(repr, list(places)[:8]))
        said, what = "labels", "look like tags; they were taken for labels"
        if len(places) == 1:
            said, what = "one label", "looks like a tag; it was taken for a label"
        tell(f"the {said} of {path}, {labels}, {what}")


def _of_one_kind(labels: Mapping[str, str]) -> bool:
    """Whether all labels may be tags, of which a file has one kind."""
    if labels and all(label == "_" or label in _LETTERS for label in labels):
        return True
    for sep, suffix in product("-_", (False, True)):
        parts = [_split(label, sep, suffix) for label in labels]
        found = [part for part in parts if part]
        usual = any(_NAME.fullmatch(name) for _, name in found)
        begin = not suffix and all(letter == "B" for letter, _ in found)
        if found and len(found) == len(parts) and (usual or begin):
            return True
    return False


def _tag_of(labels: Mapping[str, str], sep: str, suffix: bool) -> str | None:
    """The first label that is a tag, with this between letter and name."""
    parts = {label: _split(label, sep, suffix) for label in labels}
    letters: dict[str, set[str]] = {}
    for letter, name in filter(None, parts.values()):
        letters.setdefault(name, set()).add(letter)
    for label, part in parts.items():
        own = letters[part[1]] if part else set()
        # VITAMIN-B, VITAMIN-E
        goes_on = own & set("IM" if suffix else _GOES_ON)
        plain = part and not suffix and part[1] in labels and _NAME.fullmatch(part[1])
        if part and own & set(_BEGINS) and (goes_on or plain):
            return label
    begin = any("B" in own for own in letters.values())
    several = len(letters) > 1 or any(map(_NAME.fullmatch, letters))
    if begin and several and not suffix and None not in parts.values():
        return next(iter(labels))
    return None


def _split(label: str, sep: str, suffix: bool) -> tuple[str, str] | None:
    """Letter, as a capital, and name of a label that may be a tag."""
    head, found, tail = label.rpartition(sep) if suffix else label.partition(sep)
    letter, name = (tail, head) if suffix else (head, tail)
    known = len(letter) == 1 and letter.upper() in _LETTERS
    return (letter.upper(), name) if found and known and name else None
