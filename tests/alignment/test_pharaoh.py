"""Word links from files: ``0-0 1-2``, one line a sentence pair."""

import multiprocessing
import pickle
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacy_xproj.alignment.pharaoh import (
    Pharaoh,
    PharaohFile,
    check_range,
    format_line,
    parse_line,
    read_pharaoh,
    write_pharaoh,
)
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError

# Six digits are written.
STRENGTHS = st.integers(1, 1_000_000).map(lambda n: n / 1_000_000)
LINKS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), STRENGTHS), max_size=20).map(
    Links
)


@given(LINKS)
def test_a_line_is_read_as_it_was_written(links):
    assert parse_line(format_line(links), where="here") == links


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(LINKS, max_size=6))
def test_a_file_is_read_as_it_was_written(tmp_path, lines):
    path = tmp_path / "links.pharaoh"
    write_pharaoh(lines, path)
    assert path.read_bytes().count(b"\n") == len(lines)
    assert read_pharaoh(path) == lines


def test_the_format():
    assert parse_line("1-2 0-0:0.5", where="here") == Links([(0, 0, 0.5), (1, 2, 1.0)])
    assert (
        format_line(Links([(10, 2), (1, 3, 0.25), (1, 2, 1 / 3)])) == "1-2:0.333333 1-3:0.25 10-2"
    )
    assert parse_line("  0-0\t1-1 ", where="here").pairs == {(0, 0), (1, 1)}
    assert parse_line("0-0:1e-3", where="here") == Links([(0, 0, 0.001)])


def test_of_a_repeated_pair_the_strongest_counts():
    assert parse_line("0-0:0.2 0-0:0.7", where="here") == Links([(0, 0, 0.7)])


def test_an_empty_line_is_a_pair_without_links(tmp_path):
    path = tmp_path / "links.pharaoh"
    path.write_text("0-0\n\n \n1-1\n")
    assert read_pharaoh(path) == [Links([(0, 0)]), Links(), Links(), Links([(1, 1)])]
    path.write_text("")
    assert read_pharaoh(path) == []


@pytest.mark.parametrize("data", [b"0-0 1-1\r\n\r\n2-2\r\n", b"\xef\xbb\xbf0-0 1-1\n\n2-2"])
def test_files_from_windows_and_without_a_last_line_end(tmp_path, data):
    path = tmp_path / "links.pharaoh"
    path.write_bytes(data)
    assert [links.pairs for links in read_pharaoh(path)] == [{(0, 0), (1, 1)}, set(), {(2, 2)}]


def test_only_line_ends_end_a_line(tmp_path):
    """A stray form feed would else shift all that follows by one pair."""
    path = tmp_path / "links.pharaoh"
    path.write_bytes(b"0-0\x0c1-1\n2-2\n")
    assert [links.pairs for links in read_pharaoh(path)] == [{(0, 0), (1, 1)}, {(2, 2)}]


NO_PAIRS = ["0", "0:1", "0-", "-1-0", "a-b", "0-0-0", "0p0"]
NO_STRENGTHS = ["0-0:", "0-0:x", "0-0:1.5", "0-0:0", "0-0:-1", "0-0:nan", "0-0:1e999", "0-0:1-1"]


@pytest.mark.parametrize("item", NO_PAIRS + NO_STRENGTHS)
def test_what_is_no_link_is_named_with_file_and_line(tmp_path, item):
    path = tmp_path / "links.pharaoh"
    path.write_text(f"0-0\n1-1 {item}\n")
    with pytest.raises(XProjError) as caught:
        read_pharaoh(path)
    assert f"{path}:2: {item!r} is not a word link" in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(XProjError, match=r"links\.pharaoh cannot be read: No such file"):
        read_pharaoh(tmp_path / "links.pharaoh")
    with pytest.raises(XProjError, match=r"cannot be read: Is a directory"):
        read_pharaoh(tmp_path)
    (tmp_path / "latin").write_bytes(b"0-0 \xe9")
    with pytest.raises(XProjError, match=r"latin cannot be read: it is not UTF-8"):
        read_pharaoh(tmp_path / "latin")


def test_check_range():
    links = Links([(1, 2)])
    assert check_range(links, 2, 3, where="here") is links
    for sizes in ((1, 3), (2, 2)):
        with pytest.raises(XProjError, match=r"^\[XP406\] here: the link 1-2 points beyond"):
            check_range(links, *sizes, where="here")


# The aligner.


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "links.pharaoh"
    path.write_text("0-0 1-1\n\n0-1:0.5\n")
    return path


def test_the_row_of_a_view_is_its_line(path, view, target):
    aligner = Pharaoh(path=str(path))
    views = [view("a b", row=2), view("a b", row=0), view("a b", row=1)]
    assert aligner.align(views, [target("x y")] * 3) == [
        Links([(0, 1, 0.5)]),
        Links([(0, 0), (1, 1)]),
        Links(),
    ]
    assert aligner.describe() == {"aligner": "pharaoh", "path": str(path)}


def test_a_pair_without_words_needs_no_line(path, view, target):
    aligner = Pharaoh(path=str(path))
    assert aligner.align([view(""), view("a", row=99)], [target("x"), target("")]) == [Links()] * 2


def test_an_index_beyond_the_sentence(path, view, target):
    with pytest.raises(XProjError) as caught:
        Pharaoh(path=str(path)).align([view("a", row=0)], [target("x y")])
    assert f"{path}:1: the link 1-1 points beyond the sentence (1 source words" in str(caught.value)


def test_a_row_beyond_the_file(path, view, target):
    with pytest.raises(XProjError) as caught:
        Pharaoh(path=str(path)).align([view("a", row=3)], [target("x")])
    assert f"{path}:4: no such line; the file of links has 3 lines" in str(caught.value)


def test_a_view_without_a_row(path, view, target):
    with pytest.raises(XProjError, match=r"'a b ' has no row.*view\.replace\(row=0\)"):
        Pharaoh(path=str(path)).align([view("a b")], [target("x")])


def test_without_a_file_the_message_shows_how_to_name_one(view, target):
    with pytest.raises(XProjError, match=r"'path': 'links\.pharaoh'"):
        Pharaoh().align([view("a", row=0)], [target("x")])


def test_a_saved_aligner_does_not_need_its_file(path, view, target):
    pair = [view("a b", row=2)], [target("x y")]
    original = Pharaoh(path=str(path))
    data = original.to_bytes()
    assert isinstance(data, bytes)
    wanted = original.align(*pair)
    path.unlink()
    again = Pharaoh(path=str(path))
    again.from_bytes(data)
    assert again.align(*pair) == wanted
    assert list(again.lines) == list(original.lines)


def test_links_can_be_given_in_memory(view, target):
    aligner = Pharaoh.of([Links([(0, 0)])])
    assert aligner.align([view("a", row=0)], [target("x")]) == [Links([(0, 0)])]
    with pytest.raises(XProjError, match="links:1: the link"):
        Pharaoh.of([Links([(0, 1)])]).align([view("a", row=0)], [target("x")])


def test_lines_are_read_as_they_are_asked_for(tmp_path, view, target):
    """A line that is broken is a matter of its sentence only."""
    path = tmp_path / "links.pharaoh"
    path.write_bytes(b"\xef\xbb\xbf0-0\r\nnonsense\n\n1-1 0-0\n0-0 \xe9\n0-1:0.5")
    lines = PharaohFile(path)
    assert len(lines) == 6
    assert lines[-1] == Links([(0, 1, 0.5)])
    assert lines[2:4] == [Links(), Links([(0, 0), (1, 1)])]
    for row, message in {1: r"XP404.*pharaoh:2", 4: r"XP405.*line 5"}.items():
        with pytest.raises(XProjError, match=message):
            lines[row]
    with pytest.raises(IndexError):
        lines[6]
    assert Pharaoh(path=str(path)).align([view("a", row=0)], [target("x")]) == [Links([(0, 0)])]
    assert pickle.loads(pickle.dumps(lines))[0] == lines[0]


def test_forked_processes_do_not_move_each_other(tmp_path):
    path = tmp_path / "links.pharaoh"
    path.write_text("".join(f"{row}-0\n" for row in range(2000)), encoding="utf-8")
    lines = PharaohFile(path)
    fork = multiprocessing.get_context("fork")  # what is given is not pickled, so they share it
    processes = [fork.Process(target=_check_order, args=(lines, seed)) for seed in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]


def _check_order(lines, seed):
    for row in random.Random(seed).sample(range(2000), 2000):
        assert lines[row].triples == ((row, 0, 1.0),)
