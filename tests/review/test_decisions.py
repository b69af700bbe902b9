"""The file of decisions: what is in it stays in it, whatever stops."""

import json

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.review.decisions import Decision, add_decision, decision, of_docs, read_decisions

ONE = Decision(0, "Asha left", "accept", ((0, 4, "PER"),), "ana")
TWO = Decision(1, "It rained", "ignore", ())


def test_the_last_decision_about_a_sentence_holds(tmp_path):
    path = tmp_path / "log.jsonl"
    assert read_decisions(path) == {}
    add_decision(path, ONE)
    add_decision(path, TWO)
    add_decision(path, ONE._replace(entities=()))
    found = read_decisions(path)
    assert found == {0: ONE._replace(entities=(), number=3), 1: TWO._replace(number=2)}
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3  # nothing was written over


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_line_that_a_kill_cut_off_was_never_there(tmp_path, cut):
    path = tmp_path / "log.jsonl"
    add_decision(path, ONE)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:cut])
    assert list(read_decisions(path)) == [0]
    add_decision(path, TWO)
    assert list(read_decisions(path)) == [0, 1]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"row": -1}, "no row"),
        ({"row": "1"}, "no row"),
        ({"text": None}, "no row and text"),
        ({"answer": "maybe"}, "not accept or ignore"),
        ({"spans": 3}, "not a list"),
        ({"spans": ["x"]}, "not a span"),
        ({"spans": [{"start": 0, "end": 99, "label": "A"}]}, "within its text"),
        ({"spans": [{"start": 3, "end": 3, "label": "A"}]}, "within its text"),
        ({"spans": [{"start": 0, "end": 4, "label": " "}]}, "not a span"),
        ({"spans": [{"start": s, "end": 4, "label": "A"} for s in (0, 1)]}, "overlap"),
        ({"reviewer": 3}, "reviewer"),
    ],
)
def test_what_is_not_a_decision_is_refused(tmp_path, change, why):
    record = ONE.to_json() | change
    with pytest.raises(ValueError, match=why):
        decision(record)
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps(ONE.to_json()) + "\n" + json.dumps(record) + "\n", encoding="utf-8")
    with pytest.raises(XProjError, match=r"XP924.*line 2"):
        read_decisions(path)


def test_not_even_an_object():
    with pytest.raises(ValueError, match="not an object"):
        decision([1])


def test_what_a_tool_gives_back_is_known_by_its_text(make):
    docs = [make(["It", "rained"]), make(["Asha", "left"]), make(["It", "rained"])]
    back = [
        make(["It", "rained"]),
        make(["Asha", "left"], [(0, 1, "PER")]),
        make(["It", "rained"], [(1, 2, "X")]),
        make(["Who", "?"]),
    ]
    found = of_docs(docs, back)
    assert [one.row for one in found] == [0, 1, 2, -1]
    assert found[1].entities == ((0, 4, "PER"),)
