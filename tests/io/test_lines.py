"""Lines of every kind of end, from plain and packed files."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.errors import XProjError
from spacy_xproj.io.lines import iter_lines, read_lines, write_lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_ends_of_all_three_kinds(write, name, bom, end):
    data = (bom + end.join(["one", "", "two\u2028three\u0085", ""])).encode()
    path = write(name, gzip.compress(data) if name.endswith(".gz") else data)
    assert read_lines(path) == ["one", "", "two\u2028three\u0085"]


def test_a_last_line_without_an_end_is_a_line(write):
    for end in ("\n", "\r\n", "\r"):
        assert read_lines(write("a.txt", f"one{end}two".encode())) == ["one", "two"]


def test_a_stray_carriage_return_does_not_shift_the_lines_after_it(write):
    assert read_lines(write("a.txt", b"one\rmore\ntwo\n")) == ["one\rmore", "two"]


def test_a_line_that_is_not_utf8_is_named_and_the_others_are_read(write):
    path = write("a.txt", b"one\n\xff\ntwo\n")
    first, broken, last = iter_lines(path)
    assert (first, last) == ("one", "two")
    assert f"{path}:2" in str(broken)
    with pytest.raises(XProjError, match="XP603"):
        read_lines(path)


@given(lines=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"))))
def test_what_is_written_is_read(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "lines.txt"
    write_lines(path, lines)
    assert read_lines(path) == lines
