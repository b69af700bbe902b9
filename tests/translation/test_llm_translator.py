"""A language model as the translator."""

import json

import pytest

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.translation.llm_translator import LLMTranslator


@pytest.fixture
def make_translator(make_client):
    def make(client=None, **settings):
        return LLMTranslator(client=make_client(**(client or {})), **settings)

    return make


def asked(body):
    return json.loads(body["messages"][1]["content"])


@pytest.fixture(autouse=True)
def answers(chat):
    chat.answer = lambda body: {"translation": asked(body)["text"].upper()}


def translate(translator, *texts):
    return translator.translate(texts, source_lang="sw", target_lang="en")


def test_texts_are_translated_in_order_and_once(chat, make_translator):
    found = translate(make_translator(), "mvua", "", "jua", "mvua")
    assert [(one.text, one.status) for one in found] == [
        ("MVUA", ViewStatus.OK),
        ("", ViewStatus.EMPTY_TARGET),
        ("JUA", ViewStatus.OK),
        ("MVUA", ViewStatus.OK),
    ]
    assert len(chat.bodies) == 2
    common = {"from": "sw", "to": "en", "terms": {}}
    assert {**common, "text": "mvua"} in [asked(body) for body in chat.bodies]


def test_a_glossary_is_kept_to(chat, make_translator, write):
    path = write("terms.tsv", "European Union\tUmoja wa Ulaya\nrain\tmvua\nsun\tjua\n")
    said = iter(["It rains in the EU.", "Rain in the European Union."])
    chat.answer = lambda body: {"translation": next(said)}
    (one,) = translate(make_translator(glossary=str(path)), "Mvua, Umoja wa Ulaya")
    assert one[:3] == ("Rain in the European Union.", ViewStatus.OK, "")
    first, second = chat.bodies
    assert asked(first)["terms"] == {"Umoja wa Ulaya": "European Union", "mvua": "rain"}
    assert second["messages"][0]["content"].endswith("in the text: European Union")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Daudi alienda au alirudi.", {}),
        ("AU ilikutana, na mvua.", {"AU": "African Union", "mvua": "rain"}),
        ("Mvua! (AU)", {"AU": "African Union", "mvua": "rain"}),
        ("他在非洲联盟工作。", {"非洲联盟": "African Union"}),
    ],
)
def test_terms_are_words_of_their_own(chat, make_translator, write, text, found):
    """One in capitals stands in capitals; scripts without blanks have no ends of words."""
    path = write("terms.tsv", "AU\tAfrican Union\nmvua\train\n非洲联盟\tAfrican Union\n")
    chat.answer = lambda body: {"translation": "Rain, African Union."}
    translate(make_translator(glossary=str(path)), text)
    assert asked(chat.bodies[0])["terms"] == found


def test_a_term_that_stays_away_is_told(chat, make_translator, write):
    path = write("terms.csv", "sun,jua\n")
    chat.answer = lambda body: {"translation": "It is warm."}
    (one,) = translate(make_translator(glossary=str(path)), "jua")
    assert (one.text, one.reason) == ("It is warm.", "not as in the glossary: sun")
    assert len(chat.bodies) == 2


@pytest.mark.parametrize(
    ("fault", "said", "status", "reason"),
    [
        (400, "", ViewStatus.NO_TRANSLATION, "HTTP 400"),
        (None, "no JSON", ViewStatus.NO_TRANSLATION, "the answer does not fit its form"),
        (None, {"translation": " "}, ViewStatus.EMPTY_TRANSLATION, "the translator gave nothing"),
    ],
)
def test_without_an_answer_there_is_a_status(chat, make_translator, fault, said, status, reason):
    chat.faults = [fault]
    chat.answer = lambda body: said
    (one,) = translate(make_translator({"retries": 0}), "mvua")
    assert (one.text, one.status) == ("", status)
    assert one.reason.startswith(reason)


def test_a_glossary_that_is_not_one_is_named_before_the_first_text(make_translator, write):
    translator = make_translator(glossary=str(write("terms.tsv", "sun jua\n")))
    with pytest.raises(XProjError, match=r"XP629.*terms\.tsv:1"):
        translator.check_ready()


def test_a_server_that_is_not_there_is_a_fault_of_the_surroundings(chat, make_translator):
    chat.faults = ["cut"]
    with pytest.raises(XProjError, match=r"XP984.*the connection to") as caught:
        translate(make_translator({"retries": 0}), "mvua")
    assert isinstance(caught.value.__cause__, ConnectionError)
