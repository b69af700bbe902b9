"""``xproj_ensemble``: the projections of several source views -> one set of entities."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from ..data.access import Views
from ..data.ensembled import store
from ..data.labels import clear_labels
from ..data.provenance import Provenance
from ..data.views import SourceView
from ..ensembling.ballots import Ballot, collect, is_usable
from ..ensembling.base import (
    EXAMPLE,
    Arbiter,
    Case,
    Ensemble,
    Learning,
    Verdict,
    outcomes,
)
from .base import XProjPipe, check_langs

SPANS_KEY = "xproj_ensemble"


@Language.factory(
    "xproj_ensemble",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "doc.spans", "doc._.xproj_ensemble"],
    requires=["doc._.xproj_projections"],
    default_config={
        "ensemble": {"@xproj_ensembles": "spacy-xproj.JointMatching.v1"},
        "spans_key": SPANS_KEY,
        "source_langs": None,
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
class EnsemblePipe(XProjPipe):
    """Sets ``doc.ents`` to what the ensemble chooses among the projections of all views.

    Which views support each entity, and what became of the proposals outvoted, stands in
    ``doc.user_data["xproj_ensemble"]``; ``doc._.xproj_ensemble`` is the typed access to it.

    ensemble: a block of the registry ``xproj_ensembles``. spans_key: where the entities go in
    ``doc.spans``, besides ``doc.ents``; None for nowhere. source_langs: which views to merge, by
    default all.
    """

    setting = "ensemble"
    kind = Ensemble
    example = EXAMPLE

    def __init__(
        self,
        nlp: Language | None = None,
        name: str = "xproj_ensemble",
        *,
        ensemble: Any,
        spans_key: str | None = SPANS_KEY,
        source_langs: list[str] | None = None,
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(name=name, backend=ensemble)
        self.spans_key = spans_key
        self.source_langs = check_langs(source_langs, name=name)
        self.scorer = scorer

    def fit(self, docs: Iterable[Doc]) -> None:
        """Let an ensemble that learns how far its views can be trusted learn that from these
        documents. Only views that are projected count; where there is none it stays as it is."""
        if isinstance(self.backend, Learning):
            views = [
                [view for view in self._views(doc) if view.projections is not None] for doc in docs
            ]
            self.backend.fit(self._ballot(views))

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None
    ) -> None:
        """Called by ``nlp.initialize``: fit on the views of the examples' references."""
        self.fit([example.reference for example in get_examples()])

    def process(self, docs: list[Doc]) -> None:
        views = [self._views(doc) for doc in docs]
        ballot = self._ballot(views)
        targets = [Views(doc).target for doc in docs]
        verdicts: Sequence[Verdict] = ()
        if isinstance(self.backend, Arbiter):
            cases = [
                Case(*one) for one in zip((d.lang_ for d in docs), targets, views, strict=True)
            ]
            decision, verdicts = self.backend.arbitrate(ballot, cases)
        else:
            decision = self.backend.decide(ballot)
        found = outcomes(ballot, decision, [target.offsets for target in targets], verdicts)
        method = Provenance(self.backend.describe())
        ents = [
            [Span(doc, e.start, e.end, label=e.label) for e in outcome.entities]
            for doc, outcome in zip(docs, found, strict=True)
        ]
        for doc, own, spans, outcome in zip(docs, views, ents, found, strict=True):
            usable = {view.lang for view in own if is_usable(view)}
            langs = [lang for lang in ballot.langs if lang in usable]
            store(doc, outcome, langs=langs, absent=self._absent(own), method=method)
            if self.spans_key is not None:
                doc.spans[self.spans_key] = spans
            if usable:
                doc.set_ents(spans)
            else:  # nobody has a say, so that nothing is known of it
                clear_labels(doc)

    def _views(self, doc: Doc) -> list[SourceView]:
        return [view for _, view in self.views([doc], self.source_langs)]

    def _ballot(self, views: list[list[SourceView]]) -> Ballot:
        # Sorted, so that the result does not depend on what else is in the batch.
        found = sorted({view.lang for own in views for view in own if is_usable(view)})
        return collect(views, self.source_langs or found)

    def _absent(self, views: list[SourceView]) -> dict[str, str]:
        """Why views have no say in a document; of all languages, where the settings name them."""
        absent = {v.lang: f"{v.status}: {v.reason}" for v in views if not is_usable(v)}
        have = {view.lang for view in views}
        missing = {lang: "no view" for lang in self.source_langs or () if lang not in have}
        return {**absent, **missing}
