"""Text with inline marks, ``[World Bank](ORG)``: how the embedded corpus is written.

A bracket that is no mark is written ``\\[`` or ``\\]``, a backslash before a bracket or before
another backslash ``\\\\``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from spacy.tokens import Doc

from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.records import read_records
from spacy_xproj.text.tokenizers import blank_tokenizer, blank_vocab, doc_from_text

_ESCAPED = ("[", "]", "\\")
_LABEL = re.compile(r"[^\s()\[\]\\]+")


def parse_marked(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its marks, and the marks as ``(start, end, label)`` in characters.

    Raises XProjError for a mark that is not closed, empty, nested, or without a label.
    """
    return _parse(text, "Marked text")


def to_marked(doc: Doc) -> str:
    """The text of ``doc`` with its entities marked; ``parse_marked`` gives both back.

    Raises XProjError for a label with a blank, bracket, parenthesis or backslash.
    """
    pieces = []
    position = 0
    for ent in doc.ents:
        if not _LABEL.fullmatch(ent.label_):
            raise XProjError(Errors.XP642.format(label=ent.label_))
        pieces += [
            _escape(doc.text[position : ent.start_char]),
            f"[{_escape(ent.text)}]({ent.label_})",
        ]
        position = ent.end_char
    return "".join([*pieces, _escape(doc.text[position:])])


def read_marked(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """One language of a marked JSONL file (``{"id": "n001", "en": "...", "de": "..."}``) as Docs.

    The text is tokenised by ``spacy.blank(lang)``, and a token that a mark cuts gives way to it.
    ``doc.user_data["id"]`` is the id. Raises XProjError, naming the line, for a broken mark and
    for a line without the id or the language.
    """
    tokenize = blank_tokenizer(lang, blank_vocab(lang))
    for where, record in read_records(path):
        for key in ("id", lang):
            if not isinstance(record.get(key), str):
                keys = ", ".join(record) or "none"
                raise XProjError(Errors.XP641.format(where=where, key=key, keys=keys))
        doc = doc_from_text(tokenize, *_parse(record[lang], where))
        doc.user_data["id"] = record["id"]
        yield doc


def _escape(text: str) -> str:
    return re.sub(r"[\[\]\\]", r"\\\g<0>", text)


def _parse(text: str, where: str) -> tuple[str, list[tuple[int, int, str]]]:
    plain: list[str] = []
    spans: list[tuple[int, int, str]] = []
    opened: int | None = None  # where in ``text`` the bracket of the current mark is
    start = 0  # where in ``plain`` that mark starts
    i = 0

    def broken(position: int, reason: str) -> XProjError:
        return XProjError(
            Errors.XP640.format(where=where, position=position, text=text, reason=reason)
        )

    while i < len(text):
        char = text[i]
        if char == "\\" and text[i + 1 : i + 2] in _ESCAPED:
            plain.append(text[i + 1])
            i += 1
        elif char == "[":
            if opened is not None:
                raise broken(i, "it begins inside another mark")
            opened, start = i, len(plain)
        elif char == "]":
            if opened is None:
                raise broken(i, "no '[' opens it")
            if start == len(plain):
                raise broken(opened, "it marks no text")
            label = _LABEL.match(text, i + 2)
            if text[i + 1 : i + 2] != "(" or not label or text[label.end() :][:1] != ")":
                raise broken(opened, "no label in parentheses follows")
            spans.append((start, len(plain), label.group()))
            opened, i = None, label.end()
        else:
            plain.append(char)
        i += 1
    if opened is not None:
        raise broken(opened, "it is never closed")
    return "".join(plain), spans
