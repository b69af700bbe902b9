"""Building XQuAD-NER, and scoring a prediction on it."""

import json

import pytest
import spacy

from spacy_xproj.io.formats.files import read_docs

TEXTS = {"en": "Asha left Dodoma.", "sw": "Asha aliondoka Dodoma."}


def write_file(folder, lang, text):
    questions = [
        {"id": name, "answers": [{"answer_start": text.index(name), "text": name}]}
        for name in ("Asha", "Dodoma")
    ]
    data = {"data": [{"title": "T", "paragraphs": [{"context": text, "qas": questions}]}]}
    (folder / f"xquad.{lang}.json").write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def xquad(folder, teacher):
    for lang, text in TEXTS.items():
        write_file(folder, lang, text)
    return folder


def test_build_and_score(done, xquad):
    output = done("xquad-ner", ".", "out", "--recognizer", "teacher", "--langs", "sw")
    rows = [line.split() for line in output.splitlines()]
    assert ["sw", "1", "0", "1", "2"] in rows
    assert "wrote 1 units in 2 languages to out" in output
    summary = json.loads((xquad / "out/summary.json").read_text(encoding="utf-8"))
    assert summary["recogniser"]["tagger"] == "spacy"
    assert summary["recogniser"]["label_map"]["PERSON"] == "PER"

    [doc] = read_docs("out/sw.spacy", lang="sw")
    (xquad / "pred.jsonl").write_text(
        json.dumps({"text": doc.text, "spans": [{"start": 0, "end": 4, "label": "PER"}]}),
        encoding="utf-8",
    )
    output = done("score-mentions", "out/sw.spacy", "pred.jsonl", "--json", "s.json")
    rows = [line.split() for line in output.splitlines()]
    assert ["PER", "1.000", "1", "-"] in rows
    assert ["all", "0.500", "2", "0.500-0.500"] in rows
    assert "token accuracy 0.500 (0.500-0.500) over 1 units" in output
    scores = json.loads((xquad / "s.json").read_text(encoding="utf-8"))
    assert scores["recall"]["value"] == 0.5
    assert "0.000" in done(
        *("score-mentions", "out/sw.spacy", "pred.jsonl", "--ignore-labels", "PER")
    )


def test_paragraphs_and_labels(done, xquad):
    done(
        *("xquad-ner", ".", "out", "--recognizer", "teacher", "--langs", "sw"),
        *("--unit", "paragraph", "--labels", "LOC"),
    )
    [doc] = read_docs("out/en.spacy", lang="en")
    assert [span.text for span in doc.spans["xquad_ner"]] == ["Dodoma"]


def test_gold_without_mentions_is_refused(refused, xquad):
    assert "XP741" in refused("score-mentions", "en.conll", "en.conll")


@pytest.mark.parametrize("lang", ["en", "sw"])
def test_a_file_with_another_checksum_is_refused(refused, xquad, lang):
    (xquad / "project.yml").write_text(
        f"assets:\n- dest: xquad.{lang}.json\n  url: https://example.org/x\n"
        "  checksum: d41d8cd98f00b204e9800998ecf8427e\n",
        encoding="utf-8",
    )
    command = ("xquad-ner", ".", "out", "--recognizer", "teacher", "--langs", "sw")
    message = refused(*command)
    assert "XP684" in message
    assert f"xquad.{lang}.json" in message
    assert "d41d8cd98f00b204e9800998ecf8427e" in message
    assert not (xquad / "out").exists()


def test_a_recognizer_without_entities(refused, xquad):
    spacy.blank("en").to_disk(xquad / "blank")
    command = ("xquad-ner", ".", "out", "--recognizer", "blank", "--langs", "sw")
    assert "XP305" in refused(*command)


def test_a_missing_language(refused, xquad):
    command = ("xquad-ner", ".", "out", "--recognizer", "teacher", "--langs", "sw,yo")
    assert "xquad.yo.json" in refused(*command)
