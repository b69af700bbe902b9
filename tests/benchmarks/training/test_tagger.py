"""A transformer tagger learns labels, from a teacher's head or a new one."""

import numpy as np
import pytest

from benchmarks.training import frozen
from benchmarks.training.frozen import LowerOutputs
from benchmarks.training.tagger import Tuning, tune_tagger
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.tagging.hf_tagger import HFTagger
from spacy_xproj.text.tokenizers import set_entities


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


@pytest.mark.parametrize(("layers", "once"), [(0, True), (1, True), (1, False)])
def test_a_teacher_learns_new_labels(docs, tiny_ner, tmp_path, layers, once, monkeypatch):
    runs = []
    real = frozen._compute
    monkeypatch.setattr(frozen, "_compute", lambda *args: runs.append(1) or real(*args))
    how = HOW._replace(frozen=layers, once=once)
    folder = tune_tagger(docs, tiny_ner, tmp_path / "model", how=how)
    assert len(runs) == (layers > 0 and once)
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


def test_a_share_of_the_starting_weights_is_kept(docs, tiny_ner, tmp_path):
    from safetensors.numpy import load_file

    def weights(folder):
        return load_file(folder / "model.safetensors")

    how = HOW._replace(epochs=1, frozen=1)
    whole = weights(tune_tagger(docs, tiny_ner, tmp_path / "whole", how=how))
    start = weights(tiny_ner)
    mixed = weights(tune_tagger(docs, tiny_ner, tmp_path / "mixed", how=how._replace(kept=0.25)))
    assert any(not np.array_equal(whole[name], start[name]) for name in whole)
    for name, own in mixed.items():
        assert np.allclose(own, 0.25 * start[name] + 0.75 * whole[name], atol=1e-6), name
    with pytest.raises(XProjError, match=r"XP152.*kept"):
        tune_tagger(docs, tiny_ner, tmp_path / "none", how=how._replace(kept=1.0))


def test_open_words_are_not_learnt(make, tiny_ner, tmp_path):
    """Half of the sentences say that a name is a place; of the other half it is not known."""
    sure = make(["Asha", "met", "Baraka"], [(0, 1, "PER"), (2, 3, "LOC")])
    open_ = set_entities(make(["Asha", "met", "Baraka"]), [(0, 1, "PER")], unknown=[1, 2])
    model = tune_tagger([sure, open_, open_] * 6, tiny_ner, tmp_path / "model", how=HOW)
    assert (2, 3, "LOC") in found(model, "Asha", "met", "Baraka")
    nothing = set_entities(make(["Asha"]), [], unknown=[0])
    with pytest.raises(XProjError, match="XP734"):
        tune_tagger([nothing], tiny_ner, tmp_path / "other", how=HOW)


def test_students_of_one_text_share_what_frozen_layers_give(docs, tiny_ner, tmp_path, monkeypatch):
    how = HOW._replace(epochs=1, frozen=1)
    alone = tune_tagger(docs, tiny_ner, tmp_path / "alone", how=how)
    lower, runs = LowerOutputs(), []
    real = frozen._compute
    monkeypatch.setattr(frozen, "_compute", lambda *args: runs.append(1) or real(*args))
    for name in ("first", "second"):
        folder = tune_tagger(docs, tiny_ner, tmp_path / name, how=how, lower=lower)
    assert runs == [1]
    same = [(f / "model.safetensors").read_bytes() for f in (alone, folder)]
    assert same[0] == same[1]


def test_what_cannot_be_learnt_is_refused(docs, tiny_ner, tmp_path, make):
    with pytest.raises(XProjError, match="XP734"):
        tune_tagger([], tiny_ner, tmp_path / "model")
    with pytest.raises(XProjError, match=r"XP735.*B-DRUG.*B-LOC"):
        tune_tagger([make(["a"], [(0, 1, "DRUG")])], tiny_ner, tmp_path / "model")
    with pytest.raises(XProjError, match=r"XP151.*layers - frozen"):
        tune_tagger(docs, tiny_ner, tmp_path / "model", how=Tuning(frozen=2))
    assert not (tmp_path / "model").exists()
