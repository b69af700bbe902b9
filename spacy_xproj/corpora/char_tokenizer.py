"""A tokenizer that cuts scripts written without blanks into characters, and the rest into words."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
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

# Blocks of Thai, Lao, Burmese, Khmer, Kana and Han; of these only letters are cut.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u303c\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
# Written as letters, but drawn as one with the letter before: Thai and Lao AM.
_JOINING = "\u0e33\u0eb3"
# The letter after these is drawn below the one before: Burmese and Khmer stacks.
_STACKING = "\u1039\u17d2"


@cache
def _is_mark(char: str) -> bool:
    """Whether a character belongs to the one before it: combining marks and invisible joiners."""
    return unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf") or char in _JOINING


def clusters(text: str) -> Iterator[str]:
    """The characters as readers see them: each with the marks that belong to it."""
    start = 0
    for i in range(1, len(text)):
        if not _is_mark(text[i]) and text[i - 1] not in _STACKING:
            yield text[start:i]
            start = i
    if text:
        yield text[start:]


def cut_word(word: str) -> list[str]:
    """Cut a word around each letter of a script without blanks; the rest stays in one piece."""
    pieces: list[str] = []
    joins = False
    for cluster in clusters(word):
        letter = cluster[0]
        unspaced = _UNSPACED.match(letter) is not None and unicodedata.category(letter)[0] in "LM"
        if pieces and joins and not unspaced:
            pieces[-1] += cluster
        else:
            pieces.append(cluster)
        joins = not unspaced
    return pieces


def blanks_between(words: Sequence[str]) -> list[bool]:
    """Whether a blank follows each word: between two that both end in a letter or digit of a script
    with blanks, as in ``Windows 10``."""
    follows = [_spaced(a[-1]) and _spaced(b[0]) for a, b in pairwise(words)]
    return [*follows, False] if words else []


def _spaced(char: str) -> bool:
    return char.isalnum() and _UNSPACED.match(char) is None


class CharTokenizer(DummyTokenizer):
    """Tokenises Thai, Lao, Burmese, Khmer, Chinese and Japanese into characters, so that a span
    may begin and end anywhere; letters of other scripts, digits and punctuation by spaCy's general
    rules. Combining marks stay with their letter. No text is lost: ``doc.text`` is the input."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._words = Tokenizer(
            vocab,
            rules=BASE_EXCEPTIONS,
            prefix_search=compile_prefix_regex(BaseDefaults.prefixes or ()).search,
            suffix_search=compile_suffix_regex(BaseDefaults.suffixes or ()).search,
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
