"""DocBin files: everything is kept, and the same Docs give the same bytes."""

import os
import subprocess
import sys
import zlib

import catalogue
import numpy as np
import pytest
import spacy
import srsly
from spacy.tokens import DocBin, Span
from spacy.vocab import Vocab

from spacy_xproj.data.access import Views
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats import docbin
from spacy_xproj.io.formats.docbin import (
    DocBinParser,
    pack_changed,
    pack_docs,
    quick_msgpack,
    read_docbin,
    split_docbin,
    write_docbin,
)
from spacy_xproj.io.formats.files import (
    needed_lang,
    read_corpus,
    read_docs,
    said_lang,
    write_docs,
)


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
        "import sys; from spacy_xproj.io.formats.files import read_docs, write_docs;"
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


def test_packed_docs_are_what_spacy_would_have_packed():
    """All that a Doc can hold comes back; what no token has is not stored."""
    nlp = spacy.blank("en")
    plain, full = nlp("I don't."), nlp("Cats sleep .")
    for token, (tag, dep, head) in zip(
        full, [("NNS", "nsubj", 1), ("VBP", "ROOT", 1), (".", "punct", 1)], strict=True
    ):
        token.tag_, token.dep_, token.head = tag, dep, full[head]
        token.lemma_, token.pos_ = token.lower_, "X"
        token.set_morph("Number=Plur")
    full.ents = [Span(full, 0, 1, label="ANIMAL", kb_id="Q146", span_id="1")]
    full.spans["layer"] = [Span(full, 0, 2, label="CLAUSE"), Span(full, 1, 3, label="TAIL")]
    full.cats = {"pets": 1.0}
    full.user_data["numbers"] = np.array([1, 2])
    for docs in ([plain], [full], [plain, full], []):
        ours = DocBin().from_bytes(pack_docs(docs))
        theirs = DocBin().from_bytes(DocBin(docs=docs, store_user_data=True).to_bytes())
        pairs = zip(ours.get_docs(Vocab()), theirs.get_docs(Vocab()), strict=True)
        for mine, other in pairs:
            for doc in (mine, other):
                assert doc.user_data.pop("numbers", np.array([1, 2])).tolist() == [1, 2]
            assert mine.to_json() == other.to_json()
            assert mine.to_bytes() == other.to_bytes()


@pytest.mark.parametrize("broken", ["add", "finish", "to_bytes", "other attributes"])
def test_where_spacy_is_otherwise_it_packs_itself(make, monkeypatch, caplog, broken):
    def fail(self, *args):
        raise AttributeError(broken)

    docbin._is_quick.cache_clear()
    with monkeypatch.context() as patch:
        if broken == "other attributes":
            patch.setattr(docbin, "_DROPPED_IF_EMPTY", set())
            patch.setattr(docbin, "_STRINGS", set())
        else:
            patch.setattr(docbin._QuickDocBin, broken, fail)
        doc = make(["Asha", "left"], [(0, 1, "PER")])
        doc.user_data["a"] = 1
        packed = [pack_docs([doc]) for _ in range(2)]
    docbin._is_quick.cache_clear()
    (record,) = caplog.records
    assert "in spaCy's own way" in record.getMessage()
    spacys = DocBin(docs=[doc], store_user_data=True)
    spacys.flags[0]["lang"] = "en"
    assert packed == [spacys.to_bytes()] * 2


@pytest.mark.parametrize("quick", [True, False])
def test_documents_of_a_file_are_changed_and_the_others_stay(
    make, content, monkeypatch, quick, tmp_path
):
    def docs(label):
        for number, words in enumerate([["Asha"], [], ["Dar", "es", "Salaam"], ["!"]]):
            ents = [(0, 1, label if number == 2 else "PER")] if len(words) > 1 else []
            doc = make(words, ents)
            Views(doc)["en"] = SourceView("en", (f"no.{number}",), (False,))
            doc.spans["s"] = [Span(doc, e.start, e.end, label=e.label_) for e in doc.ents]
            yield doc

    def change(doc):
        doc.ents = [Span(doc, 0, 1, label="never seen before")]
        doc.spans["s"] = list(doc.ents)

    monkeypatch.setattr(docbin, "_is_quick", lambda: quick)
    path = tmp_path / "a.spacy"
    write_docbin(docs("PER"), path)
    changed = pack_changed(path, {2: change}, lang="en")
    assert changed == pack_changed(path, {2: change}, lang="en")
    path.write_bytes(changed)
    before, after = list(docs("PER")), list(read_docs(path, lang="en"))
    assert [doc.text for doc in after] == [doc.text for doc in before]
    assert after[2].spans["s"][0].label_ == "never seen before"
    assert [content(doc) for doc in after] == [content(doc) for doc in docs("never seen before")]
    assert [Views(doc)["en"].words for doc in after] == [Views(doc)["en"].words for doc in before]


def test_what_is_registered_later_is_looked_up_too():
    with quick_msgpack():
        srsly.msgpack_dumps({})
    name = "test_docbin"
    srsly.msgpack.msgpack_encoders.register(
        name, func=lambda obj, chain: "seen" if obj is Ellipsis else chain(obj)
    )
    try:
        with quick_msgpack():
            assert srsly.msgpack_loads(srsly.msgpack_dumps([...])) == ["seen"]
    finally:
        del catalogue.REGISTRY["srsly", "msgpack_encoders", name]


def test_what_cannot_be_packed_is_an_error(make):
    doc = make(["Asha"])
    doc.user_data["a"] = object()
    with pytest.raises(TypeError, match="object"):
        pack_docs([doc])


def test_extensions_of_msgpack_are_looked_up_once_and_put_back():
    before = srsly.msgpack.msgpack_encoders
    with quick_msgpack(), quick_msgpack():
        assert srsly.msgpack.msgpack_encoders is not before
        assert srsly.msgpack_loads(srsly.msgpack_dumps({"a": np.array([1])}))["a"].tolist() == [1]
    assert srsly.msgpack.msgpack_encoders is before


def test_a_document_that_is_broken_leaves_the_others(write, make):
    packed = DocBin(docs=[make(["a"]), make(["b"])], store_user_data=True)
    packed.user_data[0] = b"\xc1"
    path = write("broken.spacy", packed.to_bytes())
    first, second = (packed for _, packed in split_docbin(path))
    with pytest.raises(XProjError, match="XP615"):
        DocBinParser("en")(first)
    assert DocBinParser("en")(second)[0].text == "b"


def test_entities_without_labels_are_an_own_error(write, make):
    doc = make(["Ana", "Bok"])
    doc.ents = [Span(doc, 0, 2, label="PER")]
    path = write("broken.spacy", DocBin(attrs=["ENT_IOB"], docs=[doc]).to_bytes())
    with pytest.raises(XProjError, match=r"XP615.*broken\.spacy"):
        list(read_docbin(path, lang="en"))


@pytest.mark.parametrize("user_data", [None, 7, [7], ["x"]])
def test_user_data_of_another_kind_is_an_own_error(write, make, user_data):
    content = srsly.msgpack_loads(zlib.decompress(pack_docs([make(["a"])])))
    data = zlib.compress(srsly.msgpack_dumps(content | {"user_data": user_data}))
    with pytest.raises(XProjError, match="XP615"):
        read_docs(write("a.spacy", data), lang="en")


def test_a_file_says_its_language_to_us_and_is_read_by_spacy(monkeypatch, tmp_path):
    path = tmp_path / "a.spacy"
    for quick in (True, False):
        monkeypatch.setattr(docbin, "_is_quick", lambda quick=quick: quick)
        write_docs([spacy.blank("sw")("Asha aliondoka.")], path)
        assert said_lang(path) == "sw"
        (doc,) = read_docs(path, lang=None)
        assert doc.lang_ == "sw"
        write_docs([doc], path)
        assert said_lang(path) == "sw"
        assert read_docs(path, lang="de")[0].lang_ == "de"
        assert [d.text for d in DocBin().from_disk(path).get_docs(Vocab())] == ["Asha aliondoka."]


def test_a_file_that_does_not_say_one_language_says_none(tmp_path):
    sw, en, any = (spacy.blank(lang)("Asha") for lang in ("sw", "en", "xx"))
    DocBin(docs=[sw]).to_disk(tmp_path / "spacys.spacy")
    write_docs([any], tmp_path / "any.spacy")
    write_docs([sw, en], tmp_path / "both.spacy")
    for name in ("spacys", "any", "both"):
        path = tmp_path / f"{name}.spacy"
        assert said_lang(path) is None
        assert read_docs(path, lang=None)[0].lang_ == "xx"
        with pytest.raises(XProjError, match=r"XP669.*--source-lang sw"):
            needed_lang(path, None, option="--source-lang")
        assert needed_lang(path, "sw") == "sw"


@pytest.mark.parametrize("lang", [7, "en.stop_words", "", [["a"]]])
def test_what_is_not_a_language_is_an_error(lang, tmp_path):
    held = DocBin(docs=[spacy.blank("sw")("Asha")])
    held.flags[0]["lang"] = lang
    held.to_disk(tmp_path / "a.spacy")
    with pytest.raises(XProjError, match=r"XP61[05]"):
        said_lang(tmp_path / "a.spacy")


def test_labels_without_borders_are_not_labels(make, tmp_path):
    """Written with attrs = ["ENT_TYPE"], as it may seem to do."""
    DocBin(attrs=["ENT_TYPE"], docs=[make(["Ana", "left"], [(0, 1, "PER")])]).to_disk(
        tmp_path / "a.spacy"
    )
    notice = read_corpus(tmp_path / "a.spacy", lang="en").notice()
    assert "a.spacy:1: its words have labels (ENT_TYPE), but not where entities begin" in notice
