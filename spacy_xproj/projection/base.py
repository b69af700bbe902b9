"""The parts of a projection method, and what they pass to one another. numpy only."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np

from ..errors import Errors, XProjError
from ..views import Entity, Links, Projection, Sentence, SourceView, Status

# Target spans [start, end) in words, int array of shape (n_candidates, 2), sorted and unique.
Candidates: TypeAlias = np.ndarray


class Scores(NamedTuple):
    """A sparse array of shape (n source entities, n candidates): ``values[i]`` at
    ``(rows[i], cols[i])``; a pair that is not listed cannot be chosen."""

    rows: np.ndarray
    cols: np.ndarray
    values: np.ndarray
    shape: tuple[int, int]

    @classmethod
    def from_dense(cls, dense: np.ndarray) -> "Scores":
        """Every non-zero entry (NaN and infinity too) of an array (n entities, n candidates)."""
        rows, cols = np.nonzero(dense)
        return cls(rows, cols, dense[rows, cols], (dense.shape[0], dense.shape[1]))

    def to_dense(self) -> np.ndarray:
        dense = np.zeros(self.shape)
        dense[self.rows, self.cols] = self.values
        return dense

    def keep(self, mask: np.ndarray) -> "Scores":
        """The entries where a boolean mask of shape (n entries,) holds."""
        return Scores(self.rows[mask], self.cols[mask], self.values[mask], self.shape)


class Solution(NamedTuple):
    """The chosen (entity, candidate) pairs, or none where the constraints cannot all hold."""

    pairs: list[tuple[int, int]]
    feasible: bool = True


# Those made here are partials of module-level functions: a pipeline is pickled for workers.
CandidateFunction: TypeAlias = Callable[[SourceView, Sentence], Candidates]
ScoreFunction: TypeAlias = Callable[[SourceView, Sentence, Candidates], Scores]
Solver: TypeAlias = Callable[[Scores, Candidates], Solution]


@runtime_checkable
class Projector(Protocol):
    """Carries the entities of a source view over to the words of its target."""

    def project(self, view: SourceView, target: Sentence) -> list[Projection]:
        """One or more projections per source entity, in order of entities."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which method and settings, as plain data."""
        ...


def links_of(view: SourceView, target: Sentence) -> Links:
    """The links of a view. Raises XProjError where it was not aligned, or not to this target."""
    if view.links is None:
        raise XProjError(
            Errors.XP106.format(
                lang=view.lang, what="links", component="xproj_aligner", this="xproj_projector"
            )
        )
    n_source, n_target = len(view.words), len(target)
    for k, l, _ in view.links:
        if k >= n_source or l >= n_target:
            raise XProjError(
                Errors.XP501.format(
                    pair=f"{k}-{l}",
                    lang=view.lang,
                    n_source=n_source,
                    n_target=n_target,
                )
            )
    return view.links


def linked_targets(entities: Sequence[Entity], links: Links) -> list[list[int]]:
    """For each entity the target words linked to any of its words, sorted."""
    by_source: dict[int, list[int]] = {}
    for k, l, _ in links:
        by_source.setdefault(k, []).append(l)
    return [
        sorted({l for k in range(e.start, e.end) for l in by_source.get(k, ())}) for e in entities
    ]


def projected(
    index: int,
    entity: Entity,
    span: tuple[int, int],
    offsets: Sequence[tuple[int, int]],
    score: float | None,
) -> Projection:
    """A projection onto the target words ``span``."""
    start, end = span
    return Projection(
        index,
        entity.label,
        Status.PROJECTED,
        start,
        end,
        offsets[start][0],
        offsets[end - 1][1],
        None if score is None else round(float(score), 6),
    )


def missed(index: int, entity: Entity, status: Status, reason: str) -> Projection:
    """A source entity that has no target span, and why."""
    return Projection(index, entity.label, status, reason=reason)
