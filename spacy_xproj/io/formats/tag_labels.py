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
_NAME = re.compile(USUAL)


def check_labels(path: str | Path, places: Mapping[str, str]) -> None:
    """Raise XProjError where labels of a file are tags: one is ``O`` or ends in a score, entities
    begin and go on (``B-PER`` and ``I-PER``, or ``PER``), or all are tags of words that begin one
    (``B-PER``, or ``B-X`` and ``B-Y``). ``E-MAIL`` and ``S-BAHN`` are not; one ``B-X`` alone may as
    well be a label, and is told. places: each label, and where it stands first.
    """
    found = next((label for label in places if label == "O" or has_score(label)), None)
    for sep, suffix in product("-_", (False, True)):
        found = found or _tag_of(places, sep, suffix)
    if found is not None:
        labels = ", ".join(list(places)[:8])
        raise XProjError(Errors.XP678.format(where=places[found], label=found, labels=labels))
    begins = [label for label in places if label[:2] in ("B-", "B_") and label[2:]]
    if begins == list(places) != []:
        tell(f"the one label of {path}, {begins[0]!r}, looks like a tag; it was taken for a label")


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
    known = len(letter) == 1 and letter.upper() in _BEGINS + _GOES_ON
    return (letter.upper(), name) if found and known and name else None
