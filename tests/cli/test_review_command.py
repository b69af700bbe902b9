"""``spacy xproj review --merge``: corrections brought back; the page is in ``tests/review``."""

import json

from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.review.decisions import Decision, add_decision


def test_corrections_come_back_with_a_report(done, labelled, folder):
    docs = read_docs(labelled, lang="sw")
    log = folder / "out.spacy.review.jsonl"
    add_decision(log, Decision(0, docs[0].text, "accept", ((0, 4, "PER"),), "ana"))
    add_decision(log, Decision(2, docs[2].text, "ignore", ()))
    add_decision(log, Decision(1, "gone", "accept", ()))
    output = done("review", labelled, "--merge", "fixed.spacy", "--json", "report.json")
    assert "1 sentences reviewed, 1 ignored, of 3" in output
    assert "1 decisions no longer fit" in output
    fixed = read_docs(folder / "fixed.spacy", lang="sw")
    assert [(e.text, e.label_) for e in fixed[0].ents] == [("Asha", "PER")]
    assert fixed[0]._.xproj["en"].projections == docs[0]._.xproj["en"].projections
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    by_label = {row["label"]: row for row in report["label"]}
    assert (by_label["PER"]["kept"], by_label["LOC"]["removed"]) == (1, 1)
    assert by_label["all"]["precision"] == 0.5
    misfits = (folder / "fixed.spacy.misfits.jsonl").read_text(encoding="utf-8")
    assert json.loads(misfits)["why"] == "the sentence has another text"


def test_what_a_tool_gave_back(done, labelled, folder):
    done("convert", labelled, "tool.jsonl", "--lang", "sw")
    text = (folder / "tool.jsonl").read_text(encoding="utf-8")
    (folder / "tool.jsonl").write_text(text.replace('"PER"', '"ORG"'), encoding="utf-8")
    output = done("review", labelled, "--merge", "fixed.spacy", "--decisions", "tool.jsonl")
    assert "3 sentences reviewed" in output
    fixed = read_docs(folder / "fixed.spacy", lang="sw")
    assert fixed[0].ents[0].label_ == "ORG"
    assert len(fixed[0]._.xproj) == 1


def test_without_decisions(refused, labelled, folder):
    message = refused("review", labelled, "--merge", "fixed.spacy")
    assert "out.spacy.review.jsonl. Make some" in message
    (folder / "bad.jsonl").write_text('{"row": 0}\n', encoding="utf-8")
    message = refused("review", labelled, "--merge", "f.spacy", "--decisions", "bad.jsonl")
    assert "line 1, is not a decision" in message
    assert not (folder / "fixed.spacy").exists()
