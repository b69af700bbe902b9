"""From the views of sentences to arrays."""

import pytest

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.data.views import SourceView
from spacy_xproj.ensembling import collect
from spacy_xproj.errors import XProjError

MISSING = ViewStatus.NO_TRANSLATION


def test_each_span_and_label_once_with_the_views_that_propose_it(make_view):
    views = [
        make_view("en", (0, 2, "PER", 0.9), (4, 5, "LOC", 0.5)),
        make_view("de", (0, 2, "PER", 0.7), (4, 6, "LOC", 0.6)),
        make_view("es", missed=["PER"]),
    ]
    ballot = collect([views], ["en", "de", "es"])
    assert ballot.labels == ("LOC", "PER")
    assert ballot.spans.tolist() == [[0, 2], [4, 5], [4, 6]]
    assert [ballot.labels[i] for i in ballot.label] == ["PER", "LOC", "LOC"]
    assert ballot.scores.tolist() == [[0.9, 0.7, 0], [0.5, 0, 0], [0, 0.6, 0]]
    assert ballot.proposed.tolist() == (ballot.scores > 0).tolist()
    # A view that projects nothing onto a word of the span abstains, though it is there.
    assert ballot.speaks.tolist() == [[True, True, False]] * 3
    assert ballot.voices.tolist() == [[0.9, 0.7, 0], [0.5, 0.6, 0], [0.5, 0.6, 0]]
    assert ballot.usable.all()


def test_sentences_may_lack_a_view_or_have_one_that_is_not_usable(make_view):
    both = [make_view("en", (0, 1, "PER")), make_view("de", (0, 1, "PER"))]
    broken = [make_view("en", (3, 4, "ORG")), make_view("de", status=MISSING)]
    alone = [make_view("de", (1, 2, "LOC"))]
    ballot = collect([both, broken, alone, []], ["en", "de"])
    assert ballot.sentence.tolist() == [0, 1, 2]
    assert ballot.usable.tolist() == [[True, True], [True, False], [False, True]]


def test_a_projection_without_a_score_counts_1(make_view):
    ballot = collect([[make_view("en", (0, 1, "PER"))]], ["en"])
    assert ballot.scores.tolist() == [[1.0]]


def test_no_views_no_proposals():
    ballot = collect([[], []], ["en"])
    assert (len(ballot), ballot.labels, ballot.proposed.shape) == (0, (), (0, 1))


def test_views_must_be_projected():
    view = SourceView("en", ("Asha",), (False,))
    with pytest.raises(XProjError, match=r"XP106.*'en' has no projections.*xproj_projector"):
        collect([[view]], ["en"])
