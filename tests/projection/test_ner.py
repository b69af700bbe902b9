"""A NER model of the target as candidates and as a score, with one that is written by hand."""

import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from spacy_xproj.data.status import Status
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import Matching, Ngrams
from spacy_xproj.projection.candidates import UnionCandidates
from spacy_xproj.projection.ner import NerScore, NerSpans
from spacy_xproj.projection.scores import FusedScore
from tests.fixtures.one_pair import FixedCandidates, find, project, score_of

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


class FakeTagger:
    """Gives the probabilities and the spans that a test names for a sentence, and counts calls."""

    def __init__(self, rows=None, spans=(), labels=LABELS):
        self.rows = rows or {}
        self.spans = spans
        self.labels = labels
        self.calls = []

    def probabilities(self, sentences):
        self.calls.append([" ".join(words) for words in sentences])
        return [np.array(self.rows[text], dtype=float) for text in self.calls[-1]]

    def tag(self, views):
        self.calls.append([view.text for view in views])
        return [[SimpleNamespace(start=a, end=b) for a, b in self.spans] for _ in views]

    def describe(self):
        return {"tagger": "fake"}


TEXT = "Samia Suluhu aliondoka Dodoma"
ROWS = {
    TEXT: [
        [0.1, 0.8, 0.0, 0.1, 0.0],
        [0.2, 0.1, 0.6, 0.0, 0.1],
        [0.96, 0.01, 0.01, 0.01, 0.01],
        [0.1, 0.0, 0.0, 0.9, 0.0],
    ]
}
SPANS = np.array([[0, 1], [0, 2], [0, 3], [1, 2], [2, 3], [3, 4]])


@pytest.fixture
def samia(pair):
    entities = [(0, 2, "PER"), (3, 4, "LOC")]
    return pair("Samia Suluhu left Dodoma", TEXT, entities, [(0, 0), (1, 1), (2, 2), (3, 3)])


# the score


def test_the_mean_probability_of_the_labels_of_its_words_and_a_bonus_for_length(samia):
    dense = score_of(NerScore(tagger=FakeTagger(ROWS)), *samia, SPANS)
    assert dense[0] == pytest.approx(
        [
            0.8,
            (0.8 + 0.6) / 2 * 1.15,
            (0.8 + 0.6 + 0.01) / 3 * 1.15**2,
            0.1,
            0,  # 0.01 is below 0.05
            0,
        ]
    )
    loc = [0.1, (0.1 + 0.1) / 2 * 1.15, (0.1 + 0.1 + 0.01) / 3 * 1.15**2, 0, 0, 0.9]
    assert dense[1] == pytest.approx(loc)


def test_any_label_asks_only_whether_it_is_an_entity(samia):
    dense = score_of(NerScore(tagger=FakeTagger(ROWS), any_label=True), *samia, SPANS)
    assert dense[0] == pytest.approx(dense[1])
    assert dense[0, 1] == pytest.approx(0.7 * 1.15)
    assert dense[0, 5] == pytest.approx(0.9)


def test_alpha_and_min_score_are_settings(samia):
    plain = score_of(NerScore(tagger=FakeTagger(ROWS), alpha=1.0, min_score=0.75), *samia, SPANS)
    assert plain[0].tolist() == [0.8, 0, 0, 0, 0, 0]
    low = score_of(NerScore(tagger=FakeTagger(ROWS), alpha=1.0, min_score=0.005), *samia, SPANS)
    assert low[0, 4] == pytest.approx(0.01)


def test_labels_are_renamed_and_those_that_become_one_are_added(pair):
    view, target = pair("a b", "x y", [(0, 2, "LOC")], [(0, 0)])
    labels = ("O", "B-GPE", "I-GPE", "B-FAC", "I-FAC")
    rows = {"x y": [[0.1, 0.5, 0.0, 0.4, 0.0], [0.2, 0.0, 0.3, 0.0, 0.5]]}
    score = NerScore(tagger=FakeTagger(rows, labels=labels), label_map={"GPE": "LOC", "FAC": "LOC"})
    dense = score_of(score, view, target, np.array([[0, 1], [0, 2]]))
    assert dense[0] == pytest.approx([0.9, (0.9 + 0.8) / 2 * 1.15])


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("O", "I-PER"), [0.7, (0.7 + 0.6) / 2 * 1.15]),  # IOB1
        (("O", "B-PER", "I-PER", "L-PER", "U-PER"), [0.8, (0.8 + 0.5) / 2 * 1.15]),  # BILUO
        (("O", "B-ORG", "I-ORG"), [0, 0]),
    ],
)
def test_other_schemes_and_a_label_that_the_tagger_does_not_have(pair, labels, expected):
    rows = {
        2: [[0.3, 0.7], [0.4, 0.6]],
        3: [[0.1, 0.9, 0.0], [0.1, 0.0, 0.9]],
        5: [[0.1, 0.2, 0.1, 0.0, 0.6], [0.4, 0.0, 0.2, 0.3, 0.1]],
    }[len(labels)]
    view, target = pair("a b", "x y", [(0, 2, "PER")], [(0, 0)])
    score = NerScore(tagger=FakeTagger({"x y": rows}, labels=labels))
    assert score_of(score, view, target, np.array([[0, 1], [0, 2]]))[0] == pytest.approx(expected)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_probability_that_is_no_number_spoils_only_the_spans_that_cover_it(samia, bad):
    view, target = samia
    rows = {TEXT: [list(row) for row in ROWS[TEXT]]}
    rows[TEXT][0] = [bad] * 5
    score = NerScore(tagger=FakeTagger(rows))
    dense = score_of(score, view, target, SPANS)
    assert np.isnan(dense[0]).tolist() == [True, True, True, False, False, False]
    only_first = Matching(candidates=FixedCandidates(*SPANS[:1]), score=score)
    assert {p.status for p in project(only_first, view, target)} == {Status.INVALID_SCORE}
    both = project(
        Matching(candidates=FixedCandidates(*SPANS), score=score, threshold=0.0), view, target
    )
    assert [(p.start, p.end) for p in both] == [(1, 2), (3, 4)]


# candidates


def test_candidates_are_the_spans_found_and_if_wanted_their_parts(samia):
    tagger = FakeTagger(spans=[(0, 3), (3, 4)])
    assert find(NerSpans(tagger=tagger), *samia).tolist() == [[0, 3], [3, 4]]
    parts = find(NerSpans(tagger=tagger, sub_spans=True), *samia).tolist()
    assert parts == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3], [3, 4]]
    short = find(NerSpans(tagger=tagger, sub_spans=True, max_length=1), *samia).tolist()
    assert short == [[0, 1], [0, 3], [1, 2], [2, 3], [3, 4]]  # what was found stays


def test_no_spans_found(samia):
    assert find(NerSpans(tagger=FakeTagger()), *samia).shape == (0, 2)


def test_a_union_has_each_span_once(samia):
    ner = NerSpans(tagger=FakeTagger(spans=[(0, 4), (3, 4)]))
    ngrams = Ngrams(max_length=1, max_ratio=None)
    union = UnionCandidates(candidates={"ngrams": ngrams, "ner": ner})
    assert find(union, *samia).tolist() == [[0, 1], [0, 4], [1, 2], [3, 4]]
    assert union.describe()["candidates"] == {
        "ngrams": Ngrams(max_length=1, max_ratio=None).describe(),
        "ner": ner.describe(),
    }
    with pytest.raises(XProjError, match=r"XP521.*at least one block"):
        UnionCandidates(candidates={})


# once per batch


def test_the_tagger_runs_once_per_batch_over_each_distinct_target(pair, samia):
    other = pair("it rained", "mvua ilinyesha", [(0, 1, "PER")], [(0, 0)])
    without = pair("well", "vizuri")
    rows = {**ROWS, "mvua ilinyesha": [[1.0, 0, 0, 0, 0]] * 2}
    scorer, finder = FakeTagger(rows), FakeTagger(spans=[(0, 1)])
    projector = Matching(
        candidates=UnionCandidates(candidates={"ner": NerSpans(tagger=finder), "ngrams": Ngrams()}),
        score=FusedScore(scores={"ner": NerScore(tagger=scorer)}, weights={"ner": 1.0}),
    )
    batch = [samia, other, samia, without]
    alone = [project(projector, *one) for one in batch]
    scorer.calls.clear()
    finder.calls.clear()
    views, targets = zip(*batch, strict=True)
    assert projector.project(views, targets) == alone
    # The sentence without entities needs neither.
    assert scorer.calls == finder.calls == [[TEXT, "mvua ilinyesha"]]


def test_without_entities_or_candidates_the_tagger_is_not_asked(samia):
    view, target = samia
    tagger = FakeTagger()
    none = np.zeros((0, 2), dtype=int)
    assert score_of(NerScore(tagger=tagger), view, target, none).shape == (2, 0)
    assert score_of(NerScore(tagger=tagger), view.replace(entities=()), target, SPANS).shape == (
        0,
        6,
    )
    assert tagger.calls == []


def test_parts_can_be_sent_to_a_worker(samia):
    score, spans = NerScore(tagger=FakeTagger(ROWS)), NerSpans(tagger=FakeTagger(spans=[(0, 1)]))
    again = pickle.loads(pickle.dumps(score))
    np.testing.assert_array_equal(score_of(again, *samia, SPANS), score_of(score, *samia, SPANS))
    assert find(pickle.loads(pickle.dumps(spans)), *samia).tolist() == [[0, 1]]


@pytest.mark.parametrize("make", [NerScore, NerSpans])
def test_a_tagger_that_cannot_do_it_is_named(make):
    with pytest.raises(XProjError, match=r"XP520.*object given as its tagger .* it lacks"):
        make(tagger=object())


@pytest.mark.parametrize(
    ("make", "settings", "code"),
    [(NerScore, {"alpha": 0}, "XP507"), (NerSpans, {"max_length": 0}, "XP151")],
)
def test_settings_that_make_no_sense(make, settings, code):
    with pytest.raises(XProjError, match=code):
        make(tagger=FakeTagger(), **settings)
