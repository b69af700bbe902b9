"""Letters of scripts without blanks, and what of them is written in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.text.scripts import (
    glued_runs,
    has_unspaced,
    in_capitals,
    in_small_letters,
    is_unspaced,
    parting_blanks,
)

WORDS = st.lists(st.sampled_from(["東", "京", "ที่", "ก", "北京", "Asha", "。", "3", "", "\u0301"]))


def texts(words):
    return ["".join(words[a:b]) for a, b in glued_runs(words)]


def test_neighbouring_letters_are_one_run():
    assert texts(["In", "東", "京", "タ", "。", "ที่", "ก"]) == ["In", "東京タ", "。", "ที่ก"]


def test_words_of_several_letters_stand_alone():
    assert texts(["北京", "是", "首都"]) == ["北京", "是", "首都"]
    assert texts(["Asha", "b", "c"]) == ["Asha", "b", "c"]


@given(WORDS)
def test_runs_cover_all_words_in_order(words):
    runs = glued_runs(words)
    assert [i for start, end in runs for i in range(start, end)] == list(range(len(words)))
    assert all(start + 1 == end or all(map(has_unspaced, words[start:end])) for start, end in runs)


def test_punctuation_and_digits_are_no_letters():
    assert is_unspaced("京")
    assert not any(map(is_unspaced, "。၂a1"))
    assert not has_unspaced(["Asha", "đ", "서울"])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("RAIS WA TANZANIA 2020", True),
        ("ΟΙ ΑΡΧΕΣ", True),
        ("Asha Mkapa", False),
        ("NATO", False),  # one word tells nothing
        ("NATO e.V.", False),
        ("东京 都", False),  # has no case
        ("12 %", False),
    ],
)
def test_a_sentence_in_capitals(sentence, expected):
    assert in_capitals(sentence.split()) is expected


@given(st.lists(st.text(), max_size=5))
def test_small_letters_take_the_same_places(words):
    assert list(map(len, in_small_letters(words))) == list(map(len, words))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说 北京很大", [3]),
        ("他们今天说过  北京非常非常大\u3000而且很美", [8, 16]),
        ("他在 IBM 工作", []),  # beside other letters a blank says nothing
        ("他 说 北京 很 大", []),  # cut into words
        ("ワリド アル氏は山田 太郎と話した", []),  # Japanese, whose names may have blanks
        ("Asha yuko Dodoma.", []),
        ("", []),
    ],
)
def test_blanks_that_part_words_of_chinese(text, expected):
    assert parting_blanks(text) == expected
