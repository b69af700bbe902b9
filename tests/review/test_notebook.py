"""What a notebook shows."""

import html
import re

import pytest
from spacy import displacy
from spacy.vocab import Vocab


@pytest.fixture
def doc(make_doc):
    return make_doc(
        "Asha aliondoka",
        "Asha <b> left",
        entities=[(0, 1, "PER")],
        links=[(0, 0, 1.0)],
        projections=[(0, "PER", "projected", 0, 1, 0.5)],
    )


def framed(code):
    """The page that the frame holds."""
    return html.unescape(
        re.fullmatch(r'<iframe sandbox srcdoc="([^"]*)" style="[^"]*"></iframe>', code)[1]
    )


def test_a_document_is_drawn_in_a_frame_of_its_own(doc):
    page = framed(doc._.xproj._repr_html_())
    assert ">aliondoka</text>" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert doc._.xproj_ensemble._repr_html_() == doc._.xproj._repr_html_()


def test_a_view_on_its_own_counts_what_speaks_of_the_document(doc):
    page = framed(doc._.xproj["en"]._repr_html_())
    assert ">left</text>" in page
    assert "aliondoka" not in page
    assert "1 links, 1 projections" in page


def test_one_line_each(doc):
    assert repr(doc._.xproj) == "Views(en)"
    assert "\n" not in repr(doc._.xproj["en"])
    assert repr(doc._.xproj_ensemble) == "Ensembled(not run)"


def test_a_view_as_a_document_for_displacy(doc):
    view = doc._.xproj["en"].with_entities([(0, 1, "PER"), (0, 3, "TITLE")])
    source = view.to_doc()
    assert source.text == view.text
    assert [(e.text, e.label_) for e in source.ents] == [("Asha <b> left", "TITLE")]
    assert len(source.spans["sc"]) == 2
    assert "TITLE" in displacy.render(source, style="span", jupyter=False)

    class Nlp:
        vocab = Vocab()

    assert view.to_doc(Nlp).vocab is Nlp.vocab
