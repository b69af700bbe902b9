"""The filters for complete sentences: each with a pair that passes it and one that fails it."""

import pytest

from spacy_xproj.corpus.filters import (
    FILTERS,
    comp_ins,
    comp_src,
    comp_tgt,
    complete,
    holding,
)
from spacy_xproj.data.status import Status, ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.projection.minmax import MinMax
from tests.fixtures.one_pair import project

BANK = ("the World Bank", "Benki ya Dunia", [(1, 3, "ORG")])


@pytest.mark.parametrize(
    ("links", "src", "tgt"),
    [
        ([(1, 2), (2, 0)], True, False),  # "ya" between the two has no link
        ([(1, 1), (1, 2), (2, 0)], True, True),
        ([(1, 2)], False, True),  # "Bank" has no link
        ([(0, 0)], False, True),  # a link of another word does not count
        ([], False, True),
    ],
)
def test_words_of_entities_have_links_and_what_they_lead_to_is_contiguous(pair, links, src, tgt):
    view, target = pair(*BANK, links)
    assert comp_src(view, target) is src
    assert comp_tgt(view, target) is tgt


def test_the_gap_of_one_entity_may_not_be_filled_by_another(pair):
    entities = [(0, 1, "PER"), (1, 2, "PER")]
    view, target = pair("Asha Baraka", "p q r", entities, [(0, 0), (0, 2), (1, 1)])
    assert comp_src(view, target)
    assert not comp_tgt(view, target)


def test_as_many_spans_of_each_label_as_entities(pair):
    entities = [(0, 1, "PER"), (2, 3, "LOC")]
    view, target = pair("Asha left Dodoma", "Asha aliondoka Dodoma", entities, [(0, 0), (2, 2)])
    view = view.replace(projections=tuple(project(MinMax(), view, target)))
    assert comp_ins(view, target)
    lost, _ = pair("Asha left Dodoma", "Asha aliondoka Dodoma", entities, [(0, 0)])
    lost = lost.replace(projections=tuple(project(MinMax(), lost, target)))
    assert not comp_ins(lost, target)
    first, second = view.projections
    # Two spans of one entity are not those of two with other labels.
    assert not comp_ins(view.replace(projections=(first, first)), target)
    # What the corpus agreed to call a span is no reason to drop its sentence.
    assert comp_ins(view.replace(projections=(first, second._replace(label="ORG"))), target)
    # One entity in two pieces is one span too many.
    assert not comp_ins(view.replace(projections=(first, first, second)), target)


def test_complete_when_every_entity_has_a_span(pair):
    entities = [(0, 1, "PER"), (2, 3, "LOC")]
    view, target = pair("Asha left Dodoma", "Asha aliondoka Dodoma", entities, [(0, 0), (2, 2)])
    view = view.replace(projections=tuple(project(MinMax(), view, target)))
    first, second = view.projections
    assert complete(view, target)
    # Unlike COMP-INS, an entity may be in two pieces, and labels may be left out on purpose.
    assert complete(view.replace(projections=(first, first, second)), target)
    left_out = second._replace(status=Status.IGNORED_LABEL, start=None, end=None)
    assert complete(view.replace(projections=(first, left_out)), target)
    assert not complete(view.replace(projections=(first, first)), target)
    lost = second._replace(status=Status.UNALIGNED, start=None, end=None)
    assert not complete(view.replace(projections=(first, lost)), target)


@pytest.mark.parametrize(
    ("status", "held"),
    [
        (ViewStatus.EMPTY_TARGET, True),
        (ViewStatus.TRUNCATED, False),
        (ViewStatus.NO_TRANSLATION, False),
        (ViewStatus.EMPTY_TRANSLATION, False),
    ],
)
def test_what_was_not_translated_whole_is_not_complete(pair, status, held):
    view, target = pair("it rained", "mvua ilinyesha")
    assert complete(view.replace(status=status, projections=()), target) is held


def test_a_sentence_without_entities_passes_all(pair):
    view, target = pair("it rained", "mvua ilinyesha")
    view = view.replace(projections=())
    assert holding(view, target, list(FILTERS)) == dict.fromkeys(FILTERS, True)


def test_the_names_are_checked_and_known_ones_listed(pair):
    with pytest.raises(XProjError, match=r"XP150.*'comp'.*comp-src, comp-tgt, comp-ins"):
        holding(*pair("a", "b"), ["comp"])


def test_what_was_not_aligned_or_projected_cannot_be_judged(pair):
    view, target = pair(*BANK, [])
    with pytest.raises(XProjError, match="xproj_projector"):
        comp_ins(view, target)
    with pytest.raises(XProjError, match="xproj_projector"):
        complete(view, target)
    for check in (comp_src, comp_tgt):
        with pytest.raises(XProjError, match="xproj_aligner"):
            check(view.replace(links=None), target)
