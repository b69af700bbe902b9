"""Which texts count as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.corpus.dedup import duplicates, text_key
from spacy_xproj.errors import XProjError

TEXTS = ["Asha left in 1998.", "asha  LEFT in 2024. ", "Asha left in 1998.", "Baraka left.", ""]


def test_exact_and_near():
    assert duplicates(TEXTS, "exact") == {2: 0}
    assert duplicates(TEXTS, "near") == {1: 0, 2: 0}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("STRASSE", "straße"),
        ("e\u0301te\u0301", "été"),
        ("२० लोग", "१४ लोग"),
        ("٢٠ شخصا", "15 شخصا"),
        ("ＡＢＣ１", "abc2"),
        ("a\u00a0b\n", "a b"),
    ],
)
def test_near_means_without_case_digits_and_whitespace(a, b):
    assert text_key(a) == text_key(b)
    assert duplicates([a, b], "exact") == {}


def test_texts_known_before_have_no_row():
    assert duplicates(["a", "b", "a"], known=["A"]) == {0: None, 2: None}


def test_there_is_no_third_kind():
    with pytest.raises(XProjError, match=r"XP150.*exact, near"):
        text_key("a", "fuzzy")


@given(st.lists(st.text("aA1٢ \n", max_size=3), max_size=12), st.sampled_from(["exact", "near"]))
def test_each_key_is_kept_once_and_its_first_text_is_named(texts, kind):
    found = duplicates(texts, kind)
    kept = [text_key(text, kind) for i, text in enumerate(texts) if i not in found]
    assert len(set(kept)) == len(kept)
    assert set(kept) == {text_key(text, kind) for text in texts}
    for place, first in found.items():
        assert first < place
        assert first not in found
        assert text_key(texts[place], kind) == text_key(texts[first], kind)
