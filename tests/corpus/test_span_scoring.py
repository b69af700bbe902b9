"""Scores of spans that overlap, nest, and are in pieces."""

import pytest
import spacy
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from spacy_xproj.corpus.span_scoring import score_spans
from spacy_xproj.data.span_groups import Shape, write_group
from spacy_xproj.errors import XProjError


@pytest.fixture
def make():
    vocab = spacy.blank("en").vocab

    def doc(words, *shapes, key="sc"):
        doc = Doc(vocab, words=words.split())
        write_group(doc, key, [Shape(*shape) for shape in shapes])
        return doc

    return doc


def test_overlapping_and_nested_spans_count_each(make):
    gold = make("a b c d", (0, 4, "ORG"), (1, 2, "LOC"), (0, 2, "ORG"))
    pred = make("a b c d", (0, 4, "ORG"), (1, 2, "ORG"), (0, 2, "ORG"))
    scores = score_spans([gold], [pred], key="sc")
    assert scores.overall == (2 / 3, 2 / 3, 2 / 3, 3, 3, 2)
    assert scores.labels["ORG"] == pytest.approx((2 / 3, 1.0, 0.8, 2, 3, 2))
    assert scores.labels["LOC"] == (0.0, 0.0, 0.0, 1, 0, 0)
    theirs = Scorer.score_spans(
        [Example(pred, gold)], "spans_sc", getter=lambda d, _: d.spans["sc"], allow_overlap=True
    )
    assert theirs["spans_sc_f"] == pytest.approx(scores.overall.f1)
    assert scores.to_json()["token_accuracy"] is None


def test_a_span_in_pieces_is_right_where_all_its_pieces_are(make):
    gold = make("a b c d", (0, 4, "ORG", ((0, 1), (3, 4))))
    for pieces, right in [(((0, 1), (3, 4)), 1), (((0, 1), (2, 4)), 0), ((), 0)]:
        pred = make("a b c d", (0, 4, "ORG", pieces))
        assert score_spans([gold], [pred], key="sc").overall.correct == right


def test_characters_decide_where_words_differ(make):
    gold = make("New York", (0, 2, "LOC"))
    pred = make("NewYork", (0, 1, "LOC"))
    assert score_spans([gold], [pred], key="sc").overall.f1 == 1.0
    assert score_spans([gold], [pred], key="sc", ignore_labels=["LOC"]).overall.support == 0


def test_what_has_no_group_is_not_labelled(make):
    gold, other = make("a b", (0, 1, "X")), make("a b", key="other")
    pred = make("a b", (0, 1, "X"))
    scores = score_spans([gold, other], [other, pred], key="sc")
    assert (scores.overall.support, scores.sentences, scores.not_labelled) == (1, 1, 1)
    with pytest.raises(XProjError, match=r"XP526.*gold, sentence 1.*'sc'.*has 'other'"):
        score_spans([other], [pred], key="sc")
    with pytest.raises(XProjError, match="XP701"):
        score_spans([gold], [], key="sc")
    with pytest.raises(XProjError, match="XP704"):
        score_spans([gold], [make("a c", (0, 1, "X"))], key="sc")
