"""Students on the labels of ensembles: the same budget, one table."""

import csv
import dataclasses

import pytest

from benchmarks.study.spec import Spec, StudentSpec
from benchmarks.study.students import COLUMNS, run_students
from spacy_xproj.errors import XProjError

SPEC = Spec(
    ("sw", "hi"),
    ("en", "de", "es", "fr"),
    "en",
    ignore_labels=("MISC",),
    students=StudentSpec(("sw",), (1, 3, 9), steps=4),
)


def test_from_views_to_scores(corpus, tmp_path, teacher, nlp, root):
    settings = {
        "tagger": teacher,
        "nlp": nlp,
        "config": root / "spacy_xproj" / "configs" / "ner_cpu.cfg",
    }
    lines = []
    table = run_students(corpus, tmp_path, SPEC, say=lines.append, **settings)
    with (tmp_path / "students.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    # The teacher itself, and K = 1 and 3: there are no nine sources, and English is none of them.
    assert [(row["k"], row["sources"]) for row in rows] == [
        ("0", ""),
        ("1", "de"),
        ("3", "de+es+fr"),
    ]
    # 18 of the 30 units are for training; German names 15, and as many have two of three views.
    assert [row["entities"] for row in rows[1:]] == ["15", "15"]
    assert all(0 <= float(row["recall"]) <= 1 for row in rows)
    assert "the teacher itself" in table
    assert "a student of 3 sources has a recall" in (tmp_path / "students.html").read_text()
    assert sum("training a student" in line for line in lines) == 2

    lines.clear()
    assert run_students(corpus, tmp_path, SPEC, say=lines.append, **settings) == table
    assert lines == []


def test_a_spec_without_students(corpus, tmp_path, teacher, nlp, root):
    spec = dataclasses.replace(SPEC, students=None)
    with pytest.raises(XProjError, match=r"XP757.*sizes: \[1, 3\]"):
        run_students(corpus, tmp_path, spec, tagger=teacher, nlp=nlp, config=root)
