"""The model of an arbiter: its evidence, how it is learnt, and what it decides."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.data.spans import overlap
from spacy_xproj.ensembling.ballots import MATRICES, from_proposals
from spacy_xproj.ensembling.base import Arbiter, Ensemble, Learning
from spacy_xproj.ensembling.evidence import FEATURES, evidence
from spacy_xproj.ensembling.model_arbiter import ModelArbiter
from spacy_xproj.ensembling.span_model import (
    best_threshold,
    learn_from_agreement,
    learn_from_gold,
    without,
)
from spacy_xproj.errors import XProjError

SPANS = st.tuples(
    st.integers(0, 8), st.integers(1, 3), st.sampled_from(["PER", "LOC"]), st.floats(0.1, 1.0)
)


@st.composite
def sentences(draw):
    """A few sentences of three views; a view's own spans do not overlap."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        views = []
        for v in range(3):
            own = []
            for start, length, label, score in draw(st.lists(SPANS, max_size=4)):
                if not any(overlap(start, start + length, p[0], p[1]) for p in own):
                    own.append((start, start + length, label, score))
            if draw(st.booleans()) or own:
                views.append((v, own))
        found.append(views)
    return found


def ballot_of(given):
    return from_proposals(given, ["a", "b", "c"])


def ones(ballot):
    return np.ones((len(ballot.labels), len(ballot.langs)))


def many(n, rates=(0.95, 0.9, 0.5), seed=0):
    """Sentences of eight words with an entity at 2 to 4; each view finds it with its rate, else
    finds one word of it. Gold beside."""
    rng = np.random.default_rng(seed)
    given = []
    for _ in range(n):
        views = []
        for v, rate in enumerate(rates):
            right = rng.random() < rate
            span = (2, 4) if right else (2, 3)
            views.append((v, [(*span, "PER", 0.9 if right else 0.4 + 0.2 * rng.random())]))
        given.append(views)
    ballot = ballot_of(given)
    return ballot, (ballot.spans == (2, 4)).all(axis=1)


# Evidence.


@given(sentences())
@settings(max_examples=50)
def test_evidence_of_a_sentence_depends_on_nothing_else(given_sentences):
    whole = ballot_of(given_sentences)
    x = evidence(whole, ones(whole))
    assert x.shape == (len(whole), len(FEATURES))
    assert np.isfinite(x).all()
    for number, views in enumerate(given_sentences):
        alone = ballot_of([views])
        assert np.allclose(evidence(alone, ones(alone)), x[whole.sentence == number])


@given(sentences())
@settings(max_examples=50)
def test_evidence_does_not_depend_on_the_order_of_views(given_sentences):
    ballot = ballot_of(given_sentences)
    turned = from_proposals(
        [[(2 - v, own) for v, own in views] for views in given_sentences], ["c", "b", "a"]
    )
    assert np.allclose(evidence(ballot, ones(ballot)), evidence(turned, ones(turned)))


@given(sentences())
@settings(max_examples=50)
def test_a_view_of_weight_0_is_as_if_it_were_not_there(given_sentences):
    ballot = ballot_of(given_sentences)
    weights = ones(ballot)
    weights[:, 1] = 0.0
    rest, rows = without(ballot, 1)
    with_zero = dict(zip(FEATURES, evidence(ballot, weights)[rows].T, strict=True))
    left_out = dict(zip(FEATURES, evidence(rest, ones(rest)).T, strict=True))
    for name in FEATURES:
        assert np.allclose(with_zero[name], left_out[name]), name


def test_what_is_left_without_a_view_has_a_column_for_each_other():
    ballot = from_proposals(
        [[(0, [(0, 1, "PER", 1.0, 0.7)]), (1, [(2, 3, "LOC", 1.0, 0.2)])]], "ab"
    )
    rest, rows = without(ballot, 1)
    assert rows.tolist() == [0]
    assert {name: getattr(rest, name).shape for name in MATRICES} == dict.fromkeys(MATRICES, (1, 1))
    assert rest.trust.tolist() == [[0.7]]


def test_what_evidence_says():
    ballot = ballot_of(
        [[(0, [(2, 4, "PER", 0.8)]), (1, [(2, 4, "PER", 0.6)]), (2, [(2, 3, "PER", 0.5)])]]
    )
    short, long = (dict(zip(FEATURES, row, strict=True)) for row in evidence(ballot, ones(ballot)))
    assert long["share"] == pytest.approx(2 / 3)
    assert long["rival"] == long["narrower"] == long["reshaped"] == pytest.approx(1 / 3)
    assert long["mean"] == pytest.approx(0.7)
    assert long["first"] == pytest.approx(1.0)
    assert long["last"] == pytest.approx(2 / 3)
    assert short["wider"] == pytest.approx(2 / 3)
    assert (short["single"], short["word"], short["relabelled"]) == (1, 1, 0)


# Learning.


def test_from_gold_it_learns_what_is_right():
    ballot, right = many(200)
    model = learn_from_gold(evidence(ballot, ones(ballot)), right, missed=0, name="toy")
    other, gold = many(100, seed=1)
    p = model.probabilities(evidence(other, ones(other)))
    assert ((p > model.threshold) == gold).mean() > 0.95
    again = learn_from_gold(evidence(ballot, ones(ballot)), right, missed=0, name="toy")
    assert again == model


def test_without_gold_it_learns_from_how_the_views_agree():
    ballot, right = many(300)
    model = learn_from_agreement(ballot, ones(ballot))
    p = model.probabilities(evidence(ballot, ones(ballot)))
    assert p[right].mean() > p[~right].mean() + 0.3
    assert learn_from_agreement(ballot, ones(ballot)) == model


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_no_threshold_has_a_higher_f1(rows):
    p = np.array([row[0] for row in rows])
    right = np.array([row[1] for row in rows], dtype=float)

    def f1(threshold):
        taken = p > threshold
        return 2 * right[taken].sum() / max(1.0, taken.sum() + right.sum())

    # Those of equal probability are taken together.
    distinct = np.unique(p)
    if len(distinct) == len(p) and np.diff(distinct, prepend=0.0).min() > 1e-3:
        best = max(f1(t) for t in [-0.1, *distinct])
        assert f1(best_threshold(p, right)) >= best - 1e-9


# Deciding.


@given(sentences())
@settings(max_examples=50)
def test_what_it_takes_does_not_overlap_and_is_above_the_threshold(given_sentences):
    ballot = ballot_of(given_sentences)
    arbiter = ModelArbiter(threshold=0.2)
    decision = arbiter.decide(ballot)
    again = ModelArbiter(threshold=0.2).decide(ballot)
    assert (decision.chosen == again.chosen).all()
    taken = np.flatnonzero(decision.chosen[:, 0])
    assert (decision.scores[taken, 0] > 0.2).all()
    for i in taken:
        for j in taken:
            if i < j and ballot.sentence[i] == ballot.sentence[j]:
                assert not overlap(*ballot.spans[i].tolist(), *ballot.spans[j].tolist())
    whole, verdicts = arbiter.arbitrate(ballot, [])
    assert (whole.chosen == decision.chosen).all()
    for verdict in verdicts:
        kept = {verdict.rows[n - 1] for n in verdict.answer}
        assert kept == {row for row in verdict.rows if decision.chosen[row, 0]}


@given(sentences())
@settings(max_examples=20)
def test_sets_of_views_are_decided_as_each_alone(given_sentences):
    ballot = ballot_of(given_sentences)
    arbiter = ModelArbiter()
    weights = np.ones((len(ballot.labels), 3, 2))
    weights[:, 1, 1] = 0.0
    both = arbiter.decide(ballot, weights)
    for b in range(2):
        alone = arbiter.decide(ballot, weights[:, :, b : b + 1])
        assert (both.chosen[:, b] == alone.chosen[:, 0]).all()


def test_what_all_views_propose_is_taken_and_a_lone_odd_span_is_not(make_ballot, chosen):
    ballot = make_ballot(
        [(0, 2, "PER"), (5, 6, "LOC", 0.2)], [(0, 2, "PER")], [(0, 2, "PER")], [(0, 2, "PER")]
    )
    assert chosen(ModelArbiter(), ballot) == [(0, 2, "PER")]


def test_its_kind():
    arbiter = ModelArbiter()
    for kind in (Ensemble, Arbiter, Learning):
        assert isinstance(arbiter, kind)


# Files, and saving.


def test_what_was_learnt_is_saved():
    ballot, _ = many(100)
    arbiter = ModelArbiter(model="agreement", weights="learnt")
    with pytest.raises(XProjError, match="XP575"):
        arbiter.check_ready()
    arbiter.fit(ballot)
    arbiter.check_ready()
    copy = ModelArbiter(model="agreement", weights="learnt")
    copy.from_bytes(arbiter.to_bytes())
    assert (copy.decide(ballot).scores == arbiter.decide(ballot).scores).all()


def test_nothing_learnt_yet_is_told():
    with pytest.raises(XProjError, match="XP591"):
        ModelArbiter(model="agreement").check_ready()


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"equal": 1}', '{"equal": {"bias": 0, "threshold": 0.5, "weights": {}}}'],
)
def test_a_file_that_is_not_a_model_is_named(write, content):
    with pytest.raises(XProjError, match=r"XP590.*model\.json.*train-arbiter"):
        ModelArbiter(model=str(write("model.json", content)))


def test_a_model_without_finite_weights_is_refused(write):
    plain = {"bias": float("nan"), "threshold": 0.5, "weights": dict.fromkeys(FEATURES, 0.0)}
    with pytest.raises(XProjError, match=r"XP590.*not a finite"):
        ModelArbiter(model=str(write("model.json", json.dumps({"equal": plain}))))


def test_settings_are_checked():
    with pytest.raises(XProjError, match="XP152"):
        ModelArbiter(threshold=1.5)
