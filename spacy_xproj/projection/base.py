"""The parts of a projection method, and what they pass to one another. numpy only."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np

from ..data.views import Entity, Projection, Sentence, SourceView, Status
from ..data.views import linked_targets as linked_targets
from ..data.views import links_of as links_of
from ..errors import Errors, XProjError

# Target spans [start, end) in words, int array of shape (n_candidates, 2), sorted and unique.
Candidates: TypeAlias = np.ndarray


class Scores:
    """A sparse array of shape (n source entities, n candidates): ``values[i]`` at
    ``(rows[i], cols[i])``; a pair that is not listed cannot be chosen.

    Whichever of the sparse and the dense form is not given is made when it is asked for; both are
    read-only.
    """

    __slots__ = ("_dense", "_entries", "shape")

    def __init__(
        self, rows: np.ndarray, cols: np.ndarray, values: np.ndarray, shape: tuple[int, int]
    ) -> None:
        self.shape = shape
        self._entries: tuple[np.ndarray, np.ndarray, np.ndarray] | None = (rows, cols, values)
        self._dense: np.ndarray | None = None

    @classmethod
    def from_dense(cls, dense: np.ndarray) -> "Scores":
        """Every non-zero entry (NaN and infinity too) of an array (n entities, n candidates)."""
        scores = cls.__new__(cls)
        scores.shape = (dense.shape[0], dense.shape[1])
        scores._entries, scores._dense = None, dense
        return scores

    @property
    def entries(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows, columns and values; of a dense array row by row."""
        if self._entries is None:
            assert self._dense is not None
            rows, cols = self._dense.nonzero()
            self._entries = rows, cols, self._dense[rows, cols]
        return self._entries

    @property
    def rows(self) -> np.ndarray:
        return self.entries[0]

    @property
    def cols(self) -> np.ndarray:
        return self.entries[1]

    @property
    def values(self) -> np.ndarray:
        return self.entries[2]

    def to_dense(self) -> np.ndarray:
        """The array with 0 for what is not listed."""
        if self._dense is None:
            self._dense = np.zeros(self.shape)
            self._dense[self.rows, self.cols] = self.values
        return self._dense

    def keep(self, mask: np.ndarray) -> "Scores":
        """The entries where a boolean mask of shape (n entries,) holds."""
        return Scores(self.rows[mask], self.cols[mask], self.values[mask], self.shape)


class Solution(NamedTuple):
    """The chosen (entity, candidate) pairs, or none where the constraints cannot all hold."""

    pairs: list[tuple[int, int]]
    feasible: bool = True


# Those made here are partials of module-level functions, or small classes where a model is run: a
# pipeline is pickled for workers. Either may have a method ``prepare``, called once for each batch:
# of candidates ``prepare(views, targets)``, of a score ``prepare(views, targets, candidates)``.
CandidateFunction: TypeAlias = Callable[[SourceView, Sentence], Candidates]
ScoreFunction: TypeAlias = Callable[[SourceView, Sentence, Candidates], Scores]
Solver: TypeAlias = Callable[[Scores, Candidates], Solution]


@runtime_checkable
class Projector(Protocol):
    """Carries the entities of a source view over to the words of its target."""

    def project(self, view: SourceView, target: Sentence) -> list[Projection]:
        """One or more projections per source entity, in order of entities.

        May also have ``project_batch(views, targets)``, which gives such a list for each pair.
        """
        ...

    def describe(self) -> dict[str, Any]:
        """Which method and settings, as plain data."""
        ...


def project_all(
    projector: Projector, views: Sequence[SourceView], targets: Sequence[Sentence]
) -> list[list[Projection]]:
    """The projections of each pair; of a batch at once where the projector can do so."""
    if hasattr(projector, "project_batch"):
        found: list[list[Projection]] = projector.project_batch(views, targets)
        return found
    return [projector.project(v, t) for v, t in zip(views, targets, strict=True)]


# What this room needs of parts of other rooms, which come in through the config.
class SpanTagger(Protocol):
    """Finds entities: things with ``start`` and ``end`` in words, a list for each view."""

    def tag(self, views: Sequence[SourceView]) -> Sequence[Sequence[Any]]: ...

    def describe(self) -> dict[str, Any]: ...


class ProbabilityTagger(Protocol):
    """Gives probabilities (n_words, n_labels) of IOB labels, for each sentence."""

    @property
    def labels(self) -> Sequence[str]: ...

    def probabilities(self, sentences: Sequence[Sequence[str]]) -> list[np.ndarray]: ...

    def describe(self) -> dict[str, Any]: ...


class WordEncoder(Protocol):
    """Gives, for each sentence, something with ``vectors`` (n_subwords, width)."""

    def encode(self, sentences: Sequence[Sequence[str]]) -> Sequence[Any]: ...

    def describe(self) -> dict[str, Any]: ...


class PairScorer(Protocol):
    """Gives the mean log probability per token of each target text given its source text."""

    def score(
        self, sources: Sequence[str], targets: Sequence[str], *, source_lang: str, target_lang: str
    ) -> list[float]: ...

    def describe(self) -> dict[str, Any]: ...


_FITTING = {"tag": "HFTagger", "probabilities": "HFTagger", "encode": "HFEncoder"}


def check_part(user: str, setting: str, part: Any, method: str) -> None:
    """Raise XProjError where a part that came in through the config lacks a method."""
    if not callable(getattr(type(part), method, None)):
        raise XProjError(
            Errors.XP520.format(
                user=user,
                setting=setting,
                part=type(part).__name__,
                method=method,
                fit=_FITTING.get(method, "Seq2Seq"),
            )
        )


def describe_part(part: Any) -> Any:
    """What a candidate function, score or solver says of itself, or else its name; of a ``partial``
    that of the function that it gives settings to."""
    if hasattr(part, "describe"):
        return part.describe()
    return str(getattr(getattr(part, "func", part), "__name__", type(part).__name__))


def prepare_parts(parts: Sequence[Any], *batch: Any) -> None:
    """Call ``prepare`` of those parts that have one."""
    for part in parts:
        if getattr(part, "prepare", None) is not None:
            part.prepare(*batch)


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
