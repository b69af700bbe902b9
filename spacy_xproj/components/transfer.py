"""``xproj_transfer``: a multilingual NER model applied to the target words directly, the baseline
that projection is compared with (model transfer)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ..data.provenance import Provenance
from ..tagging.applying import tag_docs
from ..tagging.base import EXAMPLE, Tagger
from ..tagging.labels import full_label_map
from .base import XProjPipe

KEY = "xproj_transfer"


@Language.factory(
    "xproj_transfer",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={
        "tagger": {"@xproj_taggers": "spacy-xproj.SpacyTagger.v1", "model": "xx_ent_wiki_sm"},
        "label_map": None,
        "ignore_labels": [],
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
class TransferPipe(XProjPipe):
    """Sets ``doc.ents`` to what the tagger finds. Which tagger it was, and how many entities of
    ignored labels were left out, stands in ``doc.user_data["xproj_transfer"]``.

    tagger: a block of the registry ``xproj_taggers``, with a model that knows the language of
    the documents. label_map: new names of labels, over the common ones (PERSON is PER, GPE is LOC
    ...), others stay; {} for none at all. ignore_labels: left out, and counted.
    """

    setting = "tagger"
    kind = Tagger
    example = EXAMPLE

    def __init__(
        self,
        nlp: Language | None = None,
        name: str = "xproj_transfer",
        *,
        tagger: Any,
        label_map: Mapping[str, str] | None = None,
        ignore_labels: Sequence[str] = (),
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(name=name, backend=tagger)
        self.label_map = full_label_map(label_map)
        self.ignore_labels = list(ignore_labels)
        self.scorer = scorer

    def process(self, docs: list[Doc]) -> None:
        found = tag_docs(
            self.backend, docs, label_map=self.label_map, ignore_labels=self.ignore_labels
        )
        provenance = Provenance(self.backend.describe() if docs else {})
        for doc, (spans, ignored) in zip(docs, found, strict=True):
            doc.set_ents(spans)
            doc.user_data[KEY] = {"tagger": provenance, "ignored": ignored}
