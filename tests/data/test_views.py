"""Source views: plain data that travels with the Doc, and the typed access to it."""

import dataclasses
import json
import pickle

import numpy as np
import pytest
import spacy
import srsly
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from spacy_xproj import Entity, Links, Projection, SourceView, Status
from spacy_xproj.data.views import _WORK, KEY, Sentence, ViewStatus
from spacy_xproj.errors import XProjError

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def source_views(draw):
    """Views at any stage: translated, tagged, aligned, projected, or without a sentence."""
    words = draw(st.lists(TEXT, max_size=6))
    view = SourceView(
        lang=draw(st.sampled_from(["en", "de", "pt-br"])),
        words=tuple(words),
        spaces=tuple(draw(st.booleans()) for _ in words),
        status=draw(st.sampled_from(ViewStatus)),
        reason=draw(st.just("") | TEXT),
        ignored=draw(st.dictionaries(TEXT, st.integers(1, 9), max_size=2)),
        provenance=draw(st.dictionaries(TEXT, PLAIN, max_size=3)),
        row=draw(st.none() | st.integers(0, 10**6)),
    )
    score = st.none() | st.floats(0, 1)
    if draw(st.booleans()):
        borders = st.tuples(st.integers(0, len(words)), st.integers(0, len(words)))
        spans = draw(st.lists(borders.map(sorted).filter(lambda b: b[0] < b[1]), max_size=3))
        view = view.with_entities((*span, draw(TEXT), draw(score)) for span in spans if words)
    if draw(st.booleans()):
        link = st.tuples(*[st.integers(0, 9)] * 2, st.floats(0, 1, exclude_min=True))
        view = view.replace(links=Links(draw(st.lists(link, max_size=5))))
    if draw(st.booleans()):
        second = st.none() | st.tuples(*[st.integers(0, 99)] * 2)
        placed = st.tuples(*[st.none() | st.integers(0, 99)] * 4, score, TEXT, second, score)
        rest = st.tuples(st.integers(0, 5), TEXT, st.sampled_from(Status))
        projections = draw(st.lists(st.tuples(rest, placed), max_size=3))
        view = view.replace(projections=tuple(Projection(*a, *b) for a, b in projections))
    return view


@pytest.fixture
def view() -> SourceView:
    words = ("President", "Samia", "visited", "Dodoma", ".")
    return SourceView("en", words, (True, True, True, False, False)).with_entities(
        [(1, 2, "PER", 0.99), (3, 4, "LOC")]
    )


@pytest.fixture
def doc(view) -> Doc:
    """A Swahili sentence with one finished view."""
    doc = spacy.blank("sw")("Rais Samia alitembelea Dodoma.")
    doc._.xproj["en"] = view.replace(
        links=Links([(0, 0), (1, 1)]),
        projections=(
            Projection(0, "PER", Status.PROJECTED, 1, 2, 5, 10, 0.875),
            Projection(1, "LOC", Status.UNALIGNED, reason="no target word is linked to it"),
        ),
        provenance={"aligner": {"layers": [7, 8], "model": "e5"}},
        ignored={"DATE": 2},
    )
    return doc


# plain data


@settings(max_examples=150)
@given(source_views())
def test_views_are_the_same_after_msgpack_and_json(view):
    plain = view.to_plain()
    for again in (
        srsly.msgpack_loads(srsly.msgpack_dumps(plain)),
        srsly.msgpack_loads(srsly.msgpack_dumps(plain), use_list=False),
        json.loads(json.dumps(plain)),
    ):
        assert SourceView.from_plain(again) == view


@settings(max_examples=60, deadline=None)
@given(st.lists(source_views(), max_size=3))
def test_views_survive_doc_bytes_docbin_and_pickle(views):
    doc = Doc(Vocab(), words=["Rais", "Samia"])
    for view in views:
        doc._.xproj[view.lang] = view
    docbin = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    for again in (
        Doc(Vocab()).from_bytes(doc.to_bytes()),
        next(DocBin().from_bytes(docbin).get_docs(Vocab())),
        pickle.loads(pickle.dumps(doc)),
        doc.copy(),
    ):
        assert dict(again._.xproj) == {view.lang: view for view in views}


def test_projections_stored_before_there_were_runners_up_still_load(doc):
    plain = doc._.xproj["en"].to_plain()
    plain["projections"] = [p[:9] for p in plain["projections"]]
    view = SourceView.from_plain(json.loads(json.dumps(plain)))
    assert view.projections[0] == Projection(0, "PER", Status.PROJECTED, 1, 2, 5, 10, 0.875)


def test_types_are_back_after_the_round_trip(doc):
    view = Doc(doc.vocab).from_bytes(doc.to_bytes())._.xproj["en"]
    assert view.entities[0] == Entity(1, 2, "PER", 10, 15, 0.99)
    assert isinstance(view.links, Links)
    assert isinstance(view.status, ViewStatus)
    assert isinstance(view.projections[0], Projection)
    assert view.projections[0].status is Status.PROJECTED
    assert view.provenance == {"aligner": {"layers": [7, 8], "model": "e5"}}


def test_only_plain_types_are_stored(doc):
    def check(value):
        assert type(value) in (dict, list, str, int, float, bool, type(None))
        for inner in value.values() if isinstance(value, dict) else ():
            check(inner)
        for inner in value if isinstance(value, list) else ():
            check(inner)

    check(doc.user_data[KEY])


def test_numbers_from_numpy_become_plain_where_links_are_made():
    links = Links(np.array([[0, 1, 0.5]]))
    assert links.triples == ((0, 1, 0.5),)
    assert [type(x) for x in links.triples[0]] == [int, int, float]


# immutability


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


def test_what_was_read_or_stored_shares_nothing_with_the_doc(doc):
    read = doc._.xproj["en"]
    read.provenance["aligner"]["layers"].append(9)
    read.ignored["DATE"] = 99
    stored = SourceView("de", provenance={"translator": {"beams": [4]}})
    doc._.xproj["de"] = stored
    stored.provenance["translator"]["beams"].append(5)
    assert doc._.xproj["en"].provenance["aligner"]["layers"] == [7, 8]
    assert doc._.xproj["en"].ignored == {"DATE": 2}
    assert doc._.xproj["de"].provenance == {"translator": {"beams": [4]}}


# access


def test_views_are_a_mapping_by_source_language(doc, view):
    doc._.xproj["de"] = view
    assert doc._.xproj["de"].lang == "de"  # the key decides
    assert list(doc._.xproj) == ["en", "de"]
    assert len(doc._.xproj) == 2
    assert "de" in doc._.xproj
    assert "fr" not in doc._.xproj
    assert doc._.xproj.get("fr") is None
    assert repr(doc._.xproj) == "Views(en, de)"
    del doc._.xproj["en"]
    assert list(doc._.xproj) == ["de"]


def test_a_missing_view_is_a_key_error_that_names_those_there_are(doc):
    with pytest.raises(KeyError, match=r"XP104.*No source view 'fr'.*has 'en'.*xproj_translate"):
        doc._.xproj["fr"]
    empty = Doc(doc.vocab, words=["x"])
    with pytest.raises(KeyError, match=r"XP104.*No source view 'en'.*has none"):
        empty._.xproj["en"]
    for document in (doc, empty):
        with pytest.raises(KeyError, match=r"XP104.*No source view 'fr'"):
            del document._.xproj["fr"]


def test_a_doc_without_views():
    doc = Doc(Vocab(), words=["x"])
    assert dict(doc._.xproj) == {}
    assert repr(doc._.xproj) == "Views(none)"
    assert doc._.xproj.report() == "(no source view)"
    assert not doc._.xproj.statuses()
    assert KEY not in doc.user_data  # reading leaves no trace


def test_each_stage_has_an_attribute_for_analyze_pipes(doc):
    view = doc._.xproj["en"]
    assert doc._.xproj_entities == {"en": view.entities}
    assert doc._.xproj_links == {"en": view.links}
    assert doc._.xproj_projections == {"en": view.projections}


def test_statuses_counts_over_all_views(doc):
    doc._.xproj["de"] = doc._.xproj["en"]
    doc._.xproj["fr"] = SourceView("fr")
    assert doc._.xproj.statuses() == {"projected": 2, "unaligned": 2}


def test_report_tells_what_became_of_each_entity(doc):
    assert doc._.xproj.report().splitlines() == [
        "en: President Samia visited Dodoma.",
        "  PER   'Samia' -> 'Samia'  0.88  projected",
        "  LOC   'Dodoma' -> -    unaligned (no target word is linked to it)",
    ]


def test_report_tells_which_span_came_second(doc):
    view = doc._.xproj["en"]
    found = view.projections[0]._replace(runner_up=(0, 2), margin=0.1249)
    doc._.xproj["en"] = view.replace(projections=(found,))
    assert doc._.xproj["en"].projections == (found,)
    last = doc._.xproj.report().splitlines()[-1]
    assert last == "  PER   'Samia' -> 'Samia'  0.88  projected  next: 'Rais Samia' -0.12"


def test_report_tells_how_far_a_view_has_come(doc, view):
    doc._.xproj["en"] = view
    doc._.xproj["de"] = SourceView("de", ("Ja",), (False,))
    doc._.xproj["fr"] = SourceView("fr", status=ViewStatus.NO_TRANSLATION, reason="not there")
    assert doc._.xproj.report().splitlines() == [
        "en: President Samia visited Dodoma.",
        "  PER  Samia",
        "  LOC  Dodoma",
        "de: Ja",
        "  (not tagged)",
        "fr: (no source sentence)",
        "  no_translation: not there",
        "  (not tagged)",
    ]


# making views


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


# links


def test_links_are_sorted_and_unique_and_keep_the_strongest():
    links = Links([(2, 0), (0, 1, 0.2), (0, 1, 0.7), (0, 1, 0.5), (0, 0)])
    assert list(links) == [(0, 0, 1.0), (0, 1, 0.7), (2, 0, 1.0)]
    assert len(links) == 3
    assert links.pairs == {(0, 0), (0, 1), (2, 0)}


def test_links_are_equal_by_content():
    a, b = Links([(0, 1), (1, 0, 0.5)]), Links([(1, 0, 0.5), (0, 1, 1.0)])
    assert a == b
    assert hash(a) == hash(b)
    assert a != Links([(0, 1)])
    assert a != [(0, 1, 1.0), (1, 0, 0.5)]
    assert eval(repr(a)) == a


@pytest.mark.parametrize(
    "link", [(-1, 0), (0, -1), (0, 0, 0.0), (0, 0, 1.01), (0, 0, -0.5), (0, 0, float("nan"))]
)
def test_a_link_has_indices_from_0_and_a_strength_up_to_1(link):
    with pytest.raises(XProjError, match=r"XP107.*two indices >= 0 and a strength"):
        Links([link])


@given(st.dictionaries(st.tuples(*[st.integers(0, 5)] * 2), st.floats(1e-6, 1.0), max_size=12))
def test_links_and_matrices_hold_the_same(strengths):
    links = Links((k, l, a) for (k, l), a in strengths.items())
    matrix = links.to_matrix(6, 7)
    assert matrix.shape == (6, 7)
    assert np.count_nonzero(matrix) == len(links)
    assert Links.from_matrix(matrix) == links


def test_from_matrix_keeps_what_exceeds_the_threshold_and_caps_at_1():
    matrix = np.array([[0.5, 0.51, np.nan], [0.0, 1.0000001, -2.0]])
    assert Links.from_matrix(matrix, threshold=0.5).triples == ((0, 1, 0.51), (1, 1, 1.0))


def test_no_links():
    assert len(Links()) == 0
    assert Links().to_matrix(2, 0).shape == (2, 0)
    assert Links.from_matrix(np.zeros((0, 3))) == Links()


# what components use


def test_a_peeked_view_is_that_of_the_document(doc):
    views = doc._.xproj
    assert views.peek("en") == views["en"]
    assert views.peek("en") is views.peek("en")  # made once
    with pytest.raises(KeyError, match="XP104"):
        views.peek("fr")


def test_what_is_stored_after_a_peek_is_what_to_plain_gives(doc):
    view = doc._.xproj.peek("en")
    changed = view.replace(
        links=Links([(0, 1)]), provenance={**view.provenance, "projector": {"layers": [1]}}
    ).with_entities([(0, 1, "NEW")])
    doc._.xproj["en"] = changed
    assert doc.user_data[KEY]["en"] == changed.to_plain()
    assert doc._.xproj["en"] == changed
    changed.provenance["projector"]["layers"].append(2)
    assert doc._.xproj.peek("en").provenance["projector"] == {"layers": [1]}


def test_a_plain_form_that_was_replaced_is_what_counts(doc):
    doc._.xproj.peek("en")
    doc.user_data[KEY]["en"] = SourceView("en", ("New",), (False,)).to_plain()
    assert doc._.xproj.peek("en").words == ("New",)


def test_a_replaced_view_is_checked(doc):
    view = doc._.xproj["en"]
    with pytest.raises(XProjError, match="XP105"):
        view.replace(spaces=())
    with pytest.raises(TypeError):
        view.replace(nothing=1)


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4), st.floats(-0.5, 1.5))))
def test_links_read_the_same_from_columns_and_from_triples(triples):
    """Documents that 0.1 wrote have triples. Columns in order are taken as they are, others are
    put in order, and what is no link is refused in either form."""
    k, l, a = ([triple[i] for triple in triples] for i in range(3))
    columns = {"sources": k, "targets": l, "strengths": a}
    try:
        links = Links([list(triple) for triple in triples])
    except XProjError:
        for plain in (columns, triples):
            with pytest.raises(XProjError, match="XP107"):
                Links.from_plain(plain)
    else:
        assert Links.from_plain(columns) == Links.from_plain(triples) == links
        assert Links.from_plain(links.to_plain()) == links
        assert Links.from_plain(json.loads(json.dumps([list(t) for t in links]))) == links


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="zip"):
        Links.from_plain({"sources": [0, 1], "targets": [0], "strengths": [1.0]})


@given(st.lists(st.tuples(*[st.integers(0, 2**31 - 1)] * 2)))
def test_binary_links_are_those_of_the_pairs(pairs):
    k, l = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    links = Links.binary(k, l)
    assert links == Links(pairs)
    assert {type(x) for link in links for x in link} <= {int, float}


def test_links_between_two_words():
    links = Links([(0, 3), (1, 0, 0.5), (1, 2), (4, 4)])
    assert links.between(1, 4) == Links([(1, 0, 0.5), (1, 2)])
    assert len(links.between(2, 4)) == 0


# words of a document in work


def test_words_are_looked_up_anew_where_the_document_was_changed(doc):
    before = Sentence.from_doc(doc)
    assert Sentence.from_doc(doc) is before
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
    after = Sentence.from_doc(doc)
    assert after.words == tuple(token.text for token in doc) != before.words


def test_what_is_known_of_a_document_goes_with_it():
    doc = Doc(Vocab(), ["Asha", "aliondoka"])
    number = id(doc)
    Sentence(("Asha", "aliondoka"), (True, True)).keep(doc)
    assert Sentence.from_doc(doc).words == ("Asha", "aliondoka")
    assert number in _WORK
    del doc
    assert number not in _WORK


def test_entities_that_stay_the_same_are_not_made_anew(view):
    again = view.with_entities([(*e[:3], e.score) for e in view.entities], reason="why")
    assert again.entities is view.entities
    assert again.reason == "why"
    assert view.with_entities([(0, 1, "LOC")]).entities != view.entities
