"""Spans that count words are told from spans that count characters, or refused."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spacy_xproj.data.spans import word_offsets
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.io.formats.jsonl import write_jsonl
from spacy_xproj.io.formats.span_units import Units, _spans, find_units
from spacy_xproj.io.notes import collected

WORDS = ["Ana", "Bok", "met", "Ivo", "in", "Oslo"]
TEXT = " ".join(WORDS)


def tokens():
    return [
        {"text": word, "start": a, "end": b, "id": i}
        for i, (word, (a, b)) in enumerate(zip(WORDS, word_offsets(WORDS, [True] * 6), strict=True))
    ]


def span(start, end, label, **more):
    return {"start": start, "end": end, "label": label, **more}


def entities(docs):
    return [(ent.text, ent.label_) for doc in docs for ent in doc.ents]


FOUND = [("Ana Bok", "PER"), ("Ivo", "PER"), ("Oslo", "LOC")]
EXCLUSIVE = [(0, 2, "PER"), (3, 4, "PER"), (5, 6, "LOC")]
INCLUSIVE = [(0, 1, "PER"), (3, 3, "PER"), (5, 5, "LOC")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
@pytest.mark.parametrize(
    "record",
    [
        {"text": TEXT, "tokens": WORDS, "spans": [list(one) for one in EXCLUSIVE]},
        {"tokens": WORDS, "spans": [list(one) for one in INCLUSIVE]},
        {"text": TEXT, "tokens": tokens(), "spans": [span(*one) for one in EXCLUSIVE]},
        {"text": TEXT, "words": WORDS, "annotation": [[x, a, b] for a, b, x in EXCLUSIVE]},
        {"words": WORDS, "entities": [span(*one) for one in INCLUSIVE]},
        {
            "text": TEXT,
            "tokens": tokens(),
            "spans": [
                span(*one, text=text) for one, (text, _) in zip(EXCLUSIVE, FOUND, strict=True)
            ],
        },
        {
            "text": TEXT,
            "tokens": tokens(),
            "spans": [{"token_start": a, "token_end": b, "label": x} for a, b, x in INCLUSIVE],
        },
        {
            "text": TEXT,
            "tokens": tokens(),
            "spans": [span(a, b, x, token_start=a, token_end=b - 1) for a, b, x in EXCLUSIVE],
        },
    ],
)
def test_spans_that_count_words(write, name, record):
    path = write(name, json.dumps([record] if name == "a.json" else record))
    with collected() as notes:
        assert entities(read_docs(path, lang="en")) == FOUND
    counted = "token_end" not in json.dumps(record) or "start" in record["spans"][0]
    assert any("count words" in line for line in notes.lines()) == counted


def test_one_span_with_its_text_is_enough(write):
    record = {"text": TEXT, "tokens": WORDS, "spans": [span(0, 2, "PER", word="Ana Bok")]}
    other = {"text": "Ana sang .", "tokens": ["Ana", "sang", "."], "spans": [span(0, 1, "PER")]}
    rejected = {**other, "text": "a", "answer": "ignore"}
    lines = "".join(json.dumps(one) + "\n" for one in (record, rejected, other))
    docs = read_docs(write("a.jsonl", lines), lang="en")
    assert entities(docs) == [("Ana Bok", "PER"), ("Ana", "PER")]


@pytest.mark.parametrize(
    ("words", "spans"),
    [
        (["a", "b", "c", "d"], [[2, 3, "X"]]),  # the character b, or the word c
        (["a", "b", "c", "d"], [[2, 3, "X"], [0, 1, "X"]]),
        (["Anabel", "went", "home", "now"], [[0, 2, "PER"]]),  # cuts a word, if it is characters
        (["Ana", "went", "home", "now"], [[0, 2, "PER"], [1, 3, "X"], [2, 3, "X"]]),  # which end?
    ],
)
def test_what_is_not_certain_is_an_error(write, words, spans):
    path = write("a.jsonl", json.dumps({"words": words, "spans": spans}))
    with pytest.raises(XProjError, match=r"XP665.*a\.jsonl: .*token_start"):
        read_docs(path, lang="en")


@pytest.mark.parametrize(
    ("words", "spans", "found"),
    [
        # [4, 5] ends behind the last of five words
        (["Anabel", "met", "Ivonne", "in", "Oslo"], [(2, 3), (4, 5)], ["Ivonne", "Oslo"]),
        # the word 2 would be in both, were it the last of the first
        (
            ["Anabel", "Bo", "Oslo", "now", "."],
            [(0, 2), (2, 3), (3, 4)],
            ["Anabel Bo", "Oslo", "now"],
        ),
    ],
)
@pytest.mark.parametrize("times", [1, 40])
def test_the_one_way_that_is_left_is_taken(write, words, spans, found, times):
    record = {"tokens": words, "entities": [span(a, b, "X") for a, b in spans]}
    path = write("a.jsonl", (json.dumps(record) + "\n") * times)
    docs = read_docs(path, lang="en")
    assert [ent.text for ent in docs[0].ents] == found


def test_what_the_error_says_to_do_works(write):
    """Of six words, the fifth, or the fifth and the last."""
    record = {"tokens": WORDS, "entities": [span(0, 1, "PER"), span(4, 5, "X")]}
    with pytest.raises(XProjError, match=r"XP665.*token_end: \(\.end - 1\)"):
        read_docs(write("a.jsonl", (json.dumps(record) + "\n") * 40), lang="en")
    texts = [span(0, 1, "PER", text="Ana"), span(4, 5, "X", text="in")]
    named = [{"label": "PER", "token_start": 0, "token_end": 0}]
    named += [{"label": "X", "token_start": 4, "token_end": 4}]
    for new in (texts, named):
        path = write("b.jsonl", json.dumps({**record, "entities": new}))
        assert entities(read_docs(path, lang="en")) == [("Ana", "PER"), ("in", "X")]


CUT = {"text": "Ana left Oslo now", "entities": [[0, 2, "PER"], [9, 12, "LOC"]]}
MORE = {"text": "Bo met Ivo.", "entities": [["PER", 7, 9]]}


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_ends_that_look_inclusive_are_an_error(write, name):
    rows = [CUT, MORE]
    path = write(name, json.dumps(rows) if name == "a.json" else "\n".join(map(json.dumps, rows)))
    with pytest.raises(XProjError, match=r"XP665.*look inclusive.*entities\[\]\[1\] \+= 1"):
        read_docs(path, lang="en")


OTHER_UNITS = [
    ("😀 Ana left Oslo now", [[3, 6, "PER"], [12, 16, "LOC"]], "UTF-16 units"),
    ("😀😀 Ana left", [[5, 8, "PER"]], "UTF-16 units"),  # neither border is one of a word
    ("Sør og Ana i Tromsø nå", [[8, 11, "PER"], [14, 21, "LOC"]], "bytes"),
]


@pytest.mark.parametrize(("text", "labels", "units"), OTHER_UNITS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_offsets_that_look_like_other_units_are_an_error(write, name, text, labels, units):
    record = {"text": text, "entities": labels}
    path = write(name, json.dumps([record] if name == "a.json" else record))
    with pytest.raises(XProjError, match=rf"XP665.*counted in {units} they do.*jq -c"):
        read_docs(path, lang="en")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Sør i Osloby", [[6, 10, "LOC"]]),  # part of a word: bytes would not fit, either
        ("Über Münchens See", [[0, 4, "X"], [5, 12, "LOC"], [14, 17, "LOC"]]),  # one in three
        ("日本語テキスト", [[0, 2, "LOC"]]),  # without blanks nothing is known
    ],
)
def test_spans_within_words_alone_do_not_look_like_other_units(write, text, labels):
    path = write("a.jsonl", json.dumps({"text": text, "entities": labels}))
    assert len(read_docs(path, lang="xx")[0].ents) == len(labels)


@pytest.mark.parametrize(
    ("row", "cut"),
    [
        ({"text": "Bo", "entities": []}, 2),  # too few to tell
        ({"text": "Bo met Ivo", "entities": [[7, 10, "PER"]]}, 2),  # one ends where a word ends
        ({"text": "Bo met Ivo", "entities": [[8, 9, "PER"]]}, 3),  # one begins within a word
        ({"text": "Bo met Ivo", "entities": [span(7, 9, "PER", text="Iv")]}, 3),  # which is sure
    ],
)
def test_spans_that_cut_words_are_counted(write, row, cut):
    rows = [CUT, row]
    with collected() as notes:
        read_docs(write("a.jsonl", "\n".join(map(json.dumps, rows))), lang="en")
    assert notes.lines()[0].startswith(f"{cut} x a span that begins or ends within a word")


def test_letters_of_scripts_without_blanks_are_not_words_that_are_cut(write):
    rows = [{"text": "我在东京住", "entities": [[2, 3, "LOC"]]}] * 4
    with collected() as notes:
        read_docs(write("a.jsonl", "\n".join(map(json.dumps, rows))), lang="zh")
    assert notes.lines() == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"token_start": 0, "token_end": 0},
            "the words 0 to 0 are 'Ana', but the characters 0 to 7",
        ),
        ({"token_start": 0, "token_end": 2}, "'Ana Bok met'"),
        ({"token_start": 1, "token_end": 1}, "'Bok'"),
        ({"token_start": 0, "token_end": 6}, "not words of the 6"),
        ({"token_start": 1, "token_end": 0}, "not words of the 6"),
    ],
)
def test_words_that_are_not_those_of_the_characters_are_named(write, more, said):
    fine = {"text": TEXT, "tokens": tokens(), "spans": [span(8, 11, "X")]}
    record = {"text": TEXT, "tokens": tokens(), "spans": [span(0, 7, "PER", **more)]}
    path = write("a.jsonl", f"{json.dumps(fine)}\n{json.dumps(record)}\n")
    with pytest.raises(XProjError, match=r"XP622.*a\.jsonl:2: 'token_start'") as error:
        read_docs(path, lang="en")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "fine"),
    [
        (0, 3, 0, 0, True),
        (0, 3, 1, 1, False),
        (4, 7, 1, 1, True),
        (4, 7, 0, 0, False),
        (5, 7, 1, 1, True),  # of a word that is cut
        (5, 7, 2, 2, True),
        (0, 7, 0, 1, True),
        (0, 7, 0, 0, False),
        (0, 3, 0, 9, False),
        (4, 7, 9, 9, False),
    ],
)
def test_words_that_cannot_stand_at_the_characters(write, start, end, first, last, fine):
    one = span(start, end, "PER", token_start=first, token_end=last)
    path = write("a.jsonl", json.dumps({"text": "Ana Bok met", "spans": [one]}))
    if fine:
        assert len(read_docs(path, lang="en")[0].ents) == 1
        return
    with pytest.raises(XProjError, match=r"XP622.*a\.jsonl:1: 'token_start'.*cannot be"):
        read_docs(path, lang="en")


@st.composite
def sentences(draw):
    """Words, whether a blank follows each, and spans of words."""
    words = draw(st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=8))
    spaces = [draw(st.booleans()) for _ in words]
    borders = sorted(draw(st.sets(st.integers(0, len(words)), max_size=6)))
    return words, spaces, [(a, b, "X") for a, b in zip(borders[::2], borders[1::2], strict=False)]


@given(st.lists(sentences(), max_size=6), st.sampled_from(Units), st.booleans())
def test_what_spans_count_is_found_or_refused_and_never_mistaken(given_docs, units, with_text):
    records = []
    for words, spaces, spans in given_docs:
        offsets = word_offsets(words, spaces)
        text = "".join(w + " " * s for w, s in zip(words, spaces, strict=True))
        items = []
        for a, b, label in spans:
            start, end = offsets[a][0], offsets[b - 1][1]
            borders = {
                Units.CHARACTERS: (start, end),
                Units.WORDS: (a, b),
                Units.LAST: (a, b - 1),
            }[units]
            own = {"text": text[start:end]} if with_text else {}
            items.append(span(*borders, label, **own))
        records.append({"text": text, "words": words, "spans": items})
    try:
        found = find_units("a.jsonl", records)
    except XProjError:
        return
    assume(found is not units)
    # Where it is another, all spans mean the same so, or none could be meant as characters.
    read = [
        [one.characters(way) for record in records for one in _spans(record)]
        for way in (units, found)
    ]
    assert read[0] == read[1]


@given(st.lists(sentences(), min_size=1, max_size=6))
def test_what_is_written_is_never_uncertain(make, tmp_path_factory, given_docs):
    path = tmp_path_factory.getbasetemp() / "units.jsonl"
    write_jsonl([make(words, spans, spaces) for words, spaces, spans in given_docs], path)
    docs = read_docs(path, lang="en")
    back = [[(ent.start, ent.end, ent.label_) for ent in doc.ents] for doc in docs]
    assert back == [spans for _, _, spans in given_docs]
