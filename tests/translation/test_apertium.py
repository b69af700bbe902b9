"""Apertium: word links from its numbered words, nothing lost between sentences, and what is said
where it is missing. A small program stands in for it; the last tests run the real one."""

import shutil
import stat
import sys
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.data.char_links import word_links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.translation.apertium import Apertium
from spacy_xproj.translation.apertium_pairs import PACKAGES, mode_languages, package_of

FAKE = Path(__file__).parent.parent / "fixtures" / "fake_apertium.py"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The stand-in as a program of its own."""
    path = tmp_path_factory.mktemp("bin") / "apertium"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FAKE}" "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture(scope="module")
def translator(program):
    return Apertium(program=program, timeout=20)


def translate(translator, *texts):
    return translator.translate(texts, source_lang="sw", target_lang="en")


def linked(text, translation):
    return [(text[a:b], translation.text[c:d]) for a, b, c, d in translation.links]


def test_each_word_is_linked_to_its_translation(translator):
    text = "Rais alizuru (Dodoma) jana."
    (found,) = translate(translator, text)
    assert found.text == "president visited (Dodoma) yesterday."
    assert found.status is ViewStatus.OK
    assert linked(text, found) == [
        ("Rais", "president"),
        ("alizuru", "visited"),
        ("Dodoma", "Dodoma"),
        ("jana", "yesterday"),
    ]


@pytest.mark.parametrize(
    ("text", "translation", "links"),
    [
        # merged: each of both words became both
        ("New York", "New York", [("New", "New York"), ("York", "New York")]),
        # repeated
        ("vipi", "how so", [("vipi", "how"), ("vipi", "so")]),
        # lost: it has no link
        ("Dodoma na", "Dodoma", [("Dodoma", "Dodoma")]),
        # added by the engine, without a number
        ("jiji", "the city", [("jiji", "city")]),
        # an abbreviation keeps its point, the last word of a text does not
        ("dr. Asha.", "dr. Asha.", [("dr.", "dr."), ("Asha", "Asha")]),
        # what has a meaning in Apertium's format is text all the same
        (r"a\b [c] ^d$ <e> {f} @g *h ~i", r"a\b [c] ^d$ <e> {f} @g *h ~i", None),
    ],
)
def test_words_that_merge_repeat_or_vanish(translator, text, translation, links):
    (found,) = translate(translator, text)
    assert found.text == translation
    if links is not None:
        assert linked(text, found) == links


def test_terms_of_the_glossary_are_kept_from_the_engine(program, write):
    terms = "Rais\tRais\nRais Samia\tMama Samia\njana\tlast [night]\n"
    glossary = str(write("terms.tsv", terms))
    translator = Apertium(program=program, timeout=20, glossary=glossary)
    text = "Rais Samia alizuru Rais, Raisi jana."
    (found,) = translate(translator, text)
    assert found.text == "Mama Samia visited Rais, Raisi last [night]."
    assert sorted(linked(text, found)) == [
        ("Rais", "Rais"),
        ("Rais Samia", "Mama Samia"),
        ("Raisi", "Raisi"),
        ("alizuru", "visited"),
        ("jana", "last [night]"),
    ]
    assert translator.identity()["glossary"]["Rais"] == "Rais"


def test_texts_come_back_in_order_and_none_is_lost(translator):
    texts = [f"Rais {i} jana" for i in range(150)] + ["", "\n ", "Rais 3 jana"]
    found = translate(translator, *texts)
    assert [t.text for t in found[:150]] == [f"president {i} yesterday" for i in range(150)]
    assert [t.status for t in found[150:152]] == [ViewStatus.EMPTY_TARGET] * 2
    assert found[152] == found[3]


def test_control_characters_do_not_cut_a_text(translator):
    (found,) = translate(translator, "Rais\0alizuru\nDodoma\x1b jana")
    assert found.text == "president visited Dodoma  yesterday"


def test_a_text_that_ends_the_program_is_named_and_the_next_is_translated(translator):
    with pytest.raises(XProjError, match=r"XP281.*'crash this'.*exit code 1.*out of words"):
        translate(translator, "Rais", "crash this", "jana")
    assert translate(translator, "jana")[0].text == "yesterday"


def test_an_answer_that_is_swallowed_is_an_error_not_a_shift(program):
    impatient = Apertium(program=program, timeout=0.5)
    with pytest.raises(XProjError, match=r"XP281.*'swallow'"):
        translate(impatient, "Rais", "swallow", "jana")


def test_the_mode_follows_from_the_languages(translator):
    assert translator.mode("sw", "en") == "swa-eng"
    assert translator.mode("sw", "fr") == "swa-fra_CA"
    with pytest.raises(XProjError, match=r"XP283.*'hr-en'.*apt-get install -y apertium-hbs-eng"):
        translator.mode("hr", "en")
    with pytest.raises(XProjError, match=r"XP283.*'xx-yy'"):
        Apertium(pair="xx-yy", program=translator.program).mode("sw", "en")


def test_where_apertium_is_missing_the_error_says_how_to_install_it():
    absent = Apertium(program="no-such-program")
    with pytest.raises(XProjError, match=r"XP282.*apt-get install -y apertium"):
        translate(absent, "Rais")


def test_pairs_and_packages():
    assert package_of("hr", "en") == package_of("en", "sr") == "apertium-hbs-eng"
    assert package_of("gl", "es") == "apertium-es-gl"
    assert package_of("sw", "en") is None
    assert mode_languages("eng-hbs_HR") == ("eng", "hbs")
    assert mode_languages("Cyrl-Latn") is None
    assert mode_languages("gl-pt-latin1") is None
    assert len(set(PACKAGES)) == len(PACKAGES)


def test_links_of_a_view_are_used_by_the_aligner(program):
    nlp = spacy.blank("sw")
    translator = {"@xproj_translators": "spacy-xproj.Apertium.v1", "program": program}
    nlp.add_pipe("xproj_translate", config={"translator": translator})
    aligner = {"@xproj_aligners": "spacy-xproj.FromTranslator.v1"}
    nlp.add_pipe("xproj_aligner", config={"aligner": aligner})
    doc = nlp("Rais alizuru New York.")
    view = doc._.xproj["en"]
    assert view.words == ("president", "visited", "New", "York", ".")
    assert view.links.pairs == {(0, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)}


SENTENCES = st.lists(
    st.tuples(st.text("aé中.", min_size=1, max_size=4), st.booleans()), min_size=1, max_size=6
).map(lambda pairs: Sentence(tuple(w for w, _ in pairs), tuple(s for _, s in pairs)))


@given(SENTENCES, SENTENCES, st.data())
def test_links_of_characters_become_links_of_the_words_that_share_them(source, target, data):
    a = data.draw(st.integers(0, len(target.text) - 1))
    b = data.draw(st.integers(a + 1, len(target.text)))
    c = data.draw(st.integers(0, len(source.text) - 1))
    d = data.draw(st.integers(c + 1, len(source.text)))
    assert word_links(((a, b, c, d),), source, target).pairs == {
        (k, l)
        for k, (start, end) in enumerate(source.offsets)
        for l, (first, last) in enumerate(target.offsets)
        if start < d and c < end and first < b and a < last
    }


# The real one

installed = shutil.which("apertium") is not None


def real(pair):
    modes = Apertium().modes() if installed else []
    return pytest.mark.skipif(pair not in modes, reason=f"Apertium's {pair} is not installed")


@real("hbs-eng")
def test_croatian_by_the_real_apertium():
    text = "Predsjednik je u Zagrebu."
    (found,) = Apertium().translate([text], source_lang="hr", target_lang="en")
    assert found.text == "President is in Zagreb."
    assert ("Zagrebu", "Zagreb") in linked(text, found)


@real("hbs-eng")
def test_a_name_that_must_stay_as_it_is(write):
    glossary = str(write("names.tsv", "Obama\tObama\n"))
    text = "Predsjednik Obama je posjetio Zagreb."
    (plain,) = Apertium().translate([text], source_lang="hr", target_lang="en")
    (kept,) = Apertium(glossary=glossary).translate([text], source_lang="hr", target_lang="en")
    assert "Obama" not in plain.text
    assert kept.text == "President Obama visited Zagreb."


@real("gl-es")
def test_galician_by_the_real_apertium_keeps_every_text():
    texts = [f"O alcalde {i} de [Lugo] ^non^ veu; $ é \\ <b>." for i in range(70)]
    found = Apertium().translate(texts, source_lang="gl", target_lang="es")
    assert all(f" {i} " in t.text and "Lugo" in t.text for i, t in enumerate(found))
