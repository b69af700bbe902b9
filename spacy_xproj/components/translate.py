"""``xproj_translate``: target text -> source view."""

from collections.abc import Mapping, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ..abilities import check_part
from ..data.access import Views
from ..data.char_links import word_links
from ..data.provenance import Provenance
from ..data.sentence import Sentence
from ..data.views import SourceView
from ..errors import Errors, XProjError
from ..tagging.applying import tag_docs
from ..tagging.base import EXAMPLE as TAGGER
from ..tagging.base import Tagger
from ..text.tokenizers import Blank
from ..translation.base import EXAMPLE, Translation, Translator, translated
from ..translation.names import restore_names
from .base import XProjPipe, check_langs, check_places

DEFAULT_TRANSLATOR = {"@xproj_translators": "spacy-xproj.Seq2Seq.v1"}


@Language.factory(
    "xproj_translate",
    assigns=["doc._.xproj"],
    default_config={
        "translator": DEFAULT_TRANSLATOR,
        "translators": {},
        "source_lang": "en",
        "source_langs": None,
        "target_lang": None,
        "names": None,
        "name_labels": None,
    },
)
class TranslatePipe(XProjPipe):
    """Translates each document into source languages and stores each result as a view, in the
    order of ``source_langs``, with the word links where the translator knows them.

    translator: a block of the registry ``xproj_translators``. translators: own blocks for some
    source languages, by language. source_lang: the rich language to translate into; source_langs:
    several, in its place. target_lang: that of the documents, by default the pipeline's. names: a
    block of the registry ``xproj_taggers`` that finds names in the documents themselves; where the
    translator's links say what became of one, its form in the document is put back in place of
    that. name_labels: only those of these labels, such as PER, since names of places are
    translated.
    """

    setting = "translator"
    kind = Translator
    example = EXAMPLE

    def __init__(
        self,
        nlp: Language | None = None,
        name: str = "xproj_translate",
        *,
        translator: Any = None,
        translators: Mapping[str, Any] = {},  # read only
        source_lang: str = "en",
        source_langs: Sequence[str] | None = None,
        target_lang: str | None = None,
        names: Any = None,
        name_labels: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name=name, backend=translator, by_lang=translators)
        if names is not None:
            user = f"The component {name!r}"
            check_part(names, Tagger, setting="names", user=user, example=TAGGER)
        self.names = names
        self.name_labels = name_labels
        langs = [source_lang] if source_langs is None else source_langs
        self.source_langs = check_langs(langs, name=name) or []
        check_places(self.by_lang, self.source_langs, name=name, setting="translators")
        self.target_lang = target_lang or (nlp.lang if nlp is not None else "") or "xx"
        self._blanks: dict[str, Blank] = {}

    def parts(self) -> dict[str, Any]:
        return {**super().parts(), "names": self.names}

    def _workers(self) -> list[Any]:
        return [*super()._workers(), self.names]

    def _tokenize(self, text: str, lang: str) -> Sentence:
        if lang not in self._blanks:
            self._blanks[lang] = Blank(lang)
        return Sentence.from_doc(self._blanks[lang].tokenize(text))

    def process(self, docs: list[Doc]) -> None:
        self._blanks = {lang: blank.renewed() for lang, blank in self._blanks.items()}
        names = self._find_names(docs)
        made = [self._views(docs, names, lang) for lang in self.source_langs]
        for lang, views in zip(self.source_langs, made, strict=True):
            for doc, view in zip(docs, views, strict=True):
                Views(doc)[lang] = view

    def _find_names(self, docs: list[Doc]) -> list[list[tuple[int, int]]]:
        """The characters of the names of each document."""
        if self.names is None:
            return [[] for _ in docs]
        labels = self.name_labels
        return [
            [(e.start_char, e.end_char) for e in spans if labels is None or e.label_ in labels]
            for spans, _ in tag_docs(self.names, docs)
        ]

    def _views(
        self, docs: list[Doc], names: list[list[tuple[int, int]]], lang: str
    ) -> list[SourceView]:
        # From the translator's side, the given text is the target document.
        translator = self.backend_of(lang)
        translations = translated(
            translator, [doc.text for doc in docs], source_lang=self.target_lang, target_lang=lang
        )
        described = {"translator": translator.describe()}
        if self.names is not None:
            described["names"] = self.names.describe()
            translations = [
                self._restore(doc, translation, own, lang)
                for doc, translation, own in zip(docs, translations, names, strict=True)
            ]
        provenance = Provenance(described)
        return [
            self._view(doc, translation, lang, provenance)
            for doc, translation in zip(docs, translations, strict=True)
        ]

    def _restore(
        self, doc: Doc, translation: Translation, names: list[tuple[int, int]], lang: str
    ) -> Translation:
        if names and translation.text and translation.links is None:
            raise XProjError(
                Errors.XP285.format(name=self.name, text=translation.text[:60], lang=lang)
            )
        return restore_names(translation, doc.text, names)

    def _view(
        self, doc: Doc, translation: Translation, lang: str, provenance: Provenance
    ) -> SourceView:
        # Of a text that stays as it is the words do, too, however the document was cut into them.
        same = translation.text == doc.text
        sentence = Views(doc).target if same else self._tokenize(translation.text, lang)
        links = None
        if translation.links is not None:
            links = word_links(translation.links, sentence, Views(doc).target)
        return SourceView(
            lang,
            sentence.words,
            sentence.spaces,
            status=translation.status,
            reason=translation.reason,
            links=links,
            provenance=provenance,
            row=translation.row,
        )
