"""Words that a file names, in the text that it gives."""

from collections.abc import Sequence
from typing import Any

from ...errors import Errors, XProjError
from .char_spans import check_string
from .label_keys import WORDS, are_keywords


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


def given_words(
    record: dict[str, Any], where: str
) -> tuple[list[str], list[bool], list[int]] | None:
    """Words, spaces, and which of the words the record names (the rest is whitespace between).

    None where the record has a text only.
    """
    text, spaces = record.get("text"), record.get("spaces")
    key = next((key for key in WORDS if record.get(key) is not None), None)
    if text is None and key is None:
        raise XProjError(Errors.XP621.format(where=where, keys=", ".join(record) or "none"))
    if text is not None:
        check_string(text, "text", where)
    if key is None:
        for tags in ("tags", "ner_tags"):
            if record.get(tags) and not (tags == "tags" and are_keywords(record)):
                reason = 'tags need "words" (a list of strings), one for each.'
                raise XProjError(Errors.XP622.format(where=where, key=tags, reason=reason))
        return None
    words, starts = _read_tokens(record[key], key, where, text or "")
    if spaces is not None and (
        not isinstance(spaces, list)
        or len(spaces) != len(words)
        or not all(isinstance(space, bool) for space in spaces)
    ):
        reason = f"expected a list of true or false, one for each of the {len(words)} words."
        raise XProjError(Errors.XP622.format(where=where, key="spaces", reason=reason))
    if text is None:
        spaces = spaces or [True] * (len(words) - 1) + [False] * bool(words)
        return words, spaces, list(range(len(words)))
    return fit_words(text, words, starts, where)


def _read_tokens(
    tokens: Any, key: str, where: str, text: str
) -> tuple[list[str], list[int | None]]:
    """Text of each token, and its first character where the token tells; where it tells nothing but
    that and its end, as in spaCy's ``doc.to_json()``, the text there."""
    words: list[str] = []
    starts: list[int | None] = []
    if not isinstance(tokens, list):
        raise XProjError(Errors.XP622.format(where=where, key=key, reason="it is not a list."))
    if set(map(type, tokens)) == {str} and "" not in tokens and _is_utf8("".join(tokens)):
        return tokens, [None] * len(tokens)
    for token in tokens:
        word = token.get("text") if isinstance(token, dict) else token
        start = token.get("start") if isinstance(token, dict) else None
        end = token.get("end") if isinstance(token, dict) else None
        if isinstance(token, dict) and word is None and type(start) is type(end) is int:
            word = text[max(start, 0) : max(end, 0)]
        if not isinstance(word, str) or not word or not (start is None or type(start) is int):
            reason = f'{token!r} is neither a word nor {{"text": ..., "start": ...}}.'
            raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
        check_string(word, key, where)
        words.append(word)
        starts.append(start)
    return words, starts


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
