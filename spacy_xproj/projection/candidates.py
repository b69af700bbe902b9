"""Target spans that a source entity may be projected onto."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..data.views import Sentence, SourceView
from ..errors import Errors, XProjError
from .base import (
    CandidateFunction,
    Candidates,
    describe_part,
    linked_targets,
    links_of,
    prepare_parts,
)
from .sizes import word_sizes

WINDOWS = ("links", "sentence")


def as_candidates(spans: Iterable[tuple[int, int]]) -> Candidates:
    """Spans as a sorted int array of shape (n, 2) without repeats."""
    unique = sorted(set(spans))
    return np.array(unique, dtype=np.int64).reshape(len(unique), 2)


def _stops(words: Sequence[str], stop: Collection[str]) -> list[int]:
    """The places of stop tokens and of words that are only whitespace, and one after the end."""
    return [i for i, word in enumerate(words) if word in stop or word.isspace()] + [len(words)]


def _limits(
    view: SourceView, target: Sentence, *, max_length: int, max_ratio: float | None
) -> list[int]:
    """The most target words for each entity."""
    spans = [(e.start, e.end) for e in view.entities or ()]
    sizes = word_sizes(view, target)
    if sizes is None:
        return [max(max_length, int((max_ratio or 0.0) * (end - start))) for start, end in spans]
    lengths = [float(sizes.source[start:end].sum()) for start, end in spans]
    least = float(sizes.target.min(initial=1.0))
    return [int(max(max_length, (max_ratio or 0.0) * length) / least) for length in lengths]


def ngrams(
    view: SourceView,
    target: Sentence,
    *,
    max_length: int,
    max_ratio: float | None,
    stop: frozenset[str],
    window: str,
) -> Candidates:
    """What ``make_ngrams`` describes."""
    entities = view.entities or ()
    stops = _stops(target.words, stop)
    limits = _limits(view, target, max_length=max_length, max_ratio=max_ratio)
    if window == "sentence":
        groups: list[Sequence[int]] = [range(len(target))]
        limits = [max(limits, default=max_length)]
    else:
        groups = list(linked_targets(entities, links_of(view, target)))
    spans: list[tuple[int, int]] = []
    for positions, limit in zip(groups, limits, strict=True):
        for i, first in enumerate(positions):
            beyond = min(first + limit, stops[bisect_left(stops, first)])
            spans += [(first, last + 1) for last in positions[i:] if last < beyond]
    return as_candidates(spans)


def make_ngrams(
    max_length: int = 10,
    max_ratio: float | None = 2.0,
    stop_tokens: Sequence[str] = ("!", "?"),
    window: str = "links",
) -> CandidateFunction:
    """``spacy-xproj.Ngrams.v1``: n-grams of target words (METHODS, "Candidates").

    max_length: in words; 10 covers 99 % of entities; of single letters, as many as make 10 words of
    the source. max_ratio: for a long entity, up to that many times its own length too (titles of
    reports, say); null for never. stop_tokens: no candidate contains one. window: "links" gives
    only n-grams that begin and end at words linked to the same entity. For alignment scores under
    "at most n" constraints this loses no optimum: cutting off border words without a link raises
    the score and only frees words. "sentence" gives all n-grams.
    """
    if window not in WINDOWS:
        raise XProjError(Errors.XP502.format(window=window, known=", ".join(WINDOWS)))
    if max_length < 1:
        raise XProjError(Errors.XP503.format(name="max_length", value=max_length))
    if max_ratio is not None and max_ratio <= 0:
        raise XProjError(Errors.XP507.format(name="max_ratio", value=max_ratio))
    stop = frozenset(stop_tokens)
    return partial(ngrams, max_length=max_length, max_ratio=max_ratio, stop=stop, window=window)


class Union:
    """What ``make_union`` describes."""

    def __init__(self, candidates: Mapping[str, CandidateFunction]) -> None:
        self.candidates = {name: candidates[name] for name in sorted(candidates)}

    def prepare(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> None:
        """Prepare each of the blocks for a batch."""
        prepare_parts(list(self.candidates.values()), views, targets)

    def __call__(self, view: SourceView, target: Sentence) -> Candidates:
        found = [make(view, target).tolist() for make in self.candidates.values()]
        return as_candidates((start, end) for spans in found for start, end in spans)

    def describe(self) -> dict[str, Any]:
        return {
            "name": "union",
            "candidates": {name: describe_part(part) for name, part in self.candidates.items()},
        }


# Config blocks inside a dict are checked before they are resolved, so their type is left open.
def make_union(candidates: dict[str, Any]) -> Union:
    """``spacy-xproj.UnionCandidates.v1``: the spans that any of several named blocks of
    ``xproj_candidates`` gives, each once."""
    if not candidates:
        raise XProjError(Errors.XP521)
    return Union(candidates)
