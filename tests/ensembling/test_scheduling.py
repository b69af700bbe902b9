"""Weighted interval scheduling against trying every subset."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.data.spans import overlap
from spacy_xproj.ensembling.scheduling import groups, schedule


@st.composite
def instances(draw):
    """Sorted spans of up to three sentences, with values in hundredths, some not above 0."""
    row = st.tuples(st.integers(0, 2), st.integers(0, 7), st.integers(1, 4))
    rows = sorted({(s, a, a + n) for s, a, n in draw(st.lists(row, max_size=9))})
    columns = draw(st.integers(1, 3))
    value = st.integers(-50, 100).map(lambda v: v / 100)
    values = draw(
        st.lists(
            st.lists(value, min_size=columns, max_size=columns),
            min_size=len(rows),
            max_size=len(rows),
        )
    )
    at = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    return at[:, 0], at[:, 1:], np.array(values).reshape(len(rows), columns)


def meet(sentence, spans, a, b):
    return sentence[a] == sentence[b] and overlap(*spans[a], *spans[b])


def best_total(sentence, spans, values):
    """By trying every subset."""
    n = len(values)
    return max(
        sum(values[list(rows)])
        for size in range(n + 1)
        for rows in combinations(range(n), size)
        if not any(meet(sentence, spans, a, b) for a, b in combinations(rows, 2))
    )


@settings(max_examples=200)
@given(instances())
def test_the_total_is_the_best_and_nothing_overlaps(instance):
    sentence, spans, values = instance
    taken = schedule(sentence, spans, values)
    for b in range(values.shape[1]):
        rows = np.flatnonzero(taken[:, b])
        assert not any(meet(sentence, spans, a, c) for a, c in combinations(rows, 2))
        assert (values[rows, b] > 0).all()
        assert values[rows, b].sum() == pytest.approx(best_total(sentence, spans, values[:, b]))


@settings(max_examples=100)
@given(instances())
def test_sentences_and_columns_do_not_touch_one_another(instance):
    sentence, spans, values = instance
    together = schedule(sentence, spans, values)
    for number in set(sentence.tolist()):
        for b in range(values.shape[1]):
            rows = sentence == number
            alone = schedule(sentence[rows], spans[rows], values[rows][:, [b]])
            assert together[rows][:, [b]].tolist() == alone.tolist()


def test_groups_are_runs_that_overlap():
    sentence = np.array([0, 0, 0, 0, 1, 1])
    spans = np.array([[0, 3], [1, 2], [2, 4], [4, 5], [0, 9], [4, 5]])
    assert groups(sentence, spans) == [(0, 3), (3, 4), (4, 6)]
    assert groups(sentence[:0], spans[:0]) == []


def test_two_short_ones_beat_a_long_one_that_is_worth_less():
    sentence = np.zeros(3, dtype=int)
    spans = np.array([[0, 1], [0, 2], [1, 2]])
    values = np.array([[0.5, 0.4], [0.8, 0.9], [0.5, 0.4]])
    assert schedule(sentence, spans, values).T.tolist() == [
        [True, False, True],
        [False, True, False],
    ]


def test_rounding_does_not_decide_between_equals():
    values = np.array([[0.1 + 0.2], [0.3]])
    spans = np.array([[0, 2], [1, 3]])
    sentence = np.zeros(2, dtype=int)
    assert schedule(sentence, spans, values).ravel().tolist() == [True, False]
    assert schedule(sentence, spans, values[::-1]).ravel().tolist() == [True, False]
