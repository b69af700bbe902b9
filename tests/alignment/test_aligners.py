"""Aligners over contextual vectors."""

import pickle

import pytest

from spacy_xproj.alignment import Aligner, Awesome, HFEncoder, Pharaoh, SimAlign
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError
from spacy_xproj.hf.loading import DEFAULT_ENCODER


@pytest.mark.parametrize("make", [SimAlign, Awesome, Pharaoh])
def test_they_keep_the_protocol(make):
    assert isinstance(make(), Aligner)


def test_links_come_back_pair_by_pair(fake_encoder, view, target):
    aligner = SimAlign(encoder=fake_encoder, method="inter")
    views = [view("Asha met Baraka"), view(""), view("Dodoma"), view("the bank opened")]
    targets = [target("Baraka met Asha"), target("x"), target(""), target("opened the bank")]
    links = aligner.align(views, targets)
    assert [one.pairs for one in links] == [
        {(0, 2), (1, 1), (2, 0)},
        set(),  # no words in the view
        set(),  # nor in the target
        {(0, 1), (1, 2), (2, 0)},
    ]


def test_a_sentence_is_encoded_once_however_often_it_occurs(fake_encoder, view, target):
    aligner = SimAlign(encoder=fake_encoder)
    views = [view("Asha works"), view("Asha works"), view(""), view("Baraka works")]
    targets = [target("works Asha"), target("Asha works"), target("unused"), target("works Asha")]
    links = aligner.align(views, targets)
    assert fake_encoder.calls == [[("Asha", "works"), ("works", "Asha"), ("Baraka", "works")]]
    assert links[0] == Links([(0, 1), (1, 0)])
    assert links[1] == Links([(0, 0), (1, 1)])


def test_no_pairs_at_all(fake_encoder):
    assert SimAlign(encoder=fake_encoder).align([], []) == []


def test_as_many_targets_as_views(fake_encoder, view, target):
    with pytest.raises(ValueError, match="argument 2"):
        SimAlign(encoder=fake_encoder).align([view("a"), view("b")], [target("a")])


@pytest.mark.parametrize("method", ["inter", "itermax", "mwmf"])
def test_a_real_encoder_links_a_sentence_to_itself(method, tiny_encoder, view, target):
    encoder = HFEncoder(name=str(tiny_encoder), layers=[3], device="cpu")
    text = "Asha Mushi works for Kijani Bank in Dodoma"
    (links,) = SimAlign(encoder=encoder, method=method).align([view(text)], [target(text)])
    assert links == Links((i, i) for i in range(8))


def test_unknown_settings_are_refused_when_the_aligner_is_made(fake_encoder):
    """Before a corpus of hours is begun."""
    with pytest.raises(XProjError, match=r"'argmax'; known: inter, itermax, mwmf"):
        SimAlign(encoder=fake_encoder, method="argmax")
    for make in (SimAlign, Awesome):
        with pytest.raises(XProjError, match=r"'cosine'; known: binary, similarity"):
            make(encoder=fake_encoder, strengths="cosine")


def test_making_an_aligner_loads_no_model():
    encoder = SimAlign().encoder
    assert (encoder.name, encoder._choose(12)) == (DEFAULT_ENCODER, (8,))
    assert encoder._runner is None


def test_describe_says_how_the_links_were_made(fake_encoder):
    assert SimAlign(encoder=fake_encoder, method="mwmf", strengths="similarity").describe() == {
        "aligner": "simalign",
        "method": "mwmf",
        "strengths": "similarity",
        "encoder": {"model": "letters"},
    }
    assert Awesome(encoder=fake_encoder).describe() == {
        "aligner": "awesome",
        "threshold": 0.001,
        "strengths": "binary",
        "encoder": {"model": "letters"},
    }


@pytest.mark.parametrize("make", [SimAlign, Awesome])
def test_an_aligner_can_be_sent_to_a_worker(make, tiny_encoder, view, target):
    aligner = make(encoder=HFEncoder(name=str(tiny_encoder), layers=[3], device="cpu"))
    pair = [view("Asha met Baraka")], [target("Baraka met Asha")]
    before = aligner.align(*pair)
    assert len(before[0])
    assert pickle.loads(pickle.dumps(aligner)).align(*pair) == before
