"""``xproj_translate``: target text -> source view."""

from collections.abc import Mapping, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ..data.views import Sentence, SourceView, Views
from ..text.tokenizers import Blank
from ..translation.base import Translation, Translator
from .base import XProjPipe, check_langs, check_parts

DEFAULT_TRANSLATOR = {"@xproj_translators": "spacy-xproj.Seq2Seq.v1"}


class TranslatePipe(XProjPipe):
    """Translates each document into source languages and stores each result as a view, in the
    order of ``source_langs``."""

    setting = "translator"

    def __init__(
        self,
        *,
        name: str,
        translator: Translator | None,
        source_langs: Sequence[str],
        target_lang: str,
        translators: Mapping[str, Translator] | None = None,
    ) -> None:
        super().__init__(name=name, backend=translator, by_lang=translators)
        self.source_langs = check_langs(source_langs, name=name) or []
        check_parts(self.by_lang, self.source_langs, name=name, setting="translators")
        self.target_lang = target_lang
        self._blanks: dict[str, Blank] = {}

    def _tokenize(self, text: str, lang: str) -> Sentence:
        if lang not in self._blanks:
            self._blanks[lang] = Blank(lang)
        return Sentence.from_doc(self._blanks[lang].tokenize(text))

    def process(self, docs: list[Doc]) -> None:
        self._blanks = {lang: blank.renewed() for lang, blank in self._blanks.items()}
        made = [self._views(docs, lang) for lang in self.source_langs]
        for views in made:
            for doc, view in zip(docs, views, strict=True):
                Views(doc).put(view)

    def _views(self, docs: list[Doc], lang: str) -> list[SourceView]:
        # From the translator's side, the given text is the target document.
        translator = self.backend_of(lang)
        translations = translator.translate(
            [doc.text for doc in docs], source_lang=self.target_lang, target_lang=lang
        )
        provenance = {"translator": translator.describe()}
        return [self._view(translation, lang, provenance) for translation in translations]

    def _view(self, translation: Translation, lang: str, provenance: dict[str, Any]) -> SourceView:
        sentence = self._tokenize(translation.text, lang)
        return SourceView(
            lang,
            sentence.words,
            sentence.spaces,
            status=translation.status,
            reason=translation.reason,
            provenance=provenance,
            row=translation.row,
        )


@Language.factory(
    "xproj_translate",
    assigns=["doc._.xproj"],
    default_config={
        "translator": DEFAULT_TRANSLATOR,
        "translators": {},
        "source_lang": "en",
        "source_langs": None,
        "target_lang": None,
    },
)
def make_translate(
    nlp: Language,
    name: str,
    translator: Translator | None,
    translators: dict[str, Any],
    source_lang: str,
    source_langs: list[str] | None,
    target_lang: str | None,
) -> TranslatePipe:
    """translator: a block of the registry ``xproj_translators``. translators: own blocks for some
    source languages, by language. source_lang: the rich language to translate into; source_langs:
    several, in its place. target_lang: that of the documents, by default the pipeline's."""
    return TranslatePipe(
        name=name,
        translator=translator,
        translators=translators,
        source_langs=[source_lang] if source_langs is None else source_langs,
        target_lang=target_lang or nlp.lang or "xx",
    )
