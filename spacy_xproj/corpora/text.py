"""Raw text, one sentence a line."""

from collections.abc import Iterator
from pathlib import Path

from spacy.tokens import Doc

from .docs import blank_tokenizer, blank_vocab
from .lines import read_lines


def read_text(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """Each line as a Doc without entity annotation, tokenised by ``spacy.blank(lang)``.

    An empty line is an empty sentence, a Doc without tokens, so that line n stays line n.
    """
    tokenize = blank_tokenizer(lang, blank_vocab(lang))
    for line in read_lines(path):
        yield tokenize(line)
