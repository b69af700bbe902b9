"""Formats are a registry: one that is registered is known to reading, writing and counting."""

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.base import Fit, Format, Sniffed
from spacy_xproj.io.formats.files import (
    CorpusFile,
    all_formats,
    check_writable,
    corpus_files,
    read_docs,
    write_docs,
)
from spacy_xproj.io.lines import iter_lines, write_lines
from spacy_xproj.registry import registry
from spacy_xproj.text.tokenizers import Blank, set_entities


class Shouted(Format):
    """Words, those of names in capitals; a second line of its files holds notes."""

    name = "shouted text"
    suffixes = (".shout", ".txt")
    written = (".shout",)

    def sniff(self, path):
        first = next(iter(iter_lines(path)), "")
        return Sniffed(Fit.SURE if first == "SHOUTED" else Fit.NONE)

    def split(self, path):
        return ((n, line) for n, line in enumerate(iter_lines(path), 1) if n > 1)

    def parser(self, blank: Blank):
        def parse(line, where, row):
            doc = blank.tokenize(line)
            return set_entities(doc, [(t.i, t.i + 1, "X") for t in doc if t.is_upper])

        return parse

    def companions(self, path):
        return [path.with_suffix(".jsonl")]

    def write(self, docs, path):
        words = [[t.text.upper() if t.ent_type else t.lower_ for t in doc] for doc in docs]
        write_lines(path, ["SHOUTED", *map(" ".join, words)])


@pytest.fixture
def shouted():
    registry.xproj_formats.register("test.Shouted.v1", func=Shouted)
    yield
    from catalogue import REGISTRY

    del REGISTRY["spacy", "xproj_formats", "test.Shouted.v1"]


@pytest.mark.usefixtures("shouted")
def test_an_own_format_is_read_written_and_counted(make, content, tmp_path):
    path = tmp_path / "a.shout"
    docs = [make(["NEEMA", "left"], [(0, 1, "X")]), make(["no", "one"])]
    check_writable(path)
    write_docs(docs, path)
    assert [content(d) for d in read_docs(path, lang="en")] == [content(d) for d in docs]
    assert CorpusFile(path, lang="en").count() == 2


@pytest.mark.usefixtures("shouted")
def test_the_content_decides_where_formats_share_a_suffix(write):
    assert CorpusFile(write("a.txt", "SHOUTED\nNEEMA left\n"), lang="en").format.name == (
        "shouted text"
    )
    assert CorpusFile(write("b.txt", "NEEMA left\n"), lang="en").format.name == "raw text"
    assert CorpusFile(write("c.txt", "NEEMA\tB-PER\n"), lang="en").format.name == "a column file"


@pytest.mark.usefixtures("shouted")
def test_companions_of_a_file_are_not_read_on_their_own(write, tmp_path):
    for name in ("a.shout", "a.jsonl", "b.jsonl"):
        write(name, "")
    assert [p.name for p in corpus_files(tmp_path)] == ["a.shout", "b.jsonl"]


def test_no_two_formats_write_the_same_suffix():
    written = [suffix for one in all_formats() for suffix in one.written]
    assert len(written) == len(set(written))
    for one in all_formats():
        assert set(one.written) <= set(one.suffixes), one.name
        assert all(s == s.lower() and s.startswith(".") for s in one.suffixes)


def test_what_no_format_writes_is_refused_before_the_work(tmp_path):
    with pytest.raises(XProjError, match=r"XP612.*\.conll .*\.spacy"):
        check_writable(tmp_path / "a.docx")
