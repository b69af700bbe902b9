"""Words and labels: IOB schemes, character offsets, and cutting words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.data.spans import (
    Span,
    chars_to_words,
    cut_at,
    iob_to_spans,
    join_words,
    overlap,
    spans_to_iob,
    word_offsets,
)
from spacy_xproj.errors import XProjError

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # one picture, five code points
TEXTS = [
    (["Dodoma", "."], [False, False]),
    (["The", FAMILY, "left"], [True, True, False]),
    (["\u0632\u0627\u0631", "\u0627\u0644\u0642\u0627\u0647\u0631\u0629"], [True, False]),  # Arabic
    (["ng'ombe", "e\u0301te\u0301"], [True, True]),  # accents as code points of their own
    ([], []),
]


@st.composite
def labelled(draw):
    """A number of words, and spans over them that do not overlap."""
    n = draw(st.integers(0, 12))
    borders = sorted(draw(st.sets(st.integers(0, n), max_size=8)))
    spans = [
        Span(start, end, draw(st.sampled_from(["PER", "LOC", "B-MISC", "I"])))
        for start, end in pairwise(borders)
        if draw(st.booleans())
    ]
    return n, spans


def iob1(spans, n):
    """``B-`` only where a span follows one of its own label directly."""
    tags = ["O"] * n
    for start, end, label in spans:
        again = start > 0 and tags[start - 1].partition("-")[2] == label
        tags[start:end] = [f"I-{label}"] * (end - start)
        if again:
            tags[start] = f"B-{label}"
    return tags


def biluo(spans, n, last="L", unit="U"):
    tags = ["O"] * n
    for start, end, label in spans:
        if end - start == 1:
            tags[start] = f"{unit}-{label}"
        else:
            inside = [f"I-{label}"] * (end - start - 2)
            tags[start:end] = [f"B-{label}", *inside, f"{last}-{label}"]
    return tags


@given(labelled())
def test_iob2_round_trip(case):
    n, spans = case
    tags = spans_to_iob(spans, n)
    assert len(tags) == n
    assert iob_to_spans(tags) == spans


@given(labelled())
def test_iob1_biluo_and_bioes_say_the_same(case):
    n, spans = case
    assert iob_to_spans(iob1(spans, n)) == spans
    assert iob_to_spans(biluo(spans, n)) == spans
    assert iob_to_spans(biluo(spans, n, last="E", unit="S")) == spans


@given(st.lists(st.sampled_from(["O", *(f"{p}-{x}" for p in "BILEUS" for x in ("PER", "LOC"))])))
def test_any_tags_give_spans_that_cover_exactly_the_tagged_words(tags):
    spans = iob_to_spans(tags)
    covered = [i for start, end, _ in spans for i in range(start, end)]
    assert covered == [i for i, tag in enumerate(tags) if tag != "O"]
    assert all({tag[2:] for tag in tags[s:e]} == {label} for s, e, label in spans)


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("I-PER I-PER O", [(0, 2, "PER")]),  # I- after nothing starts a span
        ("O I-PER I-LOC", [(1, 2, "PER"), (2, 3, "LOC")]),  # and after another label
        ("B-PER I-LOC", [(0, 1, "PER"), (1, 2, "LOC")]),
        ("B-PER B-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("I-PER B-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("B-PER L-PER I-PER", [(0, 2, "PER"), (2, 3, "PER")]),
        ("B-PER E-PER I-PER", [(0, 2, "PER"), (2, 3, "PER")]),
        ("U-PER I-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("S-PER I-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("O L-PER", [(1, 2, "PER")]),
        ("B-PER I-PER", [(0, 2, "PER")]),  # up to the end of the sentence
        ("B-NAME-LAST I-NAME-LAST", [(0, 2, "NAME-LAST")]),  # a label may hold a hyphen
    ],
)
def test_where_spans_start_and_end(tags, spans):
    assert iob_to_spans(tags.split()) == spans


@pytest.mark.parametrize("tag", ["PER", "B-", "B", "-", "", "X-PER", "b-PER", "O-PER"])
def test_a_tag_of_no_scheme_is_named_with_its_position(tag):
    with pytest.raises(XProjError, match=f"XP101.*Tag '{tag}' at position 1 "):
        iob_to_spans(["O", tag])


@pytest.mark.parametrize("span", [(0, 4), (-1, 1), (2, 2), (2, 1), (3, 4)])
def test_spans_outside_the_sentence_are_an_error(span):
    with pytest.raises(XProjError, match=r"XP102.*within the 3 words"):
        spans_to_iob([(*span, "PER")], 3)


def test_iob_tags_cannot_hold_overlapping_spans():
    with pytest.raises(XProjError, match=r"XP103.*\[1, 3\) LOC overlaps"):
        spans_to_iob([(0, 2, "PER"), (1, 3, "LOC")], 3)


@given(*[st.integers(0, 6)] * 4)
def test_overlap_means_a_shared_position(a, b, c, d):
    a, b, c, d = min(a, b), max(a, b) + 1, min(c, d), max(c, d) + 1
    assert overlap(a, b, c, d) == bool(set(range(a, b)) & set(range(c, d)))


@pytest.mark.parametrize(("words", "spaces"), TEXTS)
def test_offsets_are_where_the_words_stand_in_the_text(words, spaces):
    text = join_words(words, spaces)
    assert [text[start:end] for start, end in word_offsets(words, spaces)] == words
    assert len(text) == sum(map(len, words)) + sum(spaces)


def test_characters_are_code_points():
    assert word_offsets(["a", FAMILY, "b"], [True, True, False]) == [(0, 1), (2, 7), (8, 9)]


@pytest.mark.parametrize("function", [word_offsets, join_words])
def test_words_and_spaces_have_to_be_as_many(function):
    with pytest.raises(ValueError, match=r"zip|spaces"):
        function(["a", "b"], [True])


@st.composite
def texts_with_borders(draw):
    words = draw(st.lists(st.text(st.sampled_from("ab\u0301\u05d0\U0001f600\u200d'"), min_size=1)))
    spaces = [draw(st.booleans()) for _ in words]
    return words, spaces, draw(st.lists(st.integers(-1, 20), max_size=6))


@given(texts_with_borders())
def test_cut_at_keeps_the_text_and_puts_each_border_between_words(case):
    words, spaces, borders = case
    new_words, new_spaces = cut_at(words, spaces, borders)
    assert join_words(new_words, new_spaces) == join_words(words, spaces)
    assert all(new_words)
    offsets = word_offsets(new_words, new_spaces)
    assert not any(start < border < end for border in borders for start, end in offsets)
    # no cut that was not asked for
    old = {border for pair in word_offsets(words, spaces) for border in pair}
    assert {border for pair in offsets for border in pair} <= old | set(borders)


@pytest.mark.parametrize(
    ("words", "spaces", "borders", "new_words", "new_spaces"),
    [
        (["Berliner"], [True], [6], ["Berlin", "er"], [False, True]),
        (["Berliner"], [True], [0, 8], ["Berliner"], [True]),
        (["a", "bcd"], [True, False], [1, 3, 4, 3], ["a", "b", "c", "d"], [True] + [False] * 3),
        (["x" + FAMILY], [False], [1], ["x", FAMILY], [False, False]),
    ],
)
def test_cut_at(words, spaces, borders, new_words, new_spaces):
    assert cut_at(words, spaces, borders) == (new_words, new_spaces)


@pytest.mark.parametrize(("words", "spaces"), TEXTS)
def test_chars_to_words_is_the_inverse_of_offsets(words, spaces):
    offsets = word_offsets(words, spaces)
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            chars = offsets[start][0], offsets[end - 1][1]
            assert chars_to_words(offsets, *chars) == (start, end)


@pytest.mark.parametrize(
    "chars",
    [
        (1, 5),  # begins within the first word
        (0, 6),  # ends with a blank
        (0, 8),  # ends within the second word
        (6, 5),  # ends before it begins
        (0, 0),
        (0, 99),
    ],
)
def test_characters_that_cut_a_word_have_no_words(chars):
    offsets = word_offsets(["Samia", "alifika"], [True, False])
    assert chars_to_words(offsets, *chars) is None
