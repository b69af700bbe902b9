"""Corrections beside the projections that they correct."""

import pytest

from spacy_xproj.corpus.filtering import entity_scores
from spacy_xproj.data.labels import REVIEW, is_reviewed
from spacy_xproj.review.corrections import band, merge_corrections, tally, wilson
from spacy_xproj.review.decisions import Decision


@pytest.fixture
def docs(make_doc):
    """Two sentences with entities as they were projected."""
    first = make_doc(
        "Samia Suluhu aliona Dodoma na Benki",
        "Samia Suluhu saw Dodoma and Bank",
        entities=[(0, 2, "PER"), (3, 4, "LOC"), (5, 6, "LOC")],
        links=[],
        projections=[
            (0, "PER", "projected", 0, 2, 0.95),
            (1, "LOC", "projected", 3, 4, 0.6),
            (2, "LOC", "projected", 5, 6, 0.4),
        ],
    )
    second = make_doc("Mvua ilinyesha", "It rained", projections=[])
    for doc in (first, second):
        (view,) = doc._.xproj.values()
        doc.set_ents([doc.char_span(p.start_char, p.end_char, p.label) for p in view.projections])
    return [first, second]


def test_entities_are_replaced_and_views_kept(docs):
    text = docs[0].text
    chosen = ((0, 12, "PER"), (20, 26, "ORG"))
    merged = merge_corrections(docs, [Decision(0, text, "accept", chosen, "ana")])
    assert [(e.text, e.label_) for e in docs[0].ents] == [
        ("Samia Suluhu", "PER"),
        ("Dodoma", "ORG"),
    ]
    assert len(docs[0]._.xproj["en"].projections) == 3
    assert docs[0].user_data[REVIEW]["reviewer"] == "ana"
    assert is_reviewed(docs[0])
    assert docs[0].user_data[REVIEW]["before"][1] == [20, 26, "LOC"]
    assert sorted(one.outcome for one in merged.judged) == ["kept", "relabelled", "removed"]
    assert (merged.reviewed, merged.ignored, merged.misfits) == (1, 0, [])


def test_moved_and_added(docs):
    chosen = ((6, 12, "PER"), (20, 26, "LOC"), (30, 35, "LOC"))
    merged = merge_corrections(docs, [Decision(0, docs[0].text, "accept", chosen)])
    assert [one.outcome for one in merged.judged] == ["moved", "kept", "kept"]
    merged = merge_corrections(docs, [Decision(1, docs[1].text, "accept", ((0, 4, "X"),))])
    assert [(one.outcome, one.label, one.sources) for one in merged.judged] == [
        ("added", "X", "none")
    ]


def test_what_no_longer_fits_is_given_back(docs):
    wrong = [
        Decision(0, "another text", "accept", ()),
        Decision(7, "x", "accept", ()),
        Decision(0, docs[0].text, "accept", ((0, 3, "PER"),)),
    ]
    before = [(e.text, e.label_) for e in docs[0].ents]
    merged = merge_corrections(docs, wrong)
    assert [m.why for m in merged.misfits] == [
        "the sentence has another text",
        "there is no such sentence",
        "a span begins or ends within a word",
    ]
    assert [(e.text, e.label_) for e in docs[0].ents] == before


def test_a_sentence_to_ignore_keeps_its_entities(docs):
    merged = merge_corrections(docs, [Decision(0, docs[0].text, "ignore", ())])
    assert (merged.reviewed, merged.ignored) == (0, 1)
    assert len(docs[0].ents) == 3
    assert docs[0].user_data[REVIEW]["answer"] == "ignore"
    assert not is_reviewed(docs[0])


def test_how_often_what_was_corrected(docs):
    chosen = ((0, 12, "PER"), (20, 26, "ORG"))
    judged = merge_corrections(docs, [Decision(0, docs[0].text, "accept", chosen)]).judged
    by_label = {row[0]: row[1:7] for row in tally(judged, "label")}
    assert by_label["LOC"] == [0, 1, 0, 1, 0, 0.0]
    assert by_label["PER"] == [1, 0, 0, 0, 0, 1.0]
    assert by_label["all"] == [1, 1, 0, 1, 0, pytest.approx(1 / 3)]
    assert [row[0] for row in tally(judged, "band")] == [
        "0.0 to 0.5",
        "0.5 to 0.7",
        "0.9 to 1.0",
        "all",
    ]
    assert [row[0] for row in tally(judged, "sources")] == ["en", "all"]
    assert tally([], "label") == [["all", 0, 0, 0, 0, 0, None, None, None]]


def test_bands_and_intervals():
    assert [band(s) for s in (None, 0.0, 0.5, 1.0)] == [
        "none",
        "0.0 to 0.5",
        "0.5 to 0.7",
        "0.9 to 1.0",
    ]
    assert wilson(0, 0) == (None, None)
    assert wilson(8, 10) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def test_scores_are_those_of_the_projections(docs):
    assert entity_scores(docs[0]) == [0.95, 0.6, 0.4]
