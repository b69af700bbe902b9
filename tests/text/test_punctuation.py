"""No word keeps the full stop that ends its sentence, whatever its letters."""

import unicodedata

import pytest

from spacy_xproj.text.tokenizers import blank_language


def words(lang, text):
    return [token.text for token in blank_language(lang)(text)]


@pytest.mark.parametrize(
    ("lang", "name"),
    [
        ("yo", "Ọ̀yọ́"),  # no letter of one character has the last mark
        ("yo", unicodedata.normalize("NFD", "Èkó")),
        ("fon", "Ɖɛ̌"),
        ("ln", "Lokɔlɛ́"),
        ("vi", unicodedata.normalize("NFD", "Huế")),
        ("ka", "თბილისი"),
        ("hy", "Երևան"),
        ("ml", "കൊച്ചി"),
        ("pa", "ਪਟਨਾ"),
        ("gu", "સુરત"),
        ("or", "କଟକ"),
        ("sw", "Dodoma"),
    ],
)
@pytest.mark.parametrize("stop", [".", ",", ").", "».", "?"])
def test_a_full_stop_is_a_word_of_its_own(lang, name, stop):
    assert words(lang, f"{name}{stop}") == [name, *stop]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("hy", "Երևանում։", ["Երևանում", "։"]),
        ("sw", "አበባ።", ["አበባ", "።"]),
        ("yo", "Ọ́. Adébáyọ̀ 2.5", ["Ọ́.", "Adébáyọ̀", "2.5"]),  # an initial, a number
        ("sw", "Dkt. J. Kikwete, U.N.", ["Dkt", ".", "J.", "Kikwete", ",", "U.N."]),
        ("ka", "ა.შ.შ", ["ა.შ.შ"]),
    ],
)
def test_marks_of_other_scripts_and_stops_that_belong_to_a_word(lang, text, expected):
    assert words(lang, text) == expected
