"""What a view holds, and that it cannot be changed."""

import copy
import dataclasses
import pickle

import pytest
import spacy
from spacy.tokens import Span

from spacy_xproj import Entity, Projection, SourceView, Status
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError


def test_a_view_cannot_be_changed_but_replaced(doc):
    view = doc._.xproj["en"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        view.lang = "de"
    with pytest.raises(dataclasses.FrozenInstanceError):
        view.entities = ()
    changed = view.replace(row=7)
    assert (view.row, changed.row) == (None, 7)
    assert doc._.xproj["en"].row is None
    doc._.xproj["en"] = changed
    assert doc._.xproj["en"].row == 7


def test_what_was_given_to_a_view_or_read_from_it_changes_nothing():
    counts, settings = {"DATE": 2}, {"aligner": {"layers": [7, 8]}}
    view = SourceView("en", ignored=counts, provenance=settings)
    counts["DATE"] = 99
    settings["aligner"]["layers"].append(9)
    view.provenance["aligner"]["layers"].append(10)
    with pytest.raises(TypeError):
        view.ignored["DATE"] = 99
    assert view.ignored == {"DATE": 2}
    assert view.provenance == {"aligner": {"layers": [7, 8]}}
    assert view.replace(ignored={"A": 1}).ignored == {"A": 1}


def test_copies_and_pickles_are_the_same(doc):
    view = doc._.xproj["en"]
    assert copy.deepcopy(view) == copy.copy(view) == pickle.loads(pickle.dumps(view)) == view


def test_a_view_is_shown_in_one_line(doc):
    view = doc._.xproj["en"]
    assert repr(view) == (
        "SourceView('en', 'President Samia visited Dodoma.', 2 entities, 2 links, 2 projections)"
    )
    missing = SourceView("de", status=ViewStatus.NO_TRANSLATION)
    assert repr(missing) == (
        "SourceView('de', '', no_translation, no entities yet, no links yet, no projections yet)"
    )
    long = SourceView("en", ("word",) * 50, (True,) * 50)
    assert len(repr(long)) < 120


def test_entities_get_their_characters_and_are_sorted():
    view = SourceView("en", ("a\U0001f600", "b", "c"), (True, False, True))
    view = view.with_entities([(2, 3, "LOC"), (0, 2, "PER", 0.5)])
    assert view.entities == (Entity(0, 2, "PER", 0, 4, 0.5), Entity(2, 3, "LOC", 4, 5, None))
    assert [view.entity_text(e) for e in view.entities] == ["a\U0001f600 b", "c"]


def test_a_labelled_doc_gives_a_view():
    doc = spacy.blank("en")("Samia visited Dodoma.")
    doc.set_ents([Span(doc, 0, 1, "PER")])
    view = SourceView.from_doc(doc, row=3)
    assert (view.lang, view.text, view.row) == ("en", doc.text, 3)
    assert view.entities == (Entity(0, 1, "PER", 0, 5),)
    assert view.sentence == Sentence.from_doc(doc)
    assert SourceView.from_doc(doc, lang="sw").lang == "sw"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: SourceView("en", ("a", "b"), (True,)),
            "XP105.*words of the source view 'en'.*2 words, 1 spaces",
        ),
        (
            lambda: SourceView("en", ("a",), (True,), entities=(Entity(0, 2, "PER", 0, 1),)),
            "XP105.*entities of the source view 'en'.*within the 1 source words",
        ),
        (
            lambda: SourceView("en", ("a",), (True,)).with_entities([(0, 0, "PER")]),
            r"XP105.*entities.*\[0, 0\) PER does not lie within the 1 words",
        ),
        (
            lambda: SourceView("en").with_entities([(0, 1, "PER")]),
            r"XP105.*entities.*\[0, 1\) PER does not lie within the 0 words",
        ),
    ],
)
def test_views_that_contradict_themselves_are_refused(make, message):
    with pytest.raises(XProjError, match=message):
        make()


def test_statuses_read_as_their_values():
    assert f"{Status.NO_CANDIDATE} {ViewStatus.EMPTY_TARGET}" == "no_candidate empty_target"


def test_entities_may_overlap_and_be_in_pieces():
    view = SourceView("en", tuple("abcde"), (True,) * 5).with_entities(
        [(0, 4, "ORG"), (1, 2, "LOC"), (0, 5, "PER", 0.5, ((0, 2), (3, 5)))]
    )
    assert [(e.start, e.end, e.label) for e in view.entities] == [
        (0, 4, "ORG"), (0, 5, "PER"), (1, 2, "LOC"),
    ]  # fmt: skip
    spread = view.entities[1]
    assert spread.parts == ((0, 2), (3, 5))
    assert view.entities[0].parts == ((0, 4),)
    assert view.entity_text(spread) == "a b ... d e"
    assert Projection(0, "PER", Status.UNALIGNED).parts == ()


@pytest.mark.parametrize(
    "pieces", [((0, 5),), ((0, 2), (2, 5)), ((0, 3), (2, 5)), ((1, 2), (3, 5))]
)
def test_pieces_have_words_between_and_reach_from_end_to_end(pieces):
    with pytest.raises(XProjError, match=r"XP105.*pieces of Entity"):
        SourceView("en", tuple("abcde"), (True,) * 5).with_entities([(0, 5, "PER", None, pieces)])


def test_a_replaced_view_is_checked(doc):
    view = doc._.xproj["en"]
    with pytest.raises(XProjError, match="XP105"):
        view.replace(spaces=())
    with pytest.raises(TypeError):
        view.replace(nothing=1)


def test_entities_that_stay_the_same_are_not_made_anew(view):
    again = view.with_entities([(*e[:3], e.score) for e in view.entities], reason="why")
    assert again.entities is view.entities
    assert again.reason == "why"
    assert view.with_entities([(0, 1, "LOC")]).entities != view.entities
