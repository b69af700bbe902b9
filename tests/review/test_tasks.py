"""The queue for annotation tools, and back."""

import json

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.formats.files import read_docs
from spacy_xproj.review.decisions import of_docs
from spacy_xproj.review.tasks import write_tasks


@pytest.fixture
def docs(make_doc):
    docs = [
        make_doc(
            f"Asha aliondoka {i}",
            "Asha left",
            entities=[(0, 1, "PER")],
            projections=[(0, "PER", "projected", 0, 1, score)],
        )
        for i, score in enumerate((0.9, 0.3))
    ]
    for doc in docs:
        doc.set_ents([doc.char_span(0, 4, "PER")])
    return docs


@pytest.mark.parametrize(("tool", "name"), [("prodigy", "t.jsonl"), ("label-studio", "t.json")])
def test_what_is_written_comes_back(docs, tmp_path, tool, name):
    assert write_tasks(docs, tmp_path / name, tool=tool, sort="score") == 2
    back = of_docs(docs, read_docs(tmp_path / name, lang="sw"))
    assert [(one.row, one.entities) for one in back] == [
        (1, ((0, 4, "PER"),)),
        (0, ((0, 4, "PER"),)),
    ]


def test_prodigy_shows_score_and_source(docs, tmp_path):
    write_tasks(docs, tmp_path / "t.jsonl", tool="prodigy", sort="score", limit=1)
    (task,) = map(json.loads, (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines())
    assert task["spans"] == [
        {"start": 0, "end": 4, "label": "PER", "score": 0.3, "token_start": 0, "token_end": 0}
    ]
    assert task["meta"]["source"].strip() == "en: Asha left"
    assert (task["meta"]["row"], task["meta"]["score"]) == (1, 0.3)


def test_label_studio_has_a_second_text(docs, tmp_path):
    write_tasks(docs, tmp_path / "t.json", tool="label-studio", sort="score")
    task = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))[0]
    assert task["data"]["source"].strip() == "en: Asha left"
    assert task["predictions"][0]["score"] == 0.3
    assert 'value="$source"' in (tmp_path / "t.xml").read_text(encoding="utf-8")


def test_argilla_has_suggestions(docs, tmp_path):
    write_tasks(docs, tmp_path / "t.json", tool="argilla", sort="score")
    record = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))[0]
    assert record["suggestions"]["spans"]["score"] == [0.3]
    assert record["fields"]["source"].strip() == "en: Asha left"


def test_a_tool_that_is_not_known(docs, tmp_path):
    with pytest.raises(XProjError, match="known: prodigy, label-studio, argilla"):
        write_tasks(docs, tmp_path / "t", tool="paper", sort=None)
