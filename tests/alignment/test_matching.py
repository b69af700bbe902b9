"""From vectors to links: the matchings of SimAlign, AWESoME, and from subwords to words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simalign import SentenceAligner

from spacy_xproj.alignment import Encoded
from spacy_xproj.alignment.matching import (
    awesome_links,
    cosine_similarity,
    match_similarity,
    mutual_argmax,
    simalign_links,
    soft_links,
    words_links,
)
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError


@st.composite
def similarities(draw):
    """Similarities in (0, 1], all different: at a tie, any choice would be right."""
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    order = draw(st.permutations(range(n * m)))
    return (np.array(order, dtype=float).reshape(n, m) + 1) / (n * m)


def encoded(vectors, words=None):
    vectors = np.asarray(vectors, dtype=np.float32)
    return Encoded(vectors, np.arange(len(vectors)) if words is None else np.asarray(words))


EMPTY = Encoded(np.zeros((0, 0), np.float32), np.zeros(0, np.int64))


# The matchings are those of the simalign library.


@given(similarities())
def test_inter_is_simaligns(similarity):
    forward, backward = SentenceAligner.get_alignment_matrix(similarity)
    assert np.array_equal(mutual_argmax(similarity), forward * backward > 0)
    assert np.array_equal(match_similarity(similarity, "inter"), forward * backward > 0)


@st.composite
def tied_similarities(draw):
    """Few different values in float32, so that ties are everywhere, 0 and equal rows among them."""
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    values = st.sampled_from([0.0, 0.45, 0.5, 0.9, 1.0])
    rows = draw(st.lists(st.lists(values, min_size=m, max_size=m), min_size=n, max_size=n))
    return np.array(rows, dtype=np.float32)


@settings(max_examples=400)
@given(st.one_of(similarities(), tied_similarities()))
def test_itermax_is_simaligns_at_ties_too(similarity):
    matched = match_similarity(similarity, "itermax")
    assert matched.dtype == bool
    assert np.array_equal(matched, SentenceAligner.iter_max(similarity) > 0)
    # It links more than inter does, and all of that.
    assert (matched >= mutual_argmax(similarity)).all()


@given(similarities())
def test_mwmf_is_as_good_as_simaligns(similarity):
    """The same matching but for ties: as many links, as much similarity."""
    matched = match_similarity(similarity, "mwmf")
    theirs = SentenceAligner.get_max_weight_match(similarity) > 0
    assert similarity[matched].sum() == pytest.approx(similarity[theirs].sum())
    assert matched.sum() == theirs.sum() == min(similarity.shape)
    assert matched.sum(axis=0).max() <= 1
    assert matched.sum(axis=1).max() <= 1


def test_by_hand():
    # Rows 1 and 2 both prefer column 1, which prefers row 1.
    similarity = np.array([[0.9, 0.65, 0.1], [0.2, 0.7, 0.3], [0.1, 0.6, 0.5]])
    assert np.argwhere(match_similarity(similarity, "inter")).tolist() == [[0, 0], [1, 1]]
    # The second round of itermax gives row 2 its best, though that has a link: .9 * .6 > .9 * .5.
    assert np.argwhere(match_similarity(similarity, "itermax")).tolist() == [[0, 0], [1, 1], [2, 1]]
    # The heaviest matching gives each row a column of its own.
    assert np.argwhere(match_similarity(similarity, "mwmf")).tolist() == [[0, 0], [1, 1], [2, 2]]


def test_a_tie_goes_to_the_lower_index():
    assert mutual_argmax(np.ones((2, 3))).astype(int).tolist() == [[1, 0, 0], [0, 0, 0]]


def test_an_unknown_method_names_the_known_ones():
    with pytest.raises(XProjError, match=r"'intersection'; known: inter, itermax, mwmf"):
        match_similarity(np.ones((2, 2)), "intersection")


# From vectors.


def test_cosine_of_rows():
    x, y = np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 3.0], [-1.0, 0.0]])
    assert cosine_similarity(x, y).tolist() == [[1, 0, -1], [0, 0, 0]]  # a zero row is like none


@pytest.mark.parametrize("method", ["inter", "itermax", "mwmf"])
@pytest.mark.parametrize("n", [1, 2, 3, 9])
def test_a_sentence_and_itself_are_linked_on_the_diagonal(method, n):
    words = encoded(np.random.default_rng(0).normal(size=(n, 16)))
    links = simalign_links(words, words, method=method)
    assert links.pairs == {(i, i) for i in range(n)}


def test_words_are_linked_by_any_of_their_subwords():
    source = encoded(np.zeros((3, 1)), words=[0, 0, 2])  # word 1 has no subword
    target = encoded(np.zeros((3, 1)), words=[0, 1, 1])
    strengths = np.array([[0.0, 0.4, 0.0], [0.0, 0.0, 0.7], [0.2, 0.0, 0.0]])
    # The strongest of the links between two words counts.
    assert words_links(strengths, source, target) == Links([(0, 1, 0.7), (2, 0, 0.2)])


@given(st.data())
def test_words_links_are_what_links_makes_of_the_subword_links(data):
    """Sorted, unique, the strongest kept: ``Links`` checks and sorts, ``words_links`` does not."""
    n, m = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 8))
    words = st.integers(0, 4)
    source = encoded(
        np.zeros((n, 1)), words=sorted(data.draw(st.lists(words, min_size=n, max_size=n)))
    )
    target = encoded(
        np.zeros((m, 1)), words=sorted(data.draw(st.lists(words, min_size=m, max_size=m)))
    )
    values = st.lists(st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0]), min_size=m, max_size=m)
    strengths = np.array(data.draw(st.lists(values, min_size=n, max_size=n)))
    triples = [
        (source.words[i], target.words[j], strengths[i, j])
        for i, j in np.argwhere(strengths > 0).tolist()
    ]
    assert words_links(strengths, source, target) == Links(triples)


def test_a_strength_just_above_one_is_a_rounding_error():
    one = encoded([[1.0]])
    assert words_links(np.array([[1.0000001]]), one, one) == Links([(0, 0, 1.0)])


@pytest.mark.parametrize(
    ("strengths", "wanted"), [("binary", [1.0, 1.0]), ("similarity", [1.0, 0.8])]
)
def test_strengths_of_simalign(strengths, wanted):
    """A similarity is (1 + cosine) / 2; the cosine of the second pair is 0.6."""
    source, target = encoded([[1, 0, 0], [0, 1, 0]]), encoded([[1, 0, 0], [0, 0.6, 0.8]])
    links = simalign_links(source, target, strengths=strengths)
    assert [(k, l) for k, l, _ in links] == [(0, 0), (1, 1)]
    assert [a for _, _, a in links] == pytest.approx(wanted)


@pytest.mark.parametrize("link", [simalign_links, awesome_links])
def test_an_empty_side_has_no_links(link):
    words = encoded(np.eye(2))
    for source, target in ((words, EMPTY), (EMPTY, words), (EMPTY, EMPTY)):
        assert link(source, target) == Links()


# AWESoME.


def test_awesome_links_where_both_softmaxes_exceed_the_threshold():
    source, target = encoded([[8.0, 0.0], [0.0, 8.0]]), encoded([[1.0, 0.0], [0.0, 1.0], [1, 1]])
    # Dot products [[8, 0, 8], [0, 8, 8]]: over rows .5 / .0002 / .5, over columns .9997 / .0003.
    assert awesome_links(source, target).pairs == {(0, 0), (1, 1), (0, 2), (1, 2)}
    assert awesome_links(source, target, threshold=0.499).pairs == {(0, 0), (1, 1), (0, 2), (1, 2)}
    assert awesome_links(source, target, threshold=0.6).pairs == set()


def test_strengths_of_awesome():
    source, target = encoded([[1.0, 0.0], [0.0, 1.0]]), encoded([[3.0, 0.0], [0.0, 3.0]])
    p = 1 / (1 + np.exp(-3))  # the same over rows and over columns
    links = awesome_links(source, target, threshold=0.1, strengths="similarity")
    assert links.pairs == {(0, 0), (1, 1)}
    assert [a for _, _, a in links] == pytest.approx([p, p])
    binary = awesome_links(source, target, threshold=0.1)
    assert [a for _, _, a in binary] == [1.0, 1.0]


# Subwords of several words, as of scripts without blanks.

SHARED = Encoded(np.eye(3, dtype=np.float32), np.array([0, 3, 3]), np.array([3, 5, 5]))


def test_all_words_of_a_subword_are_linked():
    source = encoded(np.eye(3))
    links = simalign_links(source, SHARED)
    assert links.pairs == {(0, 0), (0, 1), (0, 2), (1, 3), (1, 4), (2, 3), (2, 4)}
    flipped = simalign_links(SHARED, source)
    assert flipped.pairs == {(l, k) for k, l in links.pairs}


def test_words_of_a_subword_share_its_strength():
    """As if each subword were a word, whose links all its letters get."""
    shared = soft_links(encoded(np.eye(3)), SHARED, center=0.0)
    plain = soft_links(encoded(np.eye(3)), encoded(np.eye(3), [0, 1, 1]), center=0.0)
    letters = {0: (0, 1, 2), 1: (3, 4)}
    assert set(shared.triples) == {
        (k, letter, strength) for k, l, strength in plain.triples for letter in letters[l]
    }


@given(st.data())
def test_links_of_shared_subwords_are_those_of_the_subwords_spread(data):
    """Against a loop over all words."""
    sizes = [data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)) for _ in range(2)]
    sides = []
    for own in sizes:
        starts = np.cumsum([0, *own[:-1]])
        sides.append(Encoded(np.zeros((len(own), 1)), starts, starts + own))
    matrix = np.array(
        [[data.draw(st.sampled_from([0.0, 0.5, 1.0])) for _ in sizes[1]] for _ in sizes[0]]
    )
    wanted = {
        (k, l, matrix[i, j])
        for i, j in np.argwhere(matrix > 0).tolist()
        for k in range(sides[0].words[i], sides[0].ends[i])
        for l in range(sides[1].words[j], sides[1].ends[j])
    }
    links = words_links(matrix, *sides)
    assert set(links.triples) == wanted
    assert list(links.triples) == sorted(links.triples)
