"""Inline marks: ``[World Bank](ORG)``."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.datasets.marked import parse_marked, read_marked, to_marked
from spacy_xproj.errors import XProjError


@pytest.mark.parametrize(
    ("marked", "text", "spans"),
    [
        ("", "", []),
        ("no mark (at all)", "no mark (at all)", []),
        ("[Neema Mushi](PER) left.", "Neema Mushi left.", [(0, 11, "PER")]),
        ("l'[ONU](ORG)", "l'ONU", [(2, 5, "ORG")]),
        ("[a](X)[b](Y)(c)", "ab(c)", [(0, 1, "X"), (1, 2, "Y")]),
        (r"\[x\](PER) [a\]b](ORG) C:\dir \\", "[x](PER) a]b C:\\dir \\", [(9, 12, "ORG")]),
        ("[\U0001f469\u200d\U0001f52c](PER)!", "\U0001f469\u200d\U0001f52c!", [(0, 3, "PER")]),
    ],
)
def test_parse(marked, text, spans):
    assert parse_marked(marked) == (text, spans)


@pytest.mark.parametrize(
    ("marked", "position"),
    [
        ("see [Dodoma", 4),
        ("see Dodoma](LOC)", 10),
        ("see [Dodoma]", 4),
        ("see [Dodoma](", 4),
        ("see [Dodoma]()", 4),
        ("see [Dodoma](LOC", 4),
        ("see [Dodoma] (LOC)", 4),
        ("see [Dodoma](LOC ORG)", 4),
        ("see [](LOC)", 4),
        ("[see [Dodoma](LOC)](ORG)", 5),
        ("see [Dodoma\\](LOC)", 4),
    ],
)
def test_broken_marks_are_named(marked, position):
    with pytest.raises(XProjError, match=f"XP640.*at character {position} of"):
        parse_marked(marked)


@pytest.mark.parametrize(
    ("lang", "marked", "words"),
    [
        ("en", "The [World Bank](ORG)'s", ["The", "World", "Bank", "'s"]),
        ("de", "[Berlin](LOC)er Mauer", ["Berlin", "er", "Mauer"]),
        ("es", "¿[Samia](PER)?", ["¿", "Samia", "?"]),
        ("fr", "l'[ONU](ORG)", ["l'", "ONU"]),
        ("af", "die [VN](ORG)-raad", ["die", "VN", "-", "raad"]),
    ],
)
def test_read_one_language_with_ids(write, lang, marked, words):
    path = write("corpus.jsonl", json.dumps({"id": "n001", lang: marked, "xx": "[broken"}))
    [doc] = read_marked(path, lang=lang)
    assert [token.text for token in doc] == words
    assert len(doc.ents) == 1
    assert doc.user_data["id"] == "n001"
    assert doc.vocab.lang == lang
    assert to_marked(doc) == marked


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"id": "n1", "de": "x"}, "XP641.*'en'.*id, de"),
        ({"en": "x"}, "XP641.*'id'"),
        ({"id": "n1", "en": "[x"}, "XP640"),
    ],
)
def test_broken_lines_are_named(write, record, code):
    path = write("corpus.jsonl", '{"id": "n0", "en": "fine"}\n' + json.dumps(record))
    with pytest.raises(XProjError, match=code) as error:
        list(read_marked(path, lang="en"))
    assert f"{path}:2" in str(error.value)


def test_label_that_cannot_be_written(make):
    with pytest.raises(XProjError, match="XP642"):
        to_marked(make(["x"], [(0, 1, "A B")]))


@given(st.lists(st.tuples(st.text("ab []()\\é\u200d", min_size=1), st.booleans()), max_size=6))
def test_to_marked_is_the_inverse(make, parts):
    entities = [(i, i + 1, "X-1") for i, (_, is_entity) in enumerate(parts) if is_entity]
    doc = make([word for word, _ in parts], entities, [False] * len(parts))
    text, spans = parse_marked(to_marked(doc))
    assert text == doc.text
    assert spans == [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
