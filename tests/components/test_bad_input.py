"""Text that nobody expects: each document comes through, with a status that says what it is."""

import json

import pytest
import spacy

from spacy_xproj.data.labels import is_labelled
from spacy_xproj.data.status import ViewStatus

# text, its translation (None: not in the bitext), status of the view
CASES = {
    "empty": ("", None, ViewStatus.EMPTY_TARGET),
    "white space": (" \t\n  ", None, ViewStatus.EMPTY_TARGET),
    "control characters only": ("\x00\x07\u200b", None, ViewStatus.EMPTY_TARGET),
    "only punctuation": ("... !? -", "... !? -", ViewStatus.OK),
    "no entity": ("Mvua ilinyesha.", "It rained.", ViewStatus.OK),
    "translated to nothing": ("Asha yupo.", "", ViewStatus.EMPTY_TRANSLATION),
    "translated to white space": ("Asha yuko.", " \n ", ViewStatus.EMPTY_TRANSLATION),
    "not in the bitext": ("Asha hayupo.", None, ViewStatus.NO_TRANSLATION),
    "much longer translation": ("Asha alicheka.", "Asha " + "laughed " * 500, ViewStatus.OK),
    "many entities": ("Asha Asha.", "Asha " * 200, ViewStatus.OK),
    "emoji": ("Asha 👩‍👩‍👧‍👦🇹🇿 yupo 🙂.", "Asha 👩‍👩‍👧‍👦🇹🇿 is here 🙂.", ViewStatus.OK),
    "right to left": ("وصلت آشا إلى دودوما.", "Asha reached Dodoma.", ViewStatus.OK),
    "mixed directions": ("Asha \u202bقالت\u202c Dodoma", "Asha said Dodoma", ViewStatus.OK),
    "combining marks": ("A\u0301\u0323sha yupo", "A\u0301\u0323sha Dodoma", ViewStatus.OK),
    "a token of 3000 characters": ("x" * 3000 + " Asha", "y" * 3000 + " Asha", ViewStatus.OK),
    "3000 tokens": ("Asha " * 3000, "Asha is", ViewStatus.OK),
    "control characters": ("Asha\x00\x1b[31m\x07 yupo", "Asha\x00\x1b[31m is", ViewStatus.OK),
    "line breaks inside": ("Asha\n\nyupo\r\nDodoma", "Asha\n\nis in\r\nDodoma", ViewStatus.OK),
    "a language without spaces": ("阿沙在多多马。", "Asha is in Dodoma.", ViewStatus.OK),
}


@pytest.fixture
def encoder_nlp(make_nlp, files):
    """The pipeline over the cases, aligned by an encoder of 64 positions."""
    pairs = [(text, english) for text, english, _ in CASES.values() if english is not None]
    lines = [json.dumps({"sw": text, "en": english}) for text, english in pairs]
    (files / "bitext.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return make_nlp("encoder")


@pytest.mark.parametrize("case", CASES)
def test_it_has_a_status(encoder_nlp, case):
    text, _, status = CASES[case]
    doc = encoder_nlp(text)
    view = doc._.xproj["en"]
    assert doc.text == text
    assert view.status is status
    assert bool(view.reason) == (status is not ViewStatus.OK)
    assert len(view.projections) >= len(view.entities)
    assert {p.entity for p in view.projections} == set(range(len(view.entities)))
    for p in view.projections:
        assert (p.start is None) == (p.status != "projected")
        assert bool(p.reason) == (p.status != "projected")
    assert all(entity.text.strip() for entity in doc.ents)
    unknown = (ViewStatus.EMPTY_TRANSLATION, ViewStatus.NO_TRANSLATION)
    assert is_labelled(doc) == (status not in unknown)
    assert doc._.xproj.report()


def test_none_is_lost_in_a_batch(encoder_nlp, everything):
    texts = [text for text, _, _ in CASES.values()]
    docs = list(encoder_nlp.pipe(texts))
    assert [doc.text for doc in docs] == texts
    for doc in docs:
        assert everything(doc)[1:3] == everything(encoder_nlp(doc.text))[1:3]


def test_entities_are_found_among_it(encoder_nlp):
    """The cases would prove little if no entity came through."""
    assert [e.text for e in encoder_nlp(CASES["emoji"][0]).ents] == ["Asha"]
    tagged = sum(
        len(d._.xproj["en"].entities) for d in encoder_nlp.pipe(t for t, _, _ in CASES.values())
    )
    assert tagged > 210


@pytest.mark.parametrize("text", ["", "   ", "Asha."])
def test_a_heuristic_projector_takes_them_too(encoder_nlp, text):
    encoder_nlp.replace_pipe(
        "xproj_projector",
        "xproj_projector",
        config={"projector": {"@xproj_projectors": "spacy-xproj.Heuristic.v1"}},
    )
    assert encoder_nlp(text).text == text


def test_a_document_without_tokens(encoder_nlp):
    empty = spacy.tokens.Doc(encoder_nlp.vocab)
    (doc,) = encoder_nlp.pipe([empty])
    assert doc._.xproj["en"].status is ViewStatus.EMPTY_TARGET
    assert doc.ents == ()
