"""Translate-test, transfer and both in one ensemble, with a stand-in for Apertium."""

import csv
import stat
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.lowres.real_mt import (
    Case,
    Score,
    how_to_install,
    lacking,
    read_cases,
    run_cases,
    table,
    write_scores,
)
from spacy_xproj.ensembling.joint import JointMatching
from spacy_xproj.errors import XProjError
from spacy_xproj.tagging.base import Tagged
from spacy_xproj.translation.apertium import Apertium

FAKE = Path(__file__).parents[2] / "fixtures" / "fake_apertium.py"
GOLD = "Rais O\nalizuru O\nDodoma B-LOC\njana O\n\nAsha B-PER\nalizuru O\nNew B-LOC\nYork I-LOC\n"
GIVEN = "President O\nvisited O\nDodoma B-LOC\n\nAsha B-PER\nvisited O\nNew B-LOC\nYork I-LOC\n"


class Teacher:
    """Knows Dodoma everywhere, and Asha only in English."""

    def tag(self, views):
        return [
            [
                Tagged(i, i + 1, "LOC" if word == "Dodoma" else "PER", 0.9)
                for i, word in enumerate(view.words)
                if word == "Dodoma" or (word == "Asha" and view.lang == "en")
            ]
            for view in views
        ]

    def describe(self):
        return {"tagger": "test"}


class SamePlace:
    def align(self, views, targets):
        from spacy_xproj.data.links import Links

        pairs = zip(views, targets, strict=True)
        return [Links((i, i) for i in range(min(len(v.words), len(t)))) for v, t in pairs]

    def describe(self):
        return {"aligner": "same place"}


@pytest.fixture
def apertium(tmp_path):
    path = tmp_path / "apertium"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FAKE}" "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Apertium(program=str(path), timeout=20)


def run(write, apertium, cases, **settings):
    folder = write("gold.txt", GOLD).parent
    write("given.txt", GIVEN)
    ensemble = JointMatching(cost=0.4, confidence=1.0)
    return run_cases(
        cases,
        ensemble,
        folder,
        tagger=Teacher(),
        aligner=SamePlace(),
        apertium=apertium,
        **settings,
    )


@pytest.mark.parametrize("given", [None, "given.txt"])
def test_each_system_is_scored(write, apertium, given):
    scores = run(write, apertium, {"Swahili": Case("sw", "gold.txt", ("en",), given)})
    found = {score.system: score.counts.sum(axis=0).tolist() for score in scores}
    assert found["model transfer"] == [1, 3, 1]
    # Given tags know New York, too.
    assert found["translate-test, en"] == ([3, 3, 3] if given else [2, 3, 2])
    assert found["ensemble, en + the teacher itself"][0] >= 1


def test_a_student_learns_what_the_widest_ensemble_says_of_text_and_is_one_more_view(
    write, apertium
):
    """It finds what it was taught, New York not, which no teacher knows."""
    write("text.txt", "Asha alizuru Dodoma jana\nRais Asha alizuru\n")
    taught, lines = [], []

    def learn(docs, model):
        taught.extend([(e.text, e.label_) for e in doc.ents] for doc in docs)
        return English()

    class English(Teacher):
        def tag(self, views):
            return super().tag([view.replace(lang="en") for view in views])

    cases = {"Swahili": Case("sw", "gold.txt", ("en",), text="text.txt")}
    scores = run(write, apertium, cases, learn=learn, say=lines.append)
    found = {score.system: score.counts.sum(axis=0).tolist() for score in scores}
    assert taught == [[("Asha", "PER"), ("Dodoma", "LOC")], [("Asha", "PER")]]
    assert found["student of en + the teacher itself"] == [2, 3, 2]
    assert found["ensemble, en + the student"] == [2, 3, 2]
    assert "Swahili: a student of 2 sentences" in lines
    assert [row[-3] is None for row in table(scores)][-2:] == [False, False]


def test_without_its_text_a_case_has_no_student(write, apertium):
    lines = []
    cases = {"Swahili": Case("sw", "gold.txt", ("en",), text="nowhere.txt")}
    scores = run(write, apertium, cases, learn=lambda docs, model: Teacher(), say=lines.append)
    assert not any("student" in score.system for score in scores)
    assert any(line.startswith("Swahili has no student: there is no ") for line in lines)


def test_what_is_missing_is_said_with_the_command_and_the_rest_is_run(write, apertium):
    lines = []
    cases = {
        "Swahili": Case("sw", "gold.txt", ("en", "es")),
        "Croatian": Case("hr", "gold.txt", ("en",)),
        "Bambara": Case("bm", "elsewhere.txt", ("en",), "given.txt"),
    }
    scores = run(write, apertium, cases, say=lines.append)
    assert {score.case for score in scores} == {"Swahili"}
    assert "Swahili: es; Croatian: en" in lines[0]
    assert "sudo apt-get install -y apertium" in lines[0]
    assert "apertium-hbs-eng" in lines[0]
    assert "Croatian is left out: nothing translates it here" in lines
    assert any(line.startswith("Bambara is left out: there is no ") for line in lines)


def test_without_apertium_everything_is_missing():
    cases = {"Galician": Case("gl", "gold.txt", ("es", "pt"))}
    missing = lacking(cases, Apertium(program="no-such-program"))
    assert missing == {"Galician": ["es", "pt"]}
    assert how_to_install(cases, missing).endswith("apertium apertium-es-gl apertium-pt-gl")


def test_an_ensemble_is_compared_with_the_best_single_system(tmp_path):
    one = np.array([[1, 2, 2]] * 20)
    two = np.array([[2, 2, 2]] * 20)
    scores = [
        Score("A", "model transfer", one),
        Score("A", "ensemble, en + the teacher itself", two),
    ]
    rows = table(scores)
    assert rows[0][-3:] == [None, None, None]
    assert rows[1][-3] == "+0.500"
    assert "model transfer" in write_scores(scores, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open() as file:
        assert [row["F1"] for row in csv.DictReader(file)][1].startswith("1")


def test_the_description_that_ships(root, write):
    cases, ensemble, student = read_cases(root / "configs" / "real_mt.yml")
    assert cases["Galician"].sources == ("es", "pt", "en")
    assert ensemble.confidence > 0
    assert student is not None
    with pytest.raises(XProjError, match="XP756"):
        read_cases(write("bad.yml", "cases: {}\n"))
    with pytest.raises(XProjError, match=r"XP756.*student: it may have epochs"):
        read_cases(write("bad.yml", "cases: {}\nensemble: {}\nstudent: { epoch: 3 }\n"))
