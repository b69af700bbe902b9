"""A transformer tagger learns labels, from a teacher's head or a new one."""

import pytest

from benchmarks.training.tagger import Tuning, tune_tagger
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.tagging.hf_tagger import HFTagger


@pytest.fixture(scope="module")
def docs(make):
    return [
        make(["Asha", "met", "Baraka"], [(1, 2, "LOC")]),
        make(["Dodoma", "met"], [(1, 2, "LOC")]),
    ] * 8


def found(folder, *words):
    view = SourceView("sw", words, (True,) * len(words))
    return [(t.start, t.end, t.label) for t in HFTagger(model=str(folder)).tag([view])[0]]


HOW = Tuning(epochs=12, learning_rate=0.02, batch_tokens=64)


@pytest.mark.parametrize("frozen", [0, 1])
def test_a_teacher_learns_new_labels(docs, tiny_ner, tmp_path, frozen):
    folder = tune_tagger(docs, tiny_ner, tmp_path / "model", how=HOW._replace(frozen=frozen))
    assert found(folder, "Asha", "met", "Baraka") == [(1, 2, "LOC")]


def test_an_encoder_gets_a_new_head(docs, tiny_encoder, tmp_path):
    lines = []
    folder = tune_tagger(
        docs, tiny_encoder, tmp_path / "model", how=HOW, labels=["LOC"], say=lines.append
    )
    assert HFTagger(model=str(folder)).labels == ["O", "B-LOC", "I-LOC"]
    assert (1, 2, "LOC") in found(folder, "Asha", "met", "Baraka")
    assert "loss" in lines[-1]


def test_the_same_seed_gives_the_same_weights(docs, tiny_ner, tmp_path):
    how = HOW._replace(epochs=1)
    one, two = (tune_tagger(docs, tiny_ner, tmp_path / name, how=how) for name in "ab")
    assert (one / "model.safetensors").read_bytes() == (two / "model.safetensors").read_bytes()


def test_what_cannot_be_learnt_is_refused(docs, tiny_ner, tmp_path, make):
    with pytest.raises(XProjError, match="XP734"):
        tune_tagger([], tiny_ner, tmp_path / "model")
    with pytest.raises(XProjError, match=r"XP735.*B-DRUG.*B-LOC"):
        tune_tagger([make(["a"], [(0, 1, "DRUG")])], tiny_ner, tmp_path / "model")
    with pytest.raises(XProjError, match=r"XP151.*layers - frozen"):
        tune_tagger(docs, tiny_ner, tmp_path / "model", how=Tuning(frozen=2))
    assert not (tmp_path / "model").exists()
