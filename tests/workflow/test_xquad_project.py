"""`spacy project run xquad`, but for the download, on a part of the real files."""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import srsly

from tests.fixtures.projects import copy_of_project

ARTICLES = 6
STUDY = {
    "small": {
        "targets": ["ru"],
        "sources": ["en", "de", "es"],
        "gold_lang": "en",
        "ignore_labels": ["MISC"],
        "scored": True,
        "max_sets": 7,
        "resamples": 50,
        "students": {
            "targets": ["ru"],
            "sizes": [1, 2],
            "steps": 20,
            "limit": 20,
            "benchmarks": {"ru": "wikiann"},
            "benchmark_limit": 20,
        },
    }
}


@pytest.fixture(scope="module")
def project(root, shared_data, tmp_path_factory) -> Path:
    """A copy of the project, with the first articles of XQuAD as its assets."""
    copy = copy_of_project(root, tmp_path_factory.mktemp("project"))
    srsly.write_yaml(copy / "configs" / "study.yml", STUDY)
    downloads = copy / "assets" / "downloads"
    shutil.copytree(shared_data / "wikiann" / "ru", downloads / "wikiann" / "ru")
    (downloads / "xquad").mkdir()
    for file in (shared_data / "xquad").glob("xquad.*.json"):
        whole = srsly.read_json(file)
        part = {**whole, "data": whole["data"][:ARTICLES]}
        srsly.write_json(downloads / "xquad" / file.name, part)
    return copy


@pytest.fixture(scope="module")
def results(project, conll_model) -> Path:
    """The folder of results, after all commands of the workflow but the first."""
    workflow = srsly.read_yaml(project / "project.yml")["workflows"]["xquad"]
    settings = ["--vars.small", "true", "--vars.ner", conll_model]
    for command in workflow[1:]:
        run = subprocess.run(
            [sys.executable, "-m", "spacy", "project", "run", command, str(project), *settings],
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    return project / "results" / "xquad-small-true"


@pytest.mark.workflow
@pytest.mark.shared
class TestXQuADProject:
    def test_every_set_of_sources_is_scored(self, results):
        with (results / "study.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        sets = {row["sources"] for row in rows} - {""}  # none: the recogniser on the target itself
        assert len(sets) == 7
        assert all(0 <= float(row["recall"]) <= 1 for row in rows)

    def test_the_mentions_are_the_same_in_every_language(self, project, results):
        card = (project / "corpus" / "xquad-ner" / "README.md").read_text(encoding="utf-8")
        counts = re.findall(r"^\| (?:ar|de|el|en|es|hi|ro|ru|th|tr|vi|zh) .*$", card, re.M)
        assert len(counts) == 12

    def test_the_pages_are_complete_and_self_contained(self, results):
        for name in ("study.html", "students.html"):
            page = (results / name).read_text(encoding="utf-8")
            assert "<table" in page
            assert re.findall('src="(?!data:)', page) == []
            assert "://" not in page.replace("http://www.w3.org/2000/svg", "")

    def test_students_are_scored_on_gold(self, results):
        text = (results / "students.csv").read_text(encoding="utf-8")
        assert "wikiann" in text
