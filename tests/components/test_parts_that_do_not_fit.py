"""Translators, taggers and aligners of one's own that give something else than they must: the part
is named, and what it gave, in the component that it works in."""

import pytest
import spacy

from spacy_xproj.data.links import Links
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.tagging.base import Tagged
from spacy_xproj.translation.base import Translation

TEXT = "Asha aliondoka Dodoma"


class Own:
    def __init__(self, given):
        self._given = given

    def _give(self, *args, **kwargs):
        return self._given

    translate = tag = align = _give

    def describe(self):
        return {"name": "own"}


@pytest.fixture
def run(monkeypatch):
    def apply(factory, part, given):
        nlp = spacy.blank("sw")
        pipe = nlp.add_pipe(factory, config={})
        monkeypatch.setattr(pipe, "backend", Own(given))
        doc = nlp.make_doc(TEXT)
        view = SourceView("en", ("Asha", "left", "Dodoma"), (True, True, False))
        doc._.xproj["en"] = view.with_entities([(0, 1, "PER")])
        with pytest.raises(XProjError, match=rf"XP115.*Own\.{part}\(\) gave ") as error:
            pipe(doc)
        return str(error.value)

    return apply


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["a", "b"],
        None,
        "text",
        {"text": "a"},
        [None],
        [3],
        [b"a"],
        [("a", "ok")],
        [Translation("a", "ok", "")],
        iter(["a"]),
    ],
)
def test_a_translator(run, given):
    assert "for each of the texts" in run("xproj_translate", "translate", given)


@pytest.mark.parametrize(
    "given",
    [
        [],
        [[], []],
        None,
        [[None]],
        [["PER"]],
        [[(0, 1, "PER")]],
        [[Tagged(0, 1, "")]],
        [[Tagged(0, 1, None)]],
        [[Tagged(0, 1, 3)]],
        [[Tagged(0.0, 1.0, "PER")]],
        [[Tagged(2, 9, "PER")]],
        [[Tagged(1, 1, "PER")]],
    ],
)
def test_a_tagger(run, given):
    assert "Tagged" in run("xproj_source_ner", "tag", given)


@pytest.mark.parametrize(
    "given",
    [
        [],
        [Links(), Links()],
        None,
        [None],
        [[(0, 0)]],
        ["0-0"],
        [Links([(0, 9)])],
        [Links([(7, 0)])],
    ],
)
def test_an_aligner(run, given):
    assert "Links for each pair" in run("xproj_aligner", "align", given)
