"""The text itself as one more view: the documents' own words, linked one to one."""

import pytest
import spacy
from spacy.tokens import Doc

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.translation.itself import Itself


def test_every_character_is_linked_to_itself():
    found = Itself().translate([" Rais. ", ""], source_lang="sw", target_lang="sw")
    assert found[0].text == "Rais."
    assert found[0].links == tuple((i + 1, i + 2, i, i + 1) for i in range(5))
    assert found[1].status is ViewStatus.EMPTY_TARGET


@pytest.mark.parametrize("words", [["Rais.", "wa-", "Dodoma"], ["R", "ais", ".wa"]])
def test_the_view_has_the_words_of_the_document(words):
    nlp = spacy.blank("sw")
    itself = {"@xproj_translators": "spacy-xproj.Itself.v1"}
    nlp.add_pipe("xproj_translate", config={"translator": itself, "source_lang": "sw"})
    aligner = {"@xproj_aligners": "spacy-xproj.FromTranslator.v1"}
    nlp.add_pipe("xproj_aligner", config={"aligner": aligner})
    doc = Doc(nlp.vocab, words=words, spaces=[True, False, False])
    for _, pipe in nlp.pipeline:
        doc = pipe(doc)
    view = doc._.xproj["sw"]
    assert list(view.words) == words
    assert view.links.pairs == {(i, i) for i in range(len(words))}
