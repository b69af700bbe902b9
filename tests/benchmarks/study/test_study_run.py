"""From views to CSV, plots and page; what the page says holds."""

import csv
import dataclasses
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
import srsly

from benchmarks.study.findings import find
from benchmarks.study.report import COLUMNS
from benchmarks.study.run import run_study, score_views
from benchmarks.study.spec import Spec
from spacy_xproj.errors import XProjError

pytest.importorskip("matplotlib", reason="needs the extra [plot]")


SPEC = Spec(("sw", "hi"), ("en", "de", "es", "fr"), "en", ignore_labels=("MISC",), resamples=100)


class Done(NamedTuple):
    output: Path
    table: str
    found: dict


@pytest.fixture(scope="module")
def done(corpus, made, make_nlp, teacher_class, tmp_path_factory):
    """The study of the corpus, run once."""
    folder = tmp_path_factory.mktemp("study") / "out"
    shutil.copytree(made, folder)
    table = run_study(corpus, folder, SPEC, tagger=teacher_class(), nlp=make_nlp())
    return Done(folder, table, srsly.read_json(folder / "study.json"))


def test_csv(done):
    with (done.output / "study.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    # five methods on all sets of four sources, and model transfer, for each of two targets
    assert len(rows) == 2 * (5 * 15 + 1)
    for row in rows:
        assert int(row["k"]) == len([lang for lang in row["sources"].split("+") if lang])
        for metric in ("recall", "accuracy"):
            low, value, high = (float(row[metric + part]) for part in ("_low", "", "_high"))
            assert 0 <= low <= value <= high <= 1
    english = next(r for r in rows if r["sources"] == "en" and r["method"] == "joint")
    assert (english["recall"], english["mentions"], english["units"]) == ("1.000000", "20", "30")


def test_more_sources_find_more(done):
    found = done.found["mean"]["recall"]
    curve = found["curves"]["joint"]
    # English is left out of the main figures: three sources remain.
    assert list(curve) == ["1", "2", "3"]
    assert curve["1"]["value"] < curve["2"]["value"] < curve["3"]["value"]
    single = found["best single"]
    assert set(single["sources"].values()) == {"de"}
    gain = found["all less best single"]
    assert gain["value"] == pytest.approx(found["all"]["value"] - single["value"], abs=2e-6)
    assert gain["low"] <= gain["value"] <= gain["high"]


def test_what_a_source_adds_is_the_mean_over_pairs_of_sets(done, corpus):
    results = score_views(SPEC.plan(corpus, done.output), SPEC)
    added = find(results, gold_lang="en")["sw"]["recall"]["added"]
    assert set(added) == {"en", "de", "es", "fr"}
    joint = {
        subset: scores["recall"].value
        for target, method, subset, scores, _ in results.each()
        if (target, method) == ("sw", "joint")
    }
    pairs = [(s, tuple(x for x in s if x != "de")) for s in joint if "de" in s and "en" not in s]
    gains = [joint[a] - joint[b] for a, b in pairs if b]
    assert added["de"]["value"] == pytest.approx(sum(gains) / len(gains), abs=1e-6)


def test_the_same_inputs_give_the_same_bytes(done, plan_made, teacher, nlp):
    names = ["study.csv", "study.json", "study.html", "study-recall.svg", "study-accuracy.svg"]
    table = run_study(plan_made.corpus, plan_made.output, SPEC, tagger=teacher, nlp=nlp)
    assert table == done.table
    for name in names:
        assert (plan_made.output / name).read_bytes() == (done.output / name).read_bytes()


def test_page(done):
    page = (done.output / "study.html").read_text(encoding="utf-8")
    found = done.found["mean"]["recall"]
    whole, best = found["all"]["value"], found["best single"]["value"]
    assert f"to {whole:.3f} with 3" in page
    assert f"chosen with gold ({best:.3f};" in page
    assert "agrees with it by construction" in page
    assert page.count("data:image/svg+xml;base64,") == 2
    assert "://" not in page


def test_without_a_language_of_the_gold_among_the_sources(plan_made, teacher, nlp):
    spec = dataclasses.replace(SPEC, gold_lang="it")
    run_study(plan_made.corpus, plan_made.output, spec, tagger=teacher, nlp=nlp)
    page = (plan_made.output / "study.html").read_text(encoding="utf-8")
    assert "by construction" not in page
    found = srsly.read_json(plan_made.output / "study.json")["sw"]["recall"]
    assert list(found["curves"]["joint"]) == ["1", "2", "3", "4"]


def test_table(done):
    lines = done.table.splitlines()
    assert lines[0] == "recall, joint matching"
    assert lines[1].split() == ["target", "K=1", "K=2", "K=3"]
    assert [line.split()[0] for line in lines[3:6]] == ["sw", "hi", "mean"]


def test_matplotlib_is_asked_for_before_the_work(plan, teacher, nlp, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(XProjError, match=r"XP754.*spacy-xproj\[plot\]"):
        run_study(plan.corpus, plan.output, SPEC, tagger=teacher, nlp=nlp)
    assert not plan.output.exists()
