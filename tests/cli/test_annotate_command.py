"""Exit codes of annotate and of the other commands that run a pipeline."""

import json
from pathlib import Path

import pytest

from tests.fixtures.configs import GIVEN, llm_translate_and_find

TRANSLATE = """[nlp]
lang = "sw"
pipeline = ["xproj_translate"]
[components]
[components.xproj_translate]
factory = "xproj_translate"
[components.xproj_translate.translator]
@xproj_translators = "spacy-xproj.Bitext.v1"
path = "bitext.tsv"
"""


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Two sentences with an entity, two without; links that fit only the latter."""
    monkeypatch.chdir(tmp_path)
    lines = []
    for row in range(4):
        span = [{"start": 0, "end": 4, "label": "PER"}] if row < 2 else []
        source = {"lang": "en", "text": "Asha arrived", "spans": span}
        lines.append(json.dumps({"words": ["Asha", "alifika"], "source": source}))
    Path("in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    Path("links.pharaoh").write_text("7-7\n7-7\n0-0\n0-0\n", encoding="utf-8")
    Path("bitext.tsv").write_text("Habari\tHello\n", encoding="utf-8")
    Path("run.cfg").write_text(GIVEN, encoding="utf-8")
    Path("translate.cfg").write_text(TRANSLATE, encoding="utf-8")


def test_no_entity_could_be_processed(run, corpus):
    result = run("annotate", "in.jsonl", "out", "--config", "run.cfg")
    assert result.exit_code == 1
    assert "XP878" in result.output
    assert "None of the 2 source entities" in result.output
    assert "links.pharaoh:1" in result.output
    assert Path("out/statuses.jsonl").exists()  # what became of each stands there


def test_one_entity_is_enough(run, corpus):
    Path("links.pharaoh").write_text("0-0\n7-7\n0-0\n0-0\n", encoding="utf-8")
    result = run("annotate", "in.jsonl", "out", "--config", "run.cfg")
    assert result.exit_code == 0, result.output


def test_no_sentence_has_a_translation(run, corpus):
    result = run("annotate", "in.jsonl", "out", "--config", "translate.cfg")
    assert result.exit_code == 1
    assert "XP879" in result.output
    assert "no_translation 4" in result.output


def test_a_corpus_without_entities_is_no_fault(run, corpus):
    lines = Path("in.jsonl").read_text().splitlines()[2:]
    Path("in.jsonl").write_text("\n".join(lines) + "\n")
    Path("links.pharaoh").write_text("0-0\n0-0\n")
    result = run("annotate", "in.jsonl", "out", "--config", "run.cfg")
    assert result.exit_code == 0, result.output


def test_no_entity_could_be_projected(run, corpus):
    source = "Asha\tB-PER\narrived\tO\n\nIt\tO\nrained\tO\n\n"
    Path("en.conll").write_text(source)
    Path("sw.txt").write_text("Asha alifika\nMvua ilinyesha\n")
    Path("links.pharaoh").write_text("7-7\n0-0\n")
    langs = ("--source-lang", "en", "--target-lang", "sw")
    result = run(
        "project", "en.conll", "sw.txt", "o.jsonl", *langs, "--alignments", "links.pharaoh"
    )
    assert result.exit_code == 1
    assert "XP878" in result.output
    assert not Path("o.jsonl").exists()


def test_sentences_without_sources(run, corpus):
    Path("in.jsonl").write_text('{"text": "Habari"}\n{"text": "Asha"}\n', encoding="utf-8")
    result = run("annotate", "in.jsonl", "out", "--config", "run.cfg")
    assert result.exit_code == 1
    assert "[XP882] None of the 2 sentences has a source sentence" in result.stderr


def test_labels_of_the_input_do_not_vanish_without_a_word(done, corpus):
    lines = Path("in.jsonl").read_text(encoding="utf-8").splitlines()
    own = {**json.loads(lines[3]), "spans": [{"start": 0, "end": 4, "label": "VIP"}]}
    Path("in.jsonl").write_text("\n".join([*lines[:3], json.dumps(own)]), encoding="utf-8")
    Path("links.pharaoh").write_text("0-0\n0-0\n0-0\n0-0\n", encoding="utf-8")
    output = done("annotate", "in.jsonl", "out", "--config", "run.cfg", "--json", "s.json")
    assert "1 entities that 1 sentences of in.jsonl had are replaced" in output
    assert json.loads(Path("s.json").read_text(encoding="utf-8"))["replaced_entities"] == 1


def test_a_dry_run_counts_and_is_no_failure(done, corpus):
    config = llm_translate_and_find("Dodoma", cache="answers.sqlite", dry_run=True)
    Path("dry.cfg").write_text(config)
    Path("in.txt").write_text("Asha aliondoka.\nBaraka alienda.\n")
    output = done("annotate", "in.txt", "dry", "--config", "dry.cfg")
    assert "planned_calls 2" in output
    assert "a dry run" in output
