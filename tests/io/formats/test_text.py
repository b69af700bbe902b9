"""Raw text: line n is sentence n."""

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.io.formats.not_text import RAW_TEXT
from spacy_xproj.io.formats.text import read_text

MARKS = [
    "[Ana Bok]PER",
    "[Ana Bok]/PER",
    "[PER Ana Bok]",
    "[per Ana Bok]",
    "[PERSON: Ana Bok]",
    "<START:person> Ana Bok <END>",
    "<START> Ana Bok <END>",
    "<PER>Ana Bok</PER>",
    "<person>Ana Bok</person>",
    '<ne type="PER">Ana Bok</ne>',
    "[Ana Bok](PER)",
    "[Ana Bok](person)",
    "[Ana Bok|PER]",
    "{Ana Bok|PER}",
    "{PER:Ana Bok}",
    "((Ana Bok))PER",
    '[Ana Bok]{"entity": "person"}',
    "<persName>Ana Bok</persName>",
    '<b_enamex type="PERSON">Ana Bok<e_enamex>',
]
LOOSE_MARKS = [
    *("Ana/B-PER Bok/I-PER", "Ana_B-PER", "Ana|PER", "Ana<PER>", "Ana{PER}", "(PER Ana Bok)"),
    *("$PER{Ana Bok}", r"\PER{Ana Bok}", "[Ana Bok:PER]", "<PER:Ana Bok>", "<Ana Bok:PER>"),
    *("@@PER##Ana Bok@@", '<span class="PER">Ana Bok</span>'),
]


def test_each_line_is_a_sentence_also_an_empty_one(write):
    path = write("a.txt", "\ufeffShe left.\r\n\n  two  blanks \nU+2028\u2028stays\n\n")
    docs = list(read_text(path, lang="en"))
    assert [doc.text for doc in docs] == [
        "She left.",
        "",
        "  two  blanks ",
        "U+2028\u2028stays",
        "",
    ]
    assert [token.text for token in docs[0]] == ["She", "left", "."]
    assert not docs[0].has_annotation("ENT_IOB")


@pytest.mark.parametrize("plain", [0, 5, 60])
@pytest.mark.parametrize("mark", MARKS)
def test_marks_of_entities_on_several_lines_are_not_raw_text(write, monkeypatch, mark, plain):
    lines = [f"Then {mark} left."] * 3 + ["She left in the rain."] * plain
    path = write("a.txt", "\n".join(["First of all.", *lines]) + "\n")
    with pytest.raises(XProjError, match=r"XP649.*a\.txt:2: .*--raw-text"):
        read_docs(path, lang="en")
    monkeypatch.setenv(RAW_TEXT, "1")
    assert [doc.text for doc in read_docs(path, lang="en")][1] == f"Then {mark} left."


@pytest.mark.parametrize(("plain", "raw"), [(0, False), (15, False), (60, True)])
@pytest.mark.parametrize("mark", LOOSE_MARKS)
def test_marks_that_texts_may_have_must_be_on_more_lines(write, mark, plain, raw):
    lines = [f"Then {mark} left."] * 3 + ["She left in the rain."] * plain
    path = write("a.txt", "\n".join(["First of all.", *lines]) + "\n")
    if raw:
        assert len(read_docs(path, lang="en")) == len(lines) + 1
    else:
        with pytest.raises(XProjError, match=r"XP649.*a\.txt:2: .*--raw-text"):
            read_docs(path, lang="en")


@pytest.mark.parametrize("rows", ["Ana left ||| B-PER O\n", "Ana;PER\nleft;O\n"])
def test_nor_are_tags_behind_the_sentence_or_other_marks(write, rows):
    with pytest.raises(XProjError, match=r"XP649.*a\.txt:1: "):
        read_docs(write("a.txt", rows * 2), lang="en")


@pytest.mark.parametrize("marks", [("[PER Ana]", "[LOC Oslo]"), ("<PER>Ana</PER>", "[Oslo]LOC")])
def test_two_marks_of_usual_labels_are_enough(write, marks):
    path = write("a.txt", "She left.\n" * 3 + "".join(f"Then {one} left.\n" for one in marks))
    with pytest.raises(XProjError, match=r"XP649.*a\.txt:4: "):
        read_docs(path, lang="en")


@pytest.mark.parametrize(
    "line",
    [
        "See [the page](page) and [a map](https://a.org/MAP).",
        "<p>She</p> <b>left</b> <TD>x</TD> <EM>now</EM> <span>a</span>.",
        "It [sic] was [1] and [NN] or [a]b, {x|y}, [[Oslo|the town]].",
        "He said [in EU terms] that <a> and <b> are x.",
        "Dear [PERSON], see (ORG) and LOC: 3, or {PER}, /LOC/ and a|b.",
    ],
)
def test_brackets_of_running_text_are_raw_text(write, line):
    path = write("a.txt", f"{line}\n" * 9)
    assert [doc.text for doc in read_docs(path, lang="en")] == [line] * 9


def test_what_is_said_to_be_raw_text_is_not_columns(write, monkeypatch):
    path = write("a.txt", "Ana B-PER\nleft O\nOslo B-LOC\n")
    assert len(read_docs(path, lang="en")) == 1
    monkeypatch.setenv(RAW_TEXT, "1")
    assert [doc.text for doc in read_docs(path, lang="en")] == ["Ana B-PER", "left O", "Oslo B-LOC"]
