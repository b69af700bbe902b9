"""Evidence for pairs of an entity and a candidate; each feature by a pair where it is plain."""

import numpy as np
import pytest

from spacy_xproj.projection import Batch, Ngrams
from spacy_xproj.projection.features import BORDERS, NONE, SPANS, SUMS, extract
from tests.fixtures.one_pair import find


def features(pair, source, target, entity, links, spans=None):
    view, sentence = pair(source, target, [(*entity, "X")], links)
    candidates = find(Ngrams(), view, sentence) if spans is None else np.array(spans)
    return extract(Batch([view], [sentence], [candidates]))


def border(pair, side, name, source, target, entity, word, links=None):
    """A feature of the border at one target word; all words are linked where nothing is said."""
    n, m = len(source.split(" ")), len(target.split(" "))
    links = links or [(k, l, 0.1) for k in range(n) for l in range(m)]
    found = features(pair, source, target, entity, links)
    return round(float(getattr(found, side)[name][0, word]), 4)


def test_every_feature_is_named_once_and_of_its_shape(pair):
    found = features(pair, "She saw Asha .", "Alimwona Asha .", (2, 3), [(2, 1), (3, 2)])
    assert tuple(found.sums) == SUMS
    assert tuple(found.left) == tuple(found.right) == BORDERS
    assert tuple(found.spans) == SPANS
    assert tuple(found.none) == NONE
    tables = [*found.sums.values(), *found.left.values(), *found.right.values()]
    assert {table.shape for table in tables} == {(1, 4)}
    assert {values.shape for values in found.spans.values()} == {(1,)}


def test_what_a_word_has_is_the_entitys_or_foreign(pair):
    links = [(0, 0, 0.6), (1, 0, 0.2), (1, 1, 0.5)]
    found = features(pair, "Asha sleeps", "Asha analala", (0, 1), links)
    assert found.sums["own"][0].round(3).tolist() == [0.75, 0, 0]
    assert found.sums["foreign"][0].round(3).tolist() == [0.25, 1, 0]
    assert found.sums["share"][0].tolist() == [1, 0, 0]


def test_only_pairs_whose_borders_are_linked_to_the_entity_can_be_chosen(pair):
    links = [(0, 0), (1, 1), (0, 2)]
    found = features(pair, "a b", "x y z", (0, 1), links, [(0, 1), (0, 2), (0, 3), (1, 3)])
    assert list(zip(found.starts, found.ends, strict=True)) == [(0, 1), (0, 3)]
    assert found.pairs.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("name", "source", "target", "word", "expected"),
    [
        ("mark_added", "the end now", "das Ende .", 2, 1),
        ("mark_added", "now the .", "das Ende .", 2, 0),  # the entity ends in punctuation too
        ("mark_lost", "now the .", "das Ende .", 1, 1),
        ("mark_lost", "now the .", "das Ende. x", 1, 0),  # it hangs on the word
        ("mark_cut", "now the .", "das Ende .", 1, 1),
        ("before_mark", "now the end", "das Ende .", 1, 1),
        ("mark_lost", "now the .", "वह दिल्ली x", 1, 1),  # a vowel sign is not punctuation
        ("short_added", "the big house", "das Haus da", 2, 1),
        ("short_added", "the big end", "das Ende da", 2, 0),
        ("short_lost", "the big end", "das Ende da", 1, 1),
        ("name_cut", "x y Bank", "die Bank Afrika", 1, 1),
        ("name_cut", "x y bank", "die Bank Afrika", 1, 0),
        ("lower", "x y Bank", "die bank Afrika", 1, 1),
    ],
)
def test_right_borders_are_judged_by_the_entitys_own(pair, name, source, target, word, expected):
    assert border(pair, "right", name, source, target, (1, 3), word) == expected


@pytest.mark.parametrize(
    ("name", "entity", "word", "expected"),
    [
        ("sentence_edge", (1, 2), 0, 1),
        ("sentence_edge", (0, 2), 0, 0),
        ("no_edge", (0, 2), 1, 1),
        ("no_edge", (1, 2), 1, 0),
    ],
)
def test_a_sentence_that_begins_with_the_entity(pair, name, entity, word, expected):
    assert border(pair, "left", name, "Asha came", "Asha alikuja", entity, word) == expected


def test_the_words_beyond_a_border(pair):
    links = [(0, 0, 0.8), (1, 1, 0.8), (1, 0, 0.2)]
    args = pair, "left"
    pairs = "old Asha", "mzee Asha", (1, 2)
    assert border(*args, "neighbour", *pairs, 1, links) == 0.8  # "mzee" is "old"
    assert border(*args, "left_out", *pairs, 1, links) == 0.2  # of "Asha"
    assert border(*args, "match", *pairs, 1, links) == 1.0
    assert border(*args, "taken_in", *pairs, 0, links) == 1.0  # all of "old"


def test_half_a_pair_of_brackets_and_more_punctuation_than_the_entity(pair):
    links = [(0, 0, 0.5), (0, 2, 0.5)]
    found = features(pair, "NoMa opened", "НоМа ( NoMa", (0, 1), links, [(0, 1), (0, 3)])
    assert found.spans["brackets"].tolist() == [0, 1]
    assert found.spans["marks_inside"].tolist() == [0, 1]


def test_length_is_expected_in_proportion_to_the_sentences(pair):
    found = features(pair, "abcd efgh", "abcdefgh ijklmnop", (0, 1), [(0, 0), (0, 1)])
    at = {
        (int(s), int(e)): i for i, (s, e) in enumerate(zip(found.starts, found.ends, strict=True))
    }
    assert found.spans["chars"][at[0, 1]] == pytest.approx(0)
    assert found.spans["chars"][at[0, 2]] == pytest.approx(np.log(2))
    assert found.spans["words"][at[0, 2]] == pytest.approx(np.log(2))


def test_a_clause_is_told_from_a_name_by_its_length(pair):
    words = " ".join("abcdefghijklmnop")
    links = [(i, i) for i in range(16)]
    lengths = {n: features(pair, words, words, (0, n), links).long[0] for n in (1, 4, 8, 16)}
    assert lengths == {1: 0.0, 4: 0.0, 8: 0.5, 16: 1.0}


@pytest.mark.parametrize(
    ("name", "target", "word", "expected"),
    [
        ("lower", "sie traf asha", 2, 1),
        ("lower", "SIE TRAF ASHA", 2, 0),
        ("name_cut", "sie traf Asha Mkapa", 3, 1),
        ("name_cut", "SIE TRAF ASHA MKAPA", 3, 0),
        ("short_added", "SIE TRAF ASHA", 0, 1),  # function words are not in small letters here
    ],
)
def test_case_says_nothing_in_a_sentence_in_capitals(pair, name, target, word, expected):
    assert border(pair, "left", name, "she met Asha", target, (2, 3), word) == expected
