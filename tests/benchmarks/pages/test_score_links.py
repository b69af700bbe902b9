"""Scores of word links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.pages.alignment import score_links
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError

link_sets = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)))


def test_micro_over_sentences():
    gold = [{(0, 0), (1, 1), (2, 2)}, {(0, 0)}]
    pred = [{(0, 0), (1, 2)}, set()]
    assert score_links(gold, pred) == pytest.approx(
        {"precision": 1 / 2, "recall": 1 / 4, "f1": 1 / 3, "aer": 2 / 3}
    )


def test_repeated_links_count_once():
    assert score_links([[(0, 0), (0, 0)]], [[(0, 0)]])["f1"] == 1.0


def test_the_pairs_of_links_can_be_scored():
    assert score_links([{(0, 1)}], [Links([(0, 1, 0.3)]).pairs])["aer"] == 0.0


@pytest.mark.parametrize("links", [[], [set()]])
def test_no_links_give_no_score(links):
    assert score_links(links, links) == {"precision": 0, "recall": 0, "f1": 0, "aer": 1}


@given(st.lists(st.tuples(link_sets, link_sets)))
def test_aer_follows_its_definition(pairs):
    gold, pred = [g for g, _ in pairs], [p for _, p in pairs]
    scores = score_links(gold, pred)
    size = sum(map(len, gold)) + sum(map(len, pred))
    both = sum(len(g & p) for g, p in pairs)
    assert scores["aer"] == pytest.approx(1 - 2 * both / size if size else 1)
    swapped = score_links(pred, gold)
    assert (scores["precision"], scores["recall"]) == (swapped["recall"], swapped["precision"])


def test_a_missing_sentence_is_named():
    with pytest.raises(XProjError, match=r"XP701.*1 .* of gold and 2 .*: sentence 2"):
        score_links([set()], [set(), set()])
