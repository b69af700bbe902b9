"""Checksums of files, and of a project's assets."""

import pytest

from benchmarks.datasets.checksums import check_md5, check_project, md5, read_assets
from spacy_xproj.errors import XProjError

MD5 = "5d41402abc4b2a76b9719d911017c592"  # of "hello"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "data/b.txt").write_text("other", encoding="utf-8")
    path = tmp_path / "project.yml"
    path.write_text(
        "assets:\n"
        f"- {{dest: data/a.txt, url: https://example.org/a, checksum: {MD5}}}\n"
        f"- {{dest: data/b.txt, url: https://example.org/b, checksum: {MD5}}}\n"
        "- {dest: data/c.txt, url: https://example.org/c}\n"
        "- {dest: data/d.txt, description: made here}\n",
        encoding="utf-8",
    )
    return path


def test_md5_of_a_file(project):
    path = project.parent / "data/a.txt"
    assert md5(path) == MD5
    check_md5(path, MD5.upper() + " ")


def test_a_wrong_file_is_named_with_both_checksums_and_what_to_do(project):
    path = project.parent / "data/b.txt"
    with pytest.raises(XProjError) as error:
        check_md5(path, MD5)
    for part in (str(path), MD5, md5(path), "Delete it and fetch it again"):
        assert part in str(error.value)


def test_assets_are_checked_and_other_files_are_not(project, monkeypatch):
    folder = project.parent / "data"
    assert [a.checksum for a in read_assets(project)] == [MD5, MD5, None]
    assert check_project([folder / "a.txt", folder / "c.txt", folder / "d.txt"], project) == 1
    with pytest.raises(XProjError, match=r"XP684.*b\.txt"):
        check_project([folder / "a.txt", folder / "b.txt"], project)
    monkeypatch.chdir(project.parent)
    with pytest.raises(XProjError, match=r"XP684.*b\.txt"):
        check_project([folder / "b.txt"])  # the project of the folder, by a full path


def test_all_wrong_files_are_named_and_the_right_ones_are_not(project):
    folder = project.parent / "data"
    text = project.read_text(encoding="utf-8")
    text = text.replace("example.org/c}", f"example.org/c, checksum: {MD5}}}")
    project.write_text(text, encoding="utf-8")
    (folder / "c.txt").write_text("cut sho", encoding="utf-8")
    with pytest.raises(XProjError) as error:
        check_project([folder / f"{name}.txt" for name in "abcd"], project)
    lines = str(error.value).splitlines()
    assert len(lines) == 2
    for name, line in zip("bc", lines, strict=True):
        assert f"{name}.txt is not the file that is expected" in line
        assert md5(folder / f"{name}.txt") in line


def test_without_a_project_nothing_is_checked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert check_project([tmp_path / "b.txt"]) == 0
    with pytest.raises(XProjError, match=r"XP685.*nowhere\.yml"):
        check_project([], "nowhere.yml")


@pytest.mark.parametrize(
    "text", ["- a\n", "assets: 3\n", "assets: [3]\n", "assets: [{url: x}]\n", "{"]
)
def test_a_project_that_cannot_be_read(tmp_path, text):
    path = tmp_path / "project.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(XProjError, match="XP685"):
        read_assets(path)


@pytest.mark.shared
def test_the_projects_checksums_are_those_of_the_files(root, shared_data):
    downloads = root / "assets/downloads"
    assets = {a.path.relative_to(downloads): a.checksum for a in read_assets(root / "project.yml")}
    at_hand = [path for path in assets if (shared_data / path).is_file()]
    assert len(at_hand) > 40
    for path in at_hand:
        check_md5(shared_data / path, assets[path])
