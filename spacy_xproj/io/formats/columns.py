"""Column files: one word and its IOB tag a line, a blank line after each sentence.

Read are CoNLL-2002 and -2003, Europarl-NER, MasakhaNER, WikiANN, GermEval and Universal NER.

- Fields are separated by tabs where a line holds one, else by blanks.
- Two layouts: the word first and the tag *last* (any columns between are skipped), or a word
  number first, then word and tag (``1<tab>Dodoma<tab>B-LOC``; any columns after are skipped). The
  first 100 sentences decide: a file is numbered when most of them have, in every row, a number in
  column 1 that starts at 0 or 1 and rises, and a tag in column 3. Words that happen to be numbers
  do not do that, sentence after sentence.
- A line that begins with ``#`` is a comment, unless it is a complete row of the file (a word
  ``#`` with its tag). In a numbered file it is always a comment.
- ``-DOCSTART-`` lines are skipped; they end a sentence as a blank line does. So are, in a numbered
  file, the rows of multi-word tokens (``3-4``) and empty nodes (``3.1``): their words have rows.
- More than one blank line is one. An empty sentence is a comment line ``# empty`` on its own
  between blank lines, so that line-parallel files stay parallel.
- Words are joined with one blank each, save where the last column of a numbered row holds
  ``SpaceAfter=No``.
- ``B-O`` and ``I-O`` (they occur in Universal NER) are read as ``O``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ...data.spans import iob_to_spans, spans_to_iob
from ...errors import Errors, XProjError
from ...text.tokenizers import Blank, set_entities
from ..lines import Line, good, iter_lines, place, write_lines
from .base import Fit, Format, Parse, Sniffed

_EMPTY = "# empty"
_DOCSTART = "-DOCSTART-"
_SAMPLE_SENTENCES = 100
_SAMPLE_LINES = 10_000  # where those sentences are longer, their first lines decide
_NUMBER = re.compile(r"[0-9]+")
_NO_WORD = re.compile(r"[0-9]+[-.][0-9]+")
_BREAKS = re.compile(r"[\t\n\r]")


class _Layout(NamedTuple):
    numbered: bool
    tabs: bool
    width: int  # columns of a row, where the tag is last


class Rows(NamedTuple):
    """The rows of one sentence, with their numbers from 1, and the layout of their file."""

    layout: _Layout
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
        is_columns, first_broken = looks_like_columns_file(path)
        reason = "" if first_broken is None else f"line {first_broken} has no IOB tag"
        return Sniffed(Fit.LIKELY if is_columns else Fit.NONE, reason)

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return split_columns(path)

    def parser(self, blank: Blank) -> Parse:
        return lambda rows, where, row: parse_columns(rows, blank)

    def write(self, docs: Iterable[Doc], path: str | Path) -> None:
        write_columns(docs, path)


def read_columns(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The sentences of a column file as Docs with entities.

    Raises XProjError, naming the line, for a row without a word or a tag, a tag of no scheme, or
    another number of columns than the file's.
    """
    blank = Blank(lang)
    for _, rows in split_columns(path):
        yield parse_columns(rows, blank)


def split_columns(path: str | Path) -> Iterator[tuple[int, Rows]]:
    """The sentences of a column file, not parsed, each with the number of its first line."""
    lines = iter_lines(path)
    head = list(islice(lines, _SAMPLE_LINES))
    layout = _find_layout([line for line in head if isinstance(line, str)])
    rows: list[tuple[int, Line]] = []
    marked_empty = 0
    for number, line in enumerate(chain(head, lines, [""]), 1):
        if isinstance(line, str):
            if not line.strip() or line.startswith(_DOCSTART):
                if rows or marked_empty:
                    yield rows[0][0] if rows else marked_empty, Rows(layout, rows, str(path))
                rows, marked_empty = [], 0
                continue
            if line.startswith("#") and _is_comment(line, layout):
                marked_empty = number if line.rstrip() == _EMPTY else marked_empty
                continue
            if layout.numbered and _NO_WORD.fullmatch(_split(line)[0]):
                continue
        rows.append((number, line))


def parse_columns(rows: Rows, blank: Blank) -> Doc:
    """A sentence as a Doc. Raises XProjError, naming the line, as ``read_columns`` does."""
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str] = []
    for number, line in rows.rows:
        word, tag, space = _parse_row(good(line), rows.layout, rows.path, number)
        words.append(word)
        tags.append(tag)
        spaces.append(space)
    if words:
        spaces[-1] = False
    return set_entities(Doc(blank.vocab, words=words, spaces=spaces), iob_to_spans(tags))


def write_columns(docs: Iterable[Doc], path: str | Path) -> None:
    """Write each Doc as rows of word, tab and IOB2 tag, with a blank line after it.

    Words that are only whitespace get no row; a Doc without any other word becomes ``# empty``. A
    tab or line break inside a word is written as a blank. ``doc.user_data`` is not written, nor
    whether words are followed by a blank: ``.jsonl`` and ``.spacy`` files keep the text. Raises
    XProjError for an entity of whitespace only, or a label that a tag cannot hold.
    """
    write_lines(path, chain.from_iterable(_rows(doc) for doc in docs))


def looks_like_columns_file(path: str | Path) -> tuple[bool, int | None]:
    """``looks_like_columns`` of the first lines of a file."""
    lines = islice(iter_lines(path), _SAMPLE_LINES)
    return looks_like_columns([line if isinstance(line, str) else "" for line in lines])


def looks_like_columns(lines: Sequence[str], *, sample: int = 50) -> tuple[bool, int | None]:
    """Whether lines are rows of a column file, and the number of the first that is none (from 1).

    Looked at are the first ``sample`` lines that are neither blank nor comments. All of them must
    have a tag where the layout has it; of ten or more, nine in ten are enough: then the rest is
    broken rows, which ``read_columns`` names, rather than running text.
    """
    layout = _find_layout(lines)
    rows = broken = 0
    first_broken = None
    for number, line in enumerate(lines, 1):
        if not line.strip() or (line.startswith("#") and _is_comment(line, layout)):
            continue
        rows += 1
        fields = _split(line)
        column = 2 if layout.numbered else max(1, len(fields) - 1)
        if not line.startswith(_DOCSTART) and not (
            len(fields) > column and _is_tag(fields[column].strip())
        ):
            broken += 1
            first_broken = first_broken or number
        if rows == sample:
            break
    if not rows:
        return _EMPTY in lines, None
    return broken * 10 <= (rows if rows >= 10 else 0), first_broken


def _split(line: str) -> list[str]:
    line = line.rstrip(" \t")
    # Only the blank separates: other spaces, as U+00A0, occur as words.
    return line.split("\t") if "\t" in line else [f for f in line.split(" ") if f]


def _is_tag(tag: str) -> bool:
    return tag == "O" or (len(tag) > 2 and tag[1] == "-" and tag[0] in "BILEUS")


def _find_layout(lines: Sequence[str]) -> _Layout:
    sentences: list[list[list[str]]] = [[]]
    with_tab = 0
    for line in lines:
        if not line.strip() or line.startswith(_DOCSTART):
            if sentences[-1]:
                if len(sentences) == _SAMPLE_SENTENCES:
                    break
                sentences.append([])
        elif not line.startswith("#"):
            sentences[-1].append(_split(line))
            with_tab += "\t" in line
    rows = [row for sentence in sentences for row in sentence]
    if not rows:
        return _Layout(numbered=False, tabs=True, width=2)
    full = [sentence for sentence in sentences if sentence]
    numbered = sum(map(_is_numbered, full)) * 2 > len(full)
    widths = Counter(map(len, rows))
    width = max(sorted(widths), key=lambda w: widths[w])
    return _Layout(numbered=numbered, tabs=with_tab * 2 > len(rows), width=max(width, 2))


def _is_numbered(sentence: list[list[str]]) -> bool:
    rows = [row for row in sentence if not _NO_WORD.fullmatch(row[0])]
    if not rows or not all(
        len(row) > 2 and _NUMBER.fullmatch(row[0]) and _is_tag(row[2]) for row in rows
    ):
        return False
    numbers = [int(row[0]) for row in rows]
    return numbers[0] in (0, 1) and all(a < b for a, b in pairwise(numbers))


def _is_comment(line: str, layout: _Layout) -> bool:
    """Whether a line that begins with "#" is a comment."""
    if layout.numbered:
        return True
    fields = _split(line)
    if len(fields) == 1:
        # "#" or "#word" is rather a word that lacks its tag.
        return False
    is_row = len(fields) == layout.width and _is_tag(fields[-1])
    # Running text can have as many words as a tabbed file of many columns has columns.
    return not is_row or (layout.width > 2 and ("\t" in line) != layout.tabs)


def _parse_row(line: str, layout: _Layout, path: str | Path, number: int) -> tuple[str, str, bool]:
    """Word, tag, and whether a blank follows."""
    fields = _split(line)
    space = True
    if layout.numbered:
        if not _NUMBER.fullmatch(fields[0]):
            raise XProjError(Errors.XP607.format(where=place(path, number), line=line))
        if len(fields) < 3:
            raise XProjError(Errors.XP604.format(where=place(path, number), line=line))
        word, tag = fields[1], fields[2]
        space = "SpaceAfter=No" not in fields[-1].split("|")
    else:
        if len(fields) < 2:
            raise XProjError(Errors.XP604.format(where=place(path, number), line=line))
        word, tag = fields[0], fields[-1].strip()
        if len(fields) != layout.width:
            if layout.width != 2 or "\t" in line:
                raise XProjError(
                    Errors.XP606.format(
                        where=place(path, number),
                        found=len(fields),
                        expected=layout.width,
                        line=line,
                    )
                )
            word = " ".join(fields[:-1])  # word and tag by blanks, and a word that holds one
    if not word:
        raise XProjError(Errors.XP604.format(where=place(path, number), line=line))
    if not _is_tag(tag):
        raise XProjError(Errors.XP605.format(where=place(path, number), tag=tag, word=word))
    return word, "O" if tag[2:] == "O" else tag, space


def _rows(doc: Doc) -> list[str]:
    kept = [not token.text.isspace() for token in doc]
    before = [0, *accumulate(kept)]  # how many of the words before each one are written
    spans = []
    for ent in doc.ents:
        label = ent.label_
        if not label or label != label.strip() or label == "O" or _BREAKS.search(label):
            raise XProjError(Errors.XP609.format(label=label))
        start, end = before[ent.start], before[ent.end]
        if start == end:
            raise XProjError(Errors.XP608.format(label=label, start=ent.start_char, text=doc.text))
        spans.append((start, end, label))
    words = [_BREAKS.sub(" ", token.text) for token, keep in zip(doc, kept, strict=True) if keep]
    tags = spans_to_iob(spans, len(words))
    rows = [f"{word}\t{tag}" for word, tag in zip(words, tags, strict=True)]
    return [*(rows or [_EMPTY]), ""]
