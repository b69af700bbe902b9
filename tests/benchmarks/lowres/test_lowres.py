"""From parallel text to students and their scores, with a small teacher and word-for-word text."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.lowres import run
from benchmarks.lowres.labelling import add_own_views, label
from benchmarks.lowres.report import rows_of, sign_flips, summary, write_all
from benchmarks.lowres.run import TRANSFER, Inputs, Task, run_lowres, tasks
from benchmarks.lowres.spec import Spec, Students, read_lowres
from spacy_xproj.data.access import Views
from spacy_xproj.data.labels import open_words
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError
from spacy_xproj.jobs.pipelines import projection_pipeline

LINES = ["Asha met Baraka in Dodoma .", "Kijani Bank opened .", "Asha left Dodoma ."] * 2
GOLD = "Asha B-PER\nmet O\nBaraka B-PER\nin O\nDodoma B-LOC\n\nKijani B-ORG\nBank I-ORG\nopened O\n"
STUDENTS = Students("tuned", (1, 2), with_own=True, only_own=True, settings={"epochs": 1})
SPEC = Spec(("sw",), ("en", "es"), "masakhaner2", {"transformer": STUDENTS}, limit=5)


class Identity:
    def align(self, views, targets):
        return [Links((i, i) for i in range(len(target))) for target in targets]

    def describe(self):
        return {"aligner": "identity"}


@pytest.fixture
def inputs(tmp_path, tiny_ner):
    text, gold = tmp_path / "ntrex", tmp_path / "masakhaner2" / "swa"
    text.mkdir()
    gold.mkdir(parents=True)
    for name in ("src.eng", "ref.spa", "ref.swa"):
        (text / f"newstest2019-{name}.txt").write_text("\n".join(LINES) + "\n")
    (gold / "test.txt").write_text(GOLD)
    nlp = projection_pipeline("xx")
    nlp.get_pipe("xproj_aligner").backend = Identity()
    config = tmp_path / "student.cfg"
    config.write_text("")
    return Inputs(text, str(tiny_ner), nlp, config, gold.parent)


def test_a_run_scores_the_teacher_and_each_student_and_goes_on(inputs, tmp_path):
    lines, tables = [], []
    results = run_lowres(SPEC, inputs, tmp_path / "out", say=lines.append, after=tables.append)
    assert [task.system for task in results] == [
        *(TRANSFER, "1 sources", "2 sources", "own", "only own"),
    ]
    for task, about in results.items():
        right, gold, found, tags, words = np.array(about["counts"]).sum(axis=0)
        assert (gold, words) == (4, 5)
        assert right <= min(gold, found)
        assert tags <= words
        assert (about["entities"] is None) == (task.system == TRANSFER)
    assert len(tables) == 1
    again = []
    assert run_lowres(SPEC, inputs, tmp_path / "out", say=again.append) == results
    assert not [line for line in again if "to do" in line]


def test_a_second_round_learns_from_what_the_first_student_finds(inputs, tmp_path, monkeypatch):
    asked = []
    real = run.label
    monkeypatch.setattr(
        run, "label", lambda docs, views, **how: asked.append(views) or real(docs, views, **how)
    )
    own = Students("tuned", (2,), with_own=True, rounds=2, settings={"epochs": 1})
    spec = replace(SPEC, students={"transformer": own})
    results = run_lowres(spec, inputs, tmp_path / "out")
    assert [task.system for task in results] == [TRANSFER, "2 sources", "own"]
    assert asked == [("en", "es"), *[("en", "es", "sw")] * 3]


def test_another_text_needs_another_folder(inputs, tmp_path):
    run_lowres(SPEC, inputs, tmp_path / "out")
    other = Spec(("sw",), ("en", "es"), "masakhaner2", SPEC.students, limit=5, cost=0.1)
    with pytest.raises(XProjError, match="XP751"):
        run_lowres(other, inputs, tmp_path / "out")


def test_the_teacher_of_the_target_is_one_more_view(make):
    words = ["Asha", "met", "Baraka"]
    docs, tagged = [make(words)], [make(words, [(2, 3, "PER")])]
    add_own_views(docs, tagged, "sw")
    assert Views(docs[0])["sw"].projections[0].start == 2
    (found,) = label(docs, ["sw"], cost=0.35)
    assert [(e.start, e.end, e.label_) for e in found.ents] == [(2, 3, "PER")]
    assert not docs[0].ents


def test_who_decides_among_the_views_may_be_another_method(make):
    words = ["Asha", "met", "Baraka"]
    docs, one, other = [make(words)], [make(words, [(2, 3, "PER")])], [make(words)]
    add_own_views(docs, one, "en")
    add_own_views(docs, other, "es")
    sure = [make(words, [(2, 3, "PER")])]
    add_own_views(docs, sure, "fr")
    langs = ["en", "es", "fr"]
    for method in ("vote", "model", "model, learnt weights"):
        (found,) = label(docs, langs, cost=0.35, method=method)
        assert [(e.start, e.end, e.label_) for e in found.ents] == [(2, 3, "PER")]
    own = Students("tuned", (2,), ensembles=("vote", "model"))
    spec = Spec(("sw",), ("en", "es"), "masakhaner2", {"a": own})
    assert [task.system for task in tasks(spec)] == [TRANSFER, "2 sources", "vote", "model"]
    assert tasks(spec)[-1].views == ("en", "es")


def test_words_that_only_outvoted_proposals_cover(make):
    """One of three views sees Asha: she stays open, or her sentence is left out."""
    words = ["Asha", "met", "Baraka"]
    docs = [make(words), make(words)]
    for lang, more in (("en", [(0, 1, "PER")]), ("es", []), ("fr", [])):
        seen = [make(words, [*more, (2, 3, "PER")]), make(words, [(2, 3, "PER")])]
        add_own_views(docs, seen, lang)
    langs = ["en", "es", "fr"]
    assert [open_words(doc) for doc in label(docs, langs, cost=0.5)] == [[], []]
    doubtful, sure = label(docs, langs, cost=0.5, doubt="open")
    assert (open_words(doubtful), open_words(sure)) == ([0], [])
    assert [(e.start, e.end, e.label_) for e in doubtful.ents] == [(2, 3, "PER")]
    assert len(label(docs, langs, cost=0.5, doubt="drop")) == 1


def test_first_seeds_come_first():
    spec = Spec(("sw", "yo"), ("en",), "masakhaner2", {"a": Students("tuned", (1,), seeds=2)})
    assert [task.seed for task in tasks(spec)] == [0, 0, 0, 0, 1, 1]


def fake_results():
    """Two languages; the student of two sources finds half of what transfer misses."""
    results = {}
    for target in ("sw", "yo"):
        for kind, system, views, right in (
            ("", TRANSFER, (), 1),
            ("transformer", "1 sources", ("en",), 1),
            ("transformer", "2 sources", ("en", "es"), 2),
        ):
            counts = [[right, 3, 3, right, 4]] * 10
            task = Task(target, kind, system, views, 0)
            results[task] = {"counts": counts, "entities": 5 if kind else None}
    return results


def test_the_report_compares_with_transfer_and_over_sources(tmp_path):
    text = write_all(fake_results(), tmp_path, "A note.")
    assert "+0.333" in text
    assert "better in 2 of 2 languages" in text
    assert "from 1 to 2 source languages" in text
    with (tmp_path / "lowres.csv").open() as file:
        rows = list(csv.DictReader(file))
    f1 = {(r["system"], r["target"]): float(r["value"]) for r in rows if r["metric"] == "f1"}
    assert f1["2 sources", "mean"] == pytest.approx(2 / 3)
    page = (tmp_path / "lowres.html").read_text()
    assert "A note." in page
    assert "<svg" in (tmp_path / "lowres.svg").read_text()


def test_a_seed_counts_when_all_targets_have_it():
    results = fake_results()
    extra = Task("sw", "transformer", "2 sources", ("en", "es"), 1)
    results[extra] = {"counts": [[0, 3, 3, 0, 4]] * 10, "entities": 5}
    targets, rows = rows_of(results)
    assert [row.seeds for row in rows] == [1, 1, 1]
    assert "best student (transformer, 2 sources)" in summary(targets, rows)


@pytest.mark.parametrize(
    ("differences", "p"), [([0.1] * 6, 2 / 64), ([0.1, -0.1], 1.0), ([0.0], 1.0)]
)
def test_signs_over_languages(differences, p):
    assert sign_flips(differences) == pytest.approx(p)


@pytest.mark.parametrize("small", [True, False])
def test_the_description_that_ships(root, small):
    spec = read_lowres(root / "configs" / "lowres.yml", small=small)
    assert set(spec.sources) & set(spec.targets) == set()


@pytest.mark.parametrize(
    "text",
    [
        "small: {targets: [sw], sources: [en], benchmark: b}",
        "small: {targets: [sw], sources: [en], benchmark: b, students: {a: {kind: x, sizes: [1]}}}",
        "small: {targets: [sw], sources: [en], benchmark: b, "
        "students: {a: {kind: tuned, sizes: [2]}}}",
        "small: {targets: [sw], sources: [en], benchmark: b, "
        "students: {a: {kind: tuned, sizes: [1], doubt: x}}}",
    ],
)
def test_descriptions_that_do_not_hold(write, text):
    with pytest.raises(XProjError, match="XP756"):
        read_lowres(write("spec.yml", text), small=True)


def test_a_seed_that_not_all_targets_have_does_not_count():
    def about(right):
        return {"counts": [[right, 2, 2, right, 2]], "entities": 2}

    results = {
        **{
            Task(lang, "", TRANSFER, (), 0): {**about(1), "entities": None} for lang in ("sw", "yo")
        },
        **{Task(lang, "small", "1 sources", ("en",), 0): about(1) for lang in ("sw", "yo")},
        Task("sw", "small", "1 sources", ("en",), 1): about(2),
    }
    _, (_, student) = rows_of(results)
    assert student.seeds == 1
    assert student.draws["f1"].value.tolist() == [0.5, 0.5]
