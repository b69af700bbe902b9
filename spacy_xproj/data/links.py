"""Links between the words of two sentences."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import lt

import numpy as np

from ..errors import Errors, XProjError


def _rising(sources: Sequence[int], targets: Sequence[int]) -> bool:
    """Whether pairs of indices are sorted and unique."""
    pairs = list(zip(sources, targets, strict=True))
    return all(map(lt, pairs, islice(pairs, 1, None)))


class Links:
    """Word links (source word k, target word l, strength a_kl in (0, 1]), sorted and unique.

    They are held as three columns of one length: ``sources``, ``targets`` and ``strengths``.
    Iterating gives triples.
    """

    __slots__ = ("sources", "strengths", "targets")
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    strengths: tuple[float, ...]

    def __init__(self, triples: Iterable[Sequence[float]] = ()) -> None:
        """``triples``: (k, l) or (k, l, strength); of repeated pairs the strongest is kept.

        Raises XProjError for a negative index or a strength outside (0, 1].
        """
        best: dict[tuple[int, int], float] = {}
        for triple in triples:
            k, l, a = int(triple[0]), int(triple[1]), float(triple[2]) if len(triple) > 2 else 1.0
            if k < 0 or l < 0 or not 0.0 < a <= 1.0:
                raise XProjError(Errors.XP107.format(link=list(triple)))
            best[k, l] = max(a, best.get((k, l), 0.0))
        pairs = sorted(best)
        self.sources = tuple([k for k, _ in pairs])
        self.targets = tuple([l for _, l in pairs])
        self.strengths = tuple([best[pair] for pair in pairs])

    @classmethod
    def _checked(
        cls, sources: Iterable[int], targets: Iterable[int], strengths: Iterable[float]
    ) -> Links:
        """From columns that hold what a ``Links`` must."""
        links = cls.__new__(cls)
        links.sources, links.targets = tuple(sources), tuple(targets)
        links.strengths = tuple(strengths)
        return links

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        return zip(self.sources, self.targets, self.strengths, strict=True)

    def __len__(self) -> int:
        return len(self.sources)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Links)
            and self.sources == other.sources
            and self.targets == other.targets
            and self.strengths == other.strengths
        )

    def __hash__(self) -> int:
        return hash((self.sources, self.targets, self.strengths))

    def __repr__(self) -> str:
        return f"Links({[list(t) for t in self]})"

    @property
    def triples(self) -> tuple[tuple[int, int, float], ...]:
        return tuple(self)

    @property
    def pairs(self) -> set[tuple[int, int]]:
        return set(zip(self.sources, self.targets, strict=True))

    @property
    def reach(self) -> tuple[int, int]:
        """How many source and target words there must at least be."""
        return (self.sources[-1] + 1, max(self.targets) + 1) if self.sources else (0, 0)

    def between(self, start: int, end: int) -> Links:
        """The links of source words [start, end)."""
        first, last = bisect_left(self.sources, start), bisect_left(self.sources, end)
        own = slice(first, last)
        return Links._checked(self.sources[own], self.targets[own], self.strengths[own])

    def to_matrix(self, n_source: int, n_target: int) -> np.ndarray:
        """Strengths as a float array of shape (n_source, n_target), 0 where there is no link."""
        matrix = np.zeros((n_source, n_target))
        if self.sources:
            matrix[list(self.sources), list(self.targets)] = self.strengths
        return matrix

    @classmethod
    def from_sorted(cls, k: np.ndarray, l: np.ndarray, a: np.ndarray) -> Links:
        """From three arrays of one length that already hold what a ``Links`` must: pairs sorted and
        unique, indices >= 0, strengths in (0, 1]. Nothing is checked, for it is on a hot path."""
        return cls._checked(k.tolist(), l.tolist(), a.tolist())

    @classmethod
    def binary(cls, k: np.ndarray, l: np.ndarray) -> Links:
        """All of strength 1, from two int64 arrays of indices from 0 to 2 ** 31, in any order, for
        hot paths."""
        places = (k << 32) + l
        sources, targets = k.tolist(), l.tolist()
        if (places[1:] > places[:-1]).all():
            return cls._checked(sources, targets, (1.0,) * len(sources))
        return cls(zip(sources, targets, strict=True))

    @classmethod
    def from_matrix(cls, matrix: np.ndarray, threshold: float = 0.0) -> Links:
        """Links where a matrix of shape (n_source, n_target) exceeds ``threshold``."""
        k, l = np.nonzero(matrix > threshold)
        values = np.minimum(matrix[k, l], 1.0)
        return cls(zip(k.tolist(), l.tolist(), values.tolist(), strict=True))

    @classmethod
    def from_columns(cls, k: Sequence[int], l: Sequence[int], a: Sequence[float]) -> Links:
        """From three columns of one length, in any order. Raises XProjError as ``Links``, and
        ValueError for columns of different lengths."""
        # Most were written by this class, so that there is nothing to sort.
        if (
            len(k) == len(l) == len(a)
            and set(map(type, k)) | set(map(type, l)) <= {int}
            and set(map(type, a)) <= {float}
            and _rising(k, l)
            and (not k or (k[0] >= 0 and min(l) >= 0 and min(a) > 0.0 and max(a) <= 1.0))
        ):
            return cls._checked(k, l, a)
        return cls(zip(k, l, a, strict=True))
