"""``xproj_projector``: source entities -> ``doc.ents`` and one span group per source language."""

from collections.abc import Callable, Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from ..errors import Errors, XProjError
from ..projection.base import Projector
from ..views import Sentence, SourceView, Views
from .base import XProjPipe


class ProjectorPipe(XProjPipe):
    """Projects the entities of the views onto the words of each document.

    Every view keeps its projections with their statuses, and gives a layer
    ``doc.spans[spans_key + "_" + lang]``. ``doc.ents`` are those of all views; where they overlap,
    the view that comes first wins.
    """

    def __init__(
        self,
        *,
        name: str,
        projector: Projector,
        spans_key: str | None = "xproj",
        source_langs: list[str] | None = None,
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(name=name, backend=projector)
        self.spans_key = spans_key
        self.source_langs = source_langs
        self.scorer = scorer

    def process(self, docs: list[Doc]) -> None:
        results = []
        for doc in docs:
            target = Sentence.from_doc(doc)
            views = [
                self._project(view, target) for _, view in self.views([doc], self.source_langs)
            ]
            results.append((doc, views))
        for doc, views in results:
            layers = []
            for view in views:
                Views(doc)[view.lang] = view
                layer = [
                    Span(doc, p.start, p.end, label=p.label)
                    for p in view.projections or ()
                    if p.start is not None and p.end is not None
                ]
                layers.append(layer)
                if self.spans_key is not None:
                    doc.spans[f"{self.spans_key}_{view.lang}"] = layer
            taken: set[int] = set()
            ents = []
            for span in (span for layer in layers for span in layer):
                if taken.isdisjoint(range(span.start, span.end)):
                    taken.update(range(span.start, span.end))
                    ents.append(span)
            doc.set_ents(ents)

    def _project(self, view: SourceView, target: Sentence) -> SourceView:
        if view.entities is None:
            raise XProjError(
                Errors.XP106.format(
                    lang=view.lang, what="entities", component="xproj_source_ner", this=self.name
                )
            )
        return view.replace(
            projections=tuple(self.backend.project(view, target)),
            provenance={**view.provenance, "projector": self.backend.describe()},
        )

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Entity precision, recall and F1 of ``doc.ents``, as spaCy's ``ner`` gives them."""
        examples = list(examples)
        if self.scorer is None or not examples:
            return {}
        return self.scorer(examples)


@Language.factory(
    "xproj_projector",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "doc.spans", "doc._.xproj_projections"],
    requires=["doc._.xproj_entities", "doc._.xproj_links"],
    default_config={
        "projector": {"@xproj_projectors": "spacy-xproj.Matching.v1"},
        "spans_key": "xproj",
        "source_langs": None,
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_projector(
    nlp: Language,
    name: str,
    projector: Projector,
    spans_key: str | None,
    source_langs: list[str] | None,
    scorer: Callable[..., dict[str, Any]] | None,
) -> ProjectorPipe:
    """projector: a block of the registry ``xproj_projectors``. spans_key: where each view's layer
    goes in ``doc.spans``; None for nowhere. source_langs: which views, by default all."""
    return ProjectorPipe(
        name=name,
        projector=projector,
        spans_key=spans_key,
        source_langs=source_langs,
        scorer=scorer,
    )
