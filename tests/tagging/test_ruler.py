"""Rules and lists of names as the source NER."""

import pickle

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.tagging.base import Tagged
from spacy_xproj.tagging.ruler import RulerTagger


@pytest.fixture
def view(pair):
    return pair("Asha Mushi flew from New York to york .", "x")[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("names.tsv", "# people\nAsha Mushi\tPER\n\nNew York\tLOC\nYork\tLOC\n"),
        ("names.csv", 'Asha Mushi,PER\n"New York",LOC\nYork,LOC\n'),
        (
            "patterns.jsonl",
            '{"label": "PER", "pattern": [{"TEXT": "Asha"}, {"IS_TITLE": true}]}\n'
            '{"label": "LOC", "pattern": "New York"}\n',
        ),
    ],
)
def test_files_of_names_and_of_patterns(write, view, name, content):
    tagger = RulerTagger(path=str(write(name, content)), score=0.8)
    found = [[Tagged(0, 2, "PER", 0.8), Tagged(4, 6, "LOC", 0.8)]]
    assert tagger.tag([view]) == found
    assert pickle.loads(pickle.dumps(tagger)).tag([view]) == found


def test_the_longest_match_is_taken_and_case_counts_unless_told(view):
    patterns = [
        {"label": "CITY", "pattern": "York"},
        {"label": "LOC", "pattern": "New York"},
        {"label": "CITY", "pattern": "Yo"},
    ]
    assert RulerTagger(patterns=patterns).tag([view]) == [[Tagged(4, 6, "LOC", 1.0)]]
    assert RulerTagger(patterns=patterns, ignore_case=True).tag([view]) == [
        [Tagged(4, 6, "LOC", 1.0), Tagged(7, 8, "CITY", 1.0)]
    ]


def test_names_are_cut_into_words_as_the_language_is(pair):
    from spacy_xproj.data.views import SourceView

    view = SourceView("zh", tuple("我在北京。"), (False,) * 5)
    tagger = RulerTagger(patterns=[{"label": "LOC", "pattern": "北京"}])
    assert tagger.tag([view]) == [[Tagged(2, 4, "LOC", 1.0)]]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("names.tsv", "Asha Mushi\tPER\nNew York\n", r"XP629.*names\.tsv:2: 'New York'"),
        ("names.tsv", "Asha\tPER\tmore\n", "XP629"),
        ("patterns.jsonl", '{"label": "PER"}\n', r"XP307.*patterns\.jsonl:1"),
        ("patterns.jsonl", "{\n", "XP620"),
        ("names.xlsx", "x", r"XP307.*must end in"),
        ("patterns.jsonl", "\n", "XP306"),
    ],
)
def test_what_is_not_a_pattern_is_named(write, view, name, content, error):
    with pytest.raises(XProjError, match=error):
        RulerTagger(path=str(write(name, content))).tag([view])


def test_settings_are_checked(view):
    with pytest.raises(XProjError, match="XP152"):
        RulerTagger(score=2)
    with pytest.raises(XProjError, match=r"XP306.*RulerTagger"):
        RulerTagger().tag([view])
