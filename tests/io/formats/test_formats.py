"""Dispatch by suffix, and what every format keeps."""

import gzip
import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import CorpusFile, corpus_files, read_docs, write_docs
from spacy_xproj.io.formats.reading import Reading
from spacy_xproj.io.lines import iter_lines

COLUMNS = [".bio", ".conll", ".conll02", ".conll03", ".conllu", ".iob", ".iob2", ".tsv", ".txt"]
BLANKS = " \t\n\r"
ODD = 'ab# \t\n\r\v\f\u00a0\u2028\ufeff\u0301é東ש\u200f\u200b\u200d\U0001f469\U0001f52c[]-"\\'
WORD = st.text(ODD, min_size=1, max_size=4) | st.sampled_from(["#", "# empty", "O", "B-PER", "1"])


@st.composite
def sentences(draw):
    """Words, whether a blank follows each, and entities that do not overlap."""
    words = draw(st.lists(WORD, max_size=8))
    spaces = [draw(st.booleans()) for _ in words]
    borders = sorted(draw(st.sets(st.integers(0, len(words)), max_size=6)))
    entities = [
        (start, end, draw(st.sampled_from(["PER", "B-X"])))
        for start, end in pairwise(borders)
        if draw(st.booleans())
    ]
    return words, entities, spaces


@pytest.mark.parametrize("suffix", [*COLUMNS, ".jsonl", ".spacy", ".conll.gz", ".JSONL.GZ"])
def test_round_trip_by_suffix(make, content, tmp_path, suffix):
    doc = make(["Neema", "left", "Dodoma"], [(0, 1, "PER"), (2, 3, "LOC")])
    path = tmp_path / f"v1.2{suffix}"
    write_docs([doc, make([]), doc], path)
    assert [content(d) for d in read_docs(path, lang="en", labelled=True)] == [
        content(doc),
        ([], []),
        content(doc),
    ]
    assert path.read_bytes().startswith(b"\x1f\x8b") == suffix.lower().endswith(".gz")


@pytest.mark.parametrize("suffix", [".jsonl", ".spacy"])
@settings(max_examples=60)
@given(docs=st.lists(sentences(), min_size=1, max_size=3))
def test_text_and_character_spans_survive(make, content, tmp_path_factory, suffix, docs):
    plain, docs = docs, [make(*doc) for doc in docs]
    path = tmp_path_factory.getbasetemp() / f"odd{suffix}"
    write_docs(docs, path)
    back = read_docs(path, lang="en")
    assert [doc.text for doc in back] == [doc.text for doc in docs]
    if suffix == ".jsonl":  # its readers leave out blanks at the edges of spans
        docs = [make(words, trimmed(words, ents), spaces) for words, ents, spaces in plain]
    assert [content(doc) for doc in back] == [content(doc) for doc in docs]


def trimmed(words, entities):
    solid = [not word.isspace() for word in words]
    inside = [([i for i in range(s, e) if solid[i]], label) for s, e, label in entities]
    return [(found[0], found[-1] + 1, label) for found, label in inside if found]


@settings(max_examples=150)
@given(docs=st.lists(sentences(), min_size=1, max_size=3))
def test_column_files_keep_words_and_entities(make, content, tmp_path_factory, docs):
    docs = [make(*doc) for doc in docs]
    path = tmp_path_factory.getbasetemp() / "odd.conll"
    if any(not ent.text.strip(BLANKS) for doc in docs for ent in doc.ents):
        with pytest.raises(XProjError, match="XP608"):
            write_docs(docs, path)
        return
    write_docs(docs, path)
    back = read_docs(path, lang="en")

    def words(tokens):
        return [re.sub(r"[\t\n\r]", " ", t.text).strip(" ") for t in tokens if t.text.strip(BLANKS)]

    def entity(ent):  # as it is read: without blanks of any kind at its edges
        own = words(ent)
        solid = [i for i, word in enumerate(own) if word.strip()]
        return own[solid[0] : solid[-1] + 1] if solid else []

    assert [[token.text for token in doc] for doc in back] == [words(doc) for doc in docs]
    for doc, other in zip(docs, back, strict=True):
        assert [(entity(ent), ent.label_) for ent in doc.ents if entity(ent)] == [
            ([t.text for t in ent], ent.label_) for ent in other.ents
        ]


def test_txt_is_raw_text_unless_its_lines_end_in_tags(write):
    raw = write("raw.txt", "She left Dodoma.\n\nHe stayed.\n")
    assert [len(doc) for doc in read_docs(raw, lang="en")] == [4, 0, 3]
    tagged = write("tagged.txt", "She O\nleft O\nDodoma B-LOC\n\nHe O\n")
    assert [len(doc) for doc in read_docs(tagged, lang="en")] == [3, 1]


def test_txt_with_one_broken_row_is_not_taken_for_raw_text(write):
    path = write("a.txt", "a O\n" * 15 + "Dodoma\n" + "b O\n" * 15)
    with pytest.raises(XProjError, match="XP604") as error:
        read_docs(path, lang="en")
    assert f"{path}:16" in str(error.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.txt", "a O\nShe left Dodoma.\n"), ("a.jsonl", '{"text": "She left Dodoma."}\n')],
)
def test_missing_labels_are_an_error_where_labels_are_needed(write, name, text):
    path = write(name, text)
    assert read_docs(path, lang="en")
    with pytest.raises(XProjError, match=r"XP614.*Dodoma\\tB-LOC") as error:
        read_docs(path, lang="en", labelled=True)
    assert ("line 2 has no IOB tag" in str(error.value)) == (name == "a.txt")


def test_labelled_files_may_have_sentences_without_entities(write):
    path = write("a.jsonl", '{"text": "a", "spans": []}\n')
    assert len(read_docs(path, lang="en", labelled=True)) == 1


@pytest.mark.parametrize("name", ["a.conll", "a.txt", "a.jsonl", "a.spacy"])
def test_empty_file(write, name):
    with pytest.raises(XProjError, match="XP613"):
        read_docs(write(name, ""), lang="en")


@pytest.mark.parametrize("text", ["\n\n", "-DOCSTART- -X- O O\n\n", "# only a comment\n"])
def test_file_without_a_sentence(write, text):
    with pytest.raises(XProjError, match="XP613"):
        read_docs(write("a.conll", text), lang="en")


def test_missing_file_directory_and_unknown_suffix(make, tmp_path):
    with pytest.raises(XProjError, match=r"XP601.*nowhere\.conll"):
        read_docs(tmp_path / "nowhere.conll", lang="en")
    with pytest.raises(XProjError, match="XP616"):
        read_docs(tmp_path, lang="en")
    (tmp_path / "dir.jsonl").mkdir()
    for folder in (tmp_path, tmp_path / "dir.jsonl"):
        with pytest.raises(XProjError, match="XP602"):
            write_docs([make(["a"])], folder)
    for name in ("a.docx", "conll", "a.gz"):
        with pytest.raises(XProjError, match=r"XP612.*\.conll02 .*\.spacy"):
            write_docs([make(["a"])], tmp_path / name)


def test_broken_gzip(write):
    for data in (b"plain", gzip.compress(b"a\tO\n" * 99)[:-9]):
        with pytest.raises(XProjError, match="XP611"):
            read_docs(write("a.conll.gz", data), lang="en")


def test_gzip_bytes_do_not_depend_on_the_time(make, tmp_path, monkeypatch):
    written: list[bytes] = []
    for now in (1.0, 2e9):
        monkeypatch.setattr("time.time", lambda now=now: now)
        write_docs([make(["a"])], tmp_path / "a.conll.gz")
        written.append((tmp_path / "a.conll.gz").read_bytes())
    assert written[0] == written[1]


@pytest.mark.shared
@pytest.mark.parametrize("suffix", [".jsonl", ".spacy", ".txt"])
@pytest.mark.parametrize("file", ["masakhaner2/swa/dev.txt", "wikiann/yor/test.txt"])
def test_benchmarks_survive_every_format(shared_data, tmp_path, content, file, suffix):
    docs = read_docs(Path(shared_data) / file, lang="xx", labelled=True)
    write_docs(docs, tmp_path / f"copy{suffix}")
    copy = read_docs(tmp_path / f"copy{suffix}", lang="xx", labelled=True)
    assert [content(doc) for doc in copy] == [content(doc) for doc in docs]
    assert [doc.text for doc in copy] == [doc.text for doc in docs]


# one by one


def test_sentences_are_read_one_by_one(write, monkeypatch):
    """No more than a sentence (for columns, the first lines) is read before it is used."""
    monkeypatch.setattr("spacy_xproj.io.formats.columns._SAMPLE_LINES", 4)
    broken = b"\xff\n"
    records = b'{"text": "one"}\n{"text": "two"}\n'
    for name, start in {"a.txt": b"one\ntwo\n", "a.jsonl": records}.items():
        file = CorpusFile(write(name, start + broken), lang="en")
        parse, sentences = file.parser(Reading("en")), file.split()
        assert [parse(next(sentences)).text for _ in range(2)] == ["one", "two"]
        with pytest.raises(XProjError, match=f"XP603.*{name}:3"):
            parse(next(sentences))
    rows = b"one\tO\n\ntwo\tO\n\nthree\tO\nfour\tO\n\n" + broken + b"\nfive\tO\n"
    file = CorpusFile(write("a.conll", rows), lang="en")
    parse, sentences = file.parser(Reading("en")), list(file.split())
    assert [raw.place.rpartition(":")[2] for raw in sentences] == ["1", "3", "5", "8", "10"]
    assert [parse(sentences[i]).text for i in (0, 1, 2, 4)] == ["one", "two", "three four", "five"]
    with pytest.raises(XProjError, match=r"XP603.*:8"):
        parse(sentences[3])
    assert file.count() == 5


def test_cut_gzip_gives_what_comes_before(write):
    text = "".join(f"{number} {random.random()}\n" for number in range(9999))
    data = gzip.compress(text.encode())
    lines = iter_lines(write("a.txt.gz", data[: len(data) // 2]))
    assert next(lines).startswith("0 ")
    with pytest.raises(XProjError, match="XP611"):
        list(lines)


def test_files_of_a_folder(write, tmp_path):
    for name in ("b.conll", "a.txt.gz", "sub/c.jsonl", "sub/.tmp/d.jsonl", "notes.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write(name, "x")
    names = [path.relative_to(tmp_path).as_posix() for path in corpus_files(tmp_path)]
    assert names == ["a.txt.gz", "b.conll", "sub/c.jsonl"]
    assert corpus_files(tmp_path / "notes.md") == [tmp_path / "notes.md"]
    (tmp_path / "none").mkdir()
    with pytest.raises(XProjError, match="XP616"):
        corpus_files(tmp_path / "none")
