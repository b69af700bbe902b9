"""The three ways from the same gold, with a small encoder and a stand-in for Apertium."""

import pytest

from benchmarks.lowres.clinical import (
    TEST,
    TRAIN,
    TRANSFER,
    Gold,
    cut_document,
    run_clinical,
    training_sentences,
    translate_sentences,
    write_clinical,
)
from benchmarks.training.tagger import Tuning
from spacy_xproj.data.status import ViewStatus
from spacy_xproj.translation.base import Translation


class WordByWord:
    """ "Translates" each word by itself, with links; drops one text."""

    def translate(self, texts, *, source_lang, target_lang):
        return [self._one(text) for text in texts]

    def _one(self, text):
        if "lost" in text:
            return Translation("", ViewStatus.EMPTY_TRANSLATION, "nothing")
        links, at = [], 0
        for word in text.split(" "):
            links.append((at, at + len(word), at, at + len(word)))
            at += len(word) + 1
        return Translation(text, ViewStatus.OK, links=tuple(links))

    def describe(self):
        return {"kind": "test"}


@pytest.fixture
def document(make):
    words = ["Asha", "met", "Baraka", ".", "Dodoma", "is", "big", ".", "no", "name", "here", "."]
    return make(words, [(0, 1, "DRUG"), (2, 3, "DRUG"), (4, 5, "DRUG")])


def test_documents_are_cut_at_full_stops_and_never_within_an_entity(document, make):
    cut = list(cut_document(document))
    assert [len(s) for s in cut] == [4, 4, 4]
    assert [[e.text for e in s.ents] for s in cut] == [["Asha", "Baraka"], ["Dodoma"], []]
    long = make(list("abcdef"), [(1, 4, "DRUG")])
    assert [s.text.strip() for s in cut_document(long, longest=2)] == ["a b c d", "e f"]
    stop = make(["Dr", ".", "A"], [(0, 3, "DRUG")])
    assert len(list(cut_document(stop))) == 1


def test_half_as_many_sentences_without_an_entity(document):
    sentences = training_sentences(Gold([document] * 3, "en"), None)
    assert [bool(s.ents) for s in sentences].count(True) == 6
    assert [bool(s.ents) for s in sentences].count(False) == 3
    assert len(training_sentences(Gold([document] * 3, "en"), 3)) == 3


def test_training_sentences_keep_their_entities_or_are_left_out(document, make):
    sentences = [*cut_document(document), make(["lost", "Asha"], [(1, 2, "DRUG")])]
    made = translate_sentences(sentences, "en", "es", WordByWord())
    assert [[e.text for e in d.ents] for d in made] == [["Asha", "Baraka"], ["Dodoma"], []]


def test_all_three_are_scored(document, tiny_encoder, tmp_path):
    counts = run_clinical(
        Gold([document] * 4, "en"),
        Gold([document], "es"),
        encoder=str(tiny_encoder),
        translator=WordByWord(),
        how=Tuning(epochs=25, learning_rate=0.02, batch_tokens=64),
    )
    assert list(counts) == [TRANSFER, TRAIN, TEST]
    assert all(own.sum(axis=0)[1] == 3 for own in counts.values())
    assert counts[TRANSFER].sum(axis=0)[0] == 3
    text = write_clinical(counts, tmp_path / "table.csv")
    assert all(name in text for name in counts)
    assert (tmp_path / "table.csv").read_text().startswith("system,")
