"""Why a sentence was projected as it was: each candidate of each entity, what speaks for it, and
what decided."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from ..data.sentence import Sentence
from ..data.views import Entity, Projection, SourceView, pieces_text
from .base import Evidence
from .batch import Batch
from .matching import Matching
from .shapes import ALL, divide, join
from .units import join_letters


@runtime_checkable
class Explains(Protocol):
    """A score that can say what it is made of."""

    def evidence(self, batch: Batch) -> tuple[np.ndarray, Evidence, Evidence]:
        """Which pairs can be chosen; what speaks for each of them, and for none of them: by name,
        the value of a feature and what it adds to the score (or to the log odds)."""
        ...


class Part(NamedTuple):
    """A feature of a candidate: its name, its value, and what it adds."""

    name: str
    value: float
    gain: float


class Considered(NamedTuple):
    """A candidate: target words ``[start, end)``, its text, its score for the entity, whether it
    was chosen, and what its score is made of, where the score says so."""

    start: int
    end: int
    text: str
    score: float
    chosen: bool
    parts: list[Part]


class Explanation(NamedTuple):
    """An entity, what became of it, the candidates that can be chosen, the best first, and what
    speaks for projecting nothing. number: of the entity in its view. Of an entity in pieces there
    is one for each piece: ``entity`` and ``text`` are the piece's, ``projections`` the whole
    one's."""

    number: int
    entity: Entity
    text: str
    projections: list[Projection]
    candidates: list[Considered]
    nothing: list[Part]

    def decisive(self, n: int = 5) -> list[tuple[str, float]]:
        """The n features that set the best chosen candidate (or, where none is, the best one) apart
        from the best of the others, with how much more it gets for each; the largest first."""
        chosen = [one for one in self.candidates if one.chosen] or self.candidates[:1]
        others = [one for one in self.candidates if one not in chosen]
        if not chosen or not others:
            return []
        mine, theirs = (
            {part.name: part.gain for part in one.parts} for one in (chosen[0], others[0])
        )
        names = {**mine, **theirs}
        apart = [(name, mine.get(name, 0.0) - theirs.get(name, 0.0)) for name in names]
        apart.sort(key=lambda item: -abs(item[1]))
        return [item for item in apart[:n] if item[1]]


def explain(
    projector: Matching, view: SourceView, target: Sentence, *, exclusive: str = ALL
) -> list[Explanation]:
    """How the projector decides, for each entity of a view, which are grouped as ``divide`` says.
    Raises XProjError where the view was not aligned."""
    parts = divide(view, exclusive)
    if parts is None:
        return _explain(projector, view, target)
    explained = [_explain(projector, part.view, target) for part in parts]
    found = [[p for one in own for p in one.projections] for own in explained]
    joined = join(view, target, parts, found)
    result = [
        one._replace(number=owner, projections=[p for p in joined if p.entity == owner])
        for part, own in zip(parts, explained, strict=True)
        for owner, one in zip(part.owners, own, strict=True)
    ]
    return sorted(result, key=lambda one: (one.number, one.entity.start))


def _explain(projector: Matching, view: SourceView, target: Sentence) -> list[Explanation]:
    """Of a view that the projector takes as it is."""
    entities = view.entities or ()
    if not entities:
        return []
    units = join_letters(view, target, projector.words)
    own, words = (view, target) if units is None else (units.view, units.target)
    starts = list(range(len(target) + 1)) if units is None else units.starts
    (found,) = projector.project([view], [target])
    candidates = projector.candidates.find([own], [words])
    batch = Batch([own], [words], candidates)
    scores = projector.score.score(batch)
    usable = (scores != 0.0) & np.isfinite(scores)
    parts, nothing = _parts(projector, batch)
    result = []
    for number, entity in enumerate(entities):
        projections = [p for p in found if p.entity == number]
        taken = {(p.start, p.end) for p in projections}
        considered = []
        for pair in np.flatnonzero((batch.entity == number) & usable).tolist():
            at = batch.candidate[pair]
            start, end = int(batch.starts[at]), int(batch.ends[at])
            span = starts[start], starts[end]
            considered.append(
                Considered(
                    *span,
                    pieces_text(target, (span,)),
                    round(float(scores[pair]), 6),
                    span in taken,
                    parts.get(pair, []),
                )
            )
        considered.sort(key=lambda one: (-one.score, one.start, one.end))
        result.append(
            Explanation(
                number,
                entity,
                view.entity_text(entity),
                projections,
                considered,
                nothing.get(number, []),
            )
        )
    return result


def _parts(
    projector: Matching, batch: Batch
) -> tuple[dict[int, list[Part]], dict[int, list[Part]]]:
    """By number of a pair, and of an entity; empty where the score does not say."""
    if not isinstance(projector.score, Explains):
        return {}, {}
    pairs, evidence, none = projector.score.evidence(batch)

    def listed(places: Sequence[int], given: Evidence) -> dict[int, list[Part]]:
        return {
            place: [
                Part(name, round(float(value[i]), 6), round(float(gain[i]), 6))
                for name, (value, gain) in given.items()
                if gain[i]
            ]
            for i, place in enumerate(places)
        }

    return listed(pairs.tolist(), evidence), listed(range(len(batch.entities)), none)
