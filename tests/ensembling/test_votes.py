"""Votes over spans, with abstention."""

import numpy as np
import pytest

from spacy_xproj.ensembling import SpanVote, WeightedVote
from spacy_xproj.errors import XProjError

AB = (0, 2, "PER")
A = (0, 1, "PER")
AB_ORG = (0, 2, "ORG")
FAR = (5, 6, "LOC")


def test_the_majority_of_those_that_speak_decides(make_ballot, chosen):
    assert chosen(SpanVote(), make_ballot([AB], [AB], [A])) == [AB]
    assert chosen(SpanVote(), make_ballot([A], [AB_ORG], [A])) == [A]
    assert chosen(SpanVote(), make_ballot([AB_ORG], [AB_ORG], [AB])) == [AB_ORG]


def test_a_view_without_a_projection_there_abstains(make_ballot, chosen):
    ballot = make_ballot([AB, FAR], [AB], [], None)
    assert chosen(SpanVote(min_support=0), ballot) == [AB, FAR]
    assert SpanVote().decide(ballot).scores[:, 0].tolist() == [1.0, 1.0]


def test_but_a_least_support_is_asked_for(make_ballot, chosen):
    ballot = make_ballot([AB, FAR], [AB], [], None)
    # FAR has one of three usable views: the one that is missing does not count.
    assert chosen(SpanVote(), ballot) == [AB]
    assert chosen(SpanVote(min_support=0.33), ballot) == [AB, FAR]


def test_the_threshold_is_a_share_of_the_votes(make_ballot, chosen):
    ballot = make_ballot([AB], [AB], [A])
    assert chosen(SpanVote(threshold=0.67), ballot) == []
    assert chosen(SpanVote(threshold=2 / 3), ballot) == [AB]


def test_below_a_half_overlapping_spans_may_pass_and_the_best_set_is_taken(make_ballot, chosen):
    ballot = make_ballot([(0, 1, "PER"), (1, 2, "PER")], [(0, 2, "PER")], [(0, 1, "PER")])
    assert chosen(SpanVote(threshold=0.2, min_support=0), ballot) == [
        (0, 1, "PER"),
        (1, 2, "PER"),
    ]


def test_of_equal_votes_the_scores_decide(make_ballot, chosen):
    assert chosen(SpanVote(), make_ballot([(*AB, 0.7)], [(*A, 0.8)])) == [A]
    assert chosen(SpanVote(), make_ballot([(*AB, 0.9)], [(*A, 0.8)])) == [AB]


def test_views_have_weights(make_ballot, chosen):
    ballot = make_ballot([AB], [A], [A], langs=["en", "de", "es"])
    vote = SpanVote(weights={"en": 2.5, "de": 1.0, "es": 1.0, "fr": 9.0})
    assert chosen(vote, ballot) == [AB]
    assert vote.decide(ballot).scores[1, 0] == pytest.approx(2.5 / 4.5)


def test_a_weighted_vote_counts_as_much_as_its_score(make_ballot, chosen):
    ballot = make_ballot([(*AB, 0.9)], [(*A, 0.4)], [(*A, 0.4)])
    assert chosen(SpanVote(), ballot) == [A]
    assert chosen(WeightedVote(min_support=0.25), ballot) == [AB]


def test_a_weight_of_0_leaves_a_view_out(make_ballot, chosen):
    ballot = make_ballot([AB], [A, FAR], langs=["en", "de"])
    weights = np.array([[[1.0], [0.0]]] * 2)
    for vote in (SpanVote(), WeightedVote()):
        assert chosen(vote, ballot, weights) == [AB]


def test_many_weightings_at_once_are_each_what_it_would_be_alone(make_ballot):
    ballot = make_ballot([AB, FAR], [A], [AB_ORG, FAR], [A])
    weights = np.random.default_rng(0).integers(0, 2, (3, 4, 20)).astype(float)
    for vote in (SpanVote(), WeightedVote(min_support=0.4)):
        together = vote.decide(ballot, weights).chosen
        for b in range(20):
            alone = vote.decide(ballot, weights[:, :, [b]]).chosen
            assert together[:, [b]].tolist() == alone.tolist()


def test_settings_that_do_not_hold(make_ballot):
    with pytest.raises(XProjError, match=r"XP152.*threshold.*1\.5"):
        SpanVote(threshold=1.5)
    with pytest.raises(XProjError, match=r"XP573.*'most'"):
        SpanVote(weights="most")
    with pytest.raises(XProjError, match="XP574"):
        SpanVote(weights={"en": -1.0})
    with pytest.raises(XProjError, match=r"XP576.*'l0'.*it has some for 'en'"):
        SpanVote(weights={"en": 1.0}).decide(make_ballot([AB]))
