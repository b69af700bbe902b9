"""Column files: one word and its IOB tag a line, a blank line after each sentence.

Read are CoNLL-2002 and -2003, Europarl-NER, MasakhaNER, WikiANN, GermEval and Universal NER.

- Fields are separated by tabs where a line holds one, else by blanks.
- The first 100 sentences decide the layout. A file is numbered when most of them have, in every
  row, a number in column 1 that starts at 0 or 1 and rises; words that happen to be numbers do not
  do that, sentence after sentence. The word is in column 1, or in a numbered file in column 2.
- The tag is in the last column; in a numbered file in column 3 where there are tags (WikiANN,
  GermEval), else in the last. Where those hold none it is in the one other column that does, or, in
  a numbered file, in the one key of the last column that does (``NER=B-PER|SpaceAfter=No``, as in
  the MISC of CoNLL-U). Where another column or key has tags of entities that differ, too, the one
  to read must be named (``Reading.layer``: the number of its column, or the key); without it they
  are noted where all of them lie within the first (nested entities), and in Universal NER, whose
  third column is meant, else an error. Chunks
  (``B-NP``) are not entities.
- A file has one scheme of tags: those of ``tag_schemes``. Labels without a prefix (``PER``) are an
  error, as they do not say where an entity begins.
- A line that begins with ``#`` is a comment, unless it is a complete row of the file (a word
  ``#`` with its tag). In a numbered file it is always a comment, and so is ``# key = value``.
- ``-DOCSTART-`` lines are skipped; they end a sentence as a blank line does. So are, in a numbered
  file, the rows of multi-word tokens (``3-4``) and empty nodes (``3.1``): their words have rows.
- More than one blank line is one. An empty sentence is a comment line ``# empty`` on its own
  between blank lines, so that line-parallel files stay parallel.
- Words are joined with one blank each, save where the last column of a numbered row holds
  ``SpaceAfter=No``.
- The language before each word of a file (``en:Ana en:left``), as WikiANN is distributed, is not
  part of the words, which is noted.
- ``B-O`` and ``I-O`` (they occur in Universal NER) are read as ``O``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ...data.spans import iob_to_spans, spans_to_iob
from ...errors import Errors, XProjError
from ...text.tokenizers import Blank, set_entities
from ..lines import Line, good, iter_lines, place, write_lines
from ..notes import note
from .base import Fit, Format, Parse, Sniffed
from .column_layout import NO_WORD, NUMBER, Layout, find_layout, is_comment
from .not_text import (
    DOCSTART,
    FEW_ROWS,
    is_border,
    is_raw_text,
    split_fields,
)
from .reading import IGNORED, Reading
from .tag_schemes import READ, is_label
from .tagged_words import without_blanks

_EMPTY = "# empty"
_SAMPLE_LINES = 10_000  # where those sentences are longer, their first lines decide
_BREAKS = re.compile(r"[\t\n\r]")
_BLANKS = " \t\n\r"
_RULE = (
    "no blank at its ends, no tab or line break, no second tag or score (A|B-B, A:0.9), and is not "
    "'O'"
)


class Rows(NamedTuple):
    """The rows of one sentence, with their numbers from 1, and the layout of their file."""

    layout: Layout
    rows: list[tuple[int, Line]]
    path: str


class Columns(Format):
    """``spacy-xproj.Columns.v1``: column files (see ``columns``)."""

    name = "a column file"
    suffixes = (
        *(".bio", ".conll", ".conll02", ".conll03", ".conllu", ".iob", ".iob2"),
        *(".tsv", ".txt"),
    )
    written = suffixes

    def sniff(self, path: str | Path) -> Sniffed:
        if is_raw_text(path):
            return Sniffed(Fit.NONE, "that was said of it")
        lines = [line if isinstance(line, str) else "" for line in _first_lines(path)]
        is_columns, first_broken = looks_like_columns(lines, path=path)
        reason = f"line {first_broken} has no IOB tag"
        if first_broken is None:
            reason = "" if is_columns else "what its lines end in can be tags or words"
        return Sniffed(Fit.LIKELY if is_columns else Fit.NONE, reason)

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return split_columns(path)

    def parser(self, reading: Reading) -> Parse:
        noted: set[str] = set()

        def parse(rows: Rows, where: str, row: int | None = None) -> Doc:
            layout = rows.layout
            if reading.spans_key == IGNORED:
                return parse_columns(rows, reading)
            chosen = layout.chosen(reading.layer, rows.path)
            if layout.certain and reading.layer is None and rows.path not in noted:
                noted.add(rows.path)
                others = " and ".join(f"{o.said} (--layer {o.name})" for o in layout.others)
                note(f"a file whose tags in {others} were not read, but {layout.said}", rows.path)
            return parse_columns(rows._replace(layout=chosen), reading)

        return parse

    def check(self, path: str | Path, reading: Reading) -> None:
        if reading.spans_key != IGNORED:
            _first_layout(path).chosen(reading.layer, path)

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
        write_columns(docs, path)


def read_columns(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The sentences of a column file as Docs with entities.

    Raises XProjError, naming the line, for a row without a word or a tag, a tag of no scheme, or
    another number of columns than the file's.
    """
    blank = Blank(lang)
    for _, rows in split_columns(path):
        yield parse_columns(rows._replace(layout=rows.layout.chosen(None, path)), blank)


def split_columns(path: str | Path) -> Iterator[tuple[int, Rows]]:
    """The sentences of a column file, not parsed, each with the number of its first line."""
    lines = iter_lines(path)
    head = list(islice(lines, _SAMPLE_LINES))
    layout = find_layout([line for line in head if isinstance(line, str)], path)
    rows: list[tuple[int, Line]] = []
    marked_empty = 0
    for number, line in enumerate(chain(head, lines, [""]), 1):
        if isinstance(line, str):
            if not line.strip() or is_border(line):
                if rows or marked_empty:
                    yield rows[0][0] if rows else marked_empty, Rows(layout, rows, str(path))
                rows, marked_empty = [], 0
                continue
            if line.startswith("#") and is_comment(line, layout):
                marked_empty = number if line.rstrip() == _EMPTY else marked_empty
                continue
            if layout.numbered and NO_WORD.fullmatch((fields := split_fields(line))[0]):
                if layout.normal(fields) not in (None, "O"):
                    note(
                        "a tag of a row that is not a word (1-2, 1.1), not read", f"{path}:{number}"
                    )
                continue
        rows.append((number, line))


def parse_columns(rows: Rows, blank: Blank) -> Doc:
    """A sentence as a Doc. Raises XProjError, naming the line, as ``read_columns`` does."""
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str] = []
    open_words: list[int] = []
    prefix = rows.layout.prefix
    for number, line in rows.rows:
        word, tag, space = _parse_row(good(line), rows.layout, rows.path, number)
        if prefix and word.startswith(prefix) and word != prefix:
            word = word.removeprefix(prefix)
            note(f"the language {prefix!r} before a word, left out", place(rows.path, number))
        if tag is None:
            open_words.append(len(words))
        words.append(word)
        tags.append(tag or "O")
        spaces.append(space)
    if words:
        spaces[-1] = False
    where = place(rows.path, rows.rows[0][0]) if words else rows.path
    spans = without_blanks(iob_to_spans(tags), words, where)
    doc = set_entities(Doc(blank.vocab, words=words, spaces=spaces), spans)
    if open_words:
        doc.set_ents([], missing=[doc[i : i + 1] for i in open_words], default="unmodified")
    return doc


def write_columns(docs: Iterable[Doc], path: str | Path) -> None:
    """Write each Doc as rows of word, tab and IOB2 tag, with a blank line after it.

    Words of blanks and line breaks get no row, as readers take them for what separates (a no-break
    space or a form feed is a word); a Doc without any other word becomes ``# empty``. A
    tab or line break inside a word is written as a blank. ``doc.user_data`` is not written, nor
    whether words are followed by a blank: ``.jsonl`` and ``.spacy`` files keep the text. Raises
    XProjError for an entity of whitespace only, a label that a tag cannot hold, or a word that
    readers take for the border of a document.
    """
    write_lines(path, chain.from_iterable(_rows(doc, path) for doc in docs))


def _first_lines(path: str | Path) -> list[Line]:
    return list(islice(iter_lines(path), _SAMPLE_LINES))


def _first_layout(path: str | Path) -> Layout:
    return find_layout([line for line in _first_lines(path) if isinstance(line, str)], path)


def looks_like_columns(
    lines: Sequence[str], *, sample: int = 50, path: str | Path = ""
) -> tuple[bool, int | None]:
    """Whether lines are rows of a column file, and the number of the first that is none (from 1).

    Looked at are the first ``sample`` lines that are neither blank nor comments. More than half of
    them must have a tag where the layout has it: the others are broken rows, which
    ``read_columns`` names, rather than running text. Without tabs and labels in capitals, a line
    or two that end in "O" or "B", or lines that all end in words such as "E-mail", are not taken
    for rows; nor are those that end in bare letters, unless "I" follows "B" or most are "O". No
    other file has ``-DOCSTART-``.
    """
    layout = find_layout(lines, path)
    if any(is_border(line) for line in lines):
        return True, None
    rows = broken = outside = 0
    first_broken = None
    certain = goes_on = False
    before = "O"
    for number, line in enumerate(lines, 1):
        if not line.strip() or (line.startswith("#") and is_comment(line, layout)):
            continue
        rows += 1
        fields = split_fields(line)
        if not _has_tag(fields, layout):
            broken += 1
            first_broken = first_broken or number
        else:
            tag = layout.normal(fields) or "O"
            outside += tag == "O"
            goes_on |= before[0] == "B" and tag[0] == "I"
            before = tag
            certain |= "\t" in line or (bool(layout.scheme.sep) and tag[2:].isupper())
        if rows == sample:
            break
    if not rows:
        return _EMPTY in lines, None
    if not certain and (rows < FEW_ROWS or not outside):
        return False, first_broken
    if not (certain or layout.scheme.sep or goes_on or outside * 2 > rows):
        return False, first_broken
    return broken * 2 < rows, first_broken


def _has_tag(fields: list[str], layout: Layout) -> bool:
    if layout.key and len(fields) == layout.width:
        return True
    column = 2 if layout.numbered else 1
    return len(fields) > column and layout.normal(fields) is not None


def _parse_row(
    line: str, layout: Layout, path: str | Path, number: int
) -> tuple[str, str | None, bool]:
    """Word, tag (None: open), and whether a blank follows."""
    fields = split_fields(line)
    where = place(path, number)
    if len(fields) < (3 if layout.numbered else 2):
        raise XProjError(Errors.XP604.format(where=where, line=line))
    space = True
    if layout.numbered:
        if not NUMBER.fullmatch(fields[0]):
            raise XProjError(Errors.XP607.format(where=where, line=line))
        word = fields[1]
        space = "SpaceAfter=No" not in fields[-1].split("|")
    else:
        word = fields[0]
        if len(fields) != layout.width:
            if layout.width != 2 or "\t" in line:
                raise XProjError(
                    Errors.XP606.format(
                        where=where, found=len(fields), expected=layout.width, line=line
                    )
                )
            word = " ".join(fields[:-1])  # word and tag by blanks, and a word that holds one
    word = word.strip(" ")
    if not word:
        raise XProjError(Errors.XP604.format(where=where, line=line))
    written = layout.read(fields)
    if written is None:
        if not layout.key:
            raise XProjError(Errors.XP604.format(where=where, line=line))
        return word, None if layout.says_outside else "O", space
    tag = layout.scheme.read(written)
    if tag is None:
        raise XProjError(Errors.XP605.format(where=where, tag=written, word=word, known=READ))
    return word, tag, space


def _rows(doc: Doc, path: str | Path) -> list[str]:
    kept = [bool(token.text.strip(_BLANKS)) for token in doc]
    before = [0, *accumulate(kept)]  # how many of the words before each one are written
    spans = []
    for ent in doc.ents:
        label = ent.label_
        if not is_label(label) or label == "O" or _BREAKS.search(label):
            raise XProjError(Errors.XP609.format(label=label, kind="a column file", rule=_RULE))
        start, end = before[ent.start], before[ent.end]
        if start == end:
            raise XProjError(Errors.XP608.format(label=label, start=ent.start_char, text=doc.text))
        spans.append((start, end, label))
    if any(token.text == DOCSTART for token in doc):
        raise XProjError(Errors.XP677.format(word=DOCSTART, path=path, text=doc.text[:80]))
    words = [_BREAKS.sub(" ", token.text) for token, keep in zip(doc, kept, strict=True) if keep]
    tags = spans_to_iob(spans, len(words))
    rows = [f"{word}\t{tag}" for word, tag in zip(words, tags, strict=True)]
    return [*(rows or [_EMPTY]), ""]
