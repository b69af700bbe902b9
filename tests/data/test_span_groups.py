"""Entities of every shape in ``doc.spans``, which holds contiguous spans only."""

from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from spacy_xproj import SourceView
from spacy_xproj.data.span_groups import Shape, read_group, write_group
from spacy_xproj.data.spans import check_pieces

N = 8
SHAPES = st.builds(
    Shape.of_words, st.sets(st.integers(0, N - 1), min_size=1), st.sampled_from(["A", "B"])
)


@given(st.lists(SHAPES, max_size=6))
def test_every_shape_comes_back_also_from_a_file(shapes):
    doc = Doc(Vocab(), words=list("abcdefgh"))
    write_group(doc, "sc", shapes)
    data = DocBin(docs=[doc]).to_bytes()
    (again,) = DocBin().from_bytes(data).get_docs(Vocab())
    for one in (doc, again):
        assert read_group(one, "sc") == sorted(set(shapes))
    view = SourceView.from_doc(doc, spans_key="sc")
    assert {(e.start, e.end, e.label, e.pieces) for e in view.entities} == set(shapes)


@given(SHAPES)
def test_the_pieces_of_a_shape_have_words_between(shape):
    assert not shape.pieces or check_pieces(shape.start, shape.end, shape.pieces)
    assert shape.parts[0][0] == shape.start
    assert shape.parts[-1][1] == shape.end


def test_ids_that_others_gave_do_not_join_spans():
    """A rule's id is the same for all that it finds."""
    doc = Doc(Vocab(), words=list("abc"))
    doc.spans["sc"] = [Span(doc, i, i + 1, label="A", span_id="rule") for i in (0, 2)]
    assert read_group(doc, "sc") == [Shape(0, 1, "A"), Shape(2, 3, "A")]
    assert read_group(doc, "other") == []
