"""Texts that say the same: keys to compare them by, and which ones repeat an earlier one."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ..errors import Errors, XProjError

KINDS = ("exact", "near")
_WHITESPACE = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")


def text_key(text: str, kind: str = "near") -> str:
    """What two texts must share to be duplicates.

    ``exact``: the text itself. ``near``: the text in Unicode's form NFKC, without case, with every
    digit of any script as 0 and every run of whitespace as one blank, none at the ends.
    """
    check_kind(kind)
    if kind == "exact":
        return text
    text = unicodedata.normalize("NFKC", text).casefold()
    return _WHITESPACE.sub(" ", _DIGIT.sub("0", text)).strip()


def check_kind(kind: str) -> None:
    """Raise XProjError for a kind of duplicates that there is not."""
    if kind not in KINDS:
        raise XProjError(
            Errors.XP150.format(
                kind="kind of duplicates", name=kind, fix="--dedup exact", known=", ".join(KINDS)
            )
        )


def duplicates(
    texts: Sequence[str], kind: str = "near", *, known: Iterable[str] = ()
) -> dict[int, int | None]:
    """The places of the texts that repeat an earlier one, each with the place of the first.

    known: texts that came before all of these; a text that repeats one of them has None.
    """
    first: dict[str, int | None] = {text_key(text, kind): None for text in known}
    found: dict[int, int | None] = {}
    for place, text in enumerate(texts):
        key = text_key(text, kind)
        if key in first:
            found[place] = first[key]
        else:
            first[key] = place
    return found
