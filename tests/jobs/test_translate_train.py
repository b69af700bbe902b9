"""Target documents from translated, labelled source documents."""

import pytest
import spacy

from spacy_xproj.data.access import Views
from spacy_xproj.data.status import Status, ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.jobs.translate_train import translate_plain, translate_with_markers
from spacy_xproj.text.tokenizers import blank_tokenizer, blank_vocab, doc_from_text
from spacy_xproj.translation import Translation

TABLE = {
    "Asha left Dodoma.": "Asha aliondoka Dodoma.",
    "[Asha] left [Dodoma].": "[Asha] aliondoka [Dodoma]ni.",
    "Asha slept.": "",
    "[Asha] slept.": "",
    "Asha": "Asha",
    "Dodoma": "Dodoma",
}
LANGS = {"source_lang": "en", "target_lang": "sw"}


class Fake:
    def translate(self, texts, *, source_lang, target_lang):
        assert (source_lang, target_lang) == ("en", "sw")
        return [
            Translation(t, ViewStatus.OK)
            if t
            else Translation("", ViewStatus.EMPTY_TRANSLATION, "nothing came back")
            for t in (TABLE[text] for text in texts)
        ]

    def describe(self):
        return {"kind": "fake"}


@pytest.fixture
def sources():
    tokenize = blank_tokenizer("en", blank_vocab("en"))
    return [
        doc_from_text(tokenize, "Asha left Dodoma.", [(0, 4, "PER"), (10, 16, "LOC")]),
        doc_from_text(tokenize, "Asha slept.", [(0, 4, "PER")]),
    ]


def test_with_markers_the_documents_are_labelled(sources, found):
    first, second = translate_with_markers(sources, translator=Fake(), **LANGS)
    assert first.text == "Asha aliondoka Dodomani."
    assert found(first) == [("Asha", "PER"), ("Dodoma", "LOC")]
    # The piece ends within a token, which is cut there.
    assert [t.text for t in first] == ["Asha", "aliondoka", "Dodoma", "ni", "."]
    assert [(s.text, s.label_) for s in first.spans["xproj_en"]] == found(first)
    view = Views(first)["en"]
    assert (view.text, view.row, view.links) == ("Asha left Dodoma.", 0, None)
    assert [(p.status, p.start, p.end, p.start_char) for p in view.projections] == [
        (Status.PROJECTED, 0, 1, 0),
        (Status.PROJECTED, 2, 3, 15),
    ]
    assert view.provenance == {
        "translator": {"kind": "fake"},
        "projector": {"projector": "markers", "threshold": 0.5},
    }
    assert first.lang_ == "sw"
    assert len(second) == 0
    assert Views(second)["en"].status is ViewStatus.EMPTY_TRANSLATION
    assert Views(second).statuses() == {"no_candidate": 1}


def test_plain_ones_are_ready_for_aligner_and_projector(sources, found):
    first, second = docs = translate_plain(sources, translator=Fake(), **LANGS)
    assert first.text == "Asha aliondoka Dodoma."
    view = Views(first)["en"]
    assert [(view.entity_text(e), e.label) for e in view.entities] == [
        ("Asha", "PER"),
        ("Dodoma", "LOC"),
    ]
    assert view.projections is None
    assert view.provenance == {"translator": {"kind": "fake"}}
    assert (Views(second)["en"].row, Views(second)["en"].status) == (
        1,
        ViewStatus.EMPTY_TRANSLATION,
    )
    assert (found(first), len(second)) == ([], 0)
    assert len(docs) == 2


def test_no_sentences():
    assert translate_with_markers([], translator=Fake(), **LANGS) == []
    assert translate_plain([], translator=Fake(), **LANGS) == []


@pytest.mark.parametrize("function", [translate_plain, translate_with_markers])
def test_a_target_language_that_spacy_does_not_know(function, sources):
    with pytest.raises(XProjError, match=r"XP610.*no-such"):
        function(sources, translator=Fake(), source_lang="en", target_lang="no-such")


def test_the_documents_survive_bytes(sources, found):
    doc = translate_with_markers(sources, translator=Fake(), **LANGS)[0]
    again = spacy.tokens.Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert found(again) == found(doc)
    assert Views(again)["en"] == Views(doc)["en"]
