"""Which sentences a person should look at first: those that the projection is least sure of."""

from collections.abc import Callable, Sequence

from spacy.tokens import Doc

from ..data.access import Views
from ..data.status import Status, ViewStatus
from ..errors import Errors, XProjError

NOTHING = float("inf")  # nothing to be unsure of: at the end
# From what is most likely a mistake to what is none.
_STATUSES = (
    *(Status.ERROR, Status.INVALID_SCORE, Status.INFEASIBLE, Status.OVERLAP),
    *(Status.BELOW_THRESHOLD, Status.NO_CANDIDATE, Status.UNALIGNED),
    *(Status.PROJECTED, Status.IGNORED_LABEL),
)


def least_score(doc: Doc) -> float:
    """The lowest score of the document's projections; an entity that was not projected counts as
    0, and so does a projection without a score."""
    return min(
        (
            p.score if p.status is Status.PROJECTED and p.score is not None else 0.0
            for view in Views(doc).values()
            for p in view.projections or ()
            if p.status is not Status.IGNORED_LABEL
        ),
        default=NOTHING,
    )


def least_margin(doc: Doc) -> float:
    """How far the span that was chosen is ahead of the next best, at least; 0 for an entity that
    was not projected, the score itself where nothing else was in question."""
    margins = []
    for view in Views(doc).values():
        for p in view.projections or ():
            if p.status is Status.IGNORED_LABEL:
                continue
            if p.status is not Status.PROJECTED:
                margins.append(0.0)
            else:
                margins.append(next((m for m in (p.margin, p.score) if m is not None), 0.0))
    return min(margins, default=NOTHING)


def worst_status(doc: Doc) -> float:
    """The place of its worst status: sentences without a usable source first, then errors."""
    views = Views(doc).values()
    if any(view.status not in (ViewStatus.OK, ViewStatus.EMPTY_TARGET) for view in views):
        return -1.0
    found = [_STATUSES.index(p.status) for view in views for p in view.projections or ()]
    return float(min(found, default=len(_STATUSES)))


ORDERS: dict[str, Callable[[Doc], float]] = {
    "score": least_score,
    "margin": least_margin,
    "status": worst_status,
}


def ordered(docs: Sequence[Doc], by: str | None) -> list[int]:
    """The numbers of the documents, the least sure first; in their own order where ``by`` is None
    or nothing tells them apart. Raises XProjError for an order that there is not."""
    if by is None:
        return list(range(len(docs)))
    if by not in ORDERS:
        raise XProjError(
            Errors.XP150.format(
                kind="order", name=by, fix="--sort score", known=", ".join(sorted(ORDERS))
            )
        )
    keys = [ORDERS[by](doc) for doc in docs]
    return sorted(range(len(docs)), key=keys.__getitem__)
