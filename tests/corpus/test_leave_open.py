"""Words that a source leaves open stay open in its translation."""

import pytest

from spacy_xproj.corpus.pairing import leave_open, pair
from spacy_xproj.data.access import Views
from spacy_xproj.data.labels import clear_labels, is_labelled, open_words
from spacy_xproj.data.layers import set_projected
from spacy_xproj.data.links import Links
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection
from spacy_xproj.text.tokenizers import set_entities


def projected(source, target, links):
    """The target, as the pipeline leaves it: its words are in entities or outside of them."""
    (doc,) = pair([source], [target], source_lang="en", names=("source", "target"))
    view = Views(doc)["en"].replace(links=None if links is None else Links(links))
    found = [
        Projection(i, e.label, Status.PROJECTED, start=e.start, end=e.end)
        for i, e in enumerate(view.entities or ())
    ]
    set_projected(doc, [view.replace(projections=tuple(found))], spans_key=None)
    return doc


@pytest.mark.parametrize(
    ("links", "wanted"),
    [
        ([(0, 0, 1.0), (1, 1, 1.0), (2, 2, 1.0)], [2]),
        ([(0, 0, 1.0), (2, 1, 1.0), (2, 2, 1.0)], [1, 2]),
        ([(0, 0, 1.0), (1, 1, 1.0), (2, 0, 1.0)], []),  # linked to an entity's word alone
        ([(0, 0, 1.0)], [1, 2]),  # the open word may be any without a link
        (None, [1, 2]),
    ],
)
def test_what_is_linked_to_an_open_word_is_open(make, links, wanted):
    source = set_entities(make(["Ana", "left", "Oslo"]), [(0, 1, "PER")], unknown=[2])
    doc = projected(source, make(["Ana", "dro", "Oslo"]), links)
    assert leave_open([source], [doc], source_lang="en") == 1
    assert open_words(doc) == wanted
    assert [(ent.start, ent.label_) for ent in doc.ents] == [(0, "PER")]


def test_a_target_of_a_source_without_labels_is_not_labelled(make):
    source = clear_labels(make(["Ana"]))
    doc = projected(source, make(["Ana"]), [(0, 0, 1.0)])
    assert is_labelled(doc)
    assert leave_open([source], [doc], source_lang="en") == 1
    assert not is_labelled(doc)


def test_where_nothing_is_open_nothing_changes(make):
    source = make(["Ana", "left"], [(0, 1, "PER")])
    doc = projected(source, make(["Ana", "dro"]), [])
    assert leave_open([source, make([])], [doc, make([])], source_lang="en") == 0
    assert open_words(doc) == []
