"""Which documents are kept, in which order the criteria work, and why the others are not."""

import pytest
import spacy
from spacy.tokens import Doc, Span

from spacy_xproj.corpus.selection import Criteria, select_docs
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView
from spacy_xproj.errors import XProjError

VOCAB = spacy.blank("sw").vocab


def document(text, score=None, *, projected=True):
    """Words of which those with a capital are projected people; the score is that of each."""
    doc = Doc(VOCAB, words=text.split())
    spans = [Span(doc, t.i, t.i + 1, label="PER") for t in doc if t.text[0].isupper()]
    doc.set_ents(spans)
    if projected:
        view = SourceView("en", tuple(text.split()), (True,) * len(doc))
        view = view.with_entities([(s.start, s.end, "PER") for s in spans])
        projections = [
            Projection(i, "PER", Status.PROJECTED, s.start, s.end, 0, 0, score)
            for i, s in enumerate(spans)
        ]
        doc._.xproj["en"] = view.replace(projections=tuple(projections))
    return doc


def reasons(filtered):
    return {one.row: one.reasons for one in filtered.dropped}


def test_by_default_all_that_is_labelled_stays():
    docs = [document("Asha left"), document("Asha left", projected=False), document("it rained")]
    filtered = select_docs([*docs, Doc(VOCAB, words=["raw"]), Doc(VOCAB)], Criteria())
    assert filtered.rows == [0, 1, 2, 4]
    assert filtered.kept[:3] == docs
    assert reasons(filtered) == {3: ["no-labels"]}


def test_a_repeat_names_the_row_that_stayed():
    texts = ["Asha left 3", "ASHA left 9", "Asha left 3", "it rained"]
    docs = [document(text, 0.9) for text in texts]
    filtered = select_docs(docs, Criteria(dedup="near"))
    assert reasons(filtered) == {1: ["near-duplicate"], 2: ["near-duplicate"]}
    assert [one.repeats for one in filtered.dropped] == [0, 0]
    assert reasons(select_docs(docs, Criteria(dedup="exact"))) == {2: ["duplicate"]}
    (gone, *_) = select_docs(docs, Criteria(dedup="exact"), known=["Asha left 3 "]).dropped
    assert (gone.row, gone.repeats) == (0, None)


def test_a_repeat_of_a_document_that_was_dropped_is_none():
    docs = [document("Asha left", 0.1), document("Asha left", 0.9)]
    filtered = select_docs(docs, Criteria(dedup="exact", min_confidence=0.5))
    assert reasons(filtered) == {0: ["low-confidence"]}


def test_the_share_of_empty_documents_is_that_of_what_stays():
    docs = [document(f"Asha {i}", 0.2 if i > 4 else 0.9) for i in range(8)]
    docs += [document(f"rain number {chr(97 + i)}") for i in range(20)]
    filtered = select_docs(docs, Criteria(min_confidence=0.5, max_empty_share=0.5))
    assert [row for row in filtered.rows if row < 8] == [0, 1, 2, 3, 4]
    assert len(filtered.rows) == 10
    assert filtered.counts() == {"empty": 15, "low-confidence": 3}
    assert filtered == select_docs(docs, Criteria(min_confidence=0.5, max_empty_share=0.5))
    other = select_docs(docs, Criteria(min_confidence=0.5, max_empty_share=0.5, seed=1))
    assert other.rows != filtered.rows
    assert len(other.rows) == 10


def test_entities_taken_from_documents_that_then_go_are_not_listed():
    docs = [document("Asha left", 0.1), document("Asha left", 0.1), document("Baraka left", 0.9)]
    criteria = Criteria(min_confidence=0.5, on_low="missing", dedup="exact", max_empty_share=0)
    filtered = select_docs(docs, criteria)
    assert filtered.rows == [2]
    assert reasons(filtered) == {0: ["empty"], 1: ["duplicate"]}
    assert filtered.unlabelled == []
    filtered = select_docs(docs, Criteria(min_confidence=0.5, on_low="outside", dedup="exact"))
    assert [(one.row, one.text) for one in filtered.unlabelled] == [(0, "Asha")]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"filters": ["whole"]}, "XP150"),
        ({"dedup": "fuzzy"}, "XP150"),
        ({"max_empty_share": -0.1}, "XP152"),
        ({"on_low": "guess"}, "XP150"),
        ({"min_confidence": float("inf")}, "XP668"),
    ],
)
def test_criteria_that_do_not_hold(settings, code):
    with pytest.raises(XProjError, match=code):
        select_docs([], Criteria(**settings))
