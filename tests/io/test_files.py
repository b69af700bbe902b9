"""A path holds the complete output, or what it held before."""

from pathlib import Path

import pytest

from spacy_xproj.io.files import user_cache, write_aside, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def write_half(path: Path, error: type[BaseException], *, folder: bool = False) -> None:
    """Write a file, or a folder with a file, and fail before the end."""
    with write_aside(path) as aside:
        if folder:
            aside.mkdir()
        (aside / "new" if folder else aside).write_text("half")
        raise error


def test_a_new_file(tmp_path):
    with write_aside(tmp_path / "out.jsonl") as aside:
        assert not aside.exists()
        assert aside.suffix == ".jsonl"
        aside.write_text("new")
        assert not (tmp_path / "out.jsonl").exists()
    assert (tmp_path / "out.jsonl").read_text() == "new"
    assert names(tmp_path) == ["out.jsonl"]


def test_an_old_file_is_replaced_only_at_the_end(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("old")
    with write_aside(path) as aside:
        aside.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert names(tmp_path) == ["out.txt"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_when_the_block_raises_the_old_file_stays_and_nothing_else(tmp_path, error):
    path = tmp_path / "out.txt"
    path.write_text("old")
    with pytest.raises(error):
        write_half(path, error)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["out.txt"]


def test_when_the_block_raises_no_new_file_appears(tmp_path):
    with pytest.raises(RuntimeError):
        write_half(tmp_path / "out.txt", RuntimeError)
    assert names(tmp_path) == []


def test_a_directory_replaces_a_directory_with_all_it_held(tmp_path):
    path = tmp_path / "model"
    path.mkdir()
    (path / "old").write_text("old")
    with write_aside(path) as aside:
        aside.mkdir()
        (aside / "new").write_text("new")
        assert names(path) == ["old"]
    assert names(tmp_path) == ["model", "new"]


def test_when_the_block_raises_the_old_directory_stays(tmp_path):
    path = tmp_path / "model"
    path.mkdir()
    (path / "old").write_text("old")
    with pytest.raises(RuntimeError):
        write_half(path, RuntimeError, folder=True)
    assert names(tmp_path) == ["model", "old"]


def test_a_file_does_not_replace_a_directory(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("old")
    with pytest.raises(OSError, match="out"), write_aside(tmp_path / "out") as aside:
        aside.write_text("new")
    assert names(tmp_path) == ["old", "out"]


def test_parents_are_made(tmp_path):
    write_text(tmp_path / "a" / "b" / "out.txt", "x")
    assert (tmp_path / "a" / "b" / "out.txt").read_text() == "x"


def test_text_is_utf8_with_plain_line_ends(tmp_path):
    write_text(str(tmp_path / "out.txt"), "ñ\u200d\n\r\nz")
    assert (tmp_path / "out.txt").read_bytes() == "ñ\u200d\n\r\nz".encode()


def test_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path):
    write_text(tmp_path / "out.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "out.txt", "half \ud800")
    assert (tmp_path / "out.txt").read_text() == "old"
    assert names(tmp_path) == ["out.txt"]


def test_the_user_s_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache() == tmp_path / "spacy-xproj"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_cache() == tmp_path / ".cache" / "spacy-xproj"
    assert not user_cache().exists()
