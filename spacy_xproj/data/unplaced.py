"""What a teacher named that is not in the source sentence: kept beside the views.

Plain data in ``doc.user_data``, so that it goes where the document goes.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from spacy.tokens import Doc

KEY = "xproj_unplaced"
LONGEST = 200  # characters of a text that are kept


class Unplaced(NamedTuple):
    """An entity that a tagger names and that is not where it says, and why."""

    text: str
    label: str
    reason: str


def keep_unplaced(doc: Doc, lang: str, found: Iterable[Unplaced]) -> None:
    """Keep what was named of the view of a language, in place of what was kept before."""
    rows = [[one.text[:LONGEST], one.label, one.reason] for one in found]
    held = dict(_held(doc))
    if rows:
        held[lang] = rows
    else:
        held.pop(lang, None)
    if held:
        doc.user_data[KEY] = held
    else:
        doc.user_data.pop(KEY, None)


def unplaced(doc: Doc) -> Iterator[tuple[str, Unplaced]]:
    """What was named and is not there, each with the language of its view."""
    for lang, rows in _held(doc).items():
        for row in rows:
            yield lang, Unplaced(*row)


def _held(doc: Doc) -> dict[str, Any]:
    held = doc.user_data.get(KEY)
    return held if isinstance(held, dict) else {}
