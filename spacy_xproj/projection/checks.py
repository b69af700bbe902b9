"""What parts that are plugged in give, checked where it is given: no entity without a status, and
nothing that a later step would stumble over."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np

from ..abilities import check_count, unfit
from ..data.sentence import Sentence
from ..data.status import Status
from ..data.views import Projection, SourceView
from .base import CandidateFinder, Candidates, Projector, Score

_PROJECTIONS = "a list of Projection for each pair"
_CANDIDATES = (
    "for each pair an array of integers (n, 2) of target words [start, end), within its sentence"
)


def check_projections(
    projector: Projector, pairs: Sequence[tuple[SourceView, Sentence]]
) -> Sequence[list[Projection]]:
    """What a projector gives for each pair. Raises XProjError where an entity has no projection,
    and for a projection of no entity, with another label, or onto what the target does not have."""
    given = projector.project([view for view, _ in pairs], [target for _, target in pairs])
    found = check_count(projector, "project", given, len(pairs), wanted=_PROJECTIONS)
    for (view, target), own in zip(pairs, found, strict=True):
        entities = view.entities or ()
        if not isinstance(own, list | tuple):
            raise unfit(projector, "project", gave=f"{own!r:.80}", wanted=_PROJECTIONS)
        why = next((why for p in own if (why := _wrong(p, view, target))), "")
        if not why:
            numbers = [p.entity for p in own]
            if numbers != sorted(numbers):
                why = f"the entities in the order {numbers}"
            elif missing := sorted(set(range(len(entities))) - set(numbers)):
                why = f"no projection of the entity {view.entity_text(entities[missing[0]])!r}"
        if why:
            wanted = "one or more projections for each entity of the view, in order, with its label"
            raise unfit(projector, "project", gave=f"{why}, of {view.text[:60]!r}", wanted=wanted)
    return found


def _wrong(p: Any, view: SourceView, target: Sentence) -> str:
    """What is wrong with a projection; "" where it fits."""
    if not isinstance(p, Projection) or not isinstance(p.status, Status):
        return f"{p!r:.80}, which is not a Projection with a Status"
    if type(p.entity) is not int or not 0 <= p.entity < len(view.entities or ()):
        return f"entity {p.entity!r} of {len(view.entities or ())}"
    if p.label != (view.entities or ())[p.entity].label:
        return f"the label {p.label!r} for {(view.entities or ())[p.entity].label!r}"
    if p.status is not Status.PROJECTED:
        return ""
    start, end = p.start, p.end
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(target):
        return f"words [{start!r}, {end!r}) of {len(target)}"
    chars = target.starts[start], target.starts[end - 1] + len(target.words[end - 1])
    if (p.start_char, p.end_char) != chars:
        return f"characters {p.start_char!r}-{p.end_char!r} for those of its words, {chars}"
    if p.score is not None and not isfinite(p.score):
        return f"the score {p.score}"
    return ""


def check_candidates(
    finder: CandidateFinder, views: Sequence[SourceView], targets: Sequence[Sentence]
) -> Sequence[Candidates]:
    """The candidates of each pair. Raises XProjError for other than spans of its target's words."""
    found = check_count(finder, "find", finder.find(views, targets), len(views), wanted=_CANDIDATES)
    for own in found:
        if not isinstance(own, np.ndarray) or own.ndim != 2 or own.shape[1] != 2:
            raise unfit(finder, "find", gave=f"{own!r:.80}", wanted=_CANDIDATES)
        if own.dtype.kind not in "iu":
            raise unfit(finder, "find", gave=f"numbers of type {own.dtype}", wanted=_CANDIDATES)
    spans = np.concatenate([np.zeros((0, 2), dtype=np.int64), *found])
    lengths = np.repeat([len(target) for target in targets], [len(own) for own in found])
    wrong = (spans[:, 0] < 0) | (spans[:, 0] >= spans[:, 1]) | (spans[:, 1] > lengths)
    if wrong.any():
        first = int(wrong.argmax())
        gave = f"the span {spans[first].tolist()} for a sentence of {lengths[first]} words"
        raise unfit(finder, "find", gave=gave, wanted=_CANDIDATES)
    return found


def check_scores(score: Score, given: Any, n: int) -> np.ndarray:
    """The values of n pairs. Raises XProjError for other than as many real numbers."""
    wanted = f"an array of floats, one for each pair: shape ({n},)"
    values = np.asarray(given)
    if values.dtype.kind not in "fiu":
        raise unfit(score, "score", gave=f"values of type {values.dtype}", wanted=wanted)
    if values.shape != (n,):
        raise unfit(score, "score", gave=f"the shape {values.shape}", wanted=wanted)
    return values.astype(np.float64, copy=False)


def check_solution(
    solver: Any, pairs: Any, usable: np.ndarray, candidates: Candidates
) -> Sequence[tuple[int, int]]:
    """The pairs that a solver chose. usable: which it may choose, shape (n entities, n candidates).
    Raises XProjError for any other, and for pairs whose candidates overlap."""
    wanted = "a Solution of (entity, candidate) pairs of those that it was given"
    if not isinstance(pairs, list | tuple):
        raise unfit(solver, "solve", gave=f"{pairs!r:.80}", wanted=wanted)
    n, m = usable.shape
    for pair in pairs:
        try:
            s, t = pair
            fits = 0 <= s < n and 0 <= t < m and usable[s, t]
        except (TypeError, ValueError, IndexError):
            fits = False
        if not fits:
            raise unfit(solver, "solve", gave=f"the pair {pair!r:.60}", wanted=wanted)
    if len(pairs) > 1:
        spans = sorted(candidates[t].tolist() for _, t in pairs)
        for one, other in pairwise(spans):
            if other[0] < one[1]:
                gave = f"the spans {one} and {other}, which overlap"
                raise unfit(solver, "solve", gave=gave, wanted=f"{wanted}, of no words twice")
    return pairs
