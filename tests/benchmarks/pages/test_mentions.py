"""Recall and accuracy on mentions that are a subset of all entities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from benchmarks.pages.intervals import ratio_interval
from benchmarks.pages.mentions import (
    GROUP,
    count_mentions,
    mention_spans,
    score_counts,
    score_mentions,
)
from spacy_xproj.errors import XProjError


def doc_of(text, mentions=None, entities=()):
    doc = Doc(Vocab(), words=text.split())
    doc.set_ents([Span(doc, *span) for span in entities])
    if mentions is not None:
        doc.spans[GROUP] = [Span(doc, *span) for span in mentions]
    return doc


def test_counts_per_unit():
    gold = [[(0, 2, "PER"), (3, 4, "LOC")], [(0, 3, "ORG")], []]
    pred = [[(0, 2, "PER"), (5, 6, "LOC")], [(1, 3, "ORG")], [(0, 1, "LOC")]]
    counts = count_mentions(gold, pred)
    assert counts.mentions.tolist() == [[1, 2], [0, 1], [0, 0]]
    # B-ORG I-ORG I-ORG against O B-ORG I-ORG: the last tag is right.
    assert counts.tokens.tolist() == [[2, 3], [1, 3], [0, 0]]
    assert {label: own.tolist() for label, own in counts.labels.items()} == {
        "LOC": [[0, 1], [0, 0], [0, 0]],
        "ORG": [[0, 0], [0, 1], [0, 0]],
        "PER": [[1, 1], [0, 0], [0, 0]],
    }


@pytest.mark.parametrize(
    ("found", "recall", "accuracy"),
    [
        ([(1, 3, "PER")], 1, 1),
        ([(1, 3, "PER"), (0, 1, "LOC"), (4, 5, "LOC")], 1, 1),  # elsewhere does not count
        ([(1, 3, "LOC")], 0, 0),
        ([(1, 2, "PER")], 0, 0.5),
        ([(0, 3, "PER")], 0, 0.5),  # I-PER I-PER against B-PER I-PER
        ([(2, 4, "PER")], 0, 0),
        ([(1, 2, "PER"), (2, 3, "PER")], 0, 0.5),
        ([], 0, 0),
    ],
)
def test_one_mention(found, recall, accuracy):
    scores = score_counts(count_mentions([[(1, 3, "PER")]], [found]), resamples=10)
    assert (scores.recall.value, scores.accuracy.value) == (recall, accuracy)


spans = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 2), st.sampled_from(["PER", "LOC"])), max_size=3
)


@st.composite
def layers(draw):
    """Spans in order, each beginning after the one before."""
    position, layer = 0, []
    for gap, length, label in draw(spans):
        layer.append((position + gap, position + gap + length, label))
        position += gap + length
    return layer


@given(st.lists(st.tuples(layers(), layers()), min_size=1, max_size=6))
@settings(max_examples=60)
def test_what_holds_for_any_prediction(units):
    gold, pred = zip(*units, strict=True)
    counts = count_mentions(gold, pred)
    for own in (counts.mentions, counts.tokens, *counts.labels.values()):
        assert (own[:, 0] >= 0).all()
        assert (own[:, 0] <= own[:, 1]).all()
    assert counts.mentions[:, 1].tolist() == [len(own) for own in gold]
    assert sum(own.sum() for own in counts.labels.values()) == counts.mentions.sum()
    perfect = count_mentions(gold, gold)
    assert (perfect.mentions[:, 0] == perfect.mentions[:, 1]).all()
    assert (perfect.tokens[:, 0] == perfect.tokens[:, 1]).all()
    assert not count_mentions(gold, [[]] * len(gold)).tokens[:, 0].any()


def test_docs_with_other_words_are_scored_by_characters():
    gold = doc_of("She left Dodoma .", [(2, 3, "LOC")])
    pred = Doc(gold.vocab, words=["She", "left", "Dodo", "ma."], spaces=[True, True, False, False])
    pred.set_ents([Span(pred, 2, 3, "LOC")])
    assert score_mentions([gold], [pred]).recall.value == 0
    pred = Doc(gold.vocab, words=["She", "left", "Dodoma", "."], spaces=[True, True, False, False])
    pred.set_ents([Span(pred, 2, 3, "LOC")])
    assert score_mentions([gold], [pred]).recall.value == 1


def test_scores_of_docs_as_table_and_json():
    gold = [
        doc_of("Asha left Dodoma", [(0, 1, "PER"), (2, 3, "LOC")]),
        doc_of("it rained", []),
        doc_of("Rufiji is long", [(0, 1, "LOC")]),
    ]
    pred = [
        doc_of("Asha left Dodoma", entities=[(0, 1, "PER")]),
        doc_of("it rained", entities=[(0, 1, "LOC")]),
        doc_of("Rufiji is long", entities=[(0, 1, "LOC")]),
    ]
    scores = score_mentions(gold, pred)
    assert scores.labels == {"LOC": (0.5, 2), "PER": (1.0, 1)}
    plain = scores.to_json()
    assert plain["recall"]["value"] == plain["accuracy"]["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert (plain["mentions"], plain["units"]) == (3, 3)
    assert ["all", "0.667", "3", scores.recall.text()] in [
        line.split() for line in scores.table().splitlines()
    ]
    without = score_mentions(gold, pred, ignore_labels=["LOC"])
    assert (without.recall.value, without.mentions) == (1, 1)


def test_the_interval_resamples_units():
    counts = count_mentions([[(0, 1, "PER")]] * 40, [[(0, 1, "PER")], []] * 20)
    scores = score_counts(counts)
    assert scores.recall == ratio_interval(counts.mentions)
    assert 0.3 < scores.recall.low < 0.5 < scores.recall.high < 0.7


def test_docs_without_mentions_are_refused():
    with pytest.raises(XProjError, match=r"XP741.*'xquad_ner' is missing; it has: none"):
        score_mentions([doc_of("a")], [doc_of("a")])
    assert mention_spans(doc_of("a", [])) == []


def test_other_numbers_of_units_are_refused():
    with pytest.raises(XProjError, match="sentence 2 has no partner"):
        score_mentions([doc_of("a", [])], [doc_of("a"), doc_of("b")])
    with pytest.raises(XProjError, match="sentence 1 has no partner"):
        count_mentions([], [[]])


def test_no_mention_at_all_is_zero_not_an_error():
    scores = score_counts(count_mentions([[], []], [[], []]))
    assert (scores.recall.value, scores.accuracy.value, scores.labels) == (0, 0, {})


def test_speed():
    gold = [[(i, i + 2, "PER") for i in range(0, 8, 2)]] * 1000
    import time

    start = time.perf_counter()
    count_mentions(gold, gold)
    assert time.perf_counter() - start < 1
    assert np.array_equal(count_mentions(gold, gold).mentions, np.full((1000, 2), 4))
