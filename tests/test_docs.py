"""What the code cites is in the repository."""

import re

import pytest

HOUSES = ("spacy_xproj", "benchmarks")
TO_BE_WRITTEN = {"docs/formats.md"}


@pytest.fixture(scope="module")
def code(root):
    """The text of all modules, by their path."""
    files = [path for house in HOUSES for path in sorted((root / house).rglob("*.py"))]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_pages_that_are_cited_are_there(root, code):
    for path, text in code.items():
        for page in re.findall(r"\bdocs/[\w/-]+\.md", text):
            assert page in TO_BE_WRITTEN or (root / page).is_file(), (path, page)
        assert not re.search(r'\b(METHODS[,:] "|DESIGN\b|FIELD_NOTES)', text), path


def test_sections_that_are_cited_are_there(root, code):
    methods = (root / "docs" / "methods.md").read_text(encoding="utf-8")
    for path, text in code.items():
        for name in re.findall(r'docs/methods\.md,\s+"([^"]+)"', text):
            assert re.search(rf"(?m)^#+ {name}$|^- \*\*{name}\*\*", methods), (path, name)


def test_references_are_in_the_bibliography(root, code):
    methods = (root / "docs" / "methods.md").read_text(encoding="utf-8")
    known = set(re.findall(r"(?m)^- \*\*\[([A-Z]+)\]\*\*", methods))
    keys = re.compile(r"(?<![\w\])}])\[([A-Z]{1,2}(?:, [A-Z]{1,2})*)\](?=[.,;:) ]|$)", re.MULTILINE)
    cited = {
        key for text in code.values() for found in keys.findall(text) for key in found.split(", ")
    }
    assert {"P", "T", "D"} <= cited
    assert cited - known <= {"A", "B", "L", "R", "K", "V", "X", "Y"}, cited - known
    assert set(re.findall(r"(?<!\*)\[([A-Z]{1,2})\]", methods)) <= known
