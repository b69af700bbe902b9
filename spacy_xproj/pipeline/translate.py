"""``xproj_translate``: target text -> source view."""

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ..errors import Errors, XProjError
from ..translation.base import Translation, Translator
from ..views import Sentence, SourceView, Views
from .base import XProjPipe

MAX_WORDS = 300_000  # about 100 MB
DEFAULT_TRANSLATOR = {"@xproj_translators": "spacy-xproj.Seq2Seq.v1"}


class TranslatePipe(XProjPipe):
    """Translates each document into one source language and stores the result as a view."""

    def __init__(
        self, *, name: str, translator: Translator, source_lang: str, target_lang: str
    ) -> None:
        super().__init__(name=name, backend=translator)
        self.source_lang = source_lang
        self.target_lang = target_lang
        self._tokenizer: Any = None

    def _tokenize(self, text: str) -> Sentence:
        if self._tokenizer is None:
            import spacy

            try:
                self._tokenizer = spacy.blank(self.source_lang).tokenizer
            except ImportError as err:
                raise XProjError(Errors.XP801.format(lang=self.source_lang, reason=err)) from err
        return Sentence.from_doc(self._tokenizer(text))

    def process(self, docs: list[Doc]) -> None:
        # A vocabulary keeps every word that it has seen: over a large corpus, that is memory.
        if self._tokenizer is not None and len(self._tokenizer.vocab) > MAX_WORDS:
            self._tokenizer = None
        # From the translator's side, the given text is the target document.
        translations = self.backend.translate(
            [doc.text for doc in docs], source_lang=self.target_lang, target_lang=self.source_lang
        )
        provenance = {"translator": self.backend.describe()}
        views = [self._view(translation, provenance) for translation in translations]
        for doc, view in zip(docs, views, strict=True):
            Views(doc)[self.source_lang] = view

    def _view(self, translation: Translation, provenance: dict[str, Any]) -> SourceView:
        sentence = self._tokenize(translation.text)
        return SourceView(
            self.source_lang,
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
        "source_lang": "en",
        "target_lang": None,
    },
)
def make_translate(
    nlp: Language, name: str, translator: Translator, source_lang: str, target_lang: str | None
) -> TranslatePipe:
    """translator: a block of the registry ``xproj_translators``. source_lang: the rich language to
    translate into. target_lang: that of the documents, by default the pipeline's."""
    return TranslatePipe(
        name=name,
        translator=translator,
        source_lang=source_lang,
        target_lang=target_lang or nlp.lang or "xx",
    )
