"""What a score is made of, and why the chosen candidate won."""

import numpy as np
import pytest

from spacy_xproj.data.status import Status
from spacy_xproj.projection.batch import Batch
from spacy_xproj.projection.explaining import explain
from spacy_xproj.projection.features import extract
from spacy_xproj.projection.learned import LearnedScore, gains, log_odds
from spacy_xproj.projection.matching import Matching
from spacy_xproj.projection.scores import AlignScore, FusedScore


@pytest.fixture
def sentence(pair):
    """A name of two words, a place, and a word that nothing is linked to."""
    return pair(
        "Samia Suluhu visited Dodoma yesterday .",
        "Samia Suluhu alitembelea Dodoma jana .",
        entities=[(0, 2, "PER"), (3, 4, "LOC"), (4, 5, "DATE")],
        links=[(0, 0, 0.9), (1, 1, 0.8), (2, 2, 0.7), (3, 3, 0.9), (0, 2, 0.1)],
    )


def test_what_features_add_is_the_log_odds(sentence):
    view, target = sentence
    score = LearnedScore()
    batch = Batch([view], [target], Matching().candidates.find([view], [target]))
    features = extract(batch)
    odds, none = log_odds(features, score.weights)
    pairs, nothing = gains(features, score.weights)
    assert sum(gain for _, gain in pairs.values()) == pytest.approx(odds)
    assert sum(gain for _, gain in nothing.values()) == pytest.approx(none)


def test_each_entity_with_its_candidates_the_best_first(sentence):
    person, place, date = explain(Matching(), *sentence)
    assert (person.text, person.candidates[0].text) == ("Samia Suluhu", "Samia Suluhu")
    assert [one.chosen for one in person.candidates] == [True] + [False] * (
        len(person.candidates) - 1
    )
    scores = [one.score for one in person.candidates]
    assert scores == sorted(scores, reverse=True)
    assert place.projections[0].status is Status.PROJECTED
    assert (date.candidates, date.projections[0].status) == ([], Status.UNALIGNED)


def test_what_decided(sentence):
    person, place, _ = explain(Matching(), *sentence)
    best, second = person.candidates[:2]
    apart = dict(person.decisive(100))
    total = sum(p.gain for p in best.parts) - sum(p.gain for p in second.parts)
    assert sum(apart.values()) == pytest.approx(total)
    sizes = [abs(gain) for gain in apart.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert len(person.decisive(2)) == 2
    assert place.decisive() == []  # nothing else was in question


def test_the_weighted_parts_of_a_fused_score(sentence):
    score = FusedScore(scores={"align": AlignScore()}, weights={"align": 0.5})
    person, *_ = explain(Matching(score=score, threshold=0.0), *sentence)
    (part,) = person.candidates[0].parts
    assert part.name == "align"
    assert part.gain == pytest.approx(0.5 * part.value) == pytest.approx(person.candidates[0].score)


def test_a_score_that_does_not_say_is_given_as_it_is(sentence):
    class Plain:
        def score(self, batch):
            return np.ones(len(batch.entity))

        def describe(self):
            return {}

    person, *_ = explain(Matching(score=Plain()), *sentence)
    assert person.candidates[0].parts == []
    assert person.decisive() == []


def test_scripts_without_blanks_are_explained_in_their_own_tokens(pair):
    view, target = pair("Tokyo won", "東 京 勝", entities=[(0, 1, "LOC")], links=[(0, 0), (0, 1)])
    (place,) = explain(Matching(), view, target)
    assert (place.candidates[0].start, place.candidates[0].end) == (0, 2)


def test_no_entities(pair):
    assert explain(Matching(), *pair("a b", "c d")) == []
