"""How a view came about is said once, and named by an id."""

import pickle

import pytest
import srsly
from hypothesis import given
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from spacy_xproj import SourceView
from spacy_xproj.data import provenance
from spacy_xproj.data.provenance import Provenance, packed_once
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.docbin import pack_docs, read_docbin, write_docbin

from .conftest import PLAIN, TEXT

SETTINGS = {"aligner": {"layers": [7, 8], "model": "e5"}, "tagger": {"tagger": "gold"}}
LONG = {"aligner": {"model": "x" * 4000}}


@pytest.fixture
def forgotten(monkeypatch):
    """Another process, which has not seen any settings: called to be in it."""
    return lambda: monkeypatch.setattr(provenance, "_KNOWN", {})


@pytest.fixture
def docs():
    docs = [Doc(Vocab(), words=["a", str(i)]) for i in range(5)]
    for i, doc in enumerate(docs[1:]):
        doc._.xproj["en"] = SourceView("en", ("x",), (False,), row=i, provenance=LONG)
    docs[3]._.xproj["de"] = SourceView("de", provenance=SETTINGS)
    return docs


def test_the_id_is_that_of_the_content():
    first, second = Provenance(SETTINGS), Provenance(dict(reversed(SETTINGS.items())))
    assert first == second == SETTINGS
    assert first.id == second.id
    assert hash(first) == hash(second)
    assert Provenance({"tagger": {"tagger": "spacy"}}) != first
    assert Provenance(first) == first
    assert first.id in repr(first)
    assert first.with_stage("projector", {"n": 1}) == {**SETTINGS, "projector": {"n": 1}}


@given(PLAIN, TEXT)
def test_settings_come_back_as_they_were(value, stage):
    known = Provenance({stage: value})
    for again in (
        pickle.loads(pickle.dumps(known)),
        srsly.msgpack_loads(srsly.msgpack_dumps({"a": known}))["a"],
    ):
        assert again == known == {stage: value}


def test_a_document_by_itself_says_where_its_view_came_from(docs, forgotten):
    data, pickled = docs[2].to_bytes(), pickle.dumps(docs[2])
    forgotten()
    assert Doc(Vocab()).from_bytes(data)._.xproj["en"].provenance == LONG
    forgotten()
    assert pickle.loads(pickled)._.xproj["en"].provenance == LONG


def test_a_file_says_it_once_and_all_its_documents_know(docs, forgotten, tmp_path):
    alone = DocBin(docs=docs, store_user_data=True)
    packed = DocBin().from_bytes(pack_docs(docs))
    assert sum(map(len, alone.user_data)) > 16_000
    assert sum(map(len, packed.user_data)) < 5_000
    write_docbin(docs, tmp_path / "a.spacy")
    for read in (
        lambda: list(packed.get_docs(Vocab())),
        lambda: list(read_docbin(tmp_path / "a.spacy", lang="xx")),
    ):
        forgotten()
        again = read()
        assert [doc._.xproj["en"].provenance == LONG for doc in again[1:]] == [True] * 4
        assert again[3]._.xproj["de"].provenance == SETTINGS


def test_one_document_of_a_file_knows_it_too(docs, forgotten, tmp_path):
    """Documents of a file are made one by one, and not all are asked for."""
    write_docbin(docs, tmp_path / "a.spacy")
    forgotten()
    *_, last = read_docbin(tmp_path / "a.spacy", lang="xx")
    assert last._.xproj["en"].provenance == LONG
    merged = DocBin().from_bytes(pack_docs(docs[:2]))
    merged.store_user_data = True
    merged.merge(other := DocBin(store_user_data=True).from_bytes(pack_docs(docs[3:])))
    assert len(other) == 2
    merged.to_disk(tmp_path / "merged.spacy")
    forgotten()
    *_, last = read_docbin(tmp_path / "merged.spacy", lang="xx")
    assert last._.xproj["en"].provenance == LONG


def test_what_is_not_known_any_more_is_an_error_that_says_so(docs, forgotten):
    packed = DocBin().from_bytes(pack_docs(docs))
    name = docs[2]._.xproj["en"].provenance.id
    packed.user_data[1] = None
    forgotten()
    torn = list(packed.get_docs(Vocab()))[2]
    view = torn._.xproj["en"]
    assert view.provenance.id == name
    with pytest.raises(XProjError, match=f"XP109.*{name}"):
        view.provenance["aligner"]
    assert repr(view.provenance) == f"Provenance({name}: settings unknown)"
    # It goes on as what it is, and so does what comes after it.
    assert Doc(Vocab()).from_bytes(torn.to_bytes())._.xproj["en"].provenance.id == name
    assert view.provenance.with_stage("projector", {})["unknown"] == name


def test_what_is_not_plain_data_is_refused():
    loop = {}
    loop["itself"] = loop
    for said in (object(), {"path": {1}}, {1: "a", "b": 2}, loop):
        with pytest.raises(XProjError, match=r"XP116.*of the tagger"):
            Provenance({"aligner": {}, "tagger": said})
    for plain in ({}, {"xproj_settings": "[1]"}, {"xproj_settings": "{"}, {"xproj_settings": 3}):
        with pytest.raises(ValueError, match=r"where a view came from|Expecting"):
            Provenance.from_plain(plain)


def test_outside_of_a_file_it_is_said_each_time():
    known = Provenance(SETTINGS)
    with packed_once():
        assert known.to_plain() != known.to_plain() == {"xproj_named": known.id}
    assert known.to_plain() == known.to_plain() != {"xproj_named": known.id}
