"""Target documents made by translating labelled source documents (translate-train)."""

from collections.abc import Sequence

from spacy.tokens import Doc

from ..corpus.pairing import pair
from ..data.access import Views
from ..data.layers import SPANS_KEY, set_projected
from ..data.sentence import Sentence
from ..data.spans import chars_to_words, cut_at, word_offsets
from ..data.views import Projection, SourceView
from ..text.tokenizers import Blank
from ..translation.base import Translation, Translator, translated
from ..translation.markers import translate_marked

METHODS = ("markers", "align")


def _views(sources: Sequence[Doc], source_lang: str) -> list[SourceView]:
    return [SourceView.from_doc(doc, lang=source_lang, row=i) for i, doc in enumerate(sources)]


def _translated(view: SourceView, translation: Translation, translator: Translator) -> SourceView:
    """The view, with what became of its translation. Its row stays that of the source."""
    return view.replace(
        status=translation.status,
        reason=translation.reason,
        provenance=view.provenance.with_stage("translator", translator.describe()),
    )


def translate_plain(
    sources: Sequence[Doc],
    *,
    translator: Translator,
    source_lang: str,
    target_lang: str,
    spans_key: str | None = None,
) -> list[Doc]:
    """The translations as documents, each with its gold source view, for aligner and projector.
    spans_key: as of ``pair``.

    A sentence that has no translation gives an empty document; its view says why.
    """
    blank = Blank(target_lang)
    translations = translated(
        translator, [doc.text for doc in sources], source_lang=source_lang, target_lang=target_lang
    )
    targets = [blank.tokenize(translation.text) for translation in translations]
    docs = pair(
        sources,
        targets,
        source_lang=source_lang,
        names=("the source", "its translation"),
        spans_key=spans_key,
    )
    for doc, translation in zip(docs, translations, strict=True):
        view = Views(doc)[source_lang]
        Views(doc)[source_lang] = _translated(view, translation, translator)
    return docs


def translate_with_markers(
    sources: Sequence[Doc],
    *,
    translator: Translator,
    source_lang: str,
    target_lang: str,
    threshold: float = 0.5,
) -> list[Doc]:
    """The translations as labelled documents, by marker projection (see ``translate_marked``).

    Entities, layers and the view's projections are set as ``xproj_projector`` does; the view has
    no links. Where a marked piece cuts a token, the token gives way.
    """
    blank = Blank(target_lang)
    views = _views(sources, source_lang)
    marked = translate_marked(
        views,
        translator=translator,
        source_lang=source_lang,
        target_lang=target_lang,
        threshold=threshold,
    )
    docs = []
    for view, own in zip(views, marked, strict=True):
        tokens = Sentence.from_doc(blank.tokenize(own.translation.text))
        borders = [
            b
            for p in own.projections
            if p.start_char is not None and p.end_char is not None
            for b in (p.start_char, p.end_char)
        ]
        words, spaces = cut_at(tokens.words, tokens.spaces, borders)
        offsets = word_offsets(words, spaces)
        doc = Doc(blank.vocab, words=words, spaces=spaces)
        view = _translated(view, own.translation, translator)
        view = view.replace(
            projections=tuple(_in_words(p, offsets) for p in own.projections),
            provenance=view.provenance.with_stage(
                "projector", {"projector": "markers", "threshold": threshold}
            ),
        )
        set_projected(doc, [view], spans_key=SPANS_KEY)
        docs.append(doc)
    return docs


def _in_words(projection: Projection, offsets: Sequence[tuple[int, int]]) -> Projection:
    if projection.start_char is None or projection.end_char is None:
        return projection
    words = chars_to_words(offsets, projection.start_char, projection.end_char)
    assert words is not None, projection  # the cuts see to it
    return projection._replace(start=words[0], end=words[1])
