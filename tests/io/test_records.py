"""JSON in one form, and errors that name file and line."""

from pathlib import Path

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.records import (
    read_first,
    read_json,
    read_records,
    write_json,
    write_records,
)


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


@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
@pytest.mark.parametrize(
    ("value", "first"),
    [
        ([{"a": "é"}, 2], {"a": "é"}),
        ([], None),
        ({"a": 1}, None),
        (["x" * 3_000_000], "x" * 3_000_000),
    ],
)
def test_the_first_of_a_list(tmp_path, name, value, first):
    write_json(tmp_path / name, value)
    assert read_first(tmp_path / name) == first


def test_the_rest_of_a_large_file_is_not_read_for_its_first(write):
    path = write("a.json", b'\xef\xbb\xbf [ {"a": 1},' + b" " * 2_000_000 + b"broken")
    assert read_first(path) == {"a": 1}
    with pytest.raises(XProjError, match="XP619"):
        read_json(path)
    for data in (b"[", b"[[", b"[" * 99999, b"\xff"):
        with pytest.raises(XProjError, match="XP619"):
            read_first(write("b.json", data))


@pytest.mark.parametrize("line", ['{"a": 1, "b": 2, "a": 1}', '{"c": [{"a": 1, "a": 2}]}'])
def test_a_key_that_is_there_twice_is_not_chosen_from(write, line):
    with pytest.raises(XProjError, match=r"XP620.*a\.jsonl:1.*the key 'a' is there twice"):
        list(read_records(write("a.jsonl", line)))
    with pytest.raises(XProjError, match=r"XP619.*the key 'a' is there twice"):
        read_json(write("a.json", line))


@pytest.mark.parametrize("line", ["[1]", "{", "1" * 5000])
def test_lines_that_are_not_objects(write, line):
    with pytest.raises(XProjError, match=r"XP620.*a\.jsonl:2"):
        list(read_records(write("a.jsonl", f"{{}}\n{line}\n")))


def test_lines_of_objects_in_a_json_file_are_named_for_what_they_are(write):
    with pytest.raises(XProjError, match=r"XP619.*a\.json:2.*give the file the suffix \.jsonl"):
        read_json(write("a.json", '{"a": 1}\n{"b": 2}\n'))
