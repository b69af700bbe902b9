"""Rules and lists of names as the source NER."""

import json
import pickle

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.notes import collected
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


def named(pattern, label="LOC"):
    return {"label": label, "pattern": pattern}


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (5, "a pattern has a label and a pattern"),
        (named(5), "5 is not a text"),
        (named(None), "None is not a text"),
        (named({"TEXT": "a"}), "is not a text, nor a list of tokens"),
        (named([]), "is not a text, nor a list of tokens"),
        (named(" "), "the text to find is empty"),
        (named("Dodoma", ""), "'' is not a label"),
        (named("Dodoma", " "), "' ' is not a label"),
        (named("Dodoma", 5), "5 is not a label"),
        (named([5]), "spaCy cannot use it"),
        (named([{"TEXT": {"REGEX": "("}}]), r"spaCy cannot use it: missing \)"),
        (named([{"TEXT": {"REGEX": {"IN": ["a", "("]}}}]), r"spaCy cannot use it: missing \)"),
        (named([{"NOPE": "x"}]), "spaCy cannot use it.*NOPE"),
        (named([{"TEXT": "a", "OP": "x"}]), "spaCy cannot use it.*OP"),
        (named([{"_": {"not_there": 1}}]), "spaCy cannot use it.*not_there"),
        (named([{"POS": "PROPN"}]), "source sentences are words only, without POS"),
        (named([{"TEXT": "a", "lemma": "x"}, {"TAG": "NN"}]), "words only, without LEMMA, TAG"),
        (named([{"ENT_TYPE": "PER"}]), "words only, without ENT_TYPE"),
    ],
)
def test_a_pattern_that_is_not_one_is_named_before_the_first_sentence(write, pattern, reason):
    good = named("Dodoma")
    with pytest.raises(XProjError, match=rf"XP307\] patterns\[1\]: .*{reason}"):
        RulerTagger(patterns=[good, pattern]).check_ready()
    if isinstance(pattern, dict):
        path = write("p.jsonl", "\n".join(map(json.dumps, [good, pattern, pattern])))
        error = rf"XP307\] .*p\.jsonl:2: .*{reason}.*\(1 more are faulty\)"
        with pytest.raises(XProjError, match=error):
            RulerTagger(path=str(path)).check_ready()


def test_patterns_that_are_right_are_ready(view):
    patterns = [named([{"_": {}, "TEXT": "York"}]), named([{}, {"IS_TITLE": True, "OP": "?"}])]
    RulerTagger(patterns=patterns).check_ready()


def test_names_that_are_never_found_and_names_with_two_labels_are_noted(write, view):
    path = write("names.tsv", "New York\tLOC\nNew  York\tLOC\nNew York\tORG\nNew York\tLOC\n")
    tagger = RulerTagger(path=str(path), patterns=[named(" Asha", "PER"), named("asha", "PER")])
    with collected() as notes:
        tagger.check_ready()
        assert tagger.tag([view]) == [[Tagged(4, 6, "LOC", 1.0)]]
    assert notes.lines() == [
        "2 x names with blanks that sentences hardly have, so they are not found (first: "
        f"patterns[0], {path}:2)",
        f"1 x names that have another label already, which counts (first: {path}:3)",
    ]


def test_of_two_labels_of_a_name_the_first_counts(view):
    for labels in (("LOC", "ORG"), ("ORG", "LOC"), ("A", "B"), ("B", "A")):
        patterns = [named("New York", label) for label in labels]
        assert RulerTagger(patterns=patterns).tag([view])[0][0].label == labels[0]
    patterns = [named("new york", "A"), named("NEW YORK", "B")]
    assert RulerTagger(patterns=patterns, ignore_case=True).tag([view])[0][0].label == "A"
    assert RulerTagger(patterns=patterns).tag([view]) == [[]]
