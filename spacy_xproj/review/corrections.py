"""Corrections brought back: the entities that people decided on, beside the projections that they
corrected, and how often which label, score and source was corrected."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from spacy.tokens import Doc, Span

from ..corpus.filtering import entity_scores
from ..data.access import Views
from ..data.labels import REVIEW
from ..data.spans import overlap
from ..data.status import Status
from .decisions import Decision

KEPT, RELABELLED, MOVED, REMOVED, ADDED = "kept", "relabelled", "moved", "removed", "added"
OUTCOMES = (KEPT, RELABELLED, MOVED, REMOVED, ADDED)
BANDS = (0.5, 0.7, 0.9)
_Z = 1.959964  # 95 %


class Misfit(NamedTuple):
    """A decision that does not fit the corpus, and why."""

    decision: Decision
    why: str


class Judged(NamedTuple):
    """What a reviewer made of an entity: one of ``OUTCOMES``; its label (of one that was added, the
    new one), the band of its score, and the languages of the views that gave it."""

    outcome: str
    label: str
    band: str
    sources: str


class Merged(NamedTuple):
    """judged: every entity that was looked at. reviewed, ignored: sentences. misfits: decisions
    that no longer fit."""

    judged: list[Judged]
    reviewed: int
    ignored: int
    misfits: list[Misfit]


def merge_corrections(docs: Sequence[Doc], decisions: Iterable[Decision]) -> Merged:
    """Give documents the entities that were decided on, in place.

    Views stay as they are, so that a correction stands beside its projection. What was decided, and
    what the document said before, is in ``doc.user_data["xproj_review"]``. A sentence to ignore
    keeps its entities. A decision whose text is not that of its sentence, or whose spans cut its
    words, is left out and given back.
    """
    result = Merged([], 0, 0, [])
    reviewed = ignored = 0
    for one in decisions:
        doc = docs[one.row] if 0 <= one.row < len(docs) else None
        if doc is None or doc.text.strip() != one.text.strip():
            why = "there is no such sentence" if doc is None else "the sentence has another text"
            result.misfits.append(Misfit(one, why))
            continue
        if one.answer == "ignore":
            ignored += 1
            doc.user_data[REVIEW] = {"answer": one.answer, "reviewer": one.reviewer}
            continue
        spans = [doc.char_span(start, end, label=label) for start, end, label in one.entities]
        if any(span is None for span in spans):
            result.misfits.append(Misfit(one, "a span begins or ends within a word"))
            continue
        reviewed += 1
        chosen = [span for span in spans if span is not None]
        result.judged.extend(_judge(doc, chosen))
        doc.user_data[REVIEW] = {
            "answer": one.answer,
            "reviewer": one.reviewer,
            "before": [[ent.start_char, ent.end_char, ent.label_] for ent in doc.ents],
        }
        doc.set_ents(chosen)
    return result._replace(reviewed=reviewed, ignored=ignored)


def _judge(doc: Doc, chosen: Sequence[Span]) -> list[Judged]:
    after = {(span.start, span.end): span.label_ for span in chosen}
    judged, met = [], set()
    for ent, score in zip(doc.ents, entity_scores(doc), strict=True):
        place = ent.start, ent.end
        over = {own for own in after if overlap(*place, *own)}
        met |= over
        if place in after:
            outcome = KEPT if after[place] == ent.label_ else RELABELLED
        else:
            outcome = MOVED if over else REMOVED
        judged.append(Judged(outcome, ent.label_, band(score), _sources(doc, ent)))
    judged += [Judged(ADDED, after[own], "none", "none") for own in sorted(set(after) - met)]
    return judged


def band(score: float | None) -> str:
    """The name of the band that a score lies in."""
    if score is None:
        return "none"
    edges = (0.0, *BANDS)
    place = sum(score >= edge for edge in BANDS)
    return f"{edges[place]:.1f} to {(*BANDS, 1.0)[place]:.1f}"


def _sources(doc: Doc, ent: Span) -> str:
    langs = [
        lang
        for lang, view in Views(doc).items()
        if any(
            p.status is Status.PROJECTED and (p.start, p.end) == (ent.start, ent.end)
            for p in view.projections or ()
        )
    ]
    return ", ".join(langs) or "none"


def tally(judged: Sequence[Judged], by: str) -> list[list[Any]]:
    """Rows of a table: by ``label``, ``band`` or ``sources`` how many of each outcome, and the
    precision with its 95 % interval (Wilson 1927) among those that had been projected; the last row
    is of all."""
    values = sorted({getattr(one, by) for one in judged})
    groups = [(value, [one for one in judged if getattr(one, by) == value]) for value in values]
    rows = []
    for name, own in [*groups, ("all", list(judged))]:
        counts = [sum(one.outcome == outcome for one in own) for outcome in OUTCOMES]
        n = sum(counts) - counts[-1]
        low, high = wilson(counts[0], n)
        rows.append([name, *counts, counts[0] / n if n else None, low, high])
    return rows


def wilson(k: int, n: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a share k of n; None where there is nothing."""
    if not n:
        return None, None
    share, square = k / n, _Z**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)
