"""``xproj_transfer``: a multilingual NER model applied to the target words directly, the baseline
that projection is compared with (model transfer)."""

from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from ..data.views import Sentence, SourceView
from ..tagging.base import Tagger
from ..tagging.labels import COMMON_LABELS, map_labels
from .base import XProjPipe

KEY = "xproj_transfer"


class TransferPipe(XProjPipe):
    """Sets ``doc.ents`` to what the tagger finds. Which tagger it was, and how many entities of
    ignored labels were left out, stands in ``doc.user_data["xproj_transfer"]``."""

    setting = "tagger"

    def __init__(
        self,
        *,
        name: str,
        tagger: Tagger,
        label_map: dict[str, str],
        ignore_labels: list[str],
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(name=name, backend=tagger)
        self.label_map = label_map
        self.ignore_labels = ignore_labels
        self.scorer = scorer

    def process(self, docs: list[Doc]) -> None:
        sentences = [Sentence.from_doc(doc) for doc in docs]
        views = [
            SourceView(doc.lang_ or "xx", sentence.words, sentence.spaces)
            for doc, sentence in zip(docs, sentences, strict=True)
        ]
        tagged = self.backend.tag(views)
        provenance = self.backend.describe() if docs else {}
        results = []
        for doc, entities in zip(docs, tagged, strict=True):
            kept, ignored = map_labels(
                entities, label_map=self.label_map, ignore=self.ignore_labels
            )
            spans = [Span(doc, e.start, e.end, label=e.label) for e in kept]
            results.append((doc, spans, dict(sorted(ignored.items()))))
        for doc, spans, left_out in results:
            doc.set_ents(spans)
            doc.user_data[KEY] = {"tagger": provenance, "ignored": left_out}


@Language.factory(
    "xproj_transfer",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={
        "tagger": {"@xproj_taggers": "spacy-xproj.SpacyTagger.v1", "model": "xx_ent_wiki_sm"},
        "label_map": COMMON_LABELS,
        "ignore_labels": [],
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_transfer(
    nlp: Language,
    name: str,
    tagger: Tagger,
    label_map: dict[str, str],
    ignore_labels: list[str],
    scorer: Callable[..., dict[str, Any]] | None,
) -> TransferPipe:
    """tagger: a block of the registry ``xproj_taggers``, with a model that knows the language of
    the documents. label_map: new names of labels, others stay. ignore_labels: left out, and
    counted."""
    return TransferPipe(
        name=name,
        tagger=tagger,
        label_map=label_map,
        ignore_labels=ignore_labels,
        scorer=scorer,
    )
