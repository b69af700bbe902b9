"""Gold source entities: those that a view was made with."""

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.tagging import GoldTagger, Tagged, Tagger


def test_it_gives_the_entities_of_the_view(view):
    tagger = GoldTagger()
    assert isinstance(tagger, Tagger)
    views = [
        view("Asha", "Mushi", "met", "Baraka").with_entities([(3, 4, "PER"), (0, 2, "PER", 0.8)]),
        view("It", "rained").with_entities([]),
        view(),
    ]
    assert tagger.tag(views) == [[Tagged(0, 2, "PER", 0.8), Tagged(3, 4, "PER")], [], []]
    assert tagger.describe() == {"tagger": "gold"}


def test_a_view_that_was_never_labelled_is_an_error_and_not_one_without_entities(view):
    with pytest.raises(XProjError, match=r"XP304.*'It rained ' has no gold entities"):
        GoldTagger().tag([view("It", "rained")])
