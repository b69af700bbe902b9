"""brat's standoff: a text and its annotations, offsets in characters of the file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.data.labels import is_labelled
from spacy_xproj.data.span_groups import Shape, read_group
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.brat import text_path
from spacy_xproj.io.formats.char_spans import char_shapes
from spacy_xproj.io.formats.files import CorpusFile, read_corpus, read_docs, write_docs
from spacy_xproj.io.notes import collected

TEXT = "Asha left Upper and Lower Dodoma.\n\nNobody came.\n"
ANN = "T1\tPER 0 4\tAsha\nT2\tLOC 10 15;26 32\tUpper Dodoma\nT3\tLOC 20 32\tLower Dodoma\n"


@pytest.fixture
def read(write, tmp_path):
    def read_pair(ann, text=TEXT, spans_key="sc", **settings):
        write("a.txt", text)
        path = write("a.ann", ann)
        return read_docs(path, lang="en", spans_key=spans_key, **settings)

    return read_pair


def said(doc):
    return [("|".join(doc.text[a:b] for a, b in s.parts), s.label) for s in char_shapes(doc, "sc")]


def test_a_sentence_is_a_line_and_spans_in_pieces_stay_in_pieces(read):
    first, empty, last = read(ANN)
    assert [doc.text for doc in (first, empty, last)] == TEXT.splitlines()
    assert said(first) == [
        ("Asha", "PER"),
        ("Upper|Dodoma", "LOC"),
        ("Lower Dodoma", "LOC"),
    ]
    assert read_group(first, "sc")[1] == Shape(2, 6, "LOC", ((2, 3), (5, 6)))
    assert is_labelled(last, "sc")
    assert said(last) == []


def test_doc_ents_take_what_they_can_hold_and_say_how_else(read):
    (first, _, _) = read("T1\tPER 0 4\tAsha\n", spans_key=None)
    assert [ent.text for ent in first.ents] == ["Asha"]
    with pytest.raises(XProjError, match=r"XP626.*in pieces.*--spans-key sc"):
        read(ANN, spans_key=None)


def test_what_is_not_a_span_is_counted_and_not_read(read):
    more = (
        "R1\tIn Arg1:T1 Arg2:T2\nE1\tLeave:T1\nA1\tSure T1\nN1\tReference T1 W:1\n"
        "#1\tAnnotatorNotes T1\tsure?\n*\tEquiv T1 T2\nA2\tSure T2\n"
    )
    with collected() as notes:
        docs = read(ANN + more)
    assert len(said(docs[0])) == 3
    kinds = ["relation", "event", "attribute", "normalisation", "note", "equivalence"]
    counts = [2 if kind == "attribute" else 1 for kind in kinds]
    assert [line.partition(" (")[0] for line in notes.lines()] == [
        f"{n} x a brat {kind} not read" for n, kind in zip(counts, kinds, strict=True)
    ]


def test_an_ann_file_without_annotations_is_not_labelled(read, tmp_path):
    assert [is_labelled(doc, "sc") for doc in read("")] == [False, True, False]
    corpus = read_corpus(tmp_path / "a.ann", lang="en")
    assert "no text-bound annotation" in corpus.notice()
    with pytest.raises(XProjError, match=r"XP614.*how brat begins"):
        read_corpus(tmp_path / "a.ann", lang="en", labelled=True)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("T1\tPER 0 4\tBaraka", r"XP659.*a\.ann:1.*'Baraka'.*'Asha'"),
        ("T1\tPER 4 4\t", "XP624"),
        ("T1\tPER 10 15;12 20\tx", r"XP622.*a\.ann:1.*\[\[10, 15\], \[12, 20\]\] overlap"),
        ("T1\tPER 0 4\tAsha\nT1\tPER 0 4\tAsha", r"XP644.*a\.ann:2: T1 .*a\.ann:1, too.*T2"),
        ("T9\tX 0 4\tAsha\n\nT2\tY 0 4\tAsha\nT9\tX 35 41\tNobody", r"XP644.*a\.ann:4: T9"),
        ("T1\tPER 0 999\tAsha", r"XP637.*a\.ann:1"),
        ("T1 PER 0 4 Asha", "XP637"),
        ("T1\tPER 0\tAsha", "XP637"),
        ("X1\tPER 0 4\tAsha", "XP637"),
    ],
)
def test_what_does_not_hold_is_named(read, line, code):
    with pytest.raises(XProjError, match=code):
        read(line + "\n")


def test_a_faulty_annotation_takes_its_sentence_with_it(read, tmp_path):
    (left,) = read("T1\tPER 0 4\tBaraka\nT2\tX 35 41\tNobody\n", skip_bad=True)[1:]
    assert said(left) == [("Nobody", "X")]
    # One that belongs nowhere makes all words of its text uncertain.
    with pytest.raises(XProjError, match="XP637"):
        read("T1\tPER\nT2\tX 35 41\tNobody\n", skip_bad=True)


def test_the_text_must_be_there(write):
    with pytest.raises(XProjError, match=r"XP635.*a\.txt"):
        read_docs(write("a.ann", ANN), lang="en")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_offsets_count_the_characters_of_the_file(read, end, mark):
    text = f"{mark}👩 Asha{end}Dodoma{end}"
    start = text.index("Dodoma")
    ann = f"T1\tPER {text.index('Asha')} {text.index('Asha') + 4}\tAsha\n"
    docs = read(f"{ann}T2\tLOC {start} {start + 6}\tDodoma\n", text)
    assert [said(doc) for doc in docs] == [[("Asha", "PER")], [("Dodoma", "LOC")]]


def test_lines_that_an_annotation_goes_across_are_one_sentence(read):
    text = "The Bank\nof Dodoma\nopened.\n"
    with collected() as notes:
        docs = read("T1\tORG 4 8;9 18\tBank of Dodoma\n", text)
    assert [doc.text for doc in docs] == ["The Bank\nof Dodoma", "opened."]
    assert said(docs[0]) == [("Bank\nof Dodoma", "ORG")]
    assert "1 x lines kept together" in notes.lines()[0]


def test_a_folder_of_pairs_is_a_corpus(write, tmp_path):
    for name in "ba":
        write(f"{name}.txt", f"Asha {name}\n")
        write(f"{name}.ann", "T1\tPER 0 4\tAsha\n")
    assert [doc.text for doc in read_docs(tmp_path, lang="en")] == ["Asha a", "Asha b"]
    write("c.jsonl", "{}")
    with pytest.raises(XProjError, match=r"XP631.*a\.ann, c\.jsonl.*Move the others out of it\.$"):
        read_docs(tmp_path, lang="en")


def test_a_folder_with_half_a_pair_is_named(write, tmp_path):
    write("a.txt", "Asha\n")
    write("a.ann", "T1\tPER 0 4\tAsha\n")
    write("b.txt", "Asha\n")
    with pytest.raises(XProjError, match=r"XP631.*To b\.txt belongs b\.ann, which is not there"):
        read_docs(tmp_path, lang="en")
    write("b.ann", "")
    assert [is_labelled(doc) for doc in read_docs(tmp_path, lang="en")] == [True, False]
    (tmp_path / "a.txt").unlink()
    with pytest.raises(XProjError, match=r"XP635.*a\.ann: its text is not there: .*a\.txt"):
        read_docs(tmp_path, lang="en")


def test_what_is_written(make, tmp_path):
    docs = [
        make(["Asha", "left"], [(0, 1, "PER")], [True, False]),
        make([]),
        make(["Do\ndoma"], [(0, 1, "LOC")], [False]),
    ]
    with collected() as notes:
        write_docs(docs, tmp_path / "a.ann")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "Asha left\n\nDo doma\n"
    assert (tmp_path / "a.ann").read_text(encoding="utf-8") == (
        "T1\tPER 0 4\tAsha\nT2\tLOC 11 18\tDo doma\n"
    )
    assert "1 x a line break in a text written as a blank" in notes.lines()[0]
    assert CorpusFile(tmp_path / "a.ann", lang="en").count() == 3


def test_what_cannot_be_written_is_refused(make, write, tmp_path):
    with pytest.raises(XProjError, match="XP609"):
        write_docs([make(["a"], [(0, 1, "two words")])], tmp_path / "a.ann")
    with pytest.raises(XProjError, match="XP636"):
        write_docs([make(["a"])], tmp_path / "a.ann")
    write("b.txt", "mine")
    with pytest.raises(XProjError, match=r"XP643.*b\.txt"):
        write_docs([make(["a"], [(0, 1, "X")])], tmp_path / "b.ann")
    assert (tmp_path / "b.txt").read_text() == "mine"


def test_packed(make, tmp_path):
    assert text_path("x/a.ann.gz").name == "a.txt.gz"
    write_docs([make(["a"], [(0, 1, "X")], [False])], tmp_path / "a.ann.gz")
    assert [doc.text for doc in read_docs(tmp_path / "a.ann.gz", lang="en")] == ["a"]


@settings(deadline=None)
@given(st.lists(st.text("aB \t\u00a0é東👩", max_size=6), min_size=1, max_size=5), st.data())
def test_offsets_survive_any_text(tmp_path_factory, texts, data):
    """Reading what brat would write gives the characters that were marked."""
    folder = tmp_path_factory.mktemp("brat")
    (folder / "a.txt").write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    marked, start = [], 0
    for number, text in enumerate(texts):
        for a in range(len(text)):
            b = data.draw(st.integers(a, len(text)))
            if text[a:b].strip() and data.draw(st.booleans()):
                marked.append((number, text[a:b].strip(), start + a, start + b))
        start += len(text) + 1
    whole = "".join(text + "\n" for text in texts)
    rows = [f"T{i}\tX {a} {b}\t{whole[a:b]}" for i, (_, _, a, b) in enumerate(marked)]
    (folder / "a.ann").write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    docs = read_docs(folder / "a.ann", lang="xx", spans_key="sc")
    assert [doc.text for doc in docs] == texts
    for number, doc in enumerate(docs):
        wanted = {text for n, text, _, _ in marked if n == number}
        assert {text for text, _ in said(doc)} == wanted
