"""Sentences of two languages, aligned by length and anchors."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.datasets.sentence_alignment import align_segments, segment_of


def segments(*lengths):
    """Segments of these lengths, with one character between."""
    found, start = [], 0
    for length in lengths:
        found.append((start, start + length))
        start += length + 1
    return found


def test_equal_lengths_are_cut_everywhere():
    one = segments(40, 90, 20)
    assert align_segments(one, segments(50, 100, 25)) == [(1, 1), (2, 2), (3, 3)]


def test_a_sentence_can_be_two():
    assert align_segments(segments(40, 90, 20), segments(42, 50, 45, 21)) == [
        (1, 1),
        (2, 3),
        (3, 4),
    ]
    assert align_segments(segments(40, 50, 45), segments(42, 97)) == [(1, 1), (3, 2)]


def test_anchors_decide_where_lengths_do_not():
    source, target = segments(60, 60), segments(40, 40, 40)
    by_hand = {(1, 1): [(10, 10), (70, 50)], (1, 2): [(50, 50), (70, 100)]}
    for cut, anchors in by_hand.items():
        assert align_segments(source, target, anchors)[0] == cut


def test_many_small_pieces():
    target = segments(*[12] * 10)
    cuts = align_segments(segments(60, 60), target, max_target=15, target_merges_cost=False)
    assert cuts == [(1, 5), (2, 10)]


def test_what_cannot_be_cut_stays_whole():
    assert align_segments(segments(10, 10, 10, 10), segments(40)) == [(4, 1)]
    assert align_segments(segments(10, 10), []) == [(2, 0)]


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=6),
    st.lists(st.integers(1, 60), min_size=1, max_size=6),
)
@settings(max_examples=60)
def test_cuts_rise_on_both_sides_and_end_with_both_texts(ours, theirs):
    cuts = [(0, 0), *align_segments(segments(*ours), segments(*theirs))]
    assert cuts[-1] == (len(ours), len(theirs))
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(cuts))


def test_a_character_between_two_segments_belongs_to_the_second():
    own = segments(3, 3)
    assert [segment_of(own, i) for i in (0, 2, 3, 6, 9)] == [0, 0, 1, 1, 1]
