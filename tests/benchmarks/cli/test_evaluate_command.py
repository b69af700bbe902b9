"""Benchmarks by one command each: converted, and scored."""

import json

import pytest

from spacy_xproj.io.formats.files import read_docs

SWAHILI = "Asha B-PER\naliondoka O\nDodoma B-LOC\n\nmwaka O\n2026 B-DATE\nBaraka B-PER\n"


@pytest.fixture
def masakhaner(folder):
    data = folder / "assets/downloads/masakhaner2"
    for lang in ("swa", "yor"):
        (data / lang).mkdir(parents=True)
        (data / lang / "test.txt").write_text(SWAHILI, encoding="utf-8")
    return data


def rows_of(output):
    return [line.split() for line in output.splitlines()]


def test_convert_and_count(done, masakhaner):
    output = done("benchmark-data", "masakhaner2", "out", "--ignore-labels", "DATE")
    assert ["swa", "2", "6", "1", "2", "3"] in rows_of(output)
    assert "wrote 2 files to out; 0 of their sources have a checksum" in output
    docs = read_docs("out/yor-test.spacy", lang="yo")
    assert [ent.label_ for doc in docs for ent in doc.ents] == ["PER", "LOC", "PER"]


def test_apply_a_spacy_pipeline_and_score_it(done, masakhaner, teacher, folder):
    """The teacher knows Asha and Dodoma, as PERSON and GPE, and not Baraka."""
    output = done(
        "evaluate", "teacher", "masakhaner2", "--ignore-labels", "DATE", "--json", "s.json"
    )
    [header, _, swa, yor, mean] = rows_of(output)
    assert header[:4] == ["language", "precision", "recall", "f1"]
    assert swa[:4] == ["swa", "1.000", "0.667", "0.800"]
    assert swa[-2:] == ["2", "3"]
    assert yor[1:] == swa[1:]
    assert mean[:4] == ["mean", "1.000", "0.667", "0.800"]
    result = json.loads((folder / "s.json").read_text(encoding="utf-8"))
    assert result["model"]["tagger"] == "spacy"
    own = result["languages"]["swa"]
    assert own["f1_interval"]["value"] == own["overall"]["f1"] == 0.8
    assert own["f1_interval"]["low"] < 0.8 < own["f1_interval"]["high"]
    assert own["corpus"]["path"].endswith("swa/test.txt")


def test_a_hugging_face_model(done, folder, tiny_ner):
    (folder / "wiki/sw").mkdir(parents=True)
    (folder / "wiki/sw/test.txt").write_text("Asha B-PER\nworks O\n. O\n", encoding="utf-8")
    output = done("evaluate", tiny_ner, "wikiann", "--data", "wiki", "--langs", "sw")
    assert rows_of(output)[-1][0] == "sw"


def test_mentions_are_scored_by_recall(done, folder, teacher):
    text = "Asha left Dodoma."
    questions = [{"id": "q", "answers": [{"answer_start": 10, "text": "Dodoma"}]}]
    data = {"data": [{"title": "T", "paragraphs": [{"context": text, "qas": questions}]}]}
    (folder / "xquad.en.json").write_text(json.dumps(data), encoding="utf-8")
    done("xquad-ner", ".", "corpus/xquad-ner", "--recognizer", "teacher", "--langs", "en")
    output = done("evaluate", "teacher", "xquad-ner", "--json", "s.json")
    assert rows_of(output)[-1] == ["en", "1.000", "1.000-1.000", "1.000", "1.000-1.000", "1", "1"]
    result = json.loads((folder / "s.json").read_text(encoding="utf-8"))
    assert result["languages"]["en"]["recall"]["value"] == 1


def test_assets_are_checked(done, refused, masakhaner, folder, teacher):
    (folder / "project.yml").write_text(
        "assets:\n- dest: assets/downloads/masakhaner2/swa/test.txt\n  url: https://example.org/x\n"
        "  checksum: 8f0c5f0ea1a6b4dd2ac1f2c1f9e4c1aa\n"
        "- dest: nowhere.txt\n  url: https://example.org/y\n  checksum: x\n",
        encoding="utf-8",
    )
    for command in (
        ("check-assets",),
        ("benchmark-data", "masakhaner2", "out"),
        ("evaluate", "teacher", "masakhaner2"),
    ):
        message = refused(*command)
        assert "XP684" in message
        assert "swa/test.txt" in message
    assert not (folder / "out").exists()
    (masakhaner / "swa/test.txt").unlink()
    assert "2 assets: 0 are there, 0 have a checksum, and it fits" in done("check-assets")


def test_a_broken_line_is_named_and_nothing_is_written(refused, masakhaner, folder):
    with (masakhaner / "yor/test.txt").open("a", encoding="utf-8") as file:
        file.write("Dodoma\n")
    message = refused("benchmark-data", "masakhaner2", "out")
    assert "yor/test.txt:8" in message.replace("\\", "/")
    assert not (folder / "out").exists()


def test_an_unknown_benchmark(refused):
    assert "XP150" in refused("evaluate", "teacher", "ontonotes")
