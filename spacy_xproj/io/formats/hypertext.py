"""The text of hypertext as its readers see it, and where offsets that count characters of it lie.

Label Studio counts the characters of text nodes, and a line break (``<br>``) as one; versions
differ in the latter, and in whether what ``<style>`` and ``<script>`` hold counts. Between
paragraphs, cells and the like nothing is counted, though readers see a border there.
"""

from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import product
from typing import NamedTuple

# Elements that begin a line of their own, or a cell.
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div"),
        *("dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_HIDDEN = frozenset(("head", "script", "style", "template", "title"))
_TEXT, _NOT_SEEN, _BREAK, _BORDER = "text", "not seen", "break", "border"


class Visible(NamedTuple):
    """A text, and for each character that is counted its place there, or none if it is not seen."""

    text: str
    places: tuple[int | None, ...]

    def start(self, offset: int) -> int | None:
        """The place of the first character seen at or after an offset; None where there is none."""
        return next((one for one in self.places[max(offset, 0) :] if one is not None), None)

    def end(self, offset: int) -> int | None:
        """The place behind the last character seen before an offset; None where it lies outside."""
        if not 0 < offset <= len(self.places):
            return None
        last = next((one for one in reversed(self.places[:offset]) if one is not None), None)
        return None if last is None else last + 1


def ways_to_count(markup: str) -> list[Visible]:
    """What is seen, and for each way in which it is counted, the usual one first, the places."""
    parser = _Pieces()
    # as in what a browser makes of it
    parser.feed(markup.replace("\r\n", "\n").replace("\r", "\n"))
    parser.close()
    ways = product((True, False), (True, False))
    found = [_visible(parser.pieces, breaks, hidden) for breaks, hidden in ways]
    return list(dict.fromkeys(found))


def _visible(pieces: Iterable[tuple[str, str]], breaks: bool, hidden: bool) -> Visible:
    """breaks, hidden: whether line breaks, and what is not seen, are counted."""
    text: list[str] = []
    places: list[int | None] = []
    border = False
    for kind, own in pieces:
        if kind == _BORDER:
            border = True
        elif kind == _NOT_SEEN:
            places += [None] * (len(own) if hidden else 0)
        elif own:
            if border and kind == _TEXT and text and not text[-1].isspace() | own[0].isspace():
                text.append("\n")
            border = False
            if kind == _TEXT or breaks:
                places += range(len(text), len(text) + len(own))
            text += own
    return Visible("".join(text), tuple(places))


class _Pieces(HTMLParser):
    """What hypertext holds, in order: each the kind and its characters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, str]] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag == "br":
            self.pieces.append((_BREAK, "\n"))
        elif tag in _BLOCKS:
            self.pieces.append((_BORDER, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag in _BLOCKS:
            self.pieces.append((_BORDER, ""))

    def handle_data(self, data: str) -> None:
        self.pieces.append((_NOT_SEEN if self._hidden else _TEXT, data))
