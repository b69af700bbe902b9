"""Several systems against gold, from a YAML description."""

import pytest
import spacy
import srsly
from spacy.tokens import Doc

from benchmarks.pages.compare import compare
from spacy_xproj.data.links import Links
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import write_docs
from spacy_xproj.text.tokenizers import set_entities


def sentence(nlp, *entities):
    return set_entities(Doc(nlp.vocab, words=["Asha", "het", "in", "Berlyn", "geslaap"]), entities)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Gold, a perfect system with views, and one that misses the place."""
    monkeypatch.chdir(tmp_path)
    nlp = spacy.blank("af")
    write_docs([sentence(nlp, (0, 1, "PER"), (3, 4, "LOC"))], "gold.spacy")
    write_docs([sentence(nlp, (0, 1, "PER"))], "half.conll")
    perfect = sentence(nlp, (0, 1, "PER"), (3, 4, "LOC"))
    view = SourceView("en", ("Asha", "slept"), (True, False)).with_entities([(0, 1, "PER")])
    perfect._.xproj["en"] = view.replace(
        links=Links([(0, 0)]),
        projections=(Projection(0, "PER", Status.PROJECTED, 0, 1, 0, 4, 1.0),),
    )
    write_docs([perfect], "perfect.spacy")
    return tmp_path


def describe(path, **changes):
    spec = {
        "title": "A <small> comparison",
        "gold": {"af": "gold.spacy"},
        "systems": [
            {"name": "half", "files": {"af": "half.conll"}, "note": "Sees no places."},
            {"name": "perfect", "files": {"af": "perfect.spacy"}},
        ],
        "examples": {"count": 1, "files": {"af": "perfect.spacy"}},
        **changes,
    }
    srsly.write_yaml(path / "spec.yml", spec)
    return path / "spec.yml"


def test_table_json_and_page(files):
    table = compare(describe(files), files / "out" / "result")
    assert [line.split() for line in table.splitlines()[2:]] == [
        ["half", "0.667", "0.667"],
        ["perfect", "1.000", "1.000"],
    ]
    result = srsly.read_json(files / "out" / "result.json")
    half, perfect = result["systems"]
    assert half["scores"]["af"]["labels"]["LOC"]["recall"] == 0
    assert perfect["mean_f1"] == 1.0
    page = (files / "out" / "result.html").read_text(encoding="utf-8")
    assert "A &lt;small&gt; comparison" in page
    assert "Sees no places." in page
    assert page.count("<svg") == 1


def test_students_by_label_source(files):
    """One row a language and student, one column a source of labels."""
    systems = [
        {"name": "a", "student": "cpu", "labels": "heuristic", "files": {"af": "half.conll"}},
        {"name": "b", "student": "cpu", "labels": "gold", "files": {"af": "perfect.spacy"}},
        {"name": "c", "student": "trf", "labels": "gold", "files": {"af": "perfect.spacy"}},
        {"name": "teacher", "files": {"af": "perfect.spacy"}},
    ]
    table = compare(describe(files, systems=systems), files / "result").split("\n\n")[1]
    assert [line.split() for line in table.splitlines() if "--" not in line] == [
        ["student", "heuristic", "gold"],
        ["af", "cpu", "0.667", "1.000"],
        ["af", "trf", "-", "1.000"],
    ]
    page = (files / "result.html").read_text(encoding="utf-8")
    assert "Entity F1 of students, by label source" in page
    systems[1]["labels"] = "heuristic"
    with pytest.raises(XProjError, match=r"XP710.*'cpu' with the labels 'heuristic'"):
        compare(describe(files, systems=systems), files / "result")


def test_labels_to_ignore(files):
    compare(describe(files, ignore_labels=["LOC"]), files / "result")
    assert srsly.read_json(files / "result.json")["systems"][0]["mean_f1"] == 1.0


def test_no_mean_over_some_of_the_languages(files):
    spec = describe(files, gold={"af": "gold.spacy", "sw": "gold.spacy"})
    compare(spec, files / "result")
    assert srsly.read_json(files / "result.json")["systems"][0]["mean_f1"] is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"gold": {}}, "'gold' must map languages to files"),
        ({"systems": [{"name": "x", "files": {"de": "half.conll"}}]}, "languages with gold"),
        ({"systems": [{"files": {"af": "half.conll"}}]}, "needs 'name'"),
    ],
)
def test_a_description_that_does_not_hold(files, changes, why):
    with pytest.raises(XProjError, match=rf"XP710.*{why}"):
        compare(describe(files, **changes), files / "result")
    assert not (files / "result.json").exists()


def test_a_missing_description(tmp_path):
    with pytest.raises(XProjError, match="XP710"):
        compare(tmp_path / "none.yml", tmp_path / "result")
