"""Marker projection (EasyProject, Chen et al. 2023): labels travel inside the translated text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ..data.status import Status, ViewStatus
from ..data.views import Entity, Projection, SourceView
from ..errors import Errors, XProjError
from ..text.markers import mark, match_pieces, pick_marks, similarity, unmark
from .base import Translation, Translator, translated


@dataclasses.dataclass(frozen=True)
class MarkedTranslation:
    """A translated sentence without marks, and what became of each source entity.

    projections: one per entity, in order; with character offsets into ``translation.text``, and
    with ``start`` and ``end`` left None, since the text is not yet split into words.
    """

    translation: Translation
    projections: tuple[Projection, ...]


def check_threshold(threshold: float) -> None:
    """Raise XProjError for what cannot be a least ratio."""
    if not 0.0 <= threshold < 1.0:
        raise XProjError(Errors.XP230.format(threshold=threshold))


def translate_marked(
    views: Sequence[SourceView],
    *,
    translator: Translator,
    source_lang: str,
    target_lang: str,
    threshold: float = 0.5,
) -> list[MarkedTranslation]:
    """Translate labelled sentences, and find their entities in the translations.

    Marks are put around each entity, the sentence and each entity on its own are translated, and
    each marked piece of the translation is matched with the most similar entity translation
    (docs/methods.md, "Marker projection"). ``threshold``: a match must be more alike than that.
    """
    check_threshold(threshold)
    marks = [pick_marks(view.text) for view in views]
    texts = [
        mark(view.text, [(e.start_char, e.end_char) for e in view.entities or ()], own)
        if own and view.entities
        else view.text
        for view, own in zip(views, marks, strict=True)
    ]
    names = [view.entity_text(e) for view in views for e in view.entities or ()]
    wanted = list(dict.fromkeys([*texts, *names]))
    done = dict(
        zip(
            wanted,
            translated(translator, wanted, source_lang=source_lang, target_lang=target_lang),
            strict=True,
        )
    )
    result = []
    for view, own, text in zip(views, marks, texts, strict=True):
        entities = view.entities or ()
        translation = done[text]
        spans: list[tuple[int, int]] = []
        if own and entities:
            plain, spans = unmark(translation.text, own)
            translation = translation._replace(text=plain)
            if not plain and translation.status in (ViewStatus.OK, ViewStatus.TRUNCATED):
                translation = translation._replace(
                    status=ViewStatus.EMPTY_TRANSLATION, reason="nothing but marks came back"
                )
        projections = _find(
            entities,
            [done[view.entity_text(e)].text.strip() for e in entities],
            translation,
            spans,
            threshold=threshold,
            has_marks=own is not None,
        )
        result.append(MarkedTranslation(translation, tuple(projections)))
    return result


def _find(
    entities: Sequence[Entity],
    translated: Sequence[str],
    translation: Translation,
    spans: Sequence[tuple[int, int]],
    *,
    threshold: float,
    has_marks: bool,
) -> list[Projection]:
    """One projection per entity. Matched pieces that overlap: the more alike one stays."""
    text = translation.text
    pieces = [text[start:end] for start, end in spans]
    matches = match_pieces(pieces, translated, threshold=threshold)
    placed: dict[int, Projection] = {}
    taken: list[tuple[int, int]] = []
    for match in sorted(matches, key=lambda m: (-m.ratio, m.entity)):
        start, end = spans[match.piece]
        label = entities[match.entity].label
        if any(start < b and a < end for a, b in taken):
            why = f"its marked piece {text[start:end]!r} overlaps that of another entity"
            placed[match.entity] = Projection(match.entity, label, Status.OVERLAP, reason=why)
            continue
        taken.append((start, end))
        placed[match.entity] = Projection(
            match.entity,
            label,
            Status.PROJECTED,
            start_char=start,
            end_char=end,
            score=round(match.ratio, 6),
        )
    used = {match.piece for match in matches}
    free = [piece for i, piece in enumerate(pieces) if i not in used]
    result = []
    for i, (entity, alone) in enumerate(zip(entities, translated, strict=True)):
        if i in placed:
            result.append(placed[i])
            continue
        status = Status.NO_CANDIDATE
        if not text:
            why = f"the sentence has no translation: {translation.reason or translation.status}"
        elif not has_marks:
            why = "the sentence holds all kinds of marks itself, so none could be added"
        elif not free:
            why = f"marker lost: {len(pieces)} of {len(entities)} marked pieces came back"
        elif not alone:
            why = "the entity on its own has no translation to compare with"
        else:
            status = Status.BELOW_THRESHOLD
            best = max(free, key=lambda piece: similarity(piece, alone))
            why = (
                f"its translation {alone!r} is most like the marked {best!r}: "
                f"{similarity(best, alone):.2f}, not above {threshold:g}"
            )
        result.append(Projection(i, entity.label, status, reason=why))
    return result
