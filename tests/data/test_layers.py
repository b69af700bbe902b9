"""What was projected, in the document: labelled where a view says something of it."""

import pytest

from spacy_xproj.data.labels import is_labelled
from spacy_xproj.data.layers import set_projected
from spacy_xproj.data.status import ViewStatus
from spacy_xproj.data.views import SourceView

NONE = ViewStatus.NO_TRANSLATION, ViewStatus.EMPTY_TRANSLATION


@pytest.mark.parametrize("group", [None, "sc"])
@pytest.mark.parametrize("status", NONE)
def test_without_a_usable_view_nothing_is_known(make, status, group):
    doc = make(["Asha", "left"], [(0, 1, "PER")])
    lost = SourceView("en", status=status, entities=(), projections=())
    set_projected(doc, [lost], spans_key=None, group=group)
    assert not is_labelled(doc)
    assert not is_labelled(doc, "sc")
    found = SourceView("de", ("Asha",), (False,), entities=(), projections=())
    set_projected(doc, [lost, found], spans_key=None, group=group)
    assert is_labelled(doc, group)
