"""``xproj_translate`` with ``names``: what a tagger of the target finds is put back."""

import pytest
import spacy

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.translation.base import Translation

NAMES = [{"label": "PER", "pattern": "Obama"}, {"label": "LOC", "pattern": "Njemacka"}]
RULER = {"@xproj_taggers": "spacy-xproj.RulerTagger.v1", "patterns": NAMES}


WORDS = {"Obama": "Both", "ima": "has", "Njemacka": "Germany"}


class Mangler:
    """Translates word by word; names become other words. links: whether it gives them."""

    def __init__(self, links=True):
        self.links = links

    def translate(self, texts, *, source_lang, target_lang):
        found = []
        for text in texts:
            out, links, at = "", [], 0
            for word in text.split():
                new = WORDS.get(word, word)
                links.append((at, at + len(word), len(out), len(out) + len(new)))
                out += f"{new} "
                at += len(word) + 1
            given = tuple(links) if self.links else None
            found.append(Translation(out.strip(), ViewStatus.OK, links=given))
        return found

    def describe(self):
        return {"kind": "mangler"}


@pytest.fixture
def translate():
    def run(text, *, links=True, **settings):
        nlp = spacy.blank("hr")
        pipe = nlp.add_pipe("xproj_translate", config=settings)
        pipe.backend = Mangler(links)
        return nlp(text)._.xproj["en"]

    return run


def test_names_are_put_back(translate):
    assert translate("Obama ima Njemacka").text == "Both has Germany"
    view = translate("Obama ima Njemacka", names=RULER)
    assert view.text == "Obama has Njemacka"
    assert view.links.pairs == {(0, 0), (1, 1), (2, 2)}
    assert view.provenance["names"]["tagger"] == "ruler"
    assert "'Obama' for 'Both'" in view.reason


def test_only_those_of_some_labels(translate):
    view = translate("Obama ima Njemacka", names=RULER, name_labels=["PER"])
    assert view.text == "Obama has Germany"


def test_a_translator_without_links_is_refused(translate):
    assert translate("ima", names=RULER, links=False).text == "has"
    with pytest.raises(XProjError, match=r"XP285.*Both has"):
        translate("Obama ima", names=RULER, links=False)


def test_what_finds_names_must_be_a_tagger():
    block = {"@xproj_translators": "spacy-xproj.Itself.v1"}
    with pytest.raises(XProjError, match="names"):
        spacy.blank("hr").add_pipe("xproj_translate", config={"names": block})
