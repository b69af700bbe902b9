"""The parts of a projection method, and what they pass to one another. numpy only."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np

from ..data.sentence import Sentence
from ..data.status import Status
from ..data.views import Entity, Projection, SourceView

if TYPE_CHECKING:
    from .batch import Batch

# Target spans [start, end) in words, int array of shape (n_candidates, 2), sorted and unique.
Candidates: TypeAlias = np.ndarray
# What a score is made of: by name of a feature its values and what they add, each of one shape.
Evidence: TypeAlias = dict[str, tuple[np.ndarray, np.ndarray]]


class Scores(NamedTuple):
    """A sparse array of shape (n source entities, n candidates): ``values[i]`` at
    ``(rows[i], cols[i])``; a pair that is not listed cannot be chosen."""

    rows: np.ndarray
    cols: np.ndarray
    values: np.ndarray
    shape: tuple[int, int]


class Solution(NamedTuple):
    """The chosen (entity, candidate) pairs, or none where the constraints cannot all hold."""

    pairs: list[tuple[int, int]]
    feasible: bool = True


# A pipeline is pickled for workers, and so are its parts.
@runtime_checkable
class CandidateFinder(Protocol):
    """Finds the target spans that an entity may be projected onto (``xproj_candidates``)."""

    def find(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Candidates]:
        """The candidates of each pair, in order; every view has entities."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which method and settings, as plain data."""
        ...


@runtime_checkable
class Score(Protocol):
    """Says how well candidates fit entities (``xproj_scores``)."""

    def score(self, batch: "Batch") -> np.ndarray:
        """The score of each pair of an entity and a candidate, float of shape (n pairs,); 0 for one
        that cannot be chosen. A sentence scores the same in any batch."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which method and settings, as plain data."""
        ...


@runtime_checkable
class Solver(Protocol):
    """Chooses pairs of one sentence (``xproj_solvers``)."""

    def solve(self, scores: Scores, candidates: Candidates) -> Solution:
        """The pairs chosen: of no two do the candidates overlap."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which method and settings, as plain data."""
        ...


EXAMPLE = '"@xproj_projectors": "spacy-xproj.Matching.v1"'


@runtime_checkable
class Projector(Protocol):
    """Carries the entities of source views over to the words of their targets
    (``xproj_projectors``)."""

    def project(
        self, views: Sequence[SourceView], targets: Sequence[Sentence]
    ) -> list[list[Projection]]:
        """For each pair one or more projections per source entity, in order of entities. Raises
        XProjError for a view that lacks what is looked at, such as its links."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which method and settings, as plain data."""
        ...


# What this room needs of parts of other rooms, which come in through the config.
@runtime_checkable
class SpanTagger(Protocol):
    """Finds entities: things with ``start`` and ``end`` in words, a list for each view."""

    def tag(self, views: Sequence[SourceView]) -> Sequence[Sequence[Any]]: ...

    def describe(self) -> dict[str, Any]: ...


@runtime_checkable
class ProbabilityTagger(Protocol):
    """Gives probabilities (n_words, n_labels) of IOB labels, for each sentence."""

    @property
    def labels(self) -> Sequence[str]: ...

    def probabilities(self, sentences: Sequence[Sequence[str]]) -> list[np.ndarray]: ...

    def describe(self) -> dict[str, Any]: ...


@runtime_checkable
class WordEncoder(Protocol):
    """Gives, for each sentence, something with ``vectors`` (n_subwords, width)."""

    def encode(self, sentences: Sequence[Sequence[str]]) -> Sequence[Any]: ...

    def describe(self) -> dict[str, Any]: ...


@runtime_checkable
class PairScorer(Protocol):
    """Gives the mean log probability per token of each target text given its source text."""

    def score(
        self, sources: Sequence[str], targets: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[float]: ...

    def describe(self) -> dict[str, Any]: ...


def projected(
    index: int,
    entity: Entity,
    span: tuple[int, int],
    target: Sentence,
    score: float | None,
    *,
    second: tuple[tuple[int, int], float] | None = None,
) -> Projection:
    """A projection onto the target words ``span``. second: the next best span and its score."""
    start, end = span
    starts = target.starts
    margin = None if score is None or second is None else round(float(score - second[1]), 6)
    return Projection(
        index,
        entity.label,
        Status.PROJECTED,
        start,
        end,
        starts[start],
        starts[end - 1] + len(target.words[end - 1]),
        None if score is None else round(float(score), 6),
        runner_up=None if second is None else second[0],
        margin=margin,
    )


def missed(index: int, entity: Entity, status: Status, reason: str) -> Projection:
    """A source entity that has no target span, and why."""
    return Projection(index, entity.label, status, reason=reason)
