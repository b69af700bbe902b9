"""``doc._.xproj``: the views of a document, as long as they fit its words."""

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from spacy_xproj import Links, SourceView
from spacy_xproj.data.access import Views
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.status import ViewStatus
from spacy_xproj.data.stored import KEY
from spacy_xproj.errors import XProjError


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


# words that changed


def merge(doc, start, end):
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[start:end])


def test_a_view_of_words_that_were_merged_is_an_error_with_a_fix(doc):
    merge(doc, 0, 2)
    with pytest.raises(XProjError, match=r"XP108.*'en'.*4 that the document has.*restart\(\)"):
        doc._.xproj["en"]
    doc._.xproj.restart()
    view = doc._.xproj["en"]
    assert (view.links, view.projections) == (None, None)
    assert [view.entity_text(e) for e in view.entities] == ["Samia", "Dodoma"]


def test_so_is_one_where_as_many_words_are_left(doc):
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
        retokenizer.split(doc[3], ["Dod", "oma"], heads=[(doc[3], 1), doc[2]])
    assert len(doc) == 5
    with pytest.raises(XProjError, match="XP108"):
        doc._.xproj["en"]


def test_so_is_one_of_a_part_of_the_document(doc):
    part = doc[2:5].as_doc(copy_user_data=True)
    with pytest.raises(XProjError, match="XP108"):
        part._.xproj["en"]
    part._.xproj.restart()
    assert part._.xproj["en"].links is None
    assert doc._.xproj["en"].links is not None  # they share nothing that changes


def test_a_view_that_does_not_speak_of_the_words_stays(doc, view):
    doc._.xproj["de"] = view
    merge(doc, 0, 2)
    assert doc._.xproj["de"].entities == view.entities
    assert doc._.xproj.target.words[0] == "Rais Samia"


def test_what_was_made_for_other_words_stays_so_when_a_new_view_comes(doc, view):
    before = doc._.xproj["en"]
    merge(doc, 0, 2)
    doc._.xproj["de"] = view.replace(links=Links([(0, 0)]))
    assert doc._.xproj["de"].links == Links([(0, 0)])
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    for one in (doc, again):
        with pytest.raises(XProjError, match="XP108"):
            one._.xproj["en"]
    doc._.xproj["en"] = before.replace(projections=None)  # the user says that it fits
    assert doc._.xproj["en"].links == before.links


def test_the_words_are_looked_up_once_as_long_as_they_stay(doc):
    target = Views(doc).target
    assert target == Sentence.from_doc(doc)
    assert Views(doc).target is target
    merge(doc, 0, 2)
    assert Views(doc).target == Sentence.from_doc(doc) != target
    bare = Doc(Vocab(), ["a"])
    assert Views(bare).target.words == ("a",)
    assert not bare.user_data


def test_what_is_not_a_view_is_named(doc):
    for held in ([1, 2], {"en": {"words": 3}}, {"xproj_views": 99}):
        doc.user_data[KEY] = held
        with pytest.raises(XProjError, match=r"XP110.*user_data.pop\('xproj'\)"):
            doc._.xproj["en"]
