"""An encoder that needs no model, and a way to make views."""

import numpy as np
import pytest

from spacy_xproj.alignment import Encoded
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView


class FakeEncoder:
    """A word is its letters' counts, lower-cased; each word has one subword."""

    def __init__(self):
        self.calls = []

    def encode(self, sentences):
        self.calls.append([tuple(words) for words in sentences])
        return [
            Encoded(
                np.array([[w.lower().count(c) for c in "abcdefghijklmnopqrstuvwxyz"] for w in ws])
                .reshape(len(ws), 26)
                .astype(np.float32),
                np.arange(len(ws)),
            )
            for ws in sentences
        ]

    def describe(self):
        return {"model": "letters"}


@pytest.fixture
def fake_encoder():
    return FakeEncoder()


def _spaces(words):
    return (True,) * len(words)


@pytest.fixture
def view():
    return lambda text, row=None: SourceView(
        "en", tuple(text.split()), _spaces(text.split()), row=row
    )


@pytest.fixture
def target():
    return lambda text: Sentence(tuple(text.split()), _spaces(text.split()))
