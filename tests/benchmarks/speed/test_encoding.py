"""One encoder for all systems gives what each system's own encoder would."""

import numpy as np
import pytest

from benchmarks.speed.encoding import SharedEncoder
from spacy_xproj.alignment import HFEncoder

SENTENCES = [("Asha", "met", "Baraka"), ("Dodoma",), ("Kijani", "Bank", "opened", "well", ".")]


@pytest.fixture
def shared(tiny_encoder):
    return SharedEncoder(str(tiny_encoder))


def test_layers_are_those_two_thirds_up(shared):
    assert shared.layers == (1, 2, 3)  # of 4
    assert shared.one.describe()["layers"] == [3]
    assert shared.joined.describe()["layers"] == [1, 2, 3]


@pytest.mark.parametrize("part", ["one", "joined"])
def test_vectors_are_those_of_an_encoder_with_these_layers(shared, tiny_encoder, part):
    layers = getattr(shared, part)
    own = HFEncoder(name=str(tiny_encoder), layers=layers.layers).encode(SENTENCES)
    for one, other in zip(layers.encode(SENTENCES), own, strict=True):
        np.testing.assert_array_equal(one.words, other.words)
        np.testing.assert_allclose(one.vectors, other.vectors, atol=1e-5)


def test_a_sentence_is_encoded_once(shared, monkeypatch):
    encoded = []
    encode = HFEncoder.encode

    def spy(self, sentences):
        encoded.extend(sentences)
        return encode(self, sentences)

    monkeypatch.setattr(HFEncoder, "encode", spy)
    assert shared.add(SENTENCES[:2]) == 2
    shared.one.encode(SENTENCES)
    shared.joined.encode([*SENTENCES, SENTENCES[0]])
    assert encoded == SENTENCES


def test_forgotten_sentences_are_encoded_again(shared):
    shared.add(SENTENCES)
    shared.forget(SENTENCES[:1])
    shared.forget([("never", "seen")])
    assert list(shared.known) == SENTENCES[1:]
    assert shared.add(SENTENCES) == 1
