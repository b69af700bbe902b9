"""Documents whose projection is not complete are left out, with the reasons."""

import pytest
import spacy
from spacy.tokens import Doc

from spacy_xproj.errors import XProjError
from spacy_xproj.pipeline.filtering import filter_docs
from spacy_xproj.projection import make_heuristic
from spacy_xproj.views import Links, Sentence, SourceView, Views


def document(links, *, lang="en", doc=None):
    """ "World Bank" and a translation of four words, linked and projected."""
    doc = doc or Doc(spacy.blank("sw").vocab, words=["Benki", "ya", "Dunia", "."])
    view = SourceView(lang, ("World", "Bank"), (True, False), links=Links(links))
    view = view.with_entities([(0, 2, "ORG")])
    projections = make_heuristic(d=0).project(view, Sentence.from_doc(doc))
    Views(doc)[lang] = view.replace(projections=tuple(projections))
    return doc


COMPLETE = [(0, 1), (0, 2), (1, 0)]
TORN = [(0, 2), (1, 0)]
LOST = []
ALL = ["comp-src", "comp-tgt", "comp-ins"]


def test_complete_ones_stay_and_the_others_say_why_not():
    docs = [document(COMPLETE), document(TORN), document(LOST)]
    filtered = filter_docs(docs, ALL)
    assert filtered.kept == [docs[0]]
    assert [(d.row, d.reasons) for d in filtered.dropped] == [
        (1, ["comp-tgt", "comp-ins"]),
        (2, ["comp-src", "comp-ins"]),
    ]
    assert filtered.counts() == {"comp-ins": 2, "comp-src": 1, "comp-tgt": 1}
    assert filtered.dropped[1].projections == [
        {
            "lang": "en",
            "text": "World Bank",
            "label": "ORG",
            "status": "unaligned",
            "reason": "no target word is linked to it",
        }
    ]


@pytest.mark.parametrize(
    ("names", "rows"), [([], []), (["comp-src"], [2]), (["comp-tgt"], [1]), (["comp-ins"], [1, 2])]
)
def test_each_filter_on_its_own(names, rows):
    docs = [document(COMPLETE), document(TORN), document(LOST)]
    assert [d.row for d in filter_docs(docs, names).dropped] == rows


def test_every_view_has_to_pass():
    doc = document(TORN, lang="de", doc=document(COMPLETE))
    assert filter_docs([doc], ["comp-tgt"]).kept == []


def test_failed_documents_do_not_pass_and_are_not_looked_at():
    doc = document(COMPLETE)
    Views(doc)["en"] = Views(doc)["en"].replace(links=None)
    filtered = filter_docs([doc, document(COMPLETE)], ALL, failed={0})
    assert [(d.row, d.reasons) for d in filtered.dropped] == [(0, ["failed"])]
    with pytest.raises(XProjError, match="XP106"):
        filter_docs([doc], ALL)
