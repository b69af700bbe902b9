"""A NER model of the target as candidates and as a score, with one that is written by hand."""

import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from spacy_xproj.data.views import Status
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import make_matching, make_ngrams
from spacy_xproj.projection.candidates import make_union
from spacy_xproj.projection.ner import make_ner_score, make_ner_spans
from spacy_xproj.projection.scores import make_fused_score

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
    dense = make_ner_score(FakeTagger(ROWS))(*samia, SPANS).to_dense()
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
    dense = make_ner_score(FakeTagger(ROWS), any_label=True)(*samia, SPANS).to_dense()
    assert dense[0] == pytest.approx(dense[1])
    assert dense[0, 1] == pytest.approx(0.7 * 1.15)
    assert dense[0, 5] == pytest.approx(0.9)


def test_alpha_and_min_score_are_settings(samia):
    plain = make_ner_score(FakeTagger(ROWS), alpha=1.0, min_score=0.75)(*samia, SPANS)
    assert plain.to_dense()[0].tolist() == [0.8, 0, 0, 0, 0, 0]
    low = make_ner_score(FakeTagger(ROWS), alpha=1.0, min_score=0.005)(*samia, SPANS)
    assert low.to_dense()[0, 4] == pytest.approx(0.01)


def test_labels_are_renamed_and_those_that_become_one_are_added(pair):
    view, target = pair("a b", "x y", [(0, 2, "LOC")], [(0, 0)])
    labels = ("O", "B-GPE", "I-GPE", "B-FAC", "I-FAC")
    rows = {"x y": [[0.1, 0.5, 0.0, 0.4, 0.0], [0.2, 0.0, 0.3, 0.0, 0.5]]}
    score = make_ner_score(FakeTagger(rows, labels=labels), label_map={"GPE": "LOC", "FAC": "LOC"})
    dense = score(view, target, np.array([[0, 1], [0, 2]])).to_dense()
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
    score = make_ner_score(FakeTagger({"x y": rows}, labels=labels))
    assert score(view, target, np.array([[0, 1], [0, 2]])).to_dense()[0] == pytest.approx(expected)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_probability_that_is_no_number_spoils_only_the_spans_that_cover_it(samia, bad):
    view, target = samia
    rows = {TEXT: [list(row) for row in ROWS[TEXT]]}
    rows[TEXT][0] = [bad] * 5
    score = make_ner_score(FakeTagger(rows))
    dense = score(view, target, SPANS).to_dense()
    assert np.isnan(dense[0]).tolist() == [True, True, True, False, False, False]
    only_first = make_matching(lambda *_: SPANS[:1], score)
    assert {p.status for p in only_first.project(view, target)} == {Status.INVALID_SCORE}
    both = make_matching(lambda *_: SPANS, score, threshold=0.0).project(view, target)
    assert [(p.start, p.end) for p in both] == [(1, 2), (3, 4)]


# candidates


def test_candidates_are_the_spans_found_and_if_wanted_their_parts(samia):
    tagger = FakeTagger(spans=[(0, 3), (3, 4)])
    assert make_ner_spans(tagger)(*samia).tolist() == [[0, 3], [3, 4]]
    parts = make_ner_spans(tagger, sub_spans=True)(*samia).tolist()
    assert parts == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3], [3, 4]]
    short = make_ner_spans(tagger, sub_spans=True, max_length=1)(*samia).tolist()
    assert short == [[0, 1], [0, 3], [1, 2], [2, 3], [3, 4]]  # what was found stays


def test_no_spans_found(samia):
    assert make_ner_spans(FakeTagger())(*samia).shape == (0, 2)


def test_a_union_has_each_span_once(samia):
    ner = make_ner_spans(FakeTagger(spans=[(0, 4), (3, 4)]))
    union = make_union({"ngrams": make_ngrams(max_length=1, max_ratio=None), "ner": ner})
    assert union(*samia).tolist() == [[0, 1], [0, 4], [1, 2], [3, 4]]
    assert union.describe()["candidates"] == {"ngrams": "ngrams", "ner": ner.describe()}
    with pytest.raises(XProjError, match=r"XP521.*at least one block"):
        make_union({})


# once per batch


def test_the_tagger_runs_once_per_batch_over_each_distinct_target(pair, samia):
    other = pair("it rained", "mvua ilinyesha", [(0, 1, "PER")], [(0, 0)])
    without = pair("well", "vizuri")
    rows = {**ROWS, "mvua ilinyesha": [[1.0, 0, 0, 0, 0]] * 2}
    scorer, finder = FakeTagger(rows), FakeTagger(spans=[(0, 1)])
    projector = make_matching(
        make_union({"ner": make_ner_spans(finder), "ngrams": make_ngrams()}),
        make_fused_score({"ner": make_ner_score(scorer)}, {"ner": 1.0}),
    )
    batch = [samia, other, samia, without]
    alone = [projector.project(*one) for one in batch]
    scorer.calls.clear()
    finder.calls.clear()
    views, targets = zip(*batch, strict=True)
    assert projector.project_batch(views, targets) == alone
    # The sentence without entities needs neither.
    assert scorer.calls == finder.calls == [[TEXT, "mvua ilinyesha"]]
    projector.project_batch(views[:1], targets[:1])  # known from the last batch
    projector.project_batch(views[1:2], targets[1:2])  # forgotten since
    assert scorer.calls[1:] == [["mvua ilinyesha"]]


def test_what_was_not_prepared_is_run_on_demand_and_not_kept(samia):
    tagger = FakeTagger(ROWS)
    score = make_ner_score(tagger)
    score(*samia, SPANS)
    score(*samia, SPANS)
    assert tagger.calls == [[TEXT], [TEXT]]


def test_without_entities_or_candidates_the_tagger_is_not_asked(samia):
    view, target = samia
    tagger = FakeTagger()
    none = np.zeros((0, 2), dtype=int)
    assert make_ner_score(tagger)(view, target, none).shape == (2, 0)
    assert make_ner_score(tagger)(view.replace(entities=()), target, SPANS).shape == (0, 6)
    assert tagger.calls == []


def test_parts_can_be_sent_to_a_worker_without_the_batch(samia):
    score, spans = make_ner_score(FakeTagger(ROWS)), make_ner_spans(FakeTagger(spans=[(0, 1)]))
    size = len(pickle.dumps(score))
    for part in (score, spans):
        part.prepare(*([one] for one in (*samia, SPANS)[: 3 if part is score else 2]))
    again = pickle.loads(pickle.dumps(score))
    np.testing.assert_array_equal(again(*samia, SPANS).values, score(*samia, SPANS).values)
    assert pickle.loads(pickle.dumps(spans))(*samia).tolist() == [[0, 1]]
    assert len(pickle.dumps(score)) < size + 100


def test_a_fused_score_of_parts_without_a_model_asks_for_no_preparation():
    assert make_fused_score({}, {}).prepare is None
    assert make_matching().score.prepare is None


@pytest.mark.parametrize("make", [make_ner_score, make_ner_spans])
def test_a_tagger_that_cannot_do_it_is_named(make):
    with pytest.raises(XProjError, match=r"XP520.*needs a tagger with the method.*; object has"):
        make(object())


@pytest.mark.parametrize(
    ("make", "settings", "code"),
    [(make_ner_score, {"alpha": 0}, "XP507"), (make_ner_spans, {"max_length": 0}, "XP503")],
)
def test_settings_that_make_no_sense(make, settings, code):
    with pytest.raises(XProjError, match=code):
        make(FakeTagger(), **settings)
