from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.tokens import Doc

from spacy_xproj.corpora.docs import blank_vocab, set_entities


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of the given name and content, text or bytes."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture(scope="session")
def make() -> Callable[..., Doc]:
    """Make a Doc from words, spaces (default: all) and entities in words."""
    vocab = blank_vocab("en")

    def make_doc(words, entities=(), spaces=None) -> Doc:
        spaces = [True] * len(words) if spaces is None else spaces
        return set_entities(Doc(vocab, words=words, spaces=spaces), entities)

    return make_doc


@pytest.fixture(scope="session")
def content() -> Callable[[Doc], tuple]:
    """What a format has to keep: the words, and the entities over them."""
    return lambda doc: (
        [token.text for token in doc],
        [(ent.start, ent.end, ent.label_) for ent in doc.ents],
    )
