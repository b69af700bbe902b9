"""Words that a file names, in the text that it gives."""

from collections.abc import Sequence

from ...errors import Errors, XProjError


def fit_words(
    text: str, words: Sequence[str], starts: Sequence[int | None], where: str
) -> tuple[list[str], list[bool], list[int]]:
    """Words and spaces that make up ``text``: the words given, and the whitespace between them.

    As in spaCy, the first blank after a word belongs to it; any other whitespace is a word.
    """
    all_words: list[str] = []
    all_spaces: list[bool] = []
    named: list[int] = []
    position = 0
    for i, (word, given) in enumerate([*zip(words, starts, strict=True), ("", len(text))]):
        start = text.find(word, position) if given is None else given
        gap = text[position:start]
        if start < position or text[start : start + len(word)] != word or gap.strip():
            rest = text[position : position + 30]
            token = word or "(end of the tokens)"
            raise XProjError(Errors.XP627.format(where=where, position=i, token=token, rest=rest))
        if gap.startswith(" ") and all_words:
            all_spaces[-1] = True
            gap = gap[1:]
        for piece in filter(None, (gap, word)):
            all_words.append(piece)
            all_spaces.append(False)
        named.append(len(all_words) - 1)
        position = start + len(word)
    return all_words, all_spaces, named[:-1]
