"""Entities that overlap or are in pieces, projected by projectors that know neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj import SourceView, Status
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.span_groups import Shape
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import MinMax
from spacy_xproj.projection.shapes import EXCLUSIVE, check_exclusive, divide, join


def make(n, links, *spans):
    spaces = (True,) * n
    view = SourceView("en", tuple("abcdefgh"[:n]), spaces, links=Links(links))
    return view.with_entities(spans), Sentence(tuple("pqrstuvw"), (True,) * 8)


def run(view, target, exclusive):
    """By MinMax: what an entity is linked with, from its first to its last word."""
    parts = divide(view, exclusive)
    assert parts is not None
    found = MinMax().project([part.view for part in parts], [target] * len(parts))
    return join(view, target, parts, found)


def test_a_view_that_needs_no_parts_is_not_divided():
    view, _ = make(4, [(0, 0)], (0, 2, "A"), (1, 3, "A"))
    assert divide(view, "all") is None
    assert len(divide(view, "label")) == 2
    assert len(divide(view, "entity")) == 2
    view, _ = make(4, [(0, 0)], (0, 2, "A"), (2, 3, "A"), (1, 3, "B"))
    assert [part.owners for part in divide(view, "label")] == [[0, 2], [1]]


def test_nested_entities_of_different_labels_both_go_over():
    view, target = make(3, [(0, 1), (1, 2), (2, 4)], (0, 3, "ORG"), (1, 2, "LOC"))
    found = run(view, target, "label")
    assert [(p.entity, p.label, p.start, p.end) for p in found] == [
        (0, "ORG", 1, 5), (1, "LOC", 2, 3),
    ]  # fmt: skip


def test_entities_of_one_label_that_share_words_both_go_over():
    """As in "upper and lower Dodoma"."""
    links = [(0, 0), (1, 1), (2, 2), (3, 3)]
    view, target = make(4, links, (0, 4, "LOC", None, ((0, 1), (3, 4))), (2, 4, "LOC"))
    found = {(p.start, p.end, p.pieces) for p in run(view, target, "label")}
    assert found == {(0, 4, ((0, 1), (3, 4))), (2, 4, ())}


def test_pieces_go_over_one_by_one_and_are_joined():
    pieces = ((0, 1), (2, 3))
    view, target = make(3, [(0, 1), (2, 5)], (0, 3, "DIS", None, pieces))
    (found,) = run(view, target, "all")
    assert (found.start, found.end, found.pieces) == (1, 6, ((1, 2), (5, 6)))
    assert (found.start_char, found.end_char) == (2, 11)
    # With nothing between them they are one.
    view, target = make(3, [(0, 3), (2, 4)], (0, 3, "DIS", None, pieces))
    (found,) = run(view, target, "all")
    assert (found.start, found.end, found.pieces) == (3, 5, ())


def test_an_entity_that_lost_a_piece_is_not_projected():
    view, target = make(3, [(0, 1)], (0, 3, "DIS", None, ((0, 1), (2, 3))))
    (found,) = run(view, target, "all")
    assert found.status is Status.UNALIGNED
    assert found.start is None
    assert found.reason.startswith("piece 2 of 2: ")


@st.composite
def cases(draw):
    words = st.sets(st.integers(0, 5), min_size=1)
    shapes = draw(st.lists(st.builds(Shape.of_words, words, st.sampled_from("AB")), max_size=5))
    links = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 7)), max_size=9))
    return make(6, links, *[(s.start, s.end, s.label, None, s.pieces) for s in shapes])


@given(cases(), st.sampled_from(EXCLUSIVE))
def test_every_entity_ends_with_a_status_whatever_its_shape(case, exclusive):
    view, target = case
    if divide(view, exclusive) is None:
        return
    found = run(view, target, exclusive)
    assert [p.entity for p in found] == list(range(len(view.entities)))
    for p in found:
        assert p.label == view.entities[p.entity].label
        assert (p.status is Status.PROJECTED) == (p.start is not None)
        assert p.parts == () if p.start is None else p.parts[-1][1] == p.end


def test_another_way_to_group_is_refused():
    with pytest.raises(XProjError, match=r"XP525.*'labels'.*all, label, entity"):
        check_exclusive("labels")
