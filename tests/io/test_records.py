"""JSON in one form, and errors that name file and line."""

from pathlib import Path

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.records import read_json, read_records, write_json, write_records


def test_json_is_indented_and_characters_stand_for_themselves(tmp_path):
    write_json(tmp_path / "a.json", {"b": [1, "é"], "a": Path("x")})
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == (
        '{\n  "b": [\n    1,\n    "é"\n  ],\n  "a": "x"\n}\n'
    )
    assert read_json(tmp_path / "a.json") == {"b": [1, "é"], "a": "x"}


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_an_object_a_line(tmp_path, name):
    rows = [{"a": "東\n"}, {"b": None}]
    write_records(tmp_path / name, rows)
    places, back = zip(*read_records(tmp_path / name), strict=True)
    assert list(back) == rows
    assert places == (f"{tmp_path / name}:1", f"{tmp_path / name}:2")


@pytest.mark.parametrize(
    ("content", "what"), [(b'{\n"a": ]', "a.json:2: "), (b"\xff", "utf-8"), (b"[" * 99999, "depth")]
)
def test_what_is_not_json(write, content, what):
    with pytest.raises(XProjError, match=f"XP619.*{what}"):
        read_json(write("a.json", content))


@pytest.mark.parametrize("line", ["[1]", "{", "1" * 5000])
def test_lines_that_are_not_objects(write, line):
    with pytest.raises(XProjError, match=r"XP620.*a\.jsonl:2"):
        list(read_records(write("a.jsonl", f"{{}}\n{line}\n")))
