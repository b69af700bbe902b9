"""Documents whose projection is not complete are left out, with the reasons."""

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example

from spacy_xproj.corpus.filtering import entity_scores, filter_docs
from spacy_xproj.data.access import Views
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import Heuristic
from tests.fixtures.one_pair import project


def document(links, *, lang="en", doc=None):
    """ "World Bank" and a translation of four words, linked and projected."""
    doc = doc or Doc(spacy.blank("sw").vocab, words=["Benki", "ya", "Dunia", "."])
    view = SourceView(lang, ("World", "Bank"), (True, False), links=Links(links))
    view = view.with_entities([(0, 2, "ORG")])
    projections = project(Heuristic(d=0), view, Sentence.from_doc(doc))
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
    filtered = filter_docs(docs, names)
    assert [d.row for d in filtered.dropped] == rows
    assert filtered.rows == [row for row in range(3) if row not in rows]


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


def scored(*scores, words=("Asha", "na", "Baraka", "."), label="PER"):
    """Entities at words 0 and 2, each with the score of its projection; None for no score."""
    doc = Doc(spacy.blank("sw").vocab, words=list(words))
    view = SourceView("en", ("Asha", "and", "Baraka"), (True, True, False))
    view = view.with_entities([(0, 1, "PER"), (2, 3, "PER")][: len(scores)])
    projections = [
        Projection(i, label, Status.PROJECTED, 2 * i, 2 * i + 1, 0, 0, score)
        for i, score in enumerate(scores)
    ]
    Views(doc)["en"] = view.replace(projections=tuple(projections))
    doc.set_ents([Span(doc, p.start, p.end, label="PER") for p in projections])
    return doc


def test_the_confidence_of_an_entity_is_the_best_score_of_its_projections():
    doc = scored(0.5, 0.9)
    Views(doc)["de"] = Views(scored(0.7, None))["en"]
    assert entity_scores(doc) == [0.7, 0.9]


def test_the_confidence_of_a_merged_entity_is_the_ensemble_s():
    """A name that one view of two is sure of is half sure."""
    doc = scored(0.9)
    silent = SourceView("de", ("Und",), (True,), entities=(), projections=())
    Views(doc)["de"] = silent
    nlp = spacy.blank("sw")
    joint = {"@xproj_ensembles": "spacy-xproj.JointMatching.v1", "cost": 0.0}
    nlp.add_pipe("xproj_ensemble", config={"ensemble": joint})(doc)
    assert entity_scores(doc) == [0.45]
    assert filter_docs([doc], [], min_confidence=0.5).counts() == {"low-confidence": 1}


def test_projections_elsewhere_or_of_another_label_say_nothing():
    assert entity_scores(scored(0.5, label="ORG")) == [None]
    doc = scored(0.5)
    doc.set_ents([Span(doc, 0, 2, label="PER")])
    assert entity_scores(doc) == [None]
    doc._.xproj["en"] = doc._.xproj["en"].replace(projections=None)
    assert entity_scores(doc) == [None]


def test_low_confidence_drops_the_document():
    docs = [scored(0.5, 0.9), scored(0.9, None), scored(0.4, None), scored(0.6, 0.6), scored()]
    filtered = filter_docs(docs, [], min_confidence=0.6)
    assert filtered.rows == [3, 4]
    assert [d.reasons for d in filtered.dropped] == [
        ["low-confidence"],
        ["no-score"],
        ["low-confidence", "no-score"],
    ]
    assert filtered.dropped[0].entities == [
        {"start": 0, "end": 4, "label": "PER", "score": 0.5},
        {"start": 8, "end": 14, "label": "PER", "score": 0.9},
    ]
    assert filter_docs(docs, []).rows == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("on_low", "tags"), [("missing", "-OBO"), ("outside", "OOBO")])
def test_or_takes_the_entity_away_and_says_so(on_low, tags):
    doc = scored(0.5, 0.9)
    filtered = filter_docs([doc], [], min_confidence=0.6, on_low=on_low)
    (kept,) = filtered.kept
    assert "".join(token.ent_iob_ or "-" for token in kept) == tags
    assert kept._.xproj["en"] == doc._.xproj["en"]
    assert [e.text for e in doc.ents] == ["Asha", "Baraka"]  # the given document is as it was
    (taken,) = filtered.unlabelled
    assert taken == (0, 0, 4, "Asha", "PER", 0.5, "low-confidence")
    assert filtered.dropped == []


def test_missing_words_are_not_trained_on(tmp_path):
    """Unlike "O", which would be a wrong label; a DocBin keeps the difference."""
    (kept,) = filter_docs([scored(0.5, 0.9)], [], min_confidence=0.6, on_low="missing").kept
    DocBin(docs=[kept]).to_disk(tmp_path / "a.spacy")
    nlp = spacy.blank("sw")
    (read,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(nlp.vocab)
    assert Example(nlp.make_doc(read.text), read).get_aligned_ner() == [None, "O", "U-PER", "O"]


def test_documents_without_views_are_kept_unless_told_otherwise():
    doc = Doc(spacy.blank("sw").vocab, words=["Asha"])
    doc.set_ents([Span(doc, 0, 1, label="PER")])
    for on_low in ("drop", "missing"):
        strict = {"min_confidence": 0.9, "on_low": on_low}
        assert filter_docs([doc], ALL, **strict).kept == [doc]
    filtered = filter_docs([doc], [], without_views="drop")
    assert [d.reasons for d in filtered.dropped] == [["no-views"]]


def test_documents_with_errors_do_not_pass():
    doc = scored(0.9)
    error = Projection(0, "PER", Status.ERROR, reason="out of memory")
    doc._.xproj["en"] = doc._.xproj["en"].replace(projections=(error,))
    assert [d.reasons for d in filter_docs([doc], []).dropped] == [["failed"]]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"on_low": "guess"}, "XP150.*drop, missing, outside"),
        ({"without_views": "maybe"}, "XP150.*keep, drop"),
        ({"min_confidence": float("nan")}, "XP668"),
    ],
)
def test_settings_that_do_not_hold(settings, code):
    with pytest.raises(XProjError, match=code):
        filter_docs([], [], **settings)
