"""Many sentences in one go: every pair of an entity and a candidate, one after another.

A sentence has few entities and few candidates, so that numpy called for each of them would do
little but start. The pairs of a batch are laid out sentence by sentence, in each entity by entity,
in each candidate by candidate.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, SupportsIndex

import numpy as np

from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import SourceView, links_of
from .base import Candidates
from .sizes import Sizes, word_sizes


class Batch:
    """The pairs of some sentences; n sentences, e entities, c candidates and p pairs in all.

    Made of views, targets and the candidates of each, in arrays of numbers:
    ``starts``, ``ends``: of each candidate, in words of its own sentence, shape (c,).
    ``home``: the sentence of each candidate, shape (c,).
    ``entity``, ``candidate``: what each pair is made of, shape (p,).
    ``shapes``: entities and candidates of each sentence.
    """

    def __init__(
        self,
        views: Sequence[SourceView],
        targets: Sequence[Sentence],
        candidates: Sequence[Candidates],
    ) -> None:
        self.views, self.targets, self.candidates = views, targets, candidates
        self.entities = [entity for view in views for entity in view.entities or ()]
        n_entities = np.array([len(view.entities or ()) for view in views], dtype=np.int64)
        n_candidates = np.array([len(own) for own in candidates], dtype=np.int64)
        self.shapes = list(zip(n_entities.tolist(), n_candidates.tolist(), strict=True))
        spans = np.concatenate([np.zeros((0, 2), dtype=np.int64), *candidates])
        self.starts, self.ends = spans[:, 0], spans[:, 1]
        order = np.arange(len(views))
        self.home = np.repeat(order, n_candidates)
        self.entity_home = np.repeat(order, n_entities)
        repeats = n_candidates[self.entity_home]
        self.entity = np.repeat(np.arange(len(self.entities)), repeats)
        # Each entity goes through the candidates of its sentence from the first.
        first = np.cumsum(n_candidates) - n_candidates
        shift = first[self.entity_home] - (np.cumsum(repeats) - repeats)
        self.candidate = np.arange(len(self.entity)) + np.repeat(shift, repeats)

    @property
    def width(self) -> int:
        """The words of the longest target, and one."""
        return max((len(target) for target in self.targets), default=0) + 1

    @cached_property
    def links(self) -> list[Links]:
        """Of each view. Raises XProjError where a view has none, or not to its target."""
        return [
            links_of(view, target) for view, target in zip(self.views, self.targets, strict=True)
        ]

    @cached_property
    def sizes(self) -> dict[int, Sizes]:
        """How much words count, of the sentences in which not all count 1."""
        pairs = enumerate(zip(self.views, self.targets, strict=True))
        found = ((i, word_sizes(view, target)) for i, (view, target) in pairs)
        return {i: sizes for i, sizes in found if sizes is not None}

    def split(self, values: np.ndarray) -> list[np.ndarray]:
        """An array of shape (p,) as one of shape (entities, candidates) for each sentence."""
        parts, at = [], 0
        for n_entities, n_candidates in self.shapes:
            end = at + n_entities * n_candidates
            parts.append(values[at:end].reshape(n_entities, n_candidates))
            at = end
        return parts

    def blocks(self) -> Iterator["Block"]:
        """Where each sentence's entities, candidates and pairs stand."""
        entity, candidate, pair = 0, 0, 0
        for n_entities, n_candidates in self.shapes:
            ends = entity + n_entities, candidate + n_candidates, pair + n_entities * n_candidates
            yield Block(slice(entity, ends[0]), slice(candidate, ends[1]), slice(pair, ends[2]))
            entity, candidate, pair = ends

    def entity_words(self, entity: SupportsIndex) -> tuple[str, ...]:
        """The words of an entity, by its place among all of the batch."""
        start, end = self.entities[entity][:2]
        return self.views[self.entity_home[entity]].words[start:end]

    def candidate_words(self, candidate: SupportsIndex) -> tuple[str, ...]:
        """The words of a candidate, by its place among all of the batch."""
        words = self.targets[self.home[candidate]].words
        return words[self.starts[candidate] : self.ends[candidate]]


class Block(NamedTuple):
    """A sentence's part of the entities (e,), candidates (c,) and pairs (p,) of a batch."""

    entities: slice
    candidates: slice
    pairs: slice
