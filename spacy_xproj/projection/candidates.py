"""Target spans that a source entity may be projected onto."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial

import numpy as np

from ..errors import Errors, XProjError
from ..views import Sentence, SourceView
from .base import CandidateFunction, Candidates, linked_targets, links_of

WINDOWS = ("links", "sentence")


def as_candidates(spans: Iterable[tuple[int, int]]) -> Candidates:
    """Spans as a sorted int array of shape (n, 2) without repeats."""
    unique = sorted(set(spans))
    return np.array(unique, dtype=np.int64).reshape(len(unique), 2)


def _free_runs(words: Sequence[str], stop: Collection[str]) -> list[int]:
    """For each word the start of the run of words without stop tokens that it stands in, or -1."""
    starts, start = [], 0
    for i, word in enumerate(words):
        if word in stop or word.isspace():
            starts.append(-1)
            start = i + 1
        else:
            starts.append(start)
    return starts


def ngrams(
    view: SourceView, target: Sentence, *, max_length: int, stop: frozenset[str], window: str
) -> Candidates:
    """What ``make_ngrams`` describes."""
    runs = _free_runs(target.words, stop)
    spans: set[tuple[int, int]] = set()
    if window == "sentence":
        groups: list[Sequence[int]] = [range(len(runs))]
    else:
        groups = list(linked_targets(view.entities or (), links_of(view, target)))
    for positions in groups:
        for i, first in enumerate(positions):
            for last in positions[i:]:
                if last - first >= max_length:
                    break
                if runs[first] >= 0 and 0 <= runs[last] <= first:
                    spans.add((first, last + 1))
    return as_candidates(spans)


def make_ngrams(
    max_length: int = 10, stop_tokens: Sequence[str] = ("!", "?"), window: str = "links"
) -> CandidateFunction:
    """``spacy-xproj.Ngrams.v1``: n-grams of target words (METHODS, "Candidates").

    max_length: in words; 10 covers 99 % of entities. stop_tokens: no candidate contains one.
    window: "links" gives only n-grams that begin and end at words linked to the same entity. For
    alignment scores under "at most n" constraints this loses no optimum: cutting off border words
    without a link raises the score and only frees words. "sentence" gives all n-grams.
    """
    if window not in WINDOWS:
        raise XProjError(Errors.XP502.format(window=window, known=", ".join(WINDOWS)))
    if max_length < 1:
        raise XProjError(Errors.XP503.format(name="max_length", value=max_length))
    return partial(ngrams, max_length=max_length, stop=frozenset(stop_tokens), window=window)
