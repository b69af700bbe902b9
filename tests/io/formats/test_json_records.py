"""A JSON file that is a list of what JSONL has as lines."""

import json

import pytest

from spacy_xproj.data.labels import is_labelled
from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import CorpusFile, read_docs
from spacy_xproj.io.notes import collected

RECORDS = [
    ["Ana left", {"entities": [[0, 3, "PER"]]}],
    {"text": "Ana left", "annotation": [["PER", 0, 3]]},
    {"words": ["Ana", "left"], "tags": ["B-PER", "O"]},
    # Label Studio's JSON-MIN
    {"id": 1, "text": "Ana left", "label": [{"start": 0, "end": 3, "labels": ["PER"]}]},
    {"text": "Bo left", "marks": []},
    {"text": "Bo left", "spans": [], "answer": "reject"},
]


def test_records_of_spacy_argilla_and_others(write):
    path = write("a.json", json.dumps(RECORDS))
    assert CorpusFile(path, lang="en").format.name == "a JSON list of records"
    with collected() as notes:
        docs = read_docs(path, lang="en")
    assert [[(e.text, e.label_) for e in doc.ents] for doc in docs] == [[("Ana", "PER")]] * 4 + [[]]
    assert [is_labelled(doc) for doc in docs] == [True] * 4 + [False]
    assert "answer 'reject'" in notes.lines()[0]


@pytest.mark.parametrize("text", ['{"text": "a"}', "[]", '[{"data": {"text": "a"}}]', "[1]", "["])
def test_what_else_is_json_goes_to_label_studio(write, text):
    assert CorpusFile(write("a.json", text), lang="en").format.name == "Label Studio's JSON"


def test_a_faulty_record_is_named_by_its_number(write):
    with pytest.raises(XProjError, match=r"XP620.*a\.json:2"):
        read_docs(write("a.json", json.dumps([RECORDS[0], 7])), lang="en")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_an_answer_of_any_type_is_not_a_decision(write, name):
    record = {"text": "Ana left", "spans": [[0, 3, "PER"]], "answer": []}
    text = json.dumps([record] if name == "a.json" else record)
    (doc,) = read_docs(write(name, text), lang="en")
    assert len(doc.ents) == 1


def test_two_annotators_of_json_min_who_differ(write):
    labels = [[{"start": 0, "end": 3, "labels": ["PER"]}], []]
    rows = [{"id": 1, "text": "Ana", "label": one, "annotator": n} for n, one in enumerate(labels)]
    with pytest.raises(XProjError, match=r"XP646.*min\.json:2"):
        read_docs(write("min.json", json.dumps(rows)), lang="en")
