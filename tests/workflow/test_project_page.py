"""The page about project.yml is what weasel would write now."""

from pathlib import Path

import pytest
from weasel.cli.document import MARKER_END, MARKER_START, project_document

START, END = (marker.format(tag="WEASEL") for marker in (MARKER_START, MARKER_END))
REFRESH = "spacy project document . --output docs/project.md"


def section(text: str) -> str:
    """From marker to marker, these included. Raises ValueError where one is not there."""
    return text[text.index(START) : text.index(END) + len(END)]


@pytest.fixture
def documented(root, capsys) -> str:
    """What ``spacy project document`` prints for the project."""
    project_document(root, Path("-"))
    return section(capsys.readouterr().out)


def test_the_page_describes_the_project_as_it_is(root, documented):
    page = (root / "docs" / "project.md").read_text(encoding="utf-8")
    # Without both markers, weasel would replace the whole file.
    assert page.count(START) == page.count(END) == 1, f"add {START} and {END}, then: {REFRESH}"
    assert section(page) == documented, (
        f"docs/project.md is not in step with project.yml: {REFRESH}"
    )
