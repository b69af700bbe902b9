r"""WebAnno TSV 3, which WebAnno and INCEpTION export and import.

The head names layers of spans (``#T_SP=LAYER|FEATURE|FEATURE``), chains and relations, each feature
with a column. A sentence is its text (``#Text=``), and a row a token: ``1-2<tab>5-13<tab>word``,
then the columns. Offsets count UTF-16 units, as Java does, or characters, as other writers do. In a
column, ``_`` is no annotation, ``*`` one without a value, ``PER[1]|ORG[2]`` are two; those with one
number are one, over several tokens. Rows ``1-2.1`` are parts of the token before.

One feature of one layer is read: ``value`` of NamedEntity where there is one, else the only one, or
the one that is named. Of the others, relations and chains, what has a value is counted and told. A
file without layers of spans is not labelled.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ...data.spans import word_offsets, word_starts
from ...errors import Errors, XProjError
from ..lines import Line, good, iter_lines, place, write_lines
from ..notes import note
from .base import Fit, Format, Parse, Sniffed
from .char_spans import CharShape, char_shapes, check_spans, check_string, cut_labelled
from .given_words import fit_words
from .reading import IGNORED, Reading

_SIGN = "#FORMAT=WebAnno TSV 3"
_FIRST = re.compile(re.escape(_SIGN) + r"(?:\.\d+)?\s*")  # a word of columns has a tag behind it
_TEXT = "#Text="
_ENTITIES = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_VALUE = "value"
_HEAD = re.compile(r"#T_(SP|CH|RL)=([^|]+)(?:\|(.*))?")
_ROW = re.compile(r"(\d{1,9})-(\d{1,9})((?:\.\d{1,9})*)")
_OFFSETS = re.compile(r"(\d{1,12})-(\d{1,12})")
_VALUES = re.compile(r"((?:\\(?:->|.)|[^\\|\[\]])*)(?:\[(\d{1,9})\])?(?:\||$)")
_RESERVED = re.compile(r"[\\\[\]|_;\t\n*]|->")
_ESCAPED = re.compile(r"\\(->|.)")
_JAVA = re.compile(r"\\(u+[0-9a-fA-F]{4}|[0-3]?[0-7]{1,2}|.)")
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPES = {value: f"\\{key}" for key, value in _CONTROLS.items()} | {"\\": "\\\\"}
_LABEL = re.compile(r"\S(?:[^\t\r\n]*\S)?")
_RULE = "no blank at its ends, and no tab or line break"
_NO_VALUE = re.compile(r"(?:[_*](?:\[\d{1,9}\])?(?:\||$))*")


class Column(NamedTuple):
    """A feature of a layer of spans: the names of both, and the number of its column; an empty
    feature is that of a layer that has none."""

    layer: str
    feature: str
    number: int

    @property
    def name(self) -> str:
        """What ``--layer`` calls it: the last part of the layer's name, and the feature."""
        short = self.layer.rpartition(".")[2]
        return f"{short}.{self.feature}" if self.feature else short


class Head(NamedTuple):
    """path: of the file. spans: its features of layers of spans. others: relations, chains and
    slots. width: how many columns there are."""

    path: str
    spans: list[Column]
    others: list[Column]
    width: int


class Sentence(NamedTuple):
    """texts: the lines of the text. rows: of tokens and their parts, with their numbers from 1."""

    head: Head
    texts: list[Line]
    rows: list[tuple[int, Line]]


class WebAnno(Format):
    """``spacy-xproj.WebAnno.v1``: WebAnno TSV 3 (see ``webanno``)."""

    name = "WebAnno TSV 3"
    suffixes = (".webanno.tsv", ".tsv")
    written = (".webanno.tsv",)
    holds_spans = True

    def sniff(self, path: str | Path) -> Sniffed:
        first = next((line for line in iter_lines(path) if isinstance(line, str) and line), "")
        return Sniffed(Fit.SURE if _FIRST.fullmatch(first) else Fit.NONE)

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return split_webanno(path)

    def check(self, path: str | Path, reading: Reading) -> None:
        first = next(split_webanno(path), None)
        if first is not None and reading.spans_key != IGNORED:
            choose(first[1].head, reading.layer)

    def parser(self, reading: Reading) -> Parse:
        return WebAnnoParser(reading)

    def explain(self, content: Any) -> str:
        return "the head of its file names no layer of spans (#T_SP=...)"

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
        write_webanno(docs, path, spans_key=spans_key)


def split_webanno(path: str | Path) -> Iterator[tuple[int, Sentence]]:
    """The sentences, not parsed, each with the number of its first line. Raises XProjError where
    the file does not begin as WebAnno TSV 3 does."""
    spans: list[Column] = []
    others: list[Column] = []
    head = Head(str(path), spans, others, 0)
    texts: list[Line] = []
    rows: list[tuple[int, Line]] = []
    first, signed = 0, False
    for number, line in enumerate(iter_lines(path), 1):
        if isinstance(line, str):
            if not signed:
                if not line.strip():
                    continue
                if not _FIRST.fullmatch(line):
                    raise _bad(place(path, number), line, f"the file does not begin with {_SIGN}")
                signed = True
                continue
            match = _HEAD.fullmatch(line)
            if match and not first:
                head = head._replace(width=_add_layer(match, head))
                continue
            if not line.strip():
                if first:
                    yield first, Sentence(head, texts, rows)
                texts, rows, first = [], [], 0
                continue
            if line.startswith(_TEXT) and not rows:
                texts.append(line.removeprefix(_TEXT))
                first = first or number
                continue
            if line.startswith("#") and not rows:
                continue  # what else the head says, and comments on a sentence
        rows.append((number, line))
        first = first or number
    if first:
        yield first, Sentence(head, texts, rows)


def _add_layer(match: re.Match[str], head: Head) -> int:
    """Put a layer of the head where it belongs; how many columns there are now."""
    kind, layer, features = match[1], match[2], (match[3] or "").split("|")
    if kind != "SP":
        # what a relation leads to stands last, and a chain's elements first
        number = head.width + (len(features) - 1 if kind == "RL" else 0)
        head.others.append(Column(layer, "", number))
        return head.width + len(features)
    slot = False
    for number, feature in enumerate(features, head.width):
        # A slot has two columns: the role, and the type of what fills it.
        if slot or feature.startswith("ROLE_"):
            if slot:
                head.others.append(Column(layer, "slot", number))
            slot = not slot
            continue
        head.spans.append(Column(layer, feature, number))
    return head.width + len(features)


def choose(head: Head, layer: str | None) -> Column | None:
    """The feature to read; None where the file has no layer of spans. Raises XProjError where it is
    not certain, or where none is of the name that is given."""
    if not head.spans:
        return None
    names = [column.name for column in head.spans]
    if layer is not None:
        fitting = [one for one in head.spans if layer in (one.name, f"{one.layer}.{one.feature}")]
    else:
        fitting = [c for c in head.spans if c.layer == _ENTITIES and c.feature == _VALUE]
        fitting = fitting or head.spans
    if len(fitting) != 1:
        known = ", ".join(names)
        raise XProjError(Errors.XP638.format(path=head.path, names=known, first=names[0]))
    return fitting[0]


def _note_others(rows: Sequence["Row"], head: Head, chosen: Column) -> None:
    """Note the tokens with a value of a feature that is not the one to be read."""
    for other in (*head.spans, *head.others):
        if other == chosen:
            continue
        for row in rows:
            field = row.columns[other.number]
            if not _NO_VALUE.fullmatch(field) or (not other.feature and field.startswith("*")):
                note(f"a token with {other.name}, which was not read, but {chosen.name}", row.where)


def _bad(where: str, line: str, reason: str) -> XProjError:
    return XProjError(Errors.XP639.format(where=where, line=line[:80], reason=reason))


class Row(NamedTuple):
    """A token, or where ``part`` a part of the one before: its place, the row as it stands there,
    its offsets in the file, its text, and its columns."""

    where: str
    line: str
    part: bool
    start: int
    end: int
    word: str
    columns: list[str]


class WebAnnoParser:
    """Makes Docs of sentences."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._chosen: tuple[str, Column | None] | None = None
        self._ids: dict[str, str] = {}

    def __call__(self, sentence: Sentence, where: str, row: int | None = None) -> Doc:
        head = sentence.head
        if self._chosen is None or self._chosen[0] != head.path:
            ignored = self.reading.spans_key == IGNORED
            column = None if ignored else choose(head, self.reading.layer)
            self._chosen, self._ids = (head.path, column), {}
        column = self._chosen[1]
        rows = [_row(good(line), n, head) for n, line in sentence.rows]
        text, words, spaces, chars = _words([good(line) for line in sentence.texts], rows, where)
        doc = Doc(self.reading.vocab, words=words, spaces=spaces)
        if column is None:
            return doc
        _note_others(rows, head, column)
        items = self._annotations(rows, chars, column, where)
        shapes = check_spans(items, text, where, offsets=word_offsets(words, spaces))
        key = self.reading.spans_key
        return cut_labelled({text: doc}.__getitem__, text, shapes, where, spans_key=key)

    def _annotations(
        self, rows: Sequence[Row], chars: Sequence[tuple[int, int]], column: Column, where: str
    ) -> list[dict[str, Any]]:
        """The annotations of a feature, as ``check_spans`` takes them."""
        single: list[dict[str, Any]] = []
        several: dict[str, tuple[str | None, list[list[int]]]] = {}
        for row, (start, end) in zip(rows, chars, strict=True):
            for value, number in _values(row.columns[column.number], row.where):
                label = column.name if value == "*" and not column.feature else _label(value)
                if number is None:
                    if label is None:
                        note("an annotation without a value left out", row.where)
                    else:
                        single.append({"start": start, "end": end, "label": label})
                    continue
                other, parts = several.setdefault(number, (label, []))
                if other != label:
                    reason = f"[{number}] is {other!r} and {label!r}"
                    raise _bad(row.where, row.columns[column.number], reason)
                parts.append([start, end])
        for number, (label, parts) in several.items():
            if self._ids.setdefault(number, where) != where:
                note("an annotation across sentences, read as one in each", where)
            if label is None:
                note("an annotation without a value left out", where)
            else:
                single.append({"pieces": sorted(parts), "label": label})
        return single


def _row(line: str, number: int, head: Head) -> Row:
    where = place(head.path, number)
    fields = line.split("\t")
    match = _ROW.fullmatch(fields[0])
    offsets = _OFFSETS.fullmatch(fields[1]) if len(fields) > 1 else None
    if not match or not offsets:
        raise _bad(where, line, "it does not begin with the numbers and offsets of a token")
    columns = fields[3:]
    if len(fields) < 3 or len(columns) < head.width or len("".join(columns[head.width :])):
        raise _bad(where, line, f"it should have {head.width} columns after the word")
    start, end = int(offsets[1]), int(offsets[2])
    return Row(where, line, bool(match[3]), start, end, fields[2], columns)


def _words(
    texts: list[str], rows: Sequence[Row], where: str
) -> tuple[str, list[str], list[bool], list[tuple[int, int]]]:
    """The text, its words, each followed by a blank or not, and the characters of each row."""
    errors = []
    # Java's escapes, as WebAnno writes them; others write text as it is.
    for read in (_unescape_java, str):
        try:
            return _placed("\n".join(map(read, texts)) if texts else None, rows, read, where)
        except XProjError as error:
            errors.append(error)
    raise errors[0]


def _placed(
    text: str | None, rows: Sequence[Row], read: Any, where: str
) -> tuple[str, list[str], list[bool], list[tuple[int, int]]]:
    if rows and rows[0].part:
        raise _bad(rows[0].where, rows[0].line, "it is a part of a token that is not before it")
    tokens = [row for row in rows if not row.part]
    words = [read(row.word) for row in tokens]
    for row, word in zip(tokens, words, strict=True):
        check_string(word, "word", row.where)
        if not word or row.end - row.start not in (len(word), _units(word)):
            reason = f"its offsets {row.start}-{row.end} are not those of a word of {len(word)}"
            raise _bad(row.where, row.line, f"{reason} characters")
    if text is None:
        gaps = [" " * (b.start > a.end) for a, b in pairwise(tokens)]
        text = "".join(word + gap for word, gap in zip(words, [*gaps, ""], strict=True))
    check_string(text, "#Text", where)
    all_words, spaces, named = fit_words(text, words, [None] * len(words), where)
    starts = word_starts(all_words, spaces)
    _check_gaps(tokens, words, [starts[i] for i in named], text)
    chars, token, place_of = [], -1, iter(named)
    for row in rows:
        if not row.part:
            token += 1
            begin = starts[next(place_of)]
            chars.append((begin, begin + len(words[token])))
            continue
        inside = _part(words[token], tokens[token], row, read)
        chars.append((begin + inside[0], begin + inside[1]))
    return text, all_words, spaces, chars


def _check_gaps(
    tokens: Sequence[Row], words: Sequence[str], starts: Sequence[int], text: str
) -> None:
    """Raise XProjError for a token that stands nearer to the one before, or farther from it, than
    its offsets say. What a line break counts differs."""
    for i, (before, row) in enumerate(pairwise(tokens)):
        gap = text[starts[i] + len(words[i]) : starts[i + 1]]
        if "\n" not in gap and row.start - before.end != len(gap):
            reason = f"after {before.end}, where the word before ends, come {len(gap)} blanks"
            raise _bad(row.where, row.line, f"its offsets are {row.start}-{row.end}; {reason}")


def _part(word: str, token: Row, row: Row, read: Any) -> tuple[int, int]:
    """The characters of a part within its token."""
    for measure in (_units, len):
        ends = [measure(word[:i]) for i in range(len(word) + 1)]
        start, end = row.start - token.start, row.end - token.start
        if start in ends and end in ends:
            found = ends.index(start), ends.index(end)
            if word[slice(*found)] == read(row.word) and found[0] < found[1]:
                return found
    raise _bad(row.where, row.line, f"it is not the part {row.start}-{row.end} of {word!r}")


def _units(text: str) -> int:
    """How many UTF-16 units a text has, which Java counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def _values(field: str, where: str) -> list[tuple[str, str | None]]:
    """The values of a column, escaped as they stand there, each with the number that it shares with
    others of its annotation."""
    if field in ("_", ""):
        return []
    found, position = [], 0
    while position < len(field):
        match = _VALUES.match(field, position)
        if not match or match.end() == position:
            raise _bad(where, field, "brackets and bars that belong to a value stand after '\\'")
        if match[1] != "_":
            found.append((match[1], match[2]))
        position = match.end()
    return found


def _label(value: str) -> str | None:
    return None if value in ("*", "") else _ESCAPED.sub(_unescaped, value)


def _unescaped(match: re.Match[str]) -> str:
    return {"t": "\t", "n": "\n"}.get(match[1], match[1])


def _unescape_java(text: str) -> str:
    def char(match: re.Match[str]) -> str:
        said = match[1]
        if said[0] == "u" and len(said) > 4:
            return chr(int(said.lstrip("u"), 16))
        if said[0] in "01234567":
            return chr(int(said, 8))
        return _CONTROLS.get(said, said)

    # Two halves of a surrogate pair, one after the other, are a character.
    found = _JAVA.sub(char, text)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _escape_java(text: str) -> str:
    return "".join(
        _ESCAPES.get(char, char if char >= " " else f"\\{ord(char):03o}") for char in text
    )


def _escape_value(value: str) -> str:
    return _RESERVED.sub(lambda m: "\\" + {"\t": "t", "\n": "n"}.get(m[0], m[0]), value)


def write_webanno(docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
    """Write Docs as sentences, their entities as NamedEntity's ``value``.

    spans_key: write this group of ``doc.spans`` in place of ``doc.ents``; its spans may overlap,
    but none is in pieces. ``doc.user_data`` is not written. Raises XProjError for a label that the
    format cannot hold.
    """
    lines = [f"{_SIGN}.3", f"#T_SP={_ENTITIES}|identifier|{_VALUE}", ""]
    start = ids = 0
    for number, doc in enumerate(docs, 1):
        text = doc.text
        units = [0, *accumulate(map(_units, text))]  # before each character, and all
        lines += ["", *(f"{_TEXT}{_escape_java(line)}" for line in text.split("\n"))]
        columns, ids = _columns(doc, char_shapes(doc, spans_key), ids)
        row = 0
        for token in doc:
            if not token.text.strip():
                continue  # as what lies between tokens
            row += 1
            first, last = units[token.idx], units[token.idx + len(token)]
            offsets = f"{start + first}-{start + last}"
            own = columns[token.i]
            values = "|".join(value for _, value in own) or "_"
            identifiers = "|".join(identifier for identifier, _ in own) or "_"
            fields = (f"{number}-{row}", offsets, _escape_java(token.text), identifiers, values)
            lines.append("\t".join(fields) + "\t")
        start += units[-1] + 1
    write_lines(path, lines)


def _columns(
    doc: Doc, shapes: Sequence[CharShape], ids: int
) -> tuple[list[list[tuple[str, str]]], int]:
    """For each token what its two columns say of each entity there, and the last number used."""
    spans = [(doc.char_span(s.start, s.end), s.label) for s in shapes]
    columns: list[list[tuple[str, str]]] = [[] for _ in doc]
    counts = [0] * len(doc)
    for span, _ in spans:
        assert span is not None
        for token in span:
            counts[token.i] += 1
    for span, label in spans:
        assert span is not None
        if not _LABEL.fullmatch(label):
            raise XProjError(Errors.XP609.format(label=label, kind="WebAnno TSV", rule=_RULE))
        if not span.text.strip():
            raise XProjError(Errors.XP608.format(label=label, start=span.start_char, text=doc.text))
        numbered = len(span) > 1 or counts[span.start] > 1
        ids += numbered
        suffix = f"[{ids}]" if numbered else ""
        for token in span:
            columns[token.i].append((f"*{suffix}", _escape_value(label) + suffix))
    return columns, ids
