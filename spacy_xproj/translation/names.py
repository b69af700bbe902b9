"""Names that a translator mangled ("Predsjednik Obama": "President Both"), put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..data.char_links import CharLinks
from ..data.spans import overlap
from .base import Translation


class _Repair(NamedTuple):
    """A name, characters [start, end) of the text, and what it became, [first, last) of the
    translation."""

    start: int
    end: int
    first: int
    last: int


def restore_names(
    translation: Translation, text: str, names: Sequence[tuple[int, int]]
) -> Translation:
    """The translation with each name as it stands in the text, where the links say what became of
    it, and its links moved; ``reason`` lists what was put back for what.

    names: characters [start, end). A name is left alone where no link begins in it, where its words
    came apart, with what comes from elsewhere between or among them, or where it is there already.
    """
    links = translation.links or ()
    repairs = []
    for start, end in sorted(names):
        own = [link for link in links if overlap(*link[:2], start, end)]
        if not own:
            continue
        first, last = min(link[2] for link in own), max(link[3] for link in own)
        others = [link for link in links if overlap(*link[2:], first, last) and link not in own]
        within = all(start <= link[0] and link[1] <= end for link in own)
        gaps = _uncovered(translation.text, first, last, own)
        if within and not others and not gaps and translation.text[first:last] != text[start:end]:
            repairs.append(_Repair(start, end, first, last))
    if not repairs:
        return translation
    repairs.sort(key=lambda repair: repair.first)
    out: list[str] = []
    at = 0
    for repair in repairs:
        out += [translation.text[at : repair.first], text[repair.start : repair.end]]
        at = repair.last
    out.append(translation.text[at:])
    said = ", ".join(
        f"{text[r.start : r.end]!r} for {translation.text[r.first : r.last]!r}" for r in repairs
    )
    reason = "; ".join(filter(None, [translation.reason, f"names put back: {said}"]))
    return translation._replace(text="".join(out), reason=reason, links=_move(links, repairs))


def _uncovered(
    text: str, first: int, last: int, links: Sequence[tuple[int, int, int, int]]
) -> bool:
    """Whether letters or digits of [first, last) come from no link: the translator's own words."""
    covered = {i for link in links for i in range(link[2], link[3])}
    return any(text[i].isalnum() and i not in covered for i in range(first, last))


def _move(links: CharLinks, repairs: Sequence[_Repair]) -> CharLinks:
    """Links into the repaired text; each name is linked to itself."""

    def moved(place: int) -> int:
        longer = (r.end - r.start - (r.last - r.first) for r in repairs if r.last <= place)
        return place + sum(longer)

    found = [(r.start, r.end, moved(r.first), moved(r.first) + r.end - r.start) for r in repairs]
    for start, end, first, last in links:
        if not any(overlap(first, last, r.first, r.last) for r in repairs):
            found.append((start, end, moved(first), moved(last)))
    return tuple(sorted(found))
