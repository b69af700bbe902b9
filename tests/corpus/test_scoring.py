"""Strict entity scores: what counts as right, and what happens at the edges."""

import random
import time
import warnings
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.training import Example
from spacy.vocab import Vocab

from spacy_xproj.corpus.scoring import check_sentences, same_places, score_docs, score_tags
from spacy_xproj.corpus.span_scoring import score_spans
from spacy_xproj.data.labels import clear_labels
from spacy_xproj.data.spans import spans_to_iob
from spacy_xproj.errors import XProjError
from spacy_xproj.text.tokenizers import set_entities

LABELS = ("LOC", "ORG", "PER")


@st.composite
def span_sets(draw, n):
    """Random labelled spans over ``n`` words that do not overlap."""
    spans, start = [], 0
    while start < n:
        length = draw(st.integers(0, 3))
        if length and start + length <= n:
            spans.append((start, start + length, draw(st.sampled_from(LABELS))))
        start += max(length, 1)
    return spans


@st.composite
def sentence_pairs(draw):
    """Sentences as (number of words, gold spans, predicted spans)."""
    pairs = []
    for n in draw(st.lists(st.integers(0, 8), max_size=6)):
        gold = draw(span_sets(n))
        pairs.append((n, gold, draw(st.one_of(st.just(gold), span_sets(n)))))
    return pairs


def tags(pairs, side):
    return [spans_to_iob(pair[side], pair[0]) for pair in pairs]


def by_sets(pairs, label=None):
    """The same scores from sets of (sentence, start, end, label)."""
    gold, pred = (
        {(i, *s) for i, pair in enumerate(pairs) for s in pair[side] if label in (None, s[2])}
        for side in (1, 2)
    )
    correct = len(gold & pred)
    precision = correct / len(pred) if pred else 0.0
    recall = correct / len(gold) if gold else 0.0
    f1 = 2 * correct / (len(gold) + len(pred)) if gold or pred else 0.0
    return precision, recall, f1, len(gold), len(pred), correct


@given(sentence_pairs())
def test_scores_equal_those_of_sets_of_exact_spans(pairs):
    scores = score_tags(tags(pairs, 1), tags(pairs, 2))
    assert tuple(scores.overall) == pytest.approx(by_sets(pairs))
    assert list(scores.labels) == sorted({s[2] for _, g, p in pairs for s in (*g, *p)})
    for label, score in scores.labels.items():
        assert tuple(score) == pytest.approx(by_sets(pairs, label))
    assert scores.sentences == len(pairs)


@given(sentence_pairs(), st.randoms(use_true_random=False))
def test_the_order_of_sentences_does_not_matter(pairs, rng):
    shuffled = rng.sample(pairs, len(pairs))
    assert score_tags(tags(pairs, 1), tags(pairs, 2)) == score_tags(
        tags(shuffled, 1), tags(shuffled, 2)
    )


@given(sentence_pairs(), st.sets(st.sampled_from(LABELS)))
def test_ignoring_labels_equals_removing_them_beforehand(pairs, ignored):
    removed = [
        (n, [s for s in g if s[2] not in ignored], [s for s in p if s[2] not in ignored])
        for n, g, p in pairs
    ]
    assert score_tags(tags(pairs, 1), tags(pairs, 2), ignore_labels=ignored) == score_tags(
        tags(removed, 1), tags(removed, 2)
    )


def test_a_partial_span_and_a_wrong_label_are_both_wrong():
    gold = [["B-PER", "I-PER", "O", "B-LOC"]]
    pred = [["B-PER", "O", "O", "B-ORG"]]
    scores = score_tags(gold, pred)
    assert scores.overall.correct == 0
    assert scores.labels["ORG"].predicted == 1
    assert scores.labels["ORG"].support == 0
    assert scores.token_accuracy == 0.5


def test_other_schemes_score_as_iob2():
    counts = {"support": 1, "predicted": 1, "correct": 1}
    perfect = {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert score_tags([["B-PER", "L-PER", "U-LOC"]], [["I-PER", "I-PER", "B-LOC"]]).to_json() == {
        "overall": perfect | {"support": 2, "predicted": 2, "correct": 2},
        "labels": {"LOC": perfect | counts, "PER": perfect | counts},
        "token_accuracy": 1.0,
        "sentences": 1,
        "not_labelled": 0,
        "open_words": 0,
    }


def test_json_rounds_to_six_decimals():
    scores = score_tags([["B-PER", "B-PER", "B-PER"]], [["B-PER", "O", "O"]])
    assert scores.to_json()["overall"]["recall"] == 0.333333
    assert scores.to_json()["token_accuracy"] == 0.333333


def test_odd_labels_stay_apart():
    """seqeval on its own takes '-X-' for 'X', and a label may have the name of its average."""
    gold = [["B--X-", "B-X", "B-micro avg"]]
    scores = score_tags(gold, [["B-X", "B-X", "B-micro avg"]])
    assert {label: score.correct for label, score in scores.labels.items()} == {
        "-X-": 0,
        "X": 1,
        "micro avg": 1,
    }
    assert scores.overall.f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("gold", "pred", "accuracy"),
    [
        ([], [], 0.0),
        ([[]], [[]], 0.0),
        ([["O", "O"]], [["O", "O"]], 1.0),
        ([["B-PER", "O"]], [["O", "O"]], 0.5),
        ([["O", "O"]], [["O", "B-PER"]], 0.5),
    ],
)
def test_nothing_to_find_gives_zeros_without_a_warning(gold, pred, accuracy):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = score_tags(gold, pred)
    assert (scores.overall.precision, scores.overall.recall, scores.overall.f1) == (0, 0, 0)
    assert scores.token_accuracy == accuracy
    assert scores.sentences == len(gold)


def test_the_table_has_a_row_per_label_and_one_for_all():
    table = score_tags([["B-PER", "O", "B-LOC"]], [["B-PER", "O", "O"]]).table()
    assert [line.split() for line in table.splitlines()] == [
        ["label", "precision", "recall", "f1", "gold", "predicted", "correct"],
        ["-----", "---------", "------", "-----", "----", "---------", "-------"],
        ["LOC", "0.000", "0.000", "0.000", "1", "0", "0"],
        ["PER", "1.000", "1.000", "1.000", "1", "1", "1"],
        ["all", "1.000", "0.500", "0.667", "2", "1", "1"],
    ]


def test_a_missing_sentence_is_named():
    with pytest.raises(XProjError, match=r"XP701.*3 .* of gold and 2 of the pred.*: sentence 3 "):
        score_tags([["O"]] * 3, [["O"]] * 2)


def test_sides_and_sentences_are_called_by_their_names():
    made = [doc(["a", "red", "house"], []), doc(["a"], [])]
    places = (["g.jsonl:1", "g.jsonl:4"], ["p.jsonl:1"])
    with pytest.raises(XProjError, match=r"2 .* of g and 1 of p: sentence g\.jsonl:4 has no"):
        check_sentences(made, made[:1], names=("g", "p"), places=places)
    for score in (score_docs, partial(score_spans, key="sc")):
        for one in made:
            one.spans["sc"] = []
        with pytest.raises(XProjError, match=r"XP704.*Sentence g\.jsonl:4: the words differ"):
            score(made, [made[0], made[0]], names=places[0])


def test_a_sentence_with_another_length_is_named():
    with pytest.raises(
        XProjError, match=r"XP702.*Sentence 2: gold has 1 tokens, the prediction has 2"
    ):
        score_tags([["O"], ["O"]], [["O"], ["O", "O"]])


def test_a_tag_of_no_scheme_is_named_with_its_sentence():
    with pytest.raises(XProjError, match=r"XP703.*Sentence 2 of the predicted tags.*'PER'"):
        score_tags([["O"], ["O"]], [["O"], ["PER"]])


def test_ten_thousand_sentences_take_seconds():
    rng = random.Random(3)
    sentence = ["B-PER", "I-PER", "B-LOC"] + ["O"] * 22
    gold = [rng.sample(sentence, len(sentence)) for _ in range(10_000)]
    start = time.perf_counter()
    score_tags(gold, gold)
    assert time.perf_counter() - start < 15


def doc(words, ents, spaces=None):
    made = Doc(Vocab(), words=words, spaces=spaces)
    made.ents = [DocSpan(made, start, end, label) for start, end, label in ents]
    return made


def test_docs_with_the_same_words():
    gold = doc(["Ama", "Mensah", "spoke"], [(0, 2, "PER")])
    pred = doc(["Ama", "Mensah", "spoke"], [(0, 1, "PER")])
    assert score_docs([gold, gold], [gold, pred]).overall.f1 == 0.5
    assert score_docs([gold], [pred], ignore_labels=["PER"]).overall.support == 0


def test_docs_with_other_word_borders_are_scored_by_characters():
    gold = doc(["in", "Accra-West", "."], [(1, 2, "LOC")], [True, False, False])
    same = doc(["in", "Accra", "-", "West."], [], [True, False, False, False])
    exact = doc(["in", "Accra", "-", "West", "."], [(1, 4, "LOC")], [True] + [False] * 4)
    short = doc(["in", "Accra", "-", "West."], [(1, 2, "LOC")], [True, False, False, False])
    assert score_docs([gold], [exact]).overall.f1 == 1.0
    assert score_docs([gold], [same]).overall == (0, 0, 0, 1, 0, 0)
    assert score_docs([gold], [short]).overall == (0, 0, 0, 1, 1, 0)


def test_whitespace_words_do_not_matter():
    gold = doc(["Lake", "Volta", "rose"], [(0, 2, "LOC")])
    pred = doc(["\n", "Lake", "  ", "Volta rose"], [(0, 3, "LOC")])
    scores = score_docs([gold], [pred])
    assert scores.overall == (0, 0, 0, 1, 1, 0)
    pred = doc(["\n", "Lake", "  ", "Volta", "rose"], [(0, 4, "LOC")])
    assert score_docs([gold], [pred]).overall.f1 == 1.0


def test_an_entity_of_whitespace_is_not_dropped():
    pred = Doc(Vocab(), words=["Lake", " ", "Volta"], spaces=[True, False, False])
    pred.set_ents([DocSpan(pred, 1, 2, "LOC")])
    with pytest.raises(XProjError, match=r"XP705.*Sentence 1: the predicted entity LOC at word 1"):
        score_docs([doc(["Lake", "Volta"], [])], [pred])


def test_other_words_are_named():
    one, other = doc(["a", "red", "house"], []), doc(["a", "redder", "house"], [])
    with pytest.raises(XProjError, match=r"XP704.*Sentence 2: .* gold word 3, 'house'.*'redder'"):
        score_docs([one, one], [one, other])
    with pytest.raises(XProjError, match=r"first at gold word 3, 'house' .*'\(end\)'"):
        score_docs([one], [doc(["a", "red"], [])])
    with pytest.raises(XProjError, match="sentence 2 has no partner"):
        score_docs([one], [one, one])


def test_gold_against_itself_is_perfect(shared_data):
    files = sorted(
        path
        for corpus in ("europarl-ner", "masakhaner2", "wikiann")
        for path in (shared_data / corpus).rglob("*.*")
        if path.suffix in (".conll02", ".txt", ".conllu")
    )
    assert len(files) > 20
    for path in files:
        sentences: list[list[str]] = [[]]
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            if not line.strip():
                sentences.append([])
            else:
                sentences[-1].append(line.split()[-1])
        # One in four sentences: enough to meet every tag of a file, and quick.
        sentences = [tags for tags in sentences if tags][::4]
        scores = score_tags(sentences, sentences)
        assert scores.overall.f1 == 1.0, path
        assert scores.token_accuracy == 1.0, path
        assert all(score.f1 == 1.0 for score in scores.labels.values()), path


# what gold leaves open


def test_open_words_are_scored_as_spacy_scores_them(make):
    gold = set_entities(
        make(["Ana", "left", "Oslo", "for", "Bergen"]), [(0, 1, "PER")], unknown=[2]
    )
    pred = make(
        ["Ana", "left", "Oslo", "for", "Bergen"], [(0, 1, "PER"), (2, 3, "LOC"), (4, 5, "LOC")]
    )
    scores = score_docs([gold], [pred])
    spacys = get_ner_prf([Example(pred, gold)])
    assert (scores.overall.precision, scores.overall.recall) == (0.5, 1.0)
    assert (spacys["ents_p"], spacys["ents_r"]) == (0.5, 1.0)
    assert scores.token_accuracy == 3 / 4
    assert (scores.open_words, scores.sentences) == (1, 1)


def test_open_words_where_the_words_differ(make):
    gold = set_entities(make(["New", "York", "now"]), [], unknown=[0, 1])
    pred = make(["NewYork", "now"], [(0, 1, "LOC")])
    assert score_docs([gold], [pred]).overall == (0, 0, 0, 0, 0, 0)


def test_sentences_that_are_not_labelled_are_not_gold(make):
    bare = clear_labels(make(["Oslo"]))
    pred = [make(["Oslo"], [(0, 1, "LOC")]), make(["Oslo"], [(0, 1, "LOC")])]
    scores = score_docs([bare, pred[0]], pred)
    assert (scores.overall.predicted, scores.overall.precision) == (1, 1.0)
    assert (scores.sentences, scores.not_labelled) == (1, 1)


def test_other_labels_of_the_same_places_are_paired(make):
    words = ["Asha", "left", "Dodoma", "and", "Arusha"]
    gold = make(words, [(0, 1, "PER"), (2, 3, "LOC"), (4, 5, "LOC")])
    pred = make(words, [(0, 1, "PERSON"), (2, 3, "GPE"), (4, 5, "GPE"), (1, 2, "EVENT")])
    other = make(words, [(0, 1, "GPE")])
    assert same_places([gold, gold], [pred, other]) == {"GPE": "LOC", "PERSON": "PER"}
    assert same_places([clear_labels(gold)], [pred]) == {}
