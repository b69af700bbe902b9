"""A view as lists, strings, bytes and numbers: short, and what follows from the rest left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from operator import add
from typing import Any

import numpy as np

from .links import Links
from .provenance import Provenance
from .spans import Pieces, word_starts
from .status import Status, ViewStatus
from .views import Entity, Projection, SourceView

GAP = "\x1f"  # ends a word without a space
_ENDS = (GAP, " ")
_STRENGTH_UNIT, _SCORE_UNIT = 10_000, 1_000_000  # most are rounded to these
_MAX_SCORE = 1000.0
_NOWHERE = Provenance()


def _trimmed(values: list[Any]) -> list[Any]:
    """Without what is left out at the end."""
    while values and values[-1] in (None, "", ()):
        values.pop()
    return values


def _filled(values: Sequence[Any], defaults: Sequence[Any]) -> list[Any]:
    """With what was left out at the end."""
    return [*values, *defaults[len(values) :]]


def _pack_score(score: float | None) -> float | int | None:
    """As an integer of units where that is exact."""
    if score is None:
        return None
    if not -_MAX_SCORE < score < _MAX_SCORE:
        return float(score)
    units = round(score * _SCORE_UNIT)
    return units if units / _SCORE_UNIT == score else float(score)


def _unpack_score(score: float | int | None) -> float | None:
    return score / _SCORE_UNIT if type(score) is int else score


def _pack_pieces(pieces: Pieces) -> tuple[int, ...]:
    return tuple(chain.from_iterable(pieces))


def _unpack_pieces(borders: Sequence[int]) -> Pieces:
    return tuple(zip(borders[::2], borders[1::2], strict=True))


def _pack_words(words: Sequence[str], spaces: Sequence[bool]) -> str | list[Any]:
    """A string in which a blank or ``GAP`` ends each word; lists where words hold either."""
    if False not in spaces[:-1] and words:
        text = " ".join(words) + _ENDS[spaces[-1]]
    else:
        text = "".join(map(add, words, map(_ENDS.__getitem__, spaces)))
    if text.count(" ") + text.count(GAP) == len(words):
        return text
    return [list(words), list(map(bool, spaces))]


def _unpack_words(plain: str | Sequence[Any]) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    if isinstance(plain, str):
        words = plain.replace(" ", GAP).split(GAP)[:-1]
        ends, at = [], -1
        for word in words:
            at += len(word) + 1
            ends.append(plain[at] == " ")
        return tuple(words), tuple(ends)
    return tuple(["".join([word]) for word in plain[0]]), tuple(map(bool, plain[1]))


_UNSAID: tuple[Any, ...] = (None, None, None, None, (), ())  # of an entity


def _pack_entities(view: SourceView) -> list[Any] | None:
    if not view.entities:
        return None if view.entities is None else []
    starts, plain = view.sentence.starts, []
    for e in view.entities:
        chars = (starts[e.start], starts[e.end - 1] + len(view.words[e.end - 1]))
        given = () if chars == (e.start_char, e.end_char) else (e.start_char, e.end_char)
        score, pieces = _pack_score(e.score), _pack_pieces(e.pieces)
        plain.append([e.start, e.end, e.label, *_trimmed([score, pieces, given])])
    return plain


def _unpack_entities(
    plain: Sequence[Any] | None, words: Sequence[str], spaces: Sequence[bool]
) -> tuple[Entity, ...] | None:
    if not plain:
        return None if plain is None else ()
    starts, entities = word_starts(words, spaces), []
    for item in plain:
        start, end, label, score, pieces, given = _filled(item, _UNSAID)
        _check_label(label)
        first, last = given or (starts[start], starts[end - 1] + len(words[end - 1]))
        entities.append(
            Entity(start, end, label, first, last, _unpack_score(score), _unpack_pieces(pieces))
        )
    return tuple(entities)


def _pack_links(links: Links) -> list[Any]:
    """Both columns of words, in bytes where they fit, each as the step from the one before; and the
    strengths, none where all are 1, else in units where that is exact."""
    pairs: bytes | list[list[int]]
    try:
        numbers = np.frombuffer(bytes(links.sources) + bytes(links.targets), dtype=np.uint8)
    except ValueError:  # there are words behind the 256th
        pairs = [list(links.sources), list(links.targets)]
    else:
        steps = numbers.copy()
        steps[1:] -= numbers[:-1]
        pairs = steps.tobytes()
    if links.strengths.count(1.0) == len(links):
        return [pairs]
    values = np.array(links.strengths, dtype="<f8")
    units = np.rint(values * _STRENGTH_UNIT)
    exact = (units / _STRENGTH_UNIT == values).all()
    return [pairs, (units.astype("<u2") if exact else values).tobytes()]


def _unpack_links(plain: Sequence[Any]) -> Links:
    pairs, *given = plain
    if isinstance(pairs, bytes):
        steps = np.frombuffer(pairs, dtype=np.uint8)
        k, l = np.cumsum(steps, dtype=np.uint8).reshape(2, -1).tolist()
    else:
        k, l = pairs
    if not given:
        return Links.from_columns(k, l, [1.0] * len(k))
    if len(given[0]) == 2 * len(k):
        strengths = np.frombuffer(given[0], dtype="<u2") / _STRENGTH_UNIT
    else:
        strengths = np.frombuffer(given[0], dtype="<f8")
    return Links.from_columns(k, l, strengths.tolist())


_NOWHERE_IN_TARGET = (None,) * 5, (None, None, ())


def _pack_projection(p: Projection) -> list[Any]:
    plain = [p.entity, p.label, p.status.value]
    if p[3:8] == _NOWHERE_IN_TARGET[0] and p[9:] == _NOWHERE_IN_TARGET[1]:
        return [*plain, None, None, None, None, None, p.reason] if p.reason else plain
    plain += [p.start, p.end, p.start_char, p.end_char, _pack_score(p.score), p.reason]
    plain += [p.runner_up, _pack_score(p.margin), _pack_pieces(p.pieces)]
    return _trimmed(plain)


def _unpack_projection(plain: Sequence[Any]) -> Projection:
    p = _projection([*plain[:11], *map(_unpack_pieces, plain[11:])])
    return p._replace(score=_unpack_score(p.score), margin=_unpack_score(p.margin))


def _projection(values: Sequence[Any]) -> Projection:
    """From its fields as plain data; those at the end may be missing."""
    p = Projection(*values)
    _check_label(p.label)
    second = p.runner_up
    return p._replace(status=Status(p.status), runner_up=second and (second[0], second[1]))


def _check_label(label: Any) -> None:
    if type(label) is not str:
        raise TypeError(f"{label!r:.60} is not a label")


def pack_view(view: SourceView) -> list[Any]:
    projections = view.projections
    rest = _trimmed(
        [
            view.provenance.to_plain() if view.provenance != _NOWHERE else None,
            view.row,
            _pack_entities(view),
            None if view.links is None else _pack_links(view.links),
            None if projections is None else [_pack_projection(p) for p in projections],
            None if view.status is ViewStatus.OK else view.status.value,
            view.reason,
            dict(view.ignored) or None,
        ]
    )
    return [view.lang, _pack_words(view.words, view.spaces), *rest]


def unpack_view(plain: Sequence[Any]) -> SourceView:
    lang, text, provenance, row, entities, links, projections, status, reason, ignored = _filled(
        plain, [None] * 10
    )
    _check_label(lang)
    words, spaces = _unpack_words(text)
    return SourceView(
        lang,
        words,
        spaces,
        ViewStatus.OK if status is None else ViewStatus(status),
        reason or "",
        _unpack_entities(entities, words, spaces),
        None if links is None else _unpack_links(links),
        None if projections is None else tuple([_unpack_projection(p) for p in projections]),
        ignored or {},
        _provenance(provenance),
        row,
    )


def _provenance(plain: Any) -> Provenance:
    if isinstance(plain, Provenance):
        return plain
    return _NOWHERE if plain is None else Provenance.from_plain(plain)


def view_from_dict(plain: Mapping[str, Any] | SourceView) -> SourceView:
    """From the form of the versions before."""
    if isinstance(plain, SourceView):
        return plain
    entities, links, projections = (plain[key] for key in ("entities", "links", "projections"))
    if isinstance(links, Mapping):
        links = Links.from_columns(*(links[name] for name in ("sources", "targets", "strengths")))
    elif links is not None:
        links = Links(links)
    return SourceView(
        lang=plain["lang"],
        words=tuple(plain["words"]),
        spaces=tuple(plain["spaces"]),
        status=ViewStatus(plain["status"]),
        reason=plain["reason"],
        entities=None if entities is None else tuple([Entity(*e) for e in entities]),
        links=links,
        projections=None if projections is None else tuple([_projection(p) for p in projections]),
        ignored=plain["ignored"],
        provenance=plain["provenance"],
        row=plain["row"],
    )
