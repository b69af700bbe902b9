"""What the views of target sentences propose, as arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..data.spans import overlap
from ..data.status import Status, ViewStatus
from ..data.views import SourceView
from ..errors import Errors, XProjError

USABLE = (ViewStatus.OK, ViewStatus.TRUNCATED)
# The fields of a ballot that have a column for each view, in order.
MATRICES = ("proposed", "scores", "trust", "speaks", "voices", "usable")


class Proposal(NamedTuple):
    """Target words ``[start, end)`` that a view proposes. score: of the projection. trust: the
    teacher's own score of the entity; 1 where there is none, of either."""

    start: int
    end: int
    label: str
    score: float = 1.0
    trust: float = 1.0


@dataclasses.dataclass(frozen=True)
class Ballot:
    """The n distinct (span, label) that any of V views proposes, in one or more sentences.

    langs: of the views, V. labels: names, sorted. sentence: int (n,). spans: int (n, 2), target
    words [start, end). label: int (n,), index into ``labels``. Rows are in order of sentence,
    start, end and label. proposed: bool (n, V), the view proposes just that. scores: float (n, V),
    the score of that projection (1 where the method gives none), else 0. trust: float (n, V), the
    teacher's score of the entity that was projected (1 where it gives none), else 0. speaks: bool
    (n, V), the view has a projection on a word of the span; where it has none it abstains. voices:
    float (n, V), the highest score of those projections. usable: bool (n, V), the view has a source
    sentence there.
    """

    langs: tuple[str, ...]
    labels: tuple[str, ...]
    sentence: np.ndarray
    spans: np.ndarray
    label: np.ndarray
    proposed: np.ndarray
    scores: np.ndarray
    trust: np.ndarray
    speaks: np.ndarray
    voices: np.ndarray
    usable: np.ndarray

    def __len__(self) -> int:
        return len(self.label)


def is_usable(view: SourceView) -> bool:
    """Whether a view has a source sentence, and so may say that there is no entity."""
    return view.status in USABLE


def proposals(view: SourceView) -> list[Proposal]:
    """The spans that a view's entities were projected onto. Raises XProjError where that has not
    been done."""
    if view.projections is None:
        settings = {"component": "xproj_projector", "this": "xproj_ensemble"}
        raise XProjError(Errors.XP106.format(lang=view.lang, what="projections", **settings))
    return [
        Proposal(
            p.start,
            p.end,
            p.label,
            1.0 if p.score is None else p.score,
            _trust(view, p.entity),
        )
        for p in view.projections
        if p.status is Status.PROJECTED and p.start is not None and p.end is not None
    ]


def _trust(view: SourceView, entity: int) -> float:
    score = view.entities[entity].score if view.entities and entity < len(view.entities) else None
    return 1.0 if score is None else score


def collect(sentences: Sequence[Sequence[SourceView]], langs: Sequence[str]) -> Ballot:
    """The ballot of the views of each sentence; a sentence may lack the view of a language.

    Raises XProjError for a usable view without projections.
    """
    place = {lang: v for v, lang in enumerate(langs)}
    given = [
        [(place[view.lang], proposals(view)) for view in views if is_usable(view)]
        for views in sentences
    ]
    return from_proposals(given, langs)


def from_proposals(
    sentences: Sequence[Sequence[tuple[int, Sequence[tuple[Any, ...]]]]], langs: Sequence[str]
) -> Ballot:
    """The ballot of, for each sentence, the number and the proposals of each view usable there;
    what is not given of a proposal is as ``Proposal`` has it."""
    names = sorted({p[2] for views in sentences for _, own in views for p in own})
    code = {name: i for i, name in enumerate(names)}
    rows: list[tuple[int, int, int, int]] = []
    filled: list[tuple[list[Any], ...]] = []
    for number, given in enumerate(sentences):
        views = [(v, [Proposal(*p) for p in own]) for v, own in given]
        distinct = sorted({(p[0], p[1], code[p[2]]) for _, own in views for p in own})
        rows.extend((number, *one) for one in distinct)
        filled.extend(_row(one, views, code, len(langs)) for one in distinct)
    columns = list(zip(*filled, strict=True)) or [()] * len(MATRICES)
    shape = (len(rows), len(langs))
    at = np.array(rows, dtype=np.int64).reshape(len(rows), 4)
    proposed, scores, trust, speaks, voices, usable = (
        np.array(column, dtype=kind).reshape(shape)
        for column, kind in zip(columns, (bool, float, float, bool, float, bool), strict=True)
    )
    return Ballot(
        tuple(langs),
        tuple(names),
        at[:, 0],
        at[:, 1:3],
        at[:, 3],
        proposed,
        scores,
        trust,
        speaks,
        voices,
        usable,
    )


def _row(
    one: tuple[int, int, int],
    views: Sequence[tuple[int, Sequence[Proposal]]],
    code: dict[str, int],
    n_views: int,
) -> tuple[list[Any], ...]:
    start, end, _ = one
    proposed, speaks, usable = [False] * n_views, [False] * n_views, [False] * n_views
    scores, trust, voices = [0.0] * n_views, [0.0] * n_views, [0.0] * n_views
    for v, own in views:
        usable[v] = True
        for p_start, p_end, p_label, score, believed in own:
            if overlap(start, end, p_start, p_end):
                speaks[v] = True
                voices[v] = max(voices[v], score)
                if (p_start, p_end, code[p_label]) == one:
                    proposed[v] = True
                    scores[v] = max(scores[v], score)
                    trust[v] = max(trust[v], believed)
    return proposed, scores, trust, speaks, voices, usable
