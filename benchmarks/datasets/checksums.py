"""MD5 checksums of files, and those that a ``project.yml`` gives of its assets.

``spacy project assets`` only warns of a file that is there with another checksum, so it is checked
where files are read.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import srsly

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.hashing import file_hash

PROJECT = "project.yml"


class Asset(NamedTuple):
    """A file that a project downloads, and its MD5 where the project gives it."""

    path: Path
    checksum: str | None


def md5(path: str | Path) -> str:
    """The MD5 checksum of a file, in hexadecimal."""
    return file_hash(path, "md5")


def check_md5(path: str | Path, expected: str) -> None:
    """Raise XProjError where the file has another checksum."""
    found = md5(path)
    if found != expected.strip().lower():
        raise XProjError(Errors.XP684.format(path=path, expected=expected, found=found))


def read_assets(project: str | Path = PROJECT) -> list[Asset]:
    """The assets of a project that have an address, with paths from the project's folder.

    Raises XProjError where the file cannot be read.
    """
    project = Path(project)
    try:
        content = srsly.read_yaml(project)
        entries = content.get("assets", [])
        return [
            Asset(project.parent / entry["dest"], entry.get("checksum"))
            for entry in entries
            if "url" in entry
        ]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise XProjError(Errors.XP685.format(path=project, reason=error)) from error


def check_project(paths: Sequence[Path], project: str | Path | None = None) -> int:
    """Check those files that are assets of a project with a checksum; how many those are.

    project: by default the ``project.yml`` of the current folder, where there is one. Raises
    XProjError that names all files whose checksum is another.
    """
    if project is None and not Path(PROJECT).is_file():
        return 0
    assets = read_assets(project or PROJECT)
    known = {asset.path.resolve(): asset.checksum for asset in assets}
    checked, wrong = 0, []
    for path in paths:
        checksum = known.get(path.resolve())
        if checksum is None:
            continue
        checked += 1
        try:
            check_md5(path, checksum)
        except XProjError as error:
            wrong.append(str(error))
    if wrong:
        raise XProjError("\n".join(wrong))
    return checked
