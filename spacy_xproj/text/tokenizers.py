"""Tokenizers of languages, and a ``Doc`` from words or from a text with character spans.

The only module that calls ``spacy.blank``: whatever makes a sentence of a text gets its tokenizer
here, so that a sentence has the same words on all paths.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import spacy
from spacy.attrs import LANG
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import get_lang_class
from spacy.vocab import Vocab, create_vocab

from ..data.spans import chars_to_words, cut_at, word_offsets
from .factories import factories_for
from .languages import language_code
from .segmentation import GENERAL_RULES, UNSPACED

MAX_WORDS = 300_000  # about 100 MB
BATCH_SIZE = 256  # sentences are short; spaCy's default is 1,000
_CHARACTERS = {"@tokenizers": "spacy-xproj.CharTokenizer.v1"}


def default_tokenizer(lang: str) -> dict[str, Any] | None:
    """The block ``[nlp.tokenizer]`` that a language gets where a config does not name one; None for
    that of its class in spaCy.

    Chinese, Japanese, Thai, Burmese, Khmer and Lao are cut into characters, some others
    (``GENERAL_RULES``) by general rules (``CharTokenizer`` does both), whatever packages are
    installed. Raises XProjError for an unknown language.
    """
    return dict(_CHARACTERS) if language_code(lang) in UNSPACED | GENERAL_RULES else None


def blank_language(
    lang: str, *, tokenizer: Mapping[str, Any] | None = None, vocab: Vocab | None = None
) -> Language:
    """A pipeline without components. tokenizer: a block ``[nlp.tokenizer]`` in place of the
    default, so that a segmenter is used where one is installed. vocab: in place of a new one.

    Raises XProjError for an unknown language.
    """
    block = default_tokenizer(lang) if tokenizer is None else dict(tokenizer)
    settings = {"batch_size": BATCH_SIZE, **({} if block is None else {"tokenizer": block})}
    shared = True if vocab is None else vocab  # an empty one is falsy
    config = {"nlp": settings}
    with factories_for(config):
        return spacy.blank(language_code(lang), vocab=shared, config=config)


def blank_vocab(lang: str) -> Vocab:
    """The vocabulary of a language, made without a tokenizer. Raises XProjError for an unknown
    language."""
    language = get_lang_class(language_code(lang))
    return create_vocab(language.lang or lang, language.Defaults)


def blank_tokenizer(lang: str, vocab: Vocab) -> Callable[[str], Doc]:
    """The tokenizer of ``blank_language``; its Docs share ``vocab``."""
    return blank_language(lang, vocab=vocab).tokenizer


Own = TypeVar("Own", bound="Blank")


class Blank:
    """What Docs of a language are made with: a vocabulary, and a tokenizer where one is needed.

    features: whether the vocabulary computes norm, shape ... of each new word; it takes longer than
    making the rest of a sentence. Files read alike, since spaCy computes them where it reads.
    nlp: a pipeline whose tokenizer is used in place of the language's. With features its Docs are
    in the pipeline's vocabulary, as its components may ask for; without, in one of their own.
    """

    def __init__(self, lang: str, *, features: bool = True, nlp: Language | None = None) -> None:
        self.lang = lang
        self.features = features
        self.asked = 0
        self._nlp = nlp
        self._settings: dict[str, Any] = {"features": features, "nlp": nlp}
        self._sources: dict[str, Blank] = {}
        self._tokenize: Callable[[str], Doc] | None = None
        self.vocab = nlp.vocab if nlp is not None and features else blank_vocab(lang)
        if not features:
            # That of the language, too, is asked of a vocabulary by way of these.
            getters: Any = self.vocab.lex_attr_getters  # type: ignore[attr-defined]
            self.vocab.lex_attr_getters = {LANG: getters[LANG]}  # type: ignore[attr-defined]

    @property
    def tokenize(self) -> Callable[[str], Doc]:
        """The tokenizer; ``asked`` says how often it was asked for."""
        self.asked += 1
        if self._tokenize is None:
            if self._nlp is None:
                self._tokenize = blank_tokenizer(self.lang, self.vocab)
            elif self.features:
                self._tokenize = self._nlp.tokenizer
            else:
                self._tokenize = _copy_tokenizer(self._nlp, self.vocab)
        return self._tokenize

    def source(self, lang: str) -> "Blank":
        """That of a source language."""
        if lang not in self._sources:
            self._sources[lang] = Blank(lang, features=self.features)
        return self._sources[lang]

    def renewed(self: Own) -> Own:
        """The same, or a new one where the vocabularies have grown large: they keep every word that
        they have seen. That of a pipeline is the pipeline's, and stays."""
        own = 0 if self._nlp is not None and self.features else len(self.vocab)
        if own + sum(len(source.vocab) for source in self._sources.values()) <= MAX_WORDS:
            return self
        return type(self)(self.lang, **self._settings)


def _copy_tokenizer(nlp: Language, vocab: Vocab) -> Callable[[str], Doc]:
    """The tokenizer of a pipeline with another vocabulary, as if saved and loaded."""
    block = nlp.config["nlp"]["tokenizer"]
    copy: Any = blank_language(nlp.lang or "xx", tokenizer=block, vocab=vocab).tokenizer
    if hasattr(nlp.tokenizer, "to_bytes"):
        copy.from_bytes(nlp.tokenizer.to_bytes(exclude=["vocab"]), exclude=["vocab"])
    return copy


def bare_copy(doc: Doc) -> Doc:
    """The same words and blanks between them, and nothing else."""
    words, spaces = [t.text for t in doc], [bool(t.whitespace_) for t in doc]
    return Doc(doc.vocab, words=words, spaces=spaces)


def set_entities(
    doc: Doc, spans: Iterable[tuple[int, int, str]], *, unknown: Iterable[int] = ()
) -> Doc:
    """Make the spans, ``[start, end)`` in words, the entities of ``doc``; other words are "O", save
    those of ``unknown``, of which it stays open whether they are in an entity."""
    ents = [Span(doc, start, end, label=label) for start, end, label in spans]
    doc.set_ents(ents, missing=[doc[i : i + 1] for i in unknown])
    return doc


def doc_from_text(
    tokenize: Callable[[str], Doc], text: str, spans: Sequence[tuple[int, int, str]]
) -> Doc:
    """Tokenise ``text`` as ``cut_doc`` does and set ``spans`` as entities."""
    return set_entities(*cut_doc(tokenize, text, spans))


def cut_doc(
    tokenize: Callable[[str], Doc], text: str, spans: Sequence[tuple[int, int, str]]
) -> tuple[Doc, list[tuple[int, int, str]]]:
    """Tokenise ``text``; the Doc, and ``spans``, given ``[start, end)`` in characters, in words.

    Where a border of a span lies inside a token, or keeps the blank after it, the token is cut:
    character offsets are canonical. The spans must lie within the text; they may overlap.
    """
    doc = tokenize(text)
    words = [token.text for token in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    words, spaces = _free_blanks(words, spaces, spans)
    words, spaces = cut_at(words, spaces, [border for span in spans for border in span[:2]])
    if len(words) != len(doc):
        doc = Doc(doc.vocab, words=words, spaces=spaces)
    offsets = word_offsets(words, spaces)
    in_words = []
    for start, end, label in spans:
        found = chars_to_words(offsets, start, end)
        assert found is not None, (text, start, end)  # the cuts see to it
        in_words.append((*found, label))
    return doc, in_words


def _free_blanks(
    words: Sequence[str], spaces: Sequence[bool], spans: Sequence[tuple[int, int, str]]
) -> tuple[list[str], list[bool]]:
    """Make the blank after a word a word of its own where a span begins or ends with it."""
    starts, ends = {start for start, _, _ in spans}, {end for _, end, _ in spans}
    new_words: list[str] = []
    new_spaces: list[bool] = []
    for word, space, (_, end) in zip(words, spaces, word_offsets(words, spaces), strict=True):
        free = space and (end in starts or end + 1 in ends)
        new_words += [word, " "] if free else [word]
        new_spaces += [False, False] if free else [space]
    return new_words, new_spaces
