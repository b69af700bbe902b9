"""Joint matching: the best set by summed scores."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.data.spans import overlap
from spacy_xproj.ensembling import JointMatching
from spacy_xproj.ensembling.ballots import from_proposals
from spacy_xproj.errors import XProjError


@st.composite
def sentences(draw):
    """Up to four views, each with spans that do not overlap, as projection gives them."""
    views = []
    for v in range(draw(st.integers(1, 4))):
        own, end = [], 0
        for gap, length in draw(
            st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), max_size=3)
        ):
            start, end = end + gap, end + gap + length
            label = draw(st.sampled_from(["LOC", "PER"]))
            own.append((start, end, label, draw(st.integers(1, 100)) / 100))
        views.append((v, own))
    return views


def total(views, n_views, weights, cost, rows):
    """By the definition: weighted scores of all views for the same (span, label), less the cost."""
    return sum(
        sum(weights[v] * p[3] for v, own in views for p in own if p[:3] == row)
        - cost * sum(weights[:n_views])
        for row in rows
    )


@settings(max_examples=150)
@given(sentences(), st.sampled_from([0.0, 0.2, 0.5]), st.lists(st.integers(1, 3), min_size=4))
def test_it_is_the_best_set_of_spans(views, cost, weights):
    ballot = from_proposals([views], list("abcd")[: len(views)])
    given_weights = {lang: float(w) for lang, w in zip("abcd", weights, strict=False)}
    decision = JointMatching(weights=given_weights, cost=cost).decide(ballot)
    rows = [
        (*span, ballot.labels[code])
        for span, code in zip(ballot.spans.tolist(), ballot.label.tolist(), strict=True)
    ]
    chosen = [row for row, taken in zip(rows, decision.chosen[:, 0], strict=True) if taken]
    best = max(
        total(views, len(views), weights, cost, subset)
        for size in range(len(rows) + 1)
        for subset in combinations(rows, size)
        if not any(overlap(*a[:2], *b[:2]) for a, b in combinations(subset, 2))
    )
    assert not any(overlap(*a[:2], *b[:2]) for a, b in combinations(chosen, 2))
    assert total(views, len(views), weights, cost, chosen) == pytest.approx(best)


def test_views_add_up(make_ballot, chosen):
    ballot = make_ballot([(0, 1, "PER", 0.9)], [(0, 2, "PER", 0.5)], [(0, 2, "PER", 0.5)])
    joint = JointMatching(cost=0.0)
    assert chosen(joint, ballot) == [(0, 2, "PER")]
    assert joint.decide(ballot).scores[:, 0] == pytest.approx([0.3, 1 / 3])


def test_a_span_must_be_worth_its_cost(make_ballot, chosen):
    ballot = make_ballot([(0, 1, "PER", 0.8), (4, 5, "LOC", 0.8)], [(0, 1, "PER", 0.8)], [], [])
    assert chosen(JointMatching(cost=0.0), ballot) == [(0, 1, "PER"), (4, 5, "LOC")]
    assert chosen(JointMatching(cost=0.3), ballot) == [(0, 1, "PER")]
    assert chosen(JointMatching(cost=0.5), ballot) == []


def test_only_views_with_a_source_sentence_share_the_cost(make_ballot, chosen):
    span = (0, 1, "PER", 0.8)
    assert chosen(JointMatching(cost=0.5), make_ballot([span], [])) == []
    assert chosen(JointMatching(cost=0.5), make_ballot([span], None)) == [(0, 1, "PER")]


def test_one_view_alone_is_itself(make_ballot, chosen):
    spans = [(0, 1, "PER", 0.7), (2, 5, "LOC", 0.9)]
    assert chosen(JointMatching(), make_ballot(spans)) == [s[:3] for s in spans]


def test_a_view_of_weight_0_proposes_nothing(make_ballot, chosen):
    ballot = make_ballot([(0, 1, "PER")], [(4, 5, "PER")])
    for cost in (0.0, 0.2):
        weights = np.array([[[1.0], [0.0]]])
        assert chosen(JointMatching(cost=cost), ballot, weights) == [(0, 1, "PER")]


@pytest.mark.parametrize("cost", [-0.1, 1.0])
def test_the_cost_is_a_share(cost):
    with pytest.raises(XProjError, match=r"XP152.*cost"):
        JointMatching(cost=cost)


def test_what_one_view_alone_sees_is_kept_where_its_teacher_is_sure(make_ballot, chosen):
    sure = (0, 1, "PER", 1.0, 0.99)
    unsure = (3, 4, "LOC", 1.0, 0.5)
    both = (6, 7, "ORG", 1.0, 0.8)
    ballot = make_ballot([sure, unsure, both], [both])
    assert len(chosen(JointMatching(cost=0.4), ballot)) == 3
    kept = chosen(JointMatching(cost=0.4, confidence=4.0), ballot)
    assert kept == [(0, 1, "PER"), (6, 7, "ORG")]
    with pytest.raises(XProjError, match=r"XP151.*confidence"):
        JointMatching(confidence=-1.0)
