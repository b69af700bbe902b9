"""Giving the projections of a corpus the labels that the corpus agrees on."""

from collections.abc import Sequence

from spacy.tokens import Doc

from ..data.layers import SPANS_KEY, set_projected
from ..data.views import Sentence, Views
from ..projection.consensus import LabelConsensus


def apply_consensus(docs: Sequence[Doc], *, spans_key: str | None = SPANS_KEY) -> int:
    """Change labels in the views, span layers and ``doc.ents`` of projected documents, each source
    language for itself (see ``projection.consensus``); returns how many projections changed."""
    by_lang: dict[str, LabelConsensus] = {}
    sides = [(doc, Sentence.from_doc(doc)) for doc in docs]
    for doc, target in sides:
        for lang, view in Views(doc).items():
            by_lang.setdefault(lang, LabelConsensus()).learn(target, view.projections or ())
    changed = 0
    for doc, target in sides:
        views = []
        before = changed
        for lang, view in Views(doc).items():
            projections = tuple(by_lang[lang].apply(target, view.projections or ()))
            changed += sum(
                a.label != b.label for a, b in zip(projections, view.projections or (), strict=True)
            )
            views.append(
                view if view.projections is None else view.replace(projections=projections)
            )
        if changed > before:
            set_projected(doc, views, spans_key=spans_key)
    return changed
