"""Making a ``Doc`` of a blank language from words or from a text with character spans."""

from collections.abc import Callable, Iterable, Sequence

import spacy
from spacy.tokens import Doc, Span
from spacy.util import get_lang_class
from spacy.vocab import Vocab, create_vocab

from ..data.spans import chars_to_words, cut_at, word_offsets
from ..errors import Errors, XProjError
from .char_tokenizer import CharTokenizer
from .segmentation import GENERAL_RULES, UNSPACED


def blank_vocab(lang: str) -> Vocab:
    """The vocabulary of ``spacy.blank(lang)``, made without a tokenizer.

    So a tokenised file in Japanese, Korean, Thai or Vietnamese is read without the tokenizer
    packages that spaCy needs there.
    """
    try:
        language = get_lang_class(lang)
    except ImportError as error:
        raise XProjError(Errors.XP610.format(lang=lang, reason=error)) from error
    return create_vocab(language.lang or lang, language.Defaults)


def blank_tokenizer(lang: str, vocab: Vocab) -> Callable[[str], Doc]:
    """The tokenizer of ``spacy.blank(lang)``; its Docs share ``vocab``.

    Chinese, Japanese, Thai, Burmese, Khmer and Lao are cut into characters, Korean and Vietnamese
    by spaCy's general rules (``CharTokenizer`` does both), whatever packages are installed.
    """
    if lang in UNSPACED or lang in GENERAL_RULES:
        return CharTokenizer(vocab)
    try:
        return spacy.blank(lang, vocab=vocab).tokenizer
    except ImportError as error:
        raise XProjError(Errors.XP610.format(lang=lang, reason=error)) from error


class Blank:
    """What Docs of a language are made with: a vocabulary, and a tokenizer where one is needed.

    features: whether the vocabulary computes norm, shape ... of each new word; it takes longer than
    making the rest of a sentence. Files read alike, since spaCy computes them where it reads.
    """

    def __init__(self, lang: str, *, features: bool = True) -> None:
        self.lang = lang
        self.features = features
        self.vocab = blank_vocab(lang)
        if not features:
            self.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]
        self._tokenize: Callable[[str], Doc] | None = None
        self._sources: dict[str, Blank] = {}

    @property
    def tokenize(self) -> Callable[[str], Doc]:
        if self._tokenize is None:
            self._tokenize = blank_tokenizer(self.lang, self.vocab)
        return self._tokenize

    def source(self, lang: str) -> "Blank":
        """That of a source language."""
        if lang not in self._sources:
            self._sources[lang] = Blank(lang, features=self.features)
        return self._sources[lang]

    @property
    def n_words(self) -> int:
        """How many distinct words have been seen, of all languages: what memory depends on."""
        return len(self.vocab) + sum(source.n_words for source in self._sources.values())


def set_entities(doc: Doc, spans: Iterable[tuple[int, int, str]]) -> Doc:
    """Make the spans, ``[start, end)`` in words, the entities of ``doc``; other words are "O"."""
    doc.set_ents([Span(doc, start, end, label=label) for start, end, label in spans])
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
    character offsets are canonical. The spans must lie within the text and must not overlap.
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
