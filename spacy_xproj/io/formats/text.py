"""Raw text, one sentence a line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from ...text.tokenizers import Blank
from ..lines import Line, good, iter_lines
from .base import Format, Parse
from .not_text import check_not_labelled


class Text(Format):
    """``spacy-xproj.Text.v1``: raw text, one sentence a line; read only."""

    name = "raw text"
    suffixes = (".txt",)
    fallback = True

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        check_not_labelled(path)
        return split_text(path)

    def parser(self, blank: Blank) -> Parse:
        return lambda line, where, row: parse_text(line, blank)


def read_text(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """Each line as a Doc without entity annotation, tokenised by ``spacy.blank(lang)``.

    An empty line is an empty sentence, a Doc without tokens, so that line n stays line n.
    """
    blank = Blank(lang)
    for _, line in split_text(path):
        yield parse_text(line, blank)


def split_text(path: str | Path) -> Iterator[tuple[int, Line]]:
    """The lines with their numbers, not parsed."""
    return enumerate(iter_lines(path), 1)


def parse_text(line: Line, blank: Blank) -> Doc:
    """A line as a Doc. Raises XProjError for one that is not UTF-8."""
    return blank.tokenize(good(line))
