"""Links between the characters of a text and those of its translation, as a translator gives them:
it does not know the words of either side."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from .links import Links
from .sentence import Sentence

# (start, end, other start, other end): characters of the text, and of the translation.
CharLinks: TypeAlias = tuple[tuple[int, int, int, int], ...]


def char_links(plain: Iterable[Sequence[Any]]) -> CharLinks:
    """From lists of numbers. Raises ValueError for what does not hold four of them in order."""
    found = []
    for given in plain:
        start, end, first, last = (int(number) for number in given)
        if not (0 <= start < end and 0 <= first < last):
            raise ValueError(f"{given!r} is not a link between characters")
        found.append((start, end, first, last))
    return tuple(found)


def word_links(links: CharLinks, source: Sentence, target: Sentence) -> Links:
    """The links of words that share characters with what is linked, all of strength 1.

    source: the words of the translation. target: the words of the text that was translated.
    """
    return Links(
        (k, l)
        for start, end, first, last in links
        for k in _touched(source, first, last)
        for l in _touched(target, start, end)
    )


def _touched(sentence: Sentence, start: int, end: int) -> range:
    """The words that have a character in ``[start, end)``."""
    if not len(sentence):
        return range(0)
    starts = sentence.starts
    first = max(bisect_right(starts, start) - 1, 0)
    if starts[first] + len(sentence.words[first]) <= start:
        first += 1
    return range(first, bisect_left(starts, end))
