"""Evidence for where a name begins and ends, from the writing alone.

Alignments blur at the borders of a span: they take in a title or a preposition, or leave out the
generic half of a name. What the words look like tells part of it in any script with letters and,
where the script has two cases, more.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from ..errors import Errors, XProjError
from ..text.scripts import ends_as_word, is_letter
from .batch import Batch

_SHORT = 3  # characters; function words are short in most languages
_OPENING = frozenset("([{«“„")
_CLOSING = frozenset(")]}»”")
# What a word looks like, as bits.
_UPPER, _LOWER, _BRIEF, _BAD_START, _BAD_END, _OPENS, _CLOSES = (1 << i for i in range(7))


@lru_cache(maxsize=1 << 16)
def _look(word: str) -> int:
    """Upper-case or lower-case initial; few letters; begins or ends with neither letter nor digit
    nor a mark of a letter; is a bracket."""
    bits = _UPPER * word[:1].isupper() | _LOWER * word[:1].islower()
    bits |= _BRIEF * (len(word) <= _SHORT and word.isalpha() and not is_letter(word))
    bits |= _BAD_START * (not ends_as_word(word[0]))
    # "Ltd." is an abbreviation, "." is none
    bits |= _BAD_END * (not ends_as_word(word[-1]) and (word[-1:] != "." or word == "."))
    return bits | _OPENS * (word in _OPENING) | _CLOSES * (word in _CLOSING)


def _looks(batch: Batch) -> np.ndarray:
    """The bits of the words of each target, and 0 behind them: shape (n sentences, width)."""
    looks = np.zeros((len(batch.targets), batch.width), dtype=np.int64)
    for row, target in zip(looks, batch.targets, strict=True):
        row[: len(target)] = [*map(_look, target.words)]
    return looks


def _punctuated(
    looks: np.ndarray, home: np.ndarray, starts: np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """Where spans begin or end with punctuation, but for brackets that they hold both of, or hold
    one bracket only."""
    bad_start = (looks[home, starts] & _BAD_START) > 0
    bad_end = (looks[home, ends - 1] & _BAD_END) > 0
    if not (looks & (_OPENS | _CLOSES)).any():
        return bad_start | bad_end
    steps = np.sign(looks & _OPENS) - np.sign(looks & _CLOSES)
    depth = np.pad(steps.cumsum(axis=1), ((0, 0), (1, 0)))
    balanced = depth[home, starts] == depth[home, ends]
    opened = balanced & (depth[home, starts + 1] > depth[home, starts])
    # ends with the bracket that it opened
    closed = balanced & (depth[home, ends - 1] > depth[home, ends])
    worst: np.ndarray = ~balanced | (bad_start & ~opened) | (bad_end & ~closed)
    return worst


class BoundaryScore:
    """``spacy-xproj.BoundaryScore.v1``: penalties (scores <= 0), to be fused with another score.

    lower_start: the candidate begins in lower case, the entity in upper case. short_start: it has
    several words, and the first has at most 3 letters and is in lower case or the first of the
    sentence. short_end: it ends in a lower-case word of at most 3 letters. punctuation: it begins
    or ends with punctuation (brackets that it holds both of are none), or holds one bracket of two.
    cut_left, cut_right: an upper-case word stands right before its upper-case first word (other
    than the first of the sentence), or right after its upper-case last word.
    Chosen on Europarl-NER de and es and the embedded corpus' training split. Raises XProjError for
    a penalty below 0.
    """

    def __init__(
        self,
        *,
        lower_start: float = 0.1,
        short_start: float = 0.1,
        short_end: float = 0.07,
        punctuation: float = 0.15,
        cut_left: float = 0.07,
        cut_right: float = 0.04,
    ) -> None:
        self.penalties = {
            "lower_start": lower_start,
            "short_start": short_start,
            "short_end": short_end,
            "punctuation": punctuation,
            "cut_left": cut_left,
            "cut_right": cut_right,
        }
        for name, value in self.penalties.items():
            if value < 0:
                raise XProjError(Errors.XP151.format(name=name, value=value, least=0, fix=0))

    def score(self, batch: Batch) -> np.ndarray:
        """The penalties of each pair, shape (p,)."""
        own = self.penalties
        looks, home, starts, ends = _looks(batch), batch.home, batch.starts, batch.ends
        first, last, after = looks[home, starts], looks[home, ends - 1], looks[home, ends]
        # At 0 and 1 there is no word before but, at most, the first of the sentence.
        before = np.where(starts > 1, looks[home, starts - 1], 0)
        # The first word of a sentence has a capital whatever it is.
        brief = (
            ((first & _BRIEF) > 0) & (((first & _LOWER) > 0) | (starts == 0)) & (ends - starts > 1)
        )
        penalty = (
            own["short_start"] * brief
            + own["short_end"] * ((last & (_BRIEF | _LOWER)) == (_BRIEF | _LOWER))
            + own["punctuation"] * _punctuated(looks, home, starts, ends)
            + own["cut_left"] * ((before & first & _UPPER) > 0)
            + own["cut_right"] * ((after & last & _UPPER) > 0)
        )
        words = zip(batch.entities, batch.entity_home.tolist(), strict=True)
        capital = np.array(
            [batch.views[v].words[e.start][:1].isupper() for e, v in words], dtype=bool
        )
        uncapped = capital[batch.entity] & ((first & _LOWER) > 0)[batch.candidate]
        return -(penalty[batch.candidate] + own["lower_start"] * uncapped)

    def describe(self) -> dict[str, Any]:
        return {"name": "boundary_score", **self.penalties}
