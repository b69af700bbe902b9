"""``xproj_source_ner``: entities in the source sentences."""

from spacy.language import Language
from spacy.tokens import Doc

from ..tagging.base import Tagger
from ..tagging.labels import COMMON_LABELS, map_labels
from ..views import Views
from .base import XProjPipe


class SourceNerPipe(XProjPipe):
    """Tags the views of each document, renames labels, and leaves some out."""

    def __init__(
        self,
        *,
        name: str,
        tagger: Tagger,
        label_map: dict[str, str],
        ignore_labels: list[str],
        source_langs: list[str] | None = None,
    ) -> None:
        super().__init__(name=name, backend=tagger)
        self.label_map = label_map
        self.ignore_labels = ignore_labels
        self.source_langs = source_langs

    def process(self, docs: list[Doc]) -> None:
        todo = self.views(docs, self.source_langs)
        tagged = self.backend.tag([view for _, view in todo])
        provenance = self.backend.describe() if todo else {}
        results = []
        for (doc, view), entities in zip(todo, tagged, strict=True):
            kept, ignored = map_labels(
                entities, label_map=self.label_map, ignore=self.ignore_labels
            )
            view = view.with_entities(kept).replace(
                ignored=dict(sorted(ignored.items())),
                provenance={**view.provenance, "tagger": provenance},
            )
            results.append((doc, view))
        for doc, view in results:
            Views(doc)[view.lang] = view


@Language.factory(
    "xproj_source_ner",
    assigns=["doc._.xproj_entities"],
    requires=["doc._.xproj"],
    default_config={
        "tagger": {"@xproj_taggers": "spacy-xproj.SpacyTagger.v1", "model": "en_core_web_sm"},
        "label_map": COMMON_LABELS,
        "ignore_labels": [],
        "source_langs": None,
    },
)
def make_source_ner(
    nlp: Language,
    name: str,
    tagger: Tagger,
    label_map: dict[str, str],
    ignore_labels: list[str],
    source_langs: list[str] | None,
) -> SourceNerPipe:
    """tagger: a block of the registry ``xproj_taggers``. label_map: new names of labels, others
    stay. ignore_labels: left out, and counted in ``view.ignored``. source_langs: which views to
    tag, by default all."""
    return SourceNerPipe(
        name=name,
        tagger=tagger,
        label_map=label_map,
        ignore_labels=ignore_labels,
        source_langs=source_langs,
    )
