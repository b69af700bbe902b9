"""Labels that a corpus agrees on, in its documents."""

import spacy

from spacy_xproj.corpus.consensus import apply_consensus
from spacy_xproj.data.access import Views
from spacy_xproj.data.layers import set_projected
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView


def make_doc(label, lang="en"):
    doc = spacy.blank("de")("Die europäische Union wächst")
    view = SourceView(lang, ("European",), (False,)).with_entities([(0, 1, label)])
    found = Projection(0, label, Status.PROJECTED, 1, 2, 4, 15, 0.9)
    set_projected(doc, [view.replace(projections=(found,))], spans_key="xproj")
    return doc


def test_labels_change_in_views_layers_and_ents():
    docs = [make_doc("MISC") for _ in range(4)] + [make_doc("LOC")]
    assert apply_consensus(docs) == 1
    last = docs[-1]
    assert [(e.text, e.label_) for e in last.ents] == [("europäische", "MISC")]
    assert [s.label_ for s in last.spans["xproj_en"]] == ["MISC"]
    view = Views(last)["en"]
    assert view.projections[0].label == "MISC"
    assert view.projections[0].reason.startswith("MISC in place of LOC")
    assert view.entities[0].label == "LOC"  # what the source says stays


def test_each_source_language_agrees_with_itself_only():
    docs = [make_doc("MISC") for _ in range(4)] + [make_doc("LOC", lang="fr")]
    assert apply_consensus(docs) == 0
    assert [e.label_ for e in docs[-1].ents] == ["LOC"]


def test_documents_without_projections_pass():
    doc = spacy.blank("de")("Die Union")
    Views(doc)["en"] = SourceView("en", ("Union",), (False,))
    assert apply_consensus([doc]) == 0
    assert Views(doc)["en"].projections is None
