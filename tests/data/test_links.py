"""Word links: three columns, sorted and unique."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError


def test_links_are_sorted_and_unique_and_keep_the_strongest():
    links = Links([(2, 0), (0, 1, 0.2), (0, 1, 0.7), (0, 1, 0.5), (0, 0)])
    assert list(links) == [(0, 0, 1.0), (0, 1, 0.7), (2, 0, 1.0)]
    assert len(links) == 3
    assert links.pairs == {(0, 0), (0, 1), (2, 0)}


def test_links_are_equal_by_content():
    a, b = Links([(0, 1), (1, 0, 0.5)]), Links([(1, 0, 0.5), (0, 1, 1.0)])
    assert a == b
    assert hash(a) == hash(b)
    assert a != Links([(0, 1)])
    assert a != [(0, 1, 1.0), (1, 0, 0.5)]
    assert eval(repr(a)) == a


@pytest.mark.parametrize(
    "link", [(-1, 0), (0, -1), (0, 0, 0.0), (0, 0, 1.01), (0, 0, -0.5), (0, 0, float("nan"))]
)
def test_a_link_has_indices_from_0_and_a_strength_up_to_1(link):
    with pytest.raises(XProjError, match=r"XP107.*two indices >= 0 and a strength"):
        Links([link])


@given(st.dictionaries(st.tuples(*[st.integers(0, 5)] * 2), st.floats(1e-6, 1.0), max_size=12))
def test_links_and_matrices_hold_the_same(strengths):
    links = Links((k, l, a) for (k, l), a in strengths.items())
    matrix = links.to_matrix(6, 7)
    assert matrix.shape == (6, 7)
    assert np.count_nonzero(matrix) == len(links)
    assert Links.from_matrix(matrix) == links


def test_from_matrix_keeps_what_exceeds_the_threshold_and_caps_at_1():
    matrix = np.array([[0.5, 0.51, np.nan], [0.0, 1.0000001, -2.0]])
    assert Links.from_matrix(matrix, threshold=0.5).triples == ((0, 1, 0.51), (1, 1, 1.0))


def test_no_links():
    assert len(Links()) == 0
    assert Links().to_matrix(2, 0).shape == (2, 0)
    assert Links.from_matrix(np.zeros((0, 3))) == Links()


def test_numbers_from_numpy_become_plain_where_links_are_made():
    links = Links(np.array([[0, 1, 0.5]]))
    assert links.triples == ((0, 1, 0.5),)
    assert [type(x) for x in links.triples[0]] == [int, int, float]


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4), st.floats(-0.5, 1.5))))
def test_links_are_the_same_from_columns_and_from_triples(triples):
    """Columns in order are taken as they are, others are put in order, and what is not a link is
    refused in either form."""
    k, l, a = ([triple[i] for triple in triples] for i in range(3))
    try:
        links = Links(triples)
    except XProjError:
        with pytest.raises(XProjError, match="XP107"):
            Links.from_columns(k, l, a)
    else:
        assert Links.from_columns(k, l, a) == links
        assert Links.from_columns(links.sources, links.targets, links.strengths) == links


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="zip"):
        Links.from_columns([0, 1], [0], [1.0])


@given(st.lists(st.tuples(*[st.integers(0, 2**31 - 1)] * 2)))
def test_binary_links_are_those_of_the_pairs(pairs):
    k, l = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    links = Links.binary(k, l)
    assert links == Links(pairs)
    assert {type(x) for link in links for x in link} <= {int, float}


def test_links_between_two_words():
    links = Links([(0, 3), (1, 0, 0.5), (1, 2), (4, 4)])
    assert links.between(1, 4) == Links([(1, 0, 0.5), (1, 2)])
    assert len(links.between(2, 4)) == 0
