"""``xproj_projector``: source entities -> ``doc.ents`` and one span group per source language."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ..data.layers import SPANS_KEY, set_projected
from ..data.sentence import Sentence
from ..data.views import Projection, SourceView
from ..errors import Errors, XProjError
from ..projection.base import EXAMPLE, Projector
from ..projection.checks import check_projections
from ..projection.shapes import ALL, check_exclusive, divide, join
from .base import XProjPipe, check_langs


@Language.factory(
    "xproj_projector",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "doc.spans", "doc._.xproj_projections"],
    requires=["doc._.xproj_entities", "doc._.xproj_links"],
    default_config={
        "projector": {"@xproj_projectors": "spacy-xproj.Matching.v1"},
        "spans_key": SPANS_KEY,
        "group": None,
        "exclusive": ALL,
        "source_langs": None,
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
class ProjectorPipe(XProjPipe):
    """Projects the entities of the views onto the words of each document.

    Every view keeps its projections with their statuses, and gives a layer
    ``doc.spans[spans_key + "_" + lang]``. ``doc.ents`` are those of all views; where they overlap,
    the view that comes first wins.

    projector: a block of the registry ``xproj_projectors``. spans_key: where each view's layer
    goes in ``doc.spans``; None for nowhere. group: put the spans of all views, of every shape, into
    this group of ``doc.spans``, and none into ``doc.ents``. exclusive: among which entities of a
    view no two spans may overlap: "all"; those of each "label", save such as overlap in the source;
    or none, each "entity" by itself.
    source_langs: which views, by default all.
    """

    setting = "projector"
    kind = Projector
    example = EXAMPLE

    def __init__(
        self,
        nlp: Language | None = None,
        name: str = "xproj_projector",
        *,
        projector: Any,
        spans_key: str | None = SPANS_KEY,
        group: str | None = None,
        exclusive: str = ALL,
        source_langs: list[str] | None = None,
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(name=name, backend=projector)
        self.spans_key = spans_key
        self.group = group
        self.exclusive = check_exclusive(exclusive)
        self.source_langs = check_langs(source_langs, name=name)
        self.scorer = scorer

    def process(self, docs: list[Doc]) -> None:
        given = [self.views([doc], self.source_langs) for doc in docs]
        pairs = [(view, views.target) for own in given for views, view in own]
        self._check(pairs)
        found = self._project(pairs)
        provenance = self.provenances([pair for own in given for pair in own], "projector")
        done = iter(
            view.replace(projections=tuple(own), provenance=known)
            for (view, _), own, known in zip(pairs, found, provenance, strict=True)
        )
        results = [(doc, [next(done) for _ in own]) for doc, own in zip(docs, given, strict=True)]
        for doc, views in results:
            set_projected(doc, views, spans_key=self.spans_key, group=self.group)

    def _project(self, pairs: list[tuple[SourceView, Sentence]]) -> list[list[Projection]]:
        """The projections of each pair; those that the projector cannot take as they are go to it
        in parts."""
        divided = [divide(view, self.exclusive) for view, _ in pairs]
        flat = [
            (one, target)
            for (view, target), parts in zip(pairs, divided, strict=True)
            for one in ([view] if parts is None else [part.view for part in parts])
        ]
        found = iter(check_projections(self.backend, flat))
        return [
            next(found) if parts is None else join(view, target, parts, islice(found, len(parts)))
            for (view, target), parts in zip(pairs, divided, strict=True)
        ]

    def describe(self, lang: str) -> dict[str, Any]:
        """What the projector says of itself, and how the entities are grouped."""
        said = super().describe(lang)
        return said if self.exclusive == ALL else {**said, "exclusive": self.exclusive}

    def _check(self, pairs: list[tuple[SourceView, Sentence]]) -> None:
        """Raise XProjError for a view that was not tagged."""
        for view, _ in pairs:
            if view.entities is None:
                settings = {"component": "xproj_source_ner", "this": self.name}
                raise XProjError(Errors.XP106.format(lang=view.lang, what="entities", **settings))
