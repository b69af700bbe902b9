"""Target spans that a source entity may be projected onto."""

from bisect import bisect, bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from ..abilities import check_all_ready, check_parts
from ..data.sentence import Sentence
from ..data.views import SourceView, linked_targets, links_of
from ..errors import Errors, XProjError
from ..text.scripts import parting_blanks
from .base import CandidateFinder, Candidates
from .sizes import word_sizes

EXAMPLE = '"@xproj_candidates": "spacy-xproj.Ngrams.v1"'
WINDOWS = ("links", "sentence")
# Behind a word of a span they tell that it has parts, between which Chinese may have a blank.
_PAUSES = frozenset(",;:，；：、،؛")


def as_candidates(spans: Iterable[tuple[int, int]]) -> Candidates:
    """Spans as a sorted int array of shape (n, 2) without repeats."""
    unique = sorted(set(spans))
    return np.array(unique, dtype=np.int64).reshape(len(unique), 2)


def _stops(words: Sequence[str], stop: Collection[str]) -> list[int]:
    """The places of stop tokens and of line breaks, and one after the end."""
    return [
        i for i, word in enumerate(words) if word in stop or (word.isspace() and "\n" in word)
    ] + [len(words)]


def _parts(target: Sentence) -> list[int]:
    """The words behind blanks that no name goes across, and one after the end."""
    found = set(parting_blanks(target.text))
    inner = [i for i, at in enumerate(target.starts) if at in found] if found else []
    return [*inner, len(target)]


class Ngrams:
    """``spacy-xproj.Ngrams.v1``: n-grams of target words (docs/methods.md, "Candidates").

    max_length: in words; 10 covers 99 % of entities; of single letters, as many as make 10 words of
    the source. max_ratio: for a long entity, up to that many times its own length too (titles of
    reports, say); null for never. stop_tokens: no candidate contains one, but for an entity that
    has one itself ("Yahoo !"). Nor does one of an entity of at most ``max_length`` words, and
    without a comma, contain a blank between two letters of Chinese, where names have none. window:
    "links" gives only n-grams that begin and end at words linked to the same entity. For alignment
    scores under "at most n" constraints this loses no optimum: cutting off border words without a
    link raises the score and only frees words. "sentence" gives all n-grams.
    """

    def __init__(
        self,
        *,
        max_length: int = 10,
        max_ratio: float | None = 2.0,
        stop_tokens: Sequence[str] = ("!", "?"),
        window: str = "links",
    ) -> None:
        if window not in WINDOWS:
            raise XProjError(
                Errors.XP150.format(
                    kind="window of candidates",
                    name=window,
                    fix='window = "links"',
                    known=", ".join(WINDOWS),
                )
            )
        if max_length < 1:
            raise XProjError(
                Errors.XP151.format(name="max_length", value=max_length, least=1, fix=10)
            )
        if max_ratio is not None and max_ratio <= 0:
            raise XProjError(Errors.XP507.format(name="max_ratio", value=max_ratio))
        self.max_length = max_length
        self.max_ratio = max_ratio
        self.stop_tokens = frozenset(stop_tokens)
        self.window = window

    def find(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Candidates]:
        """The n-grams of each pair. Raises XProjError for a view without links, where the window
        needs them."""
        return [self._of_pair(view, target) for view, target in zip(views, targets, strict=True)]

    def _of_pair(self, view: SourceView, target: Sentence) -> Candidates:
        entities = view.entities or ()
        limits = self._limits(view, target)
        stops = _stops(target.words, self.stop_tokens)
        ends = [stops] * len(entities)
        if len(stops) > 1 and not self.stop_tokens.isdisjoint(view.words):
            breaks = _stops(target.words, ())
            own = [self.stop_tokens.isdisjoint(view.words[e.start : e.end]) for e in entities]
            ends = [stops if plain else breaks for plain in own]
        if self.window == "sentence":
            groups: list[Sequence[int]] = [range(len(target))]
            limits = [max(limits, default=self.max_length)]
            ends = [min(ends, key=len, default=stops)]
        else:
            groups = list(linked_targets(entities, links_of(view, target)))
        parts = _parts(target)
        parts_of = [parts] * len(groups)
        if len(parts) > 1:
            names = [self._is_name(view.words[e.start : e.end]) for e in entities]
            names = [all(names)] if self.window == "sentence" else names
            parts_of = [parts if name else parts[-1:] for name in names]
        spans: list[tuple[int, int]] = []
        for positions, limit, stops, parted in zip(groups, limits, ends, parts_of, strict=True):
            # More blanks than one are a word, which may lie within a span, but is no border of it.
            borders = [at for at in positions if not target.words[at].isspace()]
            for i, first in enumerate(borders):
                ahead = stops[bisect_left(stops, first)], parted[bisect(parted, first)]
                beyond = min(first + limit, *ahead)
                spans += [(first, last + 1) for last in borders[i:] if last < beyond]
        return as_candidates(spans)

    def _is_name(self, words: Sequence[str]) -> bool:
        """Whether a span may be a name: it is short, and no clause or list with a comma."""
        return len(words) <= self.max_length and all(w[-1:] not in _PAUSES for w in words[:-1])

    def _limits(self, view: SourceView, target: Sentence) -> list[int]:
        """The most target words for each entity."""
        most, ratio = self.max_length, self.max_ratio or 0.0
        spans = [(e.start, e.end) for e in view.entities or ()]
        sizes = word_sizes(view, target)
        if sizes is None:
            return [max(most, int(ratio * (end - start))) for start, end in spans]
        lengths = [float(sizes.source[start:end].sum()) for start, end in spans]
        least = float(sizes.target.min(initial=1.0))
        return [int(max(most, ratio * length) / least) for length in lengths]

    def describe(self) -> dict[str, Any]:
        return {
            "name": "ngrams",
            "max_length": self.max_length,
            "max_ratio": self.max_ratio,
            "stop_tokens": sorted(self.stop_tokens),
            "window": self.window,
        }


class UnionCandidates:
    """``spacy-xproj.UnionCandidates.v1``: the spans that any of several named blocks of
    ``xproj_candidates`` gives, each once."""

    # Config blocks inside a dict are checked before they are resolved, so their type is left open.
    def __init__(self, *, candidates: dict[str, Any]) -> None:
        if not candidates:
            raise XProjError(Errors.XP521)
        self.candidates: dict[str, CandidateFinder] = check_parts(
            candidates,
            CandidateFinder,
            user="spacy-xproj.UnionCandidates.v1",
            setting="candidates",
            example=EXAMPLE,
        )

    def find(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Candidates]:
        """The spans that any of the blocks gives for each pair."""
        found = [finder.find(views, targets) for finder in self.candidates.values()]
        return [
            as_candidates((start, end) for spans in own for start, end in spans.tolist())
            for own in zip(*found, strict=True)
        ]

    def check_ready(self) -> None:
        """Raise XProjError where one of them is not ready."""
        check_all_ready(*self.candidates.values())

    def describe(self) -> dict[str, Any]:
        parts = {name: finder.describe() for name, finder in self.candidates.items()}
        return {"name": "union", "candidates": parts}
