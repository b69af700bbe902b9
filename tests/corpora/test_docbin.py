"""DocBin files: everything is kept, and the same Docs give the same bytes."""

import os
import subprocess
import sys

import pytest

from spacy_xproj.corpora import read_docs, write_docs
from spacy_xproj.corpora.docbin import read_docbin, write_docbin
from spacy_xproj.errors import XProjError
from spacy_xproj.views import SourceView


def test_text_entities_and_source_views_are_kept(make, content, tmp_path):
    doc = make(["Rais", "Samia", " ", "!"], [(1, 2, "PER")], [True, False, False, False])
    doc._.xproj["en"] = SourceView("en", ("President", "Samia"), (True, False))
    write_docbin([doc, make([])], tmp_path / "a.spacy")
    back, empty = read_docbin(tmp_path / "a.spacy", lang="de")
    assert content(back) == content(doc)
    assert back.text == doc.text
    assert back._.xproj["en"] == doc._.xproj["en"]
    assert back.vocab.lang == "de"
    assert len(empty) == 0


def test_same_docs_same_bytes_in_every_process(write):
    source = write("a.conll", "".join(f"Word{i}\tB-L{i}\nx{i}\tI-L{i}\n\n" for i in range(50)))
    script = (
        "import sys; from spacy_xproj.corpora import read_docs, write_docs;"
        "docs = read_docs(sys.argv[1], lang='en');"
        "docs[0].user_data['k'] = {'b': 1, 'a': [2]};"
        "write_docs(docs, sys.argv[2])"
    )
    other = source.with_name("other.spacy")
    subprocess.run(
        [sys.executable, "-c", script, source, other],
        env={**os.environ, "PYTHONHASHSEED": "7"},  # so sets have another order there
        check=True,
    )
    docs = read_docs(source, lang="en")
    docs[0].user_data["k"] = {"b": 1, "a": [2]}
    write_docs(docs, source.with_name("here.spacy"))
    assert source.with_name("here.spacy").read_bytes() == other.read_bytes()


def test_foreign_and_cut_files_are_named(make, write, tmp_path):
    write_docbin([make(["a"])], tmp_path / "a.spacy")
    half = (tmp_path / "a.spacy").read_bytes()[:40]
    for data in (b"no DocBin", half):
        path = write("bad.spacy", data)
        with pytest.raises(XProjError, match=r"XP615.*bad\.spacy"):
            list(read_docbin(path, lang="en"))
