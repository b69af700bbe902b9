"""What the code cites is in the repository."""

import re

import pytest

from spacy_xproj.io.formats.files import all_formats

HOUSES = ("spacy_xproj", "benchmarks")


@pytest.fixture(scope="module")
def code(root):
    """The text of all modules, by their path."""
    files = [path for house in HOUSES for path in sorted((root / house).rglob("*.py"))]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_pages_that_are_cited_are_there(root, code):
    for path, text in code.items():
        for page in re.findall(r"\bdocs/[\w/-]+\.md", text):
            assert (root / page).is_file(), (path, page)
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


def test_the_table_of_formats_says_what_each_can_hold(root):
    text = (root / "docs" / "formats.md").read_text(encoding="utf-8")
    table = text[text.index("| format |") :].partition("\n\n")[0].splitlines()
    head, _, *rows = [line.strip("| ").split(" | ") for line in table]
    by_name = {row[0].partition(" (")[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_name.keys() == {format.name for format in all_formats()}
    for format in all_formats():
        row = by_name[format.name]
        assert set(format.suffixes) <= set(re.findall(r"\.[\w.]*\w", row["suffixes"])), format.name
        for column, holds in (
            ("written", bool(format.written)),
            ("open words", format.holds_open_words and bool(format.written)),
            ("spans that overlap", format.holds_spans and bool(format.written)),
            ("in pieces", format.holds_pieces and bool(format.written)),
        ):
            assert row[column].startswith("yes") == holds, (format.name, column)
        refused = "refused" in row["not labelled"]
        assert refused != format.holds_unlabelled or not format.written, format.name
