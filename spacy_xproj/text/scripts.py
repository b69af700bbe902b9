"""Scripts written without blanks between words, and what in them is one letter."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

# Blocks of Thai, Lao, Burmese, Khmer, Kana and Han; of these only letters are cut.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u303c\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_BLANK = re.compile(f"(?<=[{_HAN}])[ \u3000]+(?=[{_HAN}])")
_HAN_PAIR = re.compile(f"[{_HAN}](?=[{_HAN}])")
_KANA = re.compile("[\u3041-\u30ff]")
# Words of Chinese have under two letters in the mean: of those cut into words, more than every
# second letter is followed by a blank. As written, hardly any is.
_CUT = 0.2
# Written as letters, but drawn as one with the letter before: Thai and Lao AM.
_JOINING = "\u0e33\u0eb3"
# The letter after these is drawn below the one before: Burmese and Khmer stacks.
_STACKING = "\u1039\u17d2"


@cache
def _is_mark(char: str) -> bool:
    """Whether a character belongs to the one before it: combining marks and invisible joiners."""
    return unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf") or char in _JOINING


def clusters(text: str) -> Iterator[str]:
    """The characters as readers see them: each with the marks that belong to it."""
    start = 0
    for i in range(1, len(text)):
        if not _is_mark(text[i]) and text[i - 1] not in _STACKING:
            yield text[start:i]
            start = i
    if text:
        yield text[start:]


def ends_as_word(char: str) -> bool:
    """Whether a word may begin or end with a character: a letter, a digit, or a mark of a letter,
    as the vowel signs and tones that words of India and South-East Asia end in."""
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def is_unspaced(char: str) -> bool:
    """Whether a character is a letter (or mark) of a script without blanks between words."""
    return _UNSPACED.match(char) is not None and unicodedata.category(char)[0] in "LM"


def is_within_word(text: str, place: int) -> bool:
    """Whether a place is between two letters of a word, of a script with blanks between words."""
    if not 0 < place < len(text):
        return False
    return all(ends_as_word(one) and not is_unspaced(one) for one in text[place - 1 : place + 1])


def cut_word(word: str) -> list[str]:
    """Cut a word around each letter of a script without blanks; the rest stays in one piece."""
    pieces: list[str] = []
    joins = False
    for cluster in clusters(word):
        unspaced = is_unspaced(cluster[0])
        if pieces and joins and not unspaced:
            pieces[-1] += cluster
        else:
            pieces.append(cluster)
        joins = not unspaced
    return pieces


def in_capitals(words: Sequence[str]) -> bool:
    """Whether a sentence is written in capitals: two words or more with letters that have case, and
    none of these small. There case does not tell names from other words."""
    cased = 0
    for word in words:
        upper = word.upper()
        if upper != word:
            return False
        cased += upper != word.lower()
    return cased > 1


def in_small_letters(words: Sequence[str]) -> tuple[str, ...]:
    """The same words, as many characters each; those that have none of that size stay."""
    return tuple(
        "".join(low if len(low := char.lower()) == 1 else char for char in word) for word in words
    )


def parting_blanks(text: str) -> list[int]:
    """The ends of the blanks between two letters of Chinese, where words and names have none; none
    of a text that was cut into words, or is Japanese, whose names may have some.

    >>> parting_blanks("他说 北京很大")
    [3]
    """
    ends = [blank.end() for blank in _HAN_BLANK.finditer(text)]
    if not ends or _KANA.search(text):
        return []
    return [] if len(ends) > _CUT * (len(ends) + len(_HAN_PAIR.findall(text))) else ends


def blanks_between(words: Sequence[str]) -> list[bool]:
    """Whether a blank follows each word: between two that both end in a letter or digit of a script
    with blanks, as in ``Windows 10``."""
    follows = [_spaced(a[-1]) and _spaced(b[0]) for a, b in pairwise(words)]
    return [*follows, False] if words else []


def _spaced(char: str) -> bool:
    return char.isalnum() and _UNSPACED.match(char) is None


def is_letter(word: str) -> bool:
    """Whether a word is one such letter, with the marks that belong to it."""
    return is_unspaced(word[:1]) and (len(word) == 1 or next(clusters(word)) == word)


def glued_runs(words: Sequence[str]) -> list[tuple[int, int]]:
    """Words in groups ``[start, end)``: neighbours that are single letters of scripts without
    blanks form one, since their text is written in one; any other word is its own.

    >>> glued_runs(["In", "東", "京", "タ", "。"])
    [(0, 1), (1, 4), (4, 5)]
    """
    runs: list[tuple[int, int]] = []
    glued = False
    for i, word in enumerate(words):
        single = is_letter(word)
        if single and glued:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
        glued = single
    return runs


def has_unspaced(words: Sequence[str]) -> bool:
    """Whether any word has a character of a script without blanks: a quick look."""
    return _UNSPACED.search("".join(words)) is not None
