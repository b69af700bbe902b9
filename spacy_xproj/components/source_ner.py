"""``xproj_source_ner``: entities in the source sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ..data.unplaced import keep_unplaced
from ..tagging.applying import tag_and_place
from ..tagging.base import EXAMPLE, Tagged, Tagger, Unplaced
from ..tagging.labels import full_label_map
from .base import Held, XProjPipe, check_langs, check_places


@Language.factory(
    "xproj_source_ner",
    assigns=["doc._.xproj_entities"],
    requires=["doc._.xproj"],
    default_config={
        "tagger": {"@xproj_taggers": "spacy-xproj.SpacyTagger.v1", "model": "en_core_web_sm"},
        "taggers": {},
        "label_map": None,
        "label_maps": {},
        "ignore_labels": [],
        "source_langs": None,
    },
)
class SourceNerPipe(XProjPipe):
    """Tags the views of each document, renames labels, and leaves some out.

    tagger: a block of the registry ``xproj_taggers``. taggers: own blocks for some source
    languages, by language. label_map: new names of labels, over the common ones (PERSON is PER, GPE
    is LOC ...), others stay; {} for none at all. label_maps: more of them for some source
    languages, by language. ignore_labels: left out, and counted in ``view.ignored``, as is what a
    teacher names that is not in the sentence, whose texts are in ``doc.user_data``. source_langs:
    which views to tag, by default all.
    """

    setting = "tagger"
    kind = Tagger
    example = EXAMPLE

    def __init__(
        self,
        nlp: Language | None = None,
        name: str = "xproj_source_ner",
        *,
        tagger: Any = None,
        taggers: Mapping[str, Any] = {},  # read only
        label_map: Mapping[str, str] | None = None,
        label_maps: Mapping[str, dict[str, str]] = {},  # read only
        ignore_labels: Sequence[str] = (),
        source_langs: list[str] | None = None,
    ) -> None:
        super().__init__(name=name, backend=tagger, by_lang=taggers)
        self.label_map = full_label_map(label_map)
        self.label_maps = dict(label_maps)
        self.ignore_labels = list(ignore_labels)
        self.source_langs = check_langs(source_langs, name=name)
        for setting, given in (("taggers", self.by_lang), ("label_maps", self.label_maps)):
            check_places(given, self.source_langs, name=name, setting=setting)

    def process(self, docs: list[Doc]) -> None:
        todo = self.views(docs, self.source_langs)
        tagged = self.each_backend(todo, self._tag)
        provenance = self.provenances(todo, "tagger")
        results = []
        for (views, view), (entities, ignored, lost), known in zip(
            todo, tagged, provenance, strict=True
        ):
            tagged_view = view.with_entities(entities, ignored=ignored, provenance=known)
            results.append((views, tagged_view, lost))
        for views, view, lost in results:
            views[view.lang] = view
            keep_unplaced(views.doc, view.lang, lost)

    def _tag(
        self, tagger: Tagger, pairs: list[Held]
    ) -> list[tuple[list[Tagged], dict[str, int], list[Unplaced]]]:
        return tag_and_place(
            tagger,
            [view for _, view in pairs],
            label_map=self.label_map,
            label_maps=self.label_maps,
            ignore_labels=self.ignore_labels,
        )
