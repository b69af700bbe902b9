"""Entities that overlap or are in pieces, for projectors that know neither.

That no two spans overlap is a constraint that projectors keep to among the entities of a view. So a
view is divided into views of those entities that it shall hold among, and an entity in pieces
becomes one for each piece; what was found is joined again.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..data.sentence import Sentence
from ..data.span_groups import Shape
from ..data.status import Status
from ..data.views import Entity, Projection, SourceView
from ..errors import Errors, XProjError

ALL, LABEL, ENTITY = "all", "label", "entity"
EXCLUSIVE = (ALL, LABEL, ENTITY)


class Part(NamedTuple):
    """A view of some of the entities, in pieces. owners: for each the number of the entity that it
    is, or is a piece of."""

    view: SourceView
    owners: list[int]


def check_exclusive(exclusive: str) -> str:
    """The same. Raises XProjError for what is not a way to group entities."""
    if exclusive not in EXCLUSIVE:
        known = ", ".join(EXCLUSIVE)
        raise XProjError(Errors.XP525.format(exclusive=exclusive, known=known))
    return exclusive


def divide(view: SourceView, exclusive: str) -> list[Part] | None:
    """The views to project one by one; None where the view is to be projected as it is.

    exclusive: the entities of which no two spans may overlap: "all"; those of each "label", save
    such as overlap in the source; or none but the pieces of one "entity".
    """
    entities = view.entities or ()
    if exclusive == ALL and not any(entity.pieces for entity in entities):
        return None
    layers = _layers(entities)
    groups: dict[Any, list[int]] = {}
    for i, entity in enumerate(entities):
        by = {ALL: 0, LABEL: (entity.label, layers[i]), ENTITY: i}
        groups.setdefault(by[exclusive], []).append(i)
    parts = []
    for numbers in groups.values():
        pieces = [(i, piece) for i in numbers for piece in entities[i].parts]
        # As ``with_entities`` sorts them.
        pieces.sort(key=lambda item: item[1])
        spans = [(*piece, entities[i].label, entities[i].score) for i, piece in pieces]
        parts.append(Part(view.with_entities(spans), [i for i, _ in pieces]))
    return parts


def _layers(entities: Sequence[Entity]) -> list[int]:
    """For each entity the first layer, from 0, in which no other of its label shares a word with
    it."""
    taken: dict[tuple[str, int], set[int]] = {}
    found = []
    for entity in entities:
        words = {word for start, end in entity.parts for word in range(start, end)}
        layer = 0
        while not words.isdisjoint(taken.setdefault((entity.label, layer), set())):
            layer += 1
        taken[entity.label, layer] |= words
        found.append(layer)
    return found


def join(
    view: SourceView,
    target: Sentence,
    parts: Sequence[Part],
    found: Iterable[Sequence[Projection]],
) -> list[Projection]:
    """The projections of the view's own entities. found: those of each part, in order.

    An entity in pieces is projected where each piece is; what is found for several pieces, where
    nothing is between them, is one span.
    """
    by_entity: dict[int, dict[int, list[Projection]]] = {}
    for part, projections in zip(parts, found, strict=True):
        for p in projections:
            by_entity.setdefault(part.owners[p.entity], {}).setdefault(p.entity, []).append(p)
    result: list[Projection] = []
    for i, entity in enumerate(view.entities or ()):
        pieces = [by_entity[i][number] for number in sorted(by_entity[i])]
        if entity.pieces:
            result.append(_joined(i, entity, target, pieces))
        else:
            result += [p._replace(entity=i) for p in pieces[0]]
    return result


def _joined(
    i: int, entity: Entity, target: Sentence, pieces: Sequence[Sequence[Projection]]
) -> Projection:
    """That of an entity in pieces, from those of each piece, the best of which counts."""
    best = [max(found, key=lambda p: -1.0 if p.score is None else p.score) for found in pieces]
    lost = [(n, p) for n, p in enumerate(best, 1) if p.status is not Status.PROJECTED]
    if lost:
        number, p = lost[0]
        reason = f"piece {number} of {len(best)}: {p.reason}"
        return Projection(i, entity.label, p.status, reason=reason)
    shape = Shape.of_words(
        (word for p in best for start, end in p.parts for word in range(start, end)), entity.label
    )
    offsets = target.offsets
    scores = [p.score for p in best if p.score is not None]
    return Projection(
        i,
        best[0].label,
        Status.PROJECTED,
        shape.start,
        shape.end,
        offsets[shape.start][0],
        offsets[shape.end - 1][1],
        min(scores) if len(scores) == len(best) else None,
        pieces=shape.pieces,
    )
