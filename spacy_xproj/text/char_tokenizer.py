"""A tokenizer that cuts scripts written without blanks into characters, and the rest into words."""

from collections.abc import Callable
from typing import Any

from spacy.lang.tokenizer_exceptions import BASE_EXCEPTIONS
from spacy.language import BaseDefaults
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import (
    DummyTokenizer,
    compile_infix_regex,
    compile_prefix_regex,
    compile_suffix_regex,
)
from spacy.vocab import Vocab

from .punctuation import SUFFIXES
from .scripts import cut_word


class CharTokenizer(DummyTokenizer):
    """Tokenises Thai, Lao, Burmese, Khmer, Chinese and Japanese into characters, so that a span
    may begin and end anywhere; letters of other scripts, digits and punctuation by spaCy's general
    rules and those of ``punctuation``. Combining marks stay with their letter. No text is lost:
    ``doc.text`` is the input."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._words = Tokenizer(
            vocab,
            rules=BASE_EXCEPTIONS,
            prefix_search=compile_prefix_regex(BaseDefaults.prefixes or ()).search,
            suffix_search=compile_suffix_regex(SUFFIXES).search,
            infix_finditer=compile_infix_regex(BaseDefaults.infixes or ()).finditer,
            token_match=BaseDefaults.token_match,
            url_match=BaseDefaults.url_match,
        )

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for token in self._words(text):
            pieces = cut_word(token.text)
            if len(pieces) > 1:  # what stands between letters now begins and ends a word
                pieces = [word.text for piece in pieces for word in self._words(piece)]
            words += pieces
            spaces += [False] * (len(pieces) - 1) + [bool(token.whitespace_)]
        return Doc(self.vocab, words=words, spaces=spaces)

    def __reduce__(self) -> tuple[Any, ...]:
        return CharTokenizer, (self.vocab,)


def make_char_tokenizer() -> Callable[[Any], CharTokenizer]:
    """``spacy-xproj.CharTokenizer.v1``: characters where a script has no blanks, else words.

    In a pipeline: ``spacy.blank("th", config={"nlp": {"tokenizer": {"@tokenizers":
    "spacy-xproj.CharTokenizer.v1"}}})``.
    """

    def create(nlp: Any) -> CharTokenizer:
        return CharTokenizer(nlp.vocab)

    return create
