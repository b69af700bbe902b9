"""A path holds the complete output, or what it held before."""

import errno
import os
import stat
from pathlib import Path

import pytest

from spacy_xproj.io import files
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


# what users expect of a file that is written


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_mode_of_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "out.txt", "x")
        with write_aside(tmp_path / "model") as aside:
            aside.mkdir()
    finally:
        os.umask(before)
    assert mode(tmp_path / "out.txt") == 0o640
    assert mode(tmp_path / "model") == 0o750


@pytest.mark.parametrize("own", [0o600, 0o644, 0o755])
def test_what_is_replaced_keeps_its_mode(tmp_path, own):
    path = tmp_path / "out.txt"
    path.write_text("old")
    path.chmod(own)
    write_text(path, "new")
    assert (mode(path), path.read_text()) == (own, "new")
    folder = tmp_path / "model"
    folder.mkdir(mode=0o700)
    with write_aside(folder) as aside:
        aside.mkdir()
    assert mode(folder) == 0o700


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_what_is_replaced_keeps_its_owner(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("old")
    os.chown(path, 1234, 4321)
    write_text(path, "new")
    assert (path.stat().st_uid, path.stat().st_gid, path.read_text()) == (1234, 4321, "new")


def test_a_link_stays_one_and_what_it_points_to_is_replaced(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "out.txt").symlink_to(tmp_path / "real" / "a.txt")
    for text in ("first", "second"):  # at first it points nowhere
        write_text(tmp_path / "out.txt", text)
        assert (tmp_path / "out.txt").is_symlink()
        assert (tmp_path / "real" / "a.txt").read_text() == text
    (tmp_path / "model").symlink_to(tmp_path / "real")
    with write_aside(tmp_path / "model") as aside:
        aside.mkdir()
    assert (tmp_path / "model").is_symlink()
    assert names(tmp_path / "real") == []


def test_a_device_is_written_to_and_not_replaced(tmp_path):
    write_text("/dev/null", "x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(pipe, "through")
        assert os.read(reader, 99) == b"through"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["n" * 251 + ".txt", "é" * 125 + ".txt"])
def test_names_as_long_as_they_may_be(tmp_path, name):
    write_text(tmp_path / name, "x")
    write_text(tmp_path / name, "y")
    assert (tmp_path / name).read_text() == "y"
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_directory_is_never_gone_while_it_is_replaced(tmp_path, monkeypatch, in_one_step):
    if not in_one_step:
        monkeypatch.setattr(files, "_rename_exchange", lambda first, second: False)
    for name in ("model", "old"):
        path = tmp_path / name
        path.mkdir()
        (path / "1").touch()
        with write_aside(path) as aside:
            aside.mkdir()
            (aside / "2").touch()
        assert names(path) == ["2"]
    assert names(tmp_path) == ["2", "2", "model", "old"]


def test_when_the_second_rename_fails_the_first_is_undone(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_rename_exchange", lambda first, second: False)
    path = tmp_path / "model"
    path.mkdir()
    (path / "1").touch()
    rename = os.rename

    def fails(source, target):
        if Path(target) == path and Path(source).name == "model":
            raise OSError("no")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fails)
    with pytest.raises(OSError, match="no"), write_aside(path) as aside:
        aside.mkdir()
    assert names(path) == ["1"]


def test_a_file_that_is_mounted_by_itself_is_written_to(tmp_path, monkeypatch):
    path = tmp_path / "out.txt"
    path.write_text("old, and longer")

    def busy(source, target):
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "replace", busy)
    write_text(path, "new")
    assert path.read_text() == "new"


def test_an_error_names_the_file_that_was_to_be_written(tmp_path, monkeypatch):
    path = tmp_path / "out.txt"

    def fail(error):
        with write_aside(path):
            raise error

    for error in (
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EIO, "no", f"{tmp_path}/.out.txt.x"),
    ):
        with pytest.raises(OSError, match=r"out\.txt'$") as caught:
            fail(error)
        assert (caught.value.errno, caught.value.filename) == (error.errno, str(path))
    with pytest.raises(OSError, match="another") as other:
        fail(PermissionError(errno.EACCES, "no", "another.txt"))
    assert other.value.filename == "another.txt"
    for error in (ConnectionResetError(errno.ECONNRESET, "gone"), OSError("of a library")):
        with pytest.raises(type(error)) as other:
            fail(error)
        assert other.value is error
