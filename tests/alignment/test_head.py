"""A head: sharper links from the same vectors, for one encoder only."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.alignment import Aligner, HFEncoder
from spacy_xproj.alignment.aligners import HeadAlign, SoftAlign
from spacy_xproj.alignment.head import (
    BUNDLED,
    FILE,
    PROBE,
    Head,
    center_words,
    load_head,
    probe_vectors,
    read_head,
)
from spacy_xproj.alignment.matching import soft_strengths
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError

from .test_soft import encoded

SENTENCES = ("the new bank opened in Dodoma", "in Dodoma opened the new bank")


def head_of(encoder, rank=8, seed=0, **changes):
    """A head with random weights."""
    probe = probe_vectors(encoder, 0.8)
    matrix = np.random.default_rng(seed).normal(size=(probe.shape[1], rank)).astype(np.float16)
    values = {"matrix": matrix.astype(np.float32), "temperature": 0.1, "center": 0.8}
    return Head(**{**values, "probe": probe, "encoder": encoder.describe(), **changes})


@pytest.fixture
def folder(tmp_path, fake_encoder):
    """A head of the encoder that needs no model, saved."""
    head_of(fake_encoder).save(tmp_path / "head")
    return tmp_path / "head"


@pytest.fixture
def pair(view, target):
    source, other = SENTENCES
    return [view(source)], [target(other)]


def test_a_head_is_saved_as_safetensors_and_read_again(fake_encoder, folder):
    head, saved = head_of(fake_encoder), load_head(folder)
    assert (saved.temperature, saved.center, saved.encoder) == (0.1, 0.8, {"model": "letters"})
    np.testing.assert_array_equal(saved.matrix, head.matrix)
    np.testing.assert_allclose(saved.probe, head.probe, atol=1e-3)
    assert read_head(head.to_bytes(), where="here").to_bytes() == head.to_bytes()


def test_what_is_not_a_head_is_an_error_that_names_it(tmp_path, fake_encoder):
    with pytest.raises(XProjError, match=r"XP416.*nowhere.*no such file.*train-head"):
        HeadAlign(encoder=fake_encoder, head=str(tmp_path / "nowhere"))
    (tmp_path / FILE).write_bytes(b"not tensors")
    with pytest.raises(XProjError, match=r"XP416.*cannot be read"):
        load_head(tmp_path)
    narrow = head_of(fake_encoder, matrix=np.ones((3, 2), dtype=np.float32))
    with pytest.raises(XProjError, match=r"XP416.*the saved one.*do not fit together"):
        read_head(narrow.to_bytes(), where="the saved one")


def test_an_encoder_that_gives_other_vectors_is_refused(tiny_encoder, folder, pair):
    """Of another width, or of the same one but with other weights."""
    encoder = HFEncoder(name=str(tiny_encoder), layers=[2], device="cpu")
    with pytest.raises(XProjError, match=r"XP417.*letters.*tiny-encoder.*layers \[2\].*SoftAlign"):
        HeadAlign(encoder=encoder, head=str(folder)).align(*pair)
    head_of(encoder).check(encoder)
    other = HFEncoder(name=str(tiny_encoder), layers=[4], device="cpu")
    with pytest.raises(XProjError, match=r"XP417.*layers \[2\].*layers \[4\]"):
        head_of(encoder).check(other)


def test_vectors_that_differ_by_rounding_are_the_same_encoder(fake_encoder):
    head = head_of(fake_encoder)
    noise = np.random.default_rng(1).normal(size=head.probe.shape) * head.probe.std() * 0.1
    head_of(fake_encoder, probe=(head.probe + noise).astype(np.float32)).check(fake_encoder)


def test_links_are_the_mean_of_those_without_and_with_the_head(fake_encoder, folder, pair):
    source, target = fake_encoder.encode([text.split() for text in SENTENCES])
    raw = soft_strengths(source, target, temperature=0.2, center=0.5)
    sharp = load_head(folder).strengths(source, target)
    for weight in (0.0, 0.3, 1.0):
        own = {"raw_weight": weight, "temperature": 0.2, "center": 0.5, "min_strength": 1e-3}
        (links,) = HeadAlign(encoder=fake_encoder, head=str(folder), **own).align(*pair)
        mean = weight * raw + (1 - weight) * sharp
        np.testing.assert_allclose(links.to_matrix(6, 6), np.where(mean < 1e-3, 0, mean), atol=1e-4)


def test_without_weight_for_the_head_links_are_those_of_soft_align(fake_encoder, folder, pair):
    aligner = HeadAlign(encoder=fake_encoder, head=str(folder), raw_weight=1.0)
    assert aligner.align(*pair) == SoftAlign(encoder=fake_encoder).align(*pair)


@settings(max_examples=50)
@given(encoded(), encoded(), st.integers(0, 9), st.floats(0.01, 2.0))
def test_strengths_of_a_head_are_shares(source, target, seed, temperature):
    """Each word gives one half, in all, to its side's softmax."""
    if not len(source.words) or not len(target.words):
        return
    matrix = np.random.default_rng(seed).normal(size=(4, 3)).astype(np.float32)
    head = Head(matrix, temperature, 0.8, np.zeros((len(PROBE), 4)), {})
    strengths = head.strengths(source, target)
    n, m = len(set(source.words)), len(set(target.words))
    assert strengths.shape == (n, m)
    assert strengths.min() >= 0
    assert strengths.max() <= 1 + 1e-9
    assert strengths.sum() == pytest.approx((n + m) / 2)


@given(encoded())
def test_words_are_means_of_their_subwords_less_the_sentence(side):
    if not len(side.words):
        return
    found = center_words(side, 0.8)
    for row, word in zip(found, sorted(set(side.words)), strict=True):
        own = side.vectors[side.words == word].mean(axis=0)
        np.testing.assert_allclose(row, own - 0.8 * side.vectors.mean(axis=0), atol=1e-5)


def test_a_side_without_words_has_no_links(fake_encoder, folder, view, target):
    aligner = HeadAlign(encoder=fake_encoder, head=str(folder))
    assert aligner.align([view(""), view("a b")], [target("a"), target("")]) == [Links()] * 2


def test_the_aligner_is_one_and_says_what_it_is(fake_encoder, folder):
    aligner = HeadAlign(encoder=fake_encoder, head=str(folder))
    assert isinstance(aligner, Aligner)
    said = aligner.describe()
    assert (said["aligner"], said["head"], said["raw_weight"]) == ("head", str(folder), 0.5)
    assert said["encoder"] == {"model": "letters"}


def test_a_saved_pipeline_keeps_the_head_of_a_folder(fake_encoder, folder, tmp_path, pair):
    aligner = HeadAlign(encoder=fake_encoder, head=str(folder))
    links = aligner.align(*pair)
    assert pickle.loads(pickle.dumps(aligner)).align(*pair) == links
    head_of(fake_encoder, seed=1).save(tmp_path / "other")
    other = HeadAlign(encoder=fake_encoder, head=str(tmp_path / "other"))
    assert other.align(*pair) != links
    other.from_bytes(aligner.to_bytes())
    assert other.align(*pair) == links
    # The package's is named by the config, as models are.
    assert HeadAlign(encoder=fake_encoder).to_bytes() == b""


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"raw_weight": 1.5}, r"XP152.*1\.5.*raw_weight = 0\.5"),
        ({"raw_weight": -0.1}, "XP152"),
        ({"temperature": 0}, "XP414"),
        ({"min_strength": 0}, "XP414"),
        ({"center": 2}, "XP414"),
    ],
)
def test_settings_that_cannot_be_are_errors(wrong, message):
    with pytest.raises(XProjError, match=message):
        HeadAlign(**wrong)


def test_the_head_of_the_package_is_small_and_has_a_card():
    head = load_head()
    assert head.encoder == {"model": "intfloat/multilingual-e5-small", "layers": [6, 7, 8]}
    assert (BUNDLED / FILE).stat().st_size < 2_000_000
    assert np.isfinite(head.matrix).all()
    card = (BUNDLED / "README.md").read_text(encoding="utf-8")
    for part in ("NTREX-128", "CC BY-SA 4.0", "python -m benchmarks train-head", "XL-WA"):
        assert part in card
