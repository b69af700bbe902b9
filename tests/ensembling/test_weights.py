"""Weights of views: equal, given, or learnt; saved with the ensemble."""

import numpy as np
import pytest

from spacy_xproj.ensembling import BestView, JointMatching, SpanVote
from spacy_xproj.ensembling.ballots import from_proposals
from spacy_xproj.errors import XProjError

LANGS = ["bad", "good", "fine"]


@pytest.fixture(scope="module")
def many():
    """200 sentences, each with one entity; "good" misses few, "bad" finds other spans."""
    rng = np.random.default_rng(0)
    rates = {"bad": 0.4, "good": 0.95, "fine": 0.8}
    sentences = []
    for _ in range(200):
        sentences.append(
            [
                (v, [(1, 3, "PER", 0.8) if rng.random() < rates[lang] else (2, 4, "PER", 0.8)])
                for v, lang in enumerate(LANGS)
            ]
        )
    return from_proposals(sentences, LANGS)


@pytest.mark.parametrize("make", [SpanVote, JointMatching])
def test_learnt_weights_prefer_the_reliable_view(many, make):
    ensemble = make(weights="learnt")
    ensemble.fit(many)
    weights = ensemble.weights_for(many)[0, :, 0]
    assert weights[1] > weights[2] > weights[0]
    assert ensemble.describe()["learnt"]["weights"]["PER"]["good"] == pytest.approx(weights[1])


def test_a_label_that_was_not_seen_has_the_weights_of_all(many, make_ballot):
    ensemble = JointMatching(weights="learnt")
    ensemble.fit(many)
    other = make_ballot([(0, 1, "LOC")], [], [], langs=LANGS)
    expected = ensemble.learnt["weights"][""]
    assert ensemble.weights_for(other)[0, :, 0].tolist() == [expected[lang] for lang in LANGS]


def test_what_was_learnt_is_saved(many):
    ensemble = JointMatching(weights="learnt")
    ensemble.fit(many)
    again = JointMatching(weights="learnt")
    again.from_bytes(ensemble.to_bytes())
    assert again.describe() == ensemble.describe()
    assert again.to_bytes() == ensemble.to_bytes()


@pytest.mark.parametrize("make", [JointMatching, SpanVote])
def test_learning_comes_before_use(many, make):
    with pytest.raises(XProjError, match=r"XP575.*fit\(docs\)"):
        make(weights="learnt").decide(many)


def test_no_proposals_teach_nothing(many):
    ensemble = JointMatching(weights="learnt")
    ensemble.fit(from_proposals([], LANGS))
    assert ensemble.learnt is None


def test_weights_that_are_given_are_not_learnt(many):
    ensemble = JointMatching()
    ensemble.fit(many)
    assert ensemble.learnt is None
    assert (ensemble.weights_for(many) == 1).all()


class TestBestView:
    def test_by_name(self, many, chosen):
        best = BestView(lang="bad")
        assert (best.decide(many).chosen[:, 0] == many.proposed[:, 0]).all()

    def test_by_what_is_learnt(self, many):
        best = BestView()
        with pytest.raises(XProjError, match="XP575"):
            best.decide(many)
        best.fit(many)
        f1 = best.learnt["f1"][""]
        assert max(f1, key=f1.get) == "good"
        assert (best.decide(many).chosen[:, 0] == many.proposed[:, 1]).all()

    def test_where_it_has_no_view_there_is_nothing(self, make_ballot, chosen):
        ballot = make_ballot([(0, 1, "PER")], None, langs=["en", "de"])
        assert chosen(BestView(lang="de"), ballot) == []
        assert chosen(BestView(lang="fr"), ballot) == []
        assert chosen(BestView(lang="en"), ballot) == [(0, 1, "PER")]

    def test_no_proposals(self, make_ballot, chosen):
        assert chosen(BestView(lang="en"), make_ballot([], langs=["en"])) == []


def test_the_best_view_does_not_depend_on_what_is_decided_together(many):
    """In a sentence that lacks the best view the next one speaks, in whatever batch."""
    best = BestView()
    best.fit(many)
    whole = [(0, [(0, 1, "PER", 0.9)]), (1, [(1, 2, "PER", 0.8)]), (2, [(2, 3, "PER", 0.7)])]
    without = [whole[0], whole[2]]
    together = from_proposals([whole, without], LANGS)
    spans = [tuple(span) for span in together.spans[best.decide(together).chosen[:, 0]].tolist()]
    assert spans == [(1, 2), (2, 3)]
    alone = from_proposals([[(0, whole[0][1]), (1, whole[2][1])]], ["bad", "fine"])
    assert [tuple(s) for s in alone.spans[best.decide(alone).chosen[:, 0]].tolist()] == [(2, 3)]


def test_of_two_views_none_can_be_preferred_without_gold(make_ballot):
    ensemble = JointMatching(weights="learnt")
    ensemble.fit(make_ballot([(0, 1, "PER"), (2, 3, "PER")], [(0, 1, "PER")]))
    assert set(ensemble.learnt["weights"]["PER"].values()) == {1.0}
