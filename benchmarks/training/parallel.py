"""The words of parallel text (see ``datasets.ntrex``), and their vectors."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from spacy_xproj.alignment import Encoder
from spacy_xproj.alignment.head import center_words
from spacy_xproj.io.lines import read_lines
from spacy_xproj.text.tokenizers import blank_tokenizer, blank_vocab


def read_ntrex(path: str | Path, lang: str, *, limit: int) -> list[tuple[str, ...]]:
    """The words of the first lines of a file."""
    tokenize = blank_tokenizer(lang, blank_vocab(lang))
    lines = read_lines(path)[:limit]
    return [tuple(token.text for token in tokenize(line) if not token.is_space) for line in lines]


def encode_words(
    encoder: Encoder, sentences: Sequence[Sequence[str]], center: float
) -> list[np.ndarray]:
    """The vectors of each sentence's words, centred, shape (n words, width), in half precision:
    there are a gigabyte of them."""
    vectors = []
    for start in range(0, len(sentences), 256):
        for encoded in encoder.encode(sentences[start : start + 256]):
            some = len(encoded.words) > 0
            words = center_words(encoded, center) if some else encoded.vectors[:0]
            vectors.append(words.astype(np.float16))
    return vectors
