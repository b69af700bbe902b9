"""The learned score: probabilities, its weights' file, and what it does for what a plain score
gets wrong."""

import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import Batch, Matching, Ngrams
from spacy_xproj.projection.learned import PLACES, LearnedScore, normalise
from tests.fixtures.one_pair import project, score_of

WORDS = st.sampled_from(
    ["Asha", "Juma", "ni", "(", ")", ",", "benki,", "东", "NASA", "12", "l'eau"]
)
STRENGTH = st.floats(0.05, 1.0)


@st.composite
def cases(draw):
    source = tuple(draw(st.lists(WORDS, min_size=1, max_size=8)))
    target = tuple(draw(st.lists(WORDS, min_size=1, max_size=8)))
    n, m = len(source), len(target)
    word = st.tuples(st.integers(0, n - 1), st.integers(0, m - 1), STRENGTH)
    links = Links(draw(st.lists(word, max_size=12)))
    starts = draw(st.sets(st.integers(0, n - 1), max_size=3))
    spans = [(s, draw(st.integers(s + 1, n)), "PER") for s in sorted(starts)]
    view = SourceView("en", source, (True,) * n, links=links).with_entities(spans)
    return view, Sentence(target, (True,) * m)


@given(st.lists(cases(), min_size=1, max_size=4))
def test_probabilities_of_an_entity_are_at_most_1_together_and_the_same_in_any_batch(pairs):
    views, targets = zip(*pairs, strict=True)
    candidates = Ngrams().find(views, targets)
    score = LearnedScore()
    batch = Batch(views, targets, candidates)
    for values, case, own in zip(batch.split(score.score(batch)), pairs, candidates, strict=True):
        assert ((values >= 0) & (values <= 1)).all()
        assert (values.sum(axis=1) <= 1 + 1e-4).all()
        np.testing.assert_allclose(values, score_of(score, *case, own), atol=2e-9)


def test_candidates_and_none_share_one():
    odds = np.log([2.0, 1.0, 3.0])
    values = normalise(odds, np.log([1.0, 1.0, 1.0]), np.array([0, 0, 2]))
    assert values.round(6).tolist() == [0.5, 0.25, 0.75]
    assert normalise(np.zeros(0), np.zeros(1), np.zeros(0, dtype=int)).tolist() == []


def test_odds_that_no_number_holds_are_probabilities_all_the_same():
    values = normalise(np.array([2000.0, -2000.0]), np.array([0.0]), np.array([0, 0]))
    assert values.tolist() == [1.0, 0.0]


def projected(pair, source, target, entity, links):
    view, sentence = pair(source, target, [(*entity, "X")], links)
    (found,) = project(Matching(), view, sentence)
    return None if found.start is None else " ".join(sentence.words[found.start : found.end])


CLAUSE = "The symptoms of both groups were clearly better ."
KLAUSEL = "Los síntomas de ambos grupos fueron claramente mejores ."


def diagonal(n):
    return [(i, i, 0.9) for i in range(n)]


def test_a_span_that_ends_in_a_full_stop_keeps_it_and_another_has_none(pair):
    assert projected(pair, CLAUSE, KLAUSEL, (0, 9), diagonal(9)) == KLAUSEL
    assert projected(pair, CLAUSE, KLAUSEL, (0, 8), diagonal(9)) == KLAUSEL.removesuffix(" .")


def test_punctuation_that_hangs_on_a_word_does_not_cut_it_off(pair):
    source, target = "We love this place .", "Nous adorons cet endroit, vraiment"
    links = [(0, 0, 0.9), (1, 1, 0.9), (2, 2, 0.9), (3, 3, 0.8)]
    assert projected(pair, source, target, (3, 4), links) == "endroit,"


def test_a_preposition_that_the_links_take_in_is_left_out(pair):
    links = [(0, 0, 0.6), (1, 0, 0.3), (1, 1, 0.9)]
    assert projected(pair, "in Dodoma", "katika Dodoma leo", (1, 2), links) == "Dodoma"


def test_weights_of_an_own_file(tmp_path, pair):
    zeros = {place: {name: [0, 0] for name in names} for place, names in PLACES.items()}
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"weights": zeros}), encoding="utf8")
    score = LearnedScore(weights=str(path))
    view, target = pair("Asha came", "Asha alikuja", [(0, 1, "PER")], [(0, 0)])
    # One candidate, none, and nothing to tell them apart.
    assert score_of(score, view, target, np.array([[0, 1]])).tolist() == [[0.5]]
    assert score.describe() == {"name": "learned_score", "weights": "own.json"}
    again = pickle.loads(pickle.dumps(score))
    assert score_of(again, view, target, np.array([[0, 1]])).tolist() == [[0.5]]


@pytest.mark.parametrize("content", ["", "{}", '{"weights": {"sums": {"own": 1}}}', "[1]"])
def test_a_file_without_weights_is_refused(tmp_path, content):
    path = tmp_path / "own.json"
    path.write_text(content, encoding="utf8")
    with pytest.raises(XProjError, match=r"XP522.*own\.json.*train-score"):
        LearnedScore(weights=str(path))
    with pytest.raises(XProjError, match=r"XP522.*FileNotFound"):
        LearnedScore(weights=str(tmp_path / "none.json"))


def test_nothing_to_score(pair):
    view, target = pair("Asha", "Asha", [(0, 1, "PER")])
    none = np.zeros((0, 2), dtype=int)
    assert score_of(LearnedScore(), view, target, none).shape == (1, 0)
    assert score_of(LearnedScore(), view.replace(entities=()), target, none).shape == (0, 0)
