"""Links to learn from: likeness, order, neighbours."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.training.silver import LINK, NONE, UNSURE, Silver, silver_links

COSINES = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=st.floats(-1, 1, width=32))
)


def test_words_that_are_alike_are_linked():
    similarity = np.eye(4, dtype=np.float32)[:, [1, 0, 2, 3]]
    np.testing.assert_array_equal(silver_links(similarity, Silver()), similarity > 0.5)


def test_of_equal_words_those_at_the_same_place_are_linked():
    """Two commas, which look the same: without the places every pair is as good."""
    similarity = np.full((2, 2), 1.0, dtype=np.float32)
    nowhere = Silver(diagonal=0.0, neighbours=0.0)
    np.testing.assert_array_equal(silver_links(similarity, nowhere), np.full((2, 2), LINK))
    by_place = silver_links(similarity, Silver(diagonal=20.0, neighbours=0.0))
    np.testing.assert_array_equal(by_place == LINK, np.eye(2, dtype=bool))


def test_a_word_goes_where_its_neighbours_go():
    """The middle word is as much like another one, far from what is around it."""
    similarity = np.zeros((3, 7), dtype=np.float32)
    similarity[0, 0] = similarity[2, 2] = 1.0
    similarity[1, [1, 6]] = 0.6
    alone = silver_links(similarity, Silver(diagonal=0.0, neighbours=0.0))
    assert alone[1].tolist() == [0, 1, 0, 0, 0, 0, 1]
    together = silver_links(similarity, Silver(diagonal=0.0, neighbours=2.0))
    assert together[1].tolist() == [0, LINK, 0, 0, 0, 0, UNSURE]


@settings(max_examples=60)
@given(COSINES)
def test_the_two_sides_may_change_places(similarity):
    links = silver_links(similarity, Silver())
    np.testing.assert_array_equal(links, silver_links(similarity.T, Silver()).T)


def test_what_is_neither_a_link_nor_none_is_unsure():
    """Two words of one side that are as much like the one of the other."""
    similarity = np.array([[1.0, 1.0]], dtype=np.float32)
    how = Silver(diagonal=0.0, neighbours=0.0, most=0.1)
    for least, found in ((0.6, LINK), (0.8, UNSURE)):
        assert silver_links(similarity, how._replace(least=least)).tolist() == [[found, found]]
    assert silver_links(similarity, how._replace(least=0.8, most=0.75)).tolist() == [[NONE, NONE]]


@settings(max_examples=60)
@given(COSINES)
def test_higher_limits_leave_fewer_links_and_more_that_are_none(similarity):
    many, few = (silver_links(similarity, Silver(least=x, most=x - 0.1)) for x in (0.2, 0.4))
    assert not ((few == LINK) & (many != LINK)).any()
    assert not ((many == NONE) & (few != NONE)).any()
