"""Word links from a translation model's attention: which characters a token is, and what it comes
from."""

from __future__ import annotations

from collections.abc import Sequence

from ..data.char_links import CharLinks

_BLANK = "\u2581"  # what SentencePiece writes for a blank
_AHEAD = 16  # characters in which a token is looked for; what was normalised is passed over


def token_chars(tokens: Sequence[str], text: str) -> list[tuple[int, int] | None]:
    """The characters [start, end) of each token of SentencePiece in the text that it is of; None
    for one that is a blank, special, or does not stand in the text as it is."""
    found: list[tuple[int, int] | None] = []
    at = 0
    for token in tokens:
        own = token.replace(_BLANK, " ").strip()
        start = text.find(own, at, at + _AHEAD + len(own)) if own else -1
        if start < 0:
            found.append(None)
            continue
        at = start + len(own)
        found.append((start, at))
    return found


def attention_links(
    given: Sequence[tuple[int, int] | None],
    made: Sequence[tuple[int, int] | None],
    attended: Sequence[int],
) -> CharLinks:
    """given, made: the characters of the tokens of a text and of its translation, as of
    ``token_chars``. attended: for each token of the translation, the token of the text that it
    attends to most; where that has no characters (the end of the sentence), it is not linked."""
    links = []
    for own, place in zip(made, attended, strict=True):
        source = given[place]
        if own is not None and source is not None:
            links.append((*source, *own))
    return tuple(sorted(set(links)))
