"""Training the score over candidates: what is learnt from, and that it is learnt."""

import numpy as np
import pytest

from benchmarks.datasets.pairs import Pair
from benchmarks.training.clauses import LABEL, clauses
from benchmarks.training.examples import KINDS
from benchmarks.training.loglinear import COLUMNS, Choices, fit
from benchmarks.training.score import Linked, choices_of, run_train_score
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.spans import Span
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.projection.learned import LearnedScore


def sentence_pair(source, target, spans=(), gold=(), matched=None):
    words, others = tuple(source.split()), tuple(target.split())
    view = SourceView("en", words, (True,) * len(words)).with_entities(spans)
    return Pair(view, Sentence(others, (True,) * len(others)), tuple(gold), matched)


def straight(n):
    return Links([(i, i, 0.9) for i in range(n)])


def test_clauses_between_the_same_marks_belong_together():
    text = "when the rain came , all people went home ."
    found = {}
    for seed in range(20):
        ((pair, _),) = clauses([sentence_pair(text, text)], [straight(10)], seed=seed)
        spans = [e[:3] for e in pair.view.entities]
        assert spans == list(map(tuple, pair.gold))
        found |= dict.fromkeys(spans)
    assert set(found) >= {(0, 4, LABEL), (0, 5, LABEL), (5, 10, LABEL), (5, 9, LABEL)}


def test_clauses_whose_words_are_linked_elsewhere_are_none():
    text = "when the rain came , all people went home ."
    crossed = Links([(i, (i + 5) % 10, 0.9) for i in range(10)])
    ((pair, _),) = clauses([sentence_pair(text, text)], [crossed], seed=0)
    assert [e.end - e.start >= 9 for e in pair.view.entities] == [True]  # the sentence itself


def test_what_is_right_is_learnt():
    """The first of two candidates is right where its first feature is higher."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, len(COLUMNS))).astype(np.float32)
    first = np.arange(0, 400, 2)
    right = first + (x[first, 0] < x[first + 1, 0])
    ones = np.ones(200)
    none = np.tile([1.0, 0, 0, 0], (200, 1))
    weights = fit(Choices(x, first, right, none, 0 * ones, ones), l2=1e-3)
    place, name = COLUMNS[0]
    assert weights.values[place][name][0] > 2
    features = {**weights.values, "none": {}}
    others = [abs(a) for own in features.values() for n, (a, _) in own.items() if n != name]
    assert max(others) < weights.values[place][name][0]


def test_the_right_candidate_of_each_entity_and_none():
    spans = [(0, 1, "X"), (2, 3, "X")]
    pair = sentence_pair("Asha met Juma", "Asha na Juma", spans, [Span(2, 3, "X")], (-1, 0))
    choices = choices_of(Linked([pair], [straight(3)]))
    assert choices.first.tolist() == [0, 1]
    assert choices.right.tolist() == [-1, 1]


def test_training_is_the_same_again_and_gives_a_file_for_the_score(tmp_path, europarl):
    class Words:
        """Links words that are the same."""

        def align(self, views, targets):
            return [
                Links(
                    (k, l) for k, a in enumerate(v.words) for l, b in enumerate(t.words) if a == b
                )
                for v, t in zip(views, targets, strict=True)
            ]

        def describe(self):
            return {"aligner": "words"}

    (tmp_path / "downloads").mkdir()
    europarl.rename(tmp_path / "downloads" / "europarl-ner")
    path = tmp_path / "score.json"
    settings = {"kinds": ["names", "clauses"], "judge_on": ["names"]}
    trained = run_train_score(tmp_path, Words(), output=path, **settings)
    again = run_train_score(tmp_path, Words(), **settings)
    assert trained.weights == again.weights
    assert LearnedScore(weights=str(path)).weights.values == trained.weights.values
    assert trained.table().splitlines()[2].startswith("names")
    with pytest.raises(XProjError, match=r"XP150.*'wine'; known: names, news"):
        run_train_score(tmp_path, Words(), kinds=["wine"])


def test_what_ships_is_trained_on_nothing_whose_licence_forbids_it():
    assert {name for name, kind in KINDS.items() if not kind.free} == {
        "opinion-targets",
        "arguments",
    }
