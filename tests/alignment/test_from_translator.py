"""Links that came with the translation, as an aligner."""

import pytest

from spacy_xproj.alignment.combined import Combined
from spacy_xproj.alignment.from_translator import FromTranslator
from spacy_xproj.alignment.pharaoh import Pharaoh
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError

TARGET = Sentence(("rais", "jana"), (True, False))
VIEW = SourceView("en", ("president", "yesterday"), (True, False), links=Links([(0, 0), (1, 1)]))


def test_it_gives_what_the_view_came_with():
    assert FromTranslator().align([VIEW, SourceView("en")], [TARGET, TARGET]) == [
        VIEW.links,
        Links(),
    ]


@pytest.mark.parametrize("provenance", [{}, {"aligner": {"aligner": "pharaoh"}}])
def test_links_of_an_aligner_are_not_a_translators(provenance):
    links = VIEW.links if provenance else None
    view = VIEW.replace(links=links, provenance=provenance)
    with pytest.raises(XProjError, match=r"XP422.*president.*HeadAlign"):
        FromTranslator().align([view], [TARGET])


def test_together_with_another_aligner():
    given = Pharaoh.of([Links([(0, 0), (0, 1)])])
    both = Combined(
        aligners={"own": FromTranslator(), "given": given}, weights={"own": 1.0, "given": 1.0}
    )
    (links,) = both.align([VIEW.replace(row=0)], [TARGET])
    assert list(links) == [(0, 0, 1.0), (0, 1, 0.5), (1, 1, 0.5)]
