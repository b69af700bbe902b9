"""The plan of the house: which room may import which. Imports go down only, and nothing in the
package imports ``benchmarks``, which is not installed with it."""

import ast
from pathlib import Path

import pytest

PACKAGE = "spacy_xproj"
LEAVES = {"errors", "registry", "about", "abilities"}
MAY_IMPORT = {
    "cli": None,  # everything below it
    "jobs": {"components", "corpus", "translation", "io", "text", "data"},
    "review": {"corpus", "io", "data"},
    "components": {
        *("translation", "tagging", "alignment", "projection", "ensembling", "hf", "io"),
        *("text", "data"),
    },
    "corpus": {"io", "text", "data"},
    "translation": {"hf", "text", "io", "data", "llm"},
    "tagging": {"hf", "text", "io", "data", "llm"},
    "alignment": {"hf", "text", "io", "data"},
    "projection": {"text", "data"},
    "ensembling": {"projection", "data"},
    "hf": {"text", "io"},
    "llm": {"io"},
    "io": {"text", "data"},
    "text": {"data"},
    "data": set(),
}
# To be mended: what stands here imports up, or sideways.
KNOWN: set[tuple[str, str]] = set()


def imported(path: Path, package: Path) -> set[str]:
    """The rooms and leaves of the package that a file imports, at its top or in a function."""
    here = (package.name, *path.relative_to(package).parts[:-1])
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            module = (*base, *(node.module or "").split("."))
            module = tuple(part for part in module if part)
            if module == (package.name,):
                rooms |= {alias.name for alias in node.names}
            elif module[0] == package.name:
                rooms.add(module[1])
            else:
                rooms |= {"benchmarks"} & {module[0]}
        elif isinstance(node, ast.Import):
            rooms |= {"benchmarks"} & {alias.name.partition(".")[0] for alias in node.names}
    return rooms


def files(package: Path) -> list[Path]:
    return sorted(path for path in package.rglob("*.py") if path.parent != package)


def test_every_room_is_in_the_plan(root):
    assert {path.relative_to(root / PACKAGE).parts[0] for path in files(root / PACKAGE)} <= set(
        MAY_IMPORT
    )


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_go_down_only(root, room):
    package = root / PACKAGE
    allowed = MAY_IMPORT[room]
    wrong = set()
    for path in files(package):
        if path.relative_to(package).parts[0] != room:
            continue
        found = imported(path, package) - LEAVES - {room}
        bad = found & {"benchmarks"} if allowed is None else found - allowed
        wrong |= {(path.relative_to(package).as_posix(), other) for other in bad}
    assert wrong <= KNOWN, sorted(wrong - KNOWN)
