"""Soft links: strengths between all words, no matching."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.alignment import Aligner, Encoded, HFEncoder
from spacy_xproj.alignment.aligners import SoftAlign
from spacy_xproj.alignment.matching import soft_links
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError


@st.composite
def encoded(draw):
    """A sentence of up to 5 words; a word has 0 to 3 subwords, in order."""
    counts = draw(st.lists(st.integers(0, 3), min_size=1, max_size=5))
    words = np.array([i for i, n in enumerate(counts) for _ in range(n)], dtype=np.int64)
    seed = draw(st.integers(0, 2**16))
    vectors = np.random.default_rng(seed).normal(size=(len(words), 4)).astype(np.float32)
    return Encoded(vectors, words)


def by_formula(source, target, temperature, center):
    """The definition word by word, without arrays of words."""

    def cosine(x, y):
        return float(x @ y / max(np.linalg.norm(x), 1e-12) / max(np.linalg.norm(y), 1e-12))

    def centered(side):
        mean = sum(side.vectors) / max(len(side.vectors), 1)
        return [(v - center * mean, w) for v, w in zip(side.vectors, side.words, strict=True)]

    best = {}
    for x, k in centered(source):
        for y, l in centered(target):
            best[k, l] = max(cosine(x, y), best.get((k, l), -1.0))
    weight = {pair: np.exp(value / temperature) for pair, value in best.items()}
    result = {}
    for k, l in best:
        row = sum(w for (i, _), w in weight.items() if i == k)
        column = sum(w for (_, j), w in weight.items() if j == l)
        result[k, l] = (weight[k, l] / row + weight[k, l] / column) / 2
    return result


@settings(max_examples=80)
@given(encoded(), encoded(), st.sampled_from([0.06, 0.2, 1.0]), st.sampled_from([0.0, 0.8]))
def test_a_link_is_the_mean_of_two_softmaxes_over_the_best_cosines(
    source, target, temperature, center
):
    given = {"temperature": temperature, "center": center}
    links = soft_links(source, target, min_strength=0.05, **given)
    wanted = by_formula(source, target, **given)
    found = {(k, l): a for k, l, a in links}
    for pair, strength in wanted.items():
        if strength > 0.051:
            assert found[pair] == pytest.approx(strength, abs=1e-3)
        elif strength < 0.049:
            assert pair not in found
    assert all(0.049 < a <= 1.0 for a in found.values())


@settings(max_examples=50)
@given(encoded(), encoded())
def test_swapping_the_sides_swaps_the_links(source, target):
    there, back = soft_links(source, target), soft_links(target, source)
    swapped = {(k, l): a for l, k, a in back}
    assert swapped.keys() == there.pairs
    for k, l, a in there:
        assert swapped[k, l] == pytest.approx(a, abs=1e-3)


@given(encoded(), encoded())
def test_links_are_as_links_checks_them(source, target):
    """Sorted, unique, strengths in (0, 1], however weak the weakest that is kept."""
    links = soft_links(source, target, min_strength=1e-6)
    assert links == Links(links.triples)


def test_a_word_without_subwords_has_no_link():
    source = Encoded(np.eye(2, dtype=np.float32), np.array([0, 2]))
    target = Encoded(np.eye(2, dtype=np.float32), np.array([1, 3]))
    assert soft_links(source, target) == Links([(0, 1), (2, 3)])
    none = Encoded(np.zeros((0, 2), dtype=np.float32), np.array([], dtype=np.int64))
    assert soft_links(source, none) == soft_links(none, target) == Links()


def test_one_word_on_one_side_shares_itself_out():
    """Each target word goes to the only source word; that one goes half to each."""
    one = Encoded(np.ones((1, 2), dtype=np.float32), np.array([0]))
    two = Encoded(np.ones((2, 2), dtype=np.float32), np.array([0, 1]))
    assert soft_links(one, two) == Links([(0, 0, 0.75), (0, 1, 0.75)])


def test_a_zero_vector_is_like_nothing_and_like_everything():
    zero = Encoded(np.zeros((1, 2), dtype=np.float32), np.array([0]))
    assert soft_links(zero, zero) == Links([(0, 0)])


def test_a_high_temperature_spreads_a_low_one_decides(fake_encoder, view, target):
    pair = [view("asha met baraka")], [target("baraka met asha")]
    (sharp,) = SoftAlign(encoder=fake_encoder, temperature=0.001).align(*pair)
    (flat,) = SoftAlign(encoder=fake_encoder, temperature=100.0).align(*pair)
    assert sharp == Links([(0, 2), (1, 1), (2, 0)])
    assert len(flat) == 9
    assert [a for _, _, a in flat] == pytest.approx([1 / 3] * 9, abs=1e-2)


def test_min_strength_is_the_weakest_link_that_is_kept(fake_encoder, view, target):
    pair = [view("asha met baraka")], [target("baraka met asha")]
    (links,) = SoftAlign(encoder=fake_encoder, temperature=100.0, min_strength=0.4).align(*pair)
    assert links == Links()


def test_a_sentence_is_linked_most_strongly_to_itself(tiny_encoder, view, target):
    encoder = HFEncoder(name=str(tiny_encoder), layers=[1, 2, 3], device="cpu")
    text = "Asha Mushi works for Kijani Bank in Dodoma"
    (links,) = SoftAlign(encoder=encoder).align([view(text)], [target(text)])
    matrix = links.to_matrix(8, 8)
    assert matrix.argmax(axis=0).tolist() == matrix.argmax(axis=1).tolist() == list(range(8))


def test_it_keeps_the_protocol_and_describes_itself(fake_encoder):
    aligner = SoftAlign(encoder=fake_encoder, min_strength=0.1)
    assert isinstance(aligner, Aligner)
    assert aligner.describe() == {
        "aligner": "soft",
        "temperature": 0.06,
        "min_strength": 0.1,
        "center": 0.8,
        "encoder": {"model": "letters"},
    }
    assert SoftAlign().encoder._choose(12) == (6, 7, 8)


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": 0.0},
        {"temperature": -1.0},
        {"min_strength": 0.0},
        {"min_strength": 1.0},
        {"center": -0.1},
        {"center": 1.1},
    ],
)
def test_settings_out_of_range(wrong):
    with pytest.raises(XProjError, match=r"XP414.*Set temperature = 0\.06"):
        SoftAlign(**wrong)
