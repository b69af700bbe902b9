"""Plain-text tables."""

import pytest

from spacy_xproj.errors import XProjError
from spacy_xproj.io.tables import display_width, format_table, write_csv


def test_numbers_to_the_right_text_to_the_left():
    table = format_table(["system", "F1", "n"], [["greedy", 0.9181, 12], ["exact one", None, 3]])
    assert table.splitlines() == [
        "system        F1   n",
        "---------  -----  --",
        "greedy     0.918  12",
        "exact one      -   3",
    ]


def test_wide_and_combining_characters_are_aligned():
    assert [display_width(text) for text in ("abc", "京都", "e\u0301", "")] == [3, 4, 1, 0]
    lines = format_table(["a", "b"], [["京都", 1], ["e\u0301", 2]]).splitlines()
    assert lines[2:] == ["京都  1", "e\u0301     2"]


def test_a_table_without_rows_is_its_header():
    assert format_table(["a", "b"], []) == "a  b\n-  -"
    assert format_table([], []) == "\n"


def test_text_from_data_cannot_steer_the_terminal():
    assert "\x1b" not in format_table(["a"], [["\x1b[2Jgone\n"]])


def test_a_ragged_row_is_named():
    with pytest.raises(XProjError, match=r"XP706.*Row 2 .* has 1 cells for 2 columns"):
        format_table(["a", "b"], [[1, 2], [1]])


def test_text_from_data_cannot_turn_the_direction_of_writing():
    assert "\u202e" not in format_table(["a"], [["\u202egnp.exe"]])
    assert "a\u200db" in format_table(["a"], [["a\u200db"]])  # a joiner belongs to its text


def test_a_table_as_csv_holds_no_formulas(tmp_path):
    rows = [["=1+1", -1], ["@x", "-0.5"], ["a, b", None], ["+en", 0.25]]
    write_csv(tmp_path / "a.csv", ["name", "n"], rows)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == (
        "name,n\n'=1+1,-1\n'@x,-0.5\n\"a, b\",\n'+en,0.25\n"
    )
