"""The heuristic: each setting by an example where it makes the difference."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import Heuristic, Projector
from spacy_xproj.projection.heuristic import merge_runs
from tests.fixtures.one_pair import project


def spans(projections):
    return [(p.start, p.end) for p in projections if p.status is Status.PROJECTED]


def test_the_linked_words_are_labelled_with_their_characters_and_no_score(pair):
    view, target = pair(
        "Samia visited the World Bank",
        "Samia alitembelea Benki Kuu",
        [(0, 1, "PER"), (3, 5, "ORG")],
        [(0, 0), (1, 1), (3, 3), (4, 2)],
    )
    assert project(Heuristic(), view, target) == [
        Projection(0, "PER", Status.PROJECTED, 0, 1, 0, 5),
        Projection(1, "ORG", Status.PROJECTED, 2, 4, 18, 27),
    ]


@pytest.mark.parametrize(
    ("d", "found"),
    [(0, [(0, 1), (2, 3), (5, 6)]), (1, [(0, 3), (5, 6)]), (2, [(0, 6)])],
)
def test_d_is_how_many_unlinked_words_a_run_may_bridge(pair, d, found):
    view, target = pair("a b c", "p q r s t u", [(0, 3, "ORG")], [(0, 0), (1, 2), (2, 5)])
    assert spans(project(Heuristic(d=d), view, target)) == found


@pytest.mark.parametrize(
    ("k", "found"),
    [(1, [(2, 4)]), (2, [(0, 1), (2, 4)]), (None, [(0, 1), (2, 4), (5, 6)])],
)
def test_k_keeps_the_longest_runs_and_of_equal_ones_the_leftmost(pair, k, found):
    view, target = pair("a b c d", "p q r s t u", [(0, 4, "ORG")], [(0, 0), (1, 2), (2, 3), (3, 5)])
    assert spans(project(Heuristic(d=0, k=k), view, target)) == found


def test_only_i_does_not_merge_a_run_that_begins_a_name_again(pair):
    # "Samia" is the first word of the entity, and its two links are two mentions.
    view, target = pair(
        "Samia Hassan", "Samia , Samia Hassan", [(0, 2, "PER")], [(0, 0), (0, 2), (1, 3)]
    )
    assert spans(project(Heuristic(only_i=False), view, target)) == [(0, 4)]
    assert spans(project(Heuristic(only_i=True), view, target)) == [(0, 1), (2, 4)]


def test_only_i_still_merges_a_run_that_goes_on_with_a_later_word(pair):
    view, target = pair("Samia Hassan", "Samia Suluhu Hassan", [(0, 2, "PER")], [(0, 0), (1, 2)])
    assert spans(project(Heuristic(only_i=True), view, target)) == [(0, 3)]


def test_only_i_does_not_split_linked_words_side_by_side(pair):
    view, target = pair("Samia Hassan", "Hassan Samia", [(0, 2, "PER")], [(0, 1), (1, 0)])
    assert spans(project(Heuristic(only_i=True), view, target)) == [(0, 2)]


@pytest.mark.parametrize(
    ("thr", "status"),
    [(0.0, Status.PROJECTED), (0.7, Status.PROJECTED), (0.75, Status.BELOW_THRESHOLD)],
)
def test_thr_is_the_share_of_the_entity_that_a_run_has_to_exceed(pair, thr, status):
    view, target = pair("a b c d", "p q r s", [(0, 4, "ORG")], [(0, 0), (1, 1), (2, 2)])
    (projection,) = project(Heuristic(thr=thr), view, target)
    assert projection.status is status


def test_thr_drops_the_short_runs_and_keeps_the_long_one(pair):
    view, target = pair("a b c", "p q r s t", [(0, 3, "ORG")], [(0, 0), (0, 2), (1, 3), (2, 4)])
    assert spans(project(Heuristic(d=0, thr=0.0), view, target)) == [(0, 1), (2, 5)]
    assert spans(project(Heuristic(d=0, thr=0.8), view, target)) == [(2, 5)]


def test_below_threshold_tells_the_longest_run(pair):
    view, target = pair("a b c", "p q", [(0, 3, "ORG")], [(0, 0), (1, 1)])
    (missed,) = project(Heuristic(thr=0.8), view, target)
    assert missed.status is Status.BELOW_THRESHOLD
    assert missed.reason == "its longest run has 2 of 3 words, not above 0.8"


def test_the_first_entity_keeps_a_word_that_two_are_linked_to(pair):
    view, target = pair("Samia Hassan", "Samia", [(0, 1, "PER"), (1, 2, "PER")], [(0, 0), (1, 0)])
    found, missed = project(Heuristic(), view, target)
    assert spans([found]) == [(0, 1)]
    assert missed.status is Status.OVERLAP
    assert missed.reason == "the words it is linked to carry another entity"


def test_of_two_runs_only_the_free_one_is_labelled(pair):
    view, target = pair("a b", "p q r", [(0, 1, "PER"), (1, 2, "LOC")], [(0, 0), (1, 0), (1, 2)])
    projections = project(Heuristic(d=0), view, target)
    assert [(p.entity, p.start, p.end) for p in projections] == [(0, 0, 1), (1, 2, 3)]


@pytest.mark.parametrize(
    ("target", "status", "reason"),
    [
        ("Aliondoka", Status.UNALIGNED, "no target word is linked to it"),
        ("", Status.NO_CANDIDATE, "the target sentence is empty"),
    ],
)
def test_entities_without_links(pair, target, status, reason):
    view, target = pair("Samia left", target, [(0, 1, "PER")])
    (missed,) = project(Heuristic(), view, target)
    assert missed == Projection(0, "PER", status, reason=reason)


def test_no_entities_no_projections_and_no_links_needed(pair):
    view, target = pair("it rained", "mvua ilinyesha")
    assert project(Heuristic(), view.replace(links=None), target) == []


def test_a_view_that_is_not_aligned_is_an_error(pair):
    view, target = pair("Samia", "Samia", [(0, 1, "PER")])
    with pytest.raises(XProjError, match=r"XP106.*'en' has no links.*'xproj_aligner'"):
        project(Heuristic(), view.replace(links=None), target)


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"d": -1}, "XP151.*d must be at least.*got -1"), ({"k": 0}, "XP151.*k must be.*got 0")],
)
def test_settings_that_cannot_hold_are_refused_at_once(settings, message):
    with pytest.raises(XProjError, match=message):
        Heuristic(**settings)


def test_describe_tells_the_settings():
    heuristic = Heuristic(d=2, k=1, only_i=True, thr=0.8)
    wanted = {"projector": "heuristic", "d": 2, "k": 1, "only_i": True, "thr": 0.8}
    assert heuristic.describe() == wanted
    assert isinstance(heuristic, Projector)


@given(st.sets(st.integers(0, 20), min_size=1), st.integers(0, 5))
def test_runs_cover_the_positions_and_lie_more_than_the_gap_apart(positions, gap):
    runs = merge_runs(sorted(positions), gap)
    inside = {p for start, end in runs for p in range(start, end)}
    assert positions <= inside
    assert all({start, end - 1} <= positions for start, end in runs)
    assert all(b[0] - a[1] > gap for a, b in pairwise(runs))
    for start, end in runs:
        unlinked = "".join("x" if p in positions else "." for p in range(start, end))
        assert "." * (gap + 1) not in unlinked
