"""`spacy project run lowres`, but for the download, on a few sentences of the real files."""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import srsly

from tests.fixtures.projects import copy_of_project

LOWRES = {
    "small": {
        "targets": ["sw"],
        "sources": ["en", "es"],
        "benchmark": "masakhaner2",
        "ignore_labels": ["MISC"],
        "unknown_labels": ["DATE"],
        "limit": 24,
        "test_limit": 20,
        "students": {
            "transformer": {
                "kind": "tuned",
                "sizes": [1, 2],
                "with_own": True,
                "doubt": "open",
                "settings": {"epochs": 1, "learning_rate": 0.0001, "frozen": 11},
            },
            "small": {"kind": "spacy", "sizes": [2], "settings": {"training.max_steps": 5}},
        },
    }
}
ARGUMENTS = ("project", "run", "lowres-students")


@pytest.fixture(scope="module")
def project(root, shared_data, tmp_path_factory) -> Path:
    """A copy of the project with the files of the languages that the description names."""
    copy = copy_of_project(root, tmp_path_factory.mktemp("project"))
    srsly.write_yaml(copy / "configs" / "lowres.yml", LOWRES)
    downloads = copy / "assets" / "downloads"
    shutil.copytree(shared_data / "masakhaner2" / "swa", downloads / "masakhaner2" / "swa")
    (downloads / "ntrex").mkdir()
    for name in ("src.eng", "ref.spa", "ref.swa"):
        shutil.copy(shared_data / "ntrex" / f"newstest2019-{name}.txt", downloads / "ntrex")
    return copy


def run(project, model) -> str:
    settings = ["--vars.small", "true", "--vars.ner", model, "--force"]
    done = subprocess.run(
        [sys.executable, "-m", "spacy", *ARGUMENTS, str(project), *settings],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout + done.stderr


@pytest.mark.workflow
@pytest.mark.shared
def test_students_and_the_teacher_are_scored_on_gold_and_a_second_run_is_done_at_once(
    project, conll_model
):
    first = run(project, conll_model)
    assert "sw, transformer, own, 0" in first
    results = project / "results" / "lowres-small-true"
    with (results / "lowres.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["kind"], row["system"]) for row in rows} == {
        ("transfer", "transfer"),
        *(("transformer", system) for system in ("1 sources", "2 sources", "own")),
        ("small", "2 sources"),
    }
    assert all(0 <= float(row["value"]) <= 1 for row in rows)
    page = (results / "lowres.html").read_text(encoding="utf-8")
    assert "data:image/svg+xml" in page
    assert re.findall('src="(?!data:)', page) == []
    before = (results / "lowres.csv").read_bytes()
    assert "to do)" not in run(project, conll_model)
    assert (results / "lowres.csv").read_bytes() == before
