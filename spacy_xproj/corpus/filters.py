"""Which projected sentences are complete: the filters of Ebing & Glavaš 2025 [D] for training data,
and one of our own.

A sentence in which an entity was lost or torn teaches a student that a name is none.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..data.sentence import Sentence
from ..data.status import Status, ViewStatus
from ..data.views import Projection, SourceView, linked_targets, links_of
from ..errors import Errors, XProjError

Filter: TypeAlias = Callable[[SourceView, Sentence], bool]


def comp_src(view: SourceView, target: Sentence) -> bool:
    """Whether every word of every source entity has a link. Raises XProjError without links."""
    linked = {k for k, _, _ in links_of(view, target)}
    return all(k in linked for e in view.entities or () for k in range(e.start, e.end))


def comp_tgt(view: SourceView, target: Sentence) -> bool:
    """Whether the target words linked to each entity are contiguous; none at all are, too
    (``comp_src`` tells that). Raises XProjError without links."""
    groups = linked_targets(view.entities or (), links_of(view, target))
    return all(not group or group[-1] - group[0] == len(group) - 1 for group in groups)


def comp_ins(view: SourceView, target: Sentence) -> bool:
    """Whether the target has as many labelled spans of each label as the source has entities; a
    span counts by its entity's label, whatever the corpus agreed to call it (``consensus``). Raises
    XProjError for a view that was not projected."""
    entities = view.entities or ()
    wanted = Counter(entity.label for entity in entities)
    found = Counter(
        entities[p.entity].label for p in _projections(view) if p.status is Status.PROJECTED
    )
    return wanted == found


def complete(view: SourceView, target: Sentence) -> bool:
    """Whether the source sentence is whole and each of its entities was projected, or has a label
    that the settings leave out. Unlike ``comp_ins`` it allows an entity several spans. Raises
    XProjError for a view that was not projected."""
    if view.status not in (ViewStatus.OK, ViewStatus.EMPTY_TARGET):
        return False
    done = (Status.PROJECTED, Status.IGNORED_LABEL)
    found = {p.entity for p in _projections(view) if p.status in done}
    return found == set(range(len(view.entities or ())))


def _projections(view: SourceView) -> Sequence[Projection]:
    if view.projections is None:
        raise XProjError(
            Errors.XP106.format(
                lang=view.lang, what="projections", component="xproj_projector", this="the filter"
            )
        )
    return view.projections


FILTERS: dict[str, Filter] = {
    "comp-src": comp_src,
    "comp-tgt": comp_tgt,
    "comp-ins": comp_ins,
    "complete": complete,
}
NEED_LINKS = ("comp-src", "comp-tgt")


def check_names(names: Sequence[str]) -> None:
    """Raise XProjError for a name of no filter."""
    for name in names:
        if name not in FILTERS:
            raise XProjError(
                Errors.XP150.format(
                    kind="filter", name=name, fix="--filter complete", known=", ".join(FILTERS)
                )
            )


def holding(view: SourceView, target: Sentence, names: Sequence[str]) -> dict[str, bool]:
    """For each named filter whether it holds for this pair."""
    check_names(names)
    return {name: FILTERS[name](view, target) for name in names}
