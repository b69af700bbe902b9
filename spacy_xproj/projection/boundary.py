"""Evidence for where a name begins and ends, from the writing alone.

Alignments blur at the borders of a span: they take in a title or a preposition, or leave out the
generic half of a name. What the words look like tells part of it in any script with letters and,
where the script has two cases, more.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from ..views import Sentence, SourceView
from .base import Candidates, ScoreFunction, Scores

_SHORT = 3  # characters; function words are short in most languages
_OPENING = frozenset("([{«“„")
_CLOSING = frozenset(")]}»”")


def _flags(words: Sequence[str]) -> dict[str, np.ndarray]:
    """Per word, as arrays of 0 and 1 with a 0 after the last: upper-case initial, lower-case
    initial, short and lower-case, begins or ends with no letter or digit."""

    def array(values: list[bool]) -> np.ndarray:
        return np.array([*values, False], dtype=float)

    return {
        "upper": array([w[:1].isupper() for w in words]),
        "lower": array([w[:1].islower() for w in words]),
        "short": array([len(w) <= _SHORT and w[:1].islower() for w in words]),
        "bad_start": array([not w[:1].isalnum() for w in words]),
        # "Ltd." is an abbreviation, "." is none
        "bad_end": array([not w[-1:].isalnum() and (w[-1:] != "." or w == ".") for w in words]),
    }


def _punctuated(
    flags: dict[str, np.ndarray], depth: np.ndarray, starts: np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """1 for spans that begin or end with punctuation, but for brackets that they hold both of, or
    that hold one bracket only."""
    balanced = depth[starts] == depth[ends]
    closed = balanced & (depth[ends - 1] > depth[ends])  # ends with the bracket that it opened
    opened = balanced & (depth[starts + 1] > depth[starts])
    bad_start = np.where(opened, 0.0, flags["bad_start"][starts])
    bad_end = np.where(closed, 0.0, flags["bad_end"][ends - 1])
    worst: np.ndarray = np.maximum(np.maximum(bad_start, bad_end), ~balanced)
    return worst


def boundary_score(
    view: SourceView,
    target: Sentence,
    candidates: Candidates,
    *,
    lower_start: float,
    short_end: float,
    punctuation: float,
    cut_left: float,
    cut_right: float,
) -> Scores:
    """What ``make_boundary_score`` describes."""
    entities = view.entities or ()
    if not entities or not len(candidates):
        return Scores.from_dense(np.zeros((len(entities), len(candidates))))
    flags = _flags(target.words)
    starts, ends = candidates[:, 0], candidates[:, 1]
    upper = flags["upper"]
    depth = np.cumsum([0, *((w in _OPENING) - (w in _CLOSING) for w in target.words)])
    # At 0 and 1 there is no word before but, at most, the first of the sentence.
    before = np.where(starts > 1, upper[starts - 1], 0.0)
    common = (
        short_end * flags["short"][ends - 1]
        + punctuation * _punctuated(flags, depth, starts, ends)
        + cut_left * before * upper[starts]
        + cut_right * upper[ends] * upper[ends - 1]
    )
    capital = np.array([[view.words[e.start][:1].isupper()] for e in entities], dtype=float)
    return Scores.from_dense(-(common + capital * lower_start * flags["lower"][starts]))


def make_boundary_score(
    lower_start: float = 0.07,
    short_end: float = 0.07,
    punctuation: float = 0.15,
    cut_left: float = 0.07,
    cut_right: float = 0.04,
) -> ScoreFunction:
    """``spacy-xproj.BoundaryScore.v1``: penalties (scores <= 0), to be fused with another score.

    lower_start: the candidate begins in lower case, the entity in upper case. short_end: it ends in
    a lower-case word of at most 3 letters. punctuation: it begins or ends with punctuation
    (brackets that it holds both of are none), or holds one bracket of two.
    cut_left, cut_right: an upper-case word stands right before its upper-case first word (other
    than the first of the sentence), or right after its upper-case last word.
    Chosen on Europarl-NER de and es and the embedded corpus' training split.
    """
    return partial(
        boundary_score,
        lower_start=lower_start,
        short_end=short_end,
        punctuation=punctuation,
        cut_left=cut_left,
        cut_right=cut_right,
    )
