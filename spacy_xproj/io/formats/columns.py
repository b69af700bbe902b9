"""Column files: one word and its IOB tag a line, a blank line after each sentence.

Read are CoNLL-2002 and -2003, Europarl-NER, MasakhaNER, WikiANN, GermEval and Universal NER.

- Fields are separated by tabs where a line holds one, else by blanks.
- The first 100 sentences decide the layout. A file is numbered when most of them have, in every
  row, a number in column 1 that starts at 0 or 1 and rises; words that happen to be numbers do not
  do that, sentence after sentence. The word is in column 1, or in a numbered file in column 2.
- The tag is in the last column; in a numbered file in column 3 where there are tags (WikiANN,
  GermEval), else in the last. Where those hold none it is in the one other column that does, or, in
  a numbered file, in the one key of the last column that does (``NER=B-PER|SpaceAfter=No``, as in
  the MISC of CoNLL-U). Several such columns or keys are an error.
- Another column with tags of entities that differ is noted; chunks (``B-NP``) are not entities.
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
- ``B-O`` and ``I-O`` (they occur in Universal NER) are read as ``O``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, groupby, islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc

from ...data.spans import iob_to_spans, spans_to_iob
from ...errors import Errors, XProjError
from ...text.tokenizers import Blank, set_entities
from ..lines import Line, good, iter_lines, place, write_lines
from ..notes import note
from .base import Fit, Format, Parse, Sniffed
from .not_text import DOCSTART, FEW_ROWS, NONE, Row, check_bare_labels, is_border, split_fields
from .reading import IGNORED, Reading
from .tag_schemes import READ, SCHEMES, STANDARD, Scheme, find_scheme, is_label

_EMPTY = "# empty"
_SAMPLE_SENTENCES = 100
_SAMPLE_LINES = 10_000  # where those sentences are longer, their first lines decide
_NUMBER = re.compile(r"[0-9]{1,18}")
_LAST_NUMBER = re.compile(r"(\d{1,9})\D*$")
# What writes words and tags alone: as the lines are, or with a blank line where the first changes.
_WORD_AND_TAG = r'{print (NF ? $2 "\t" $TAG : "")}'
_SENTENCE_BY_SENTENCE = r'NR > 1 && $1 != p {print ""} {p = $1; print $2 "\t" $TAG}'
_NO_WORD = re.compile(r"[0-9]+[-.][0-9]+")
_BREAKS = re.compile(r"[\t\n\r]")
_BLANKS = " \t\n\r\v\f"
_SURE_ROWS = 10  # of so many rows, nine in ten with a tag are enough: the rest is broken
_KEY_VALUE = re.compile(r"#\s*\w[\w.:-]*(?: \w+)? = ")
# Chunks, as CoNLL-2000 and CoNLL-2003 have them beside entities, in English and German.
_CHUNKS = frozenset(
    ("ADJP", "ADVP", "CONJP", "INTJ", "NC", "NP", "PC", "PP", "PRT", "SBAR", "UCP", "VC", "VP")
)
_RULE = "no blank at its ends, no tab or line break, no second tag (A|B-B), and is not 'O'"


class _Layout(NamedTuple):
    numbered: bool
    tabs: bool
    width: int  # columns of a row, where the tag is last
    tag: int = -1  # the column of the tag
    key: str = ""  # the tag is the value of this key in that column
    scheme: Scheme = STANDARD
    says_outside: bool = True  # with a key: whether words outside entities have it, too
    note: str = ""  # what else could be the tags

    def read(self, fields: Sequence[str]) -> str | None:
        """The tag of a row as it stands there; None where the row does not have the column."""
        if len(fields) <= (self.tag if self.tag >= 0 else int(self.numbered)):
            return None
        field = fields[self.tag].strip()
        return _value(field, self.key) if self.key else field

    def normal(self, fields: Sequence[str]) -> str | None:
        """The tag in the form ``B-PER``; None where there is none that the scheme reads."""
        tag = self.read(fields)
        return None if tag is None else self.scheme.read(tag)


def _value(field: str, key: str) -> str | None:
    """The value of a key in ``A=b|C=d``."""
    values = (part.partition("=") for part in field.split("|"))
    return next((value for name, sep, value in values if sep and name == key), None)


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
            if rows.layout.note and rows.path not in noted and reading.spans_key != IGNORED:
                noted.add(rows.path)
                note(rows.layout.note, rows.path)
            return parse_columns(rows, reading)

        return parse

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
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
    layout = _find_layout([line for line in head if isinstance(line, str)], path)
    rows: list[tuple[int, Line]] = []
    marked_empty = 0
    for number, line in enumerate(chain(head, lines, [""]), 1):
        if isinstance(line, str):
            if not line.strip() or is_border(line):
                if rows or marked_empty:
                    yield rows[0][0] if rows else marked_empty, Rows(layout, rows, str(path))
                rows, marked_empty = [], 0
                continue
            if line.startswith("#") and _is_comment(line, layout):
                marked_empty = number if line.rstrip() == _EMPTY else marked_empty
                continue
            if layout.numbered and _NO_WORD.fullmatch((fields := split_fields(line))[0]):
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
    for number, line in rows.rows:
        word, tag, space = _parse_row(good(line), rows.layout, rows.path, number)
        if tag is None:
            open_words.append(len(words))
        words.append(word)
        tags.append(tag or "O")
        spaces.append(space)
    if words:
        spaces[-1] = False
    doc = set_entities(Doc(blank.vocab, words=words, spaces=spaces), iob_to_spans(tags))
    if open_words:
        doc.set_ents([], missing=[doc[i : i + 1] for i in open_words], default="unmodified")
    return doc


def write_columns(docs: Iterable[Doc], path: str | Path) -> None:
    """Write each Doc as rows of word, tab and IOB2 tag, with a blank line after it.

    Words of blanks and line breaks get no row, as readers take them for what separates (a no-break
    space is a word); a Doc without any other word becomes ``# empty``. A
    tab or line break inside a word is written as a blank. ``doc.user_data`` is not written, nor
    whether words are followed by a blank: ``.jsonl`` and ``.spacy`` files keep the text. Raises
    XProjError for an entity of whitespace only, or a label that a tag cannot hold.
    """
    write_lines(path, chain.from_iterable(_rows(doc, path) for doc in docs))


def _first_lines(path: str | Path) -> list[Line]:
    return list(islice(iter_lines(path), _SAMPLE_LINES))


def looks_like_columns(
    lines: Sequence[str], *, sample: int = 50, path: str | Path = ""
) -> tuple[bool, int | None]:
    """Whether lines are rows of a column file, and the number of the first that is none (from 1).

    Looked at are the first ``sample`` lines that are neither blank nor comments. More than half of
    them must have a tag where the layout has it: the others are broken rows, which
    ``read_columns`` names, rather than running text. Without tabs and labels in capitals, a line
    or two that end in "O" or "B", or lines that all end in words such as "E-mail", are not taken
    for rows. No other file has ``-DOCSTART-``.
    """
    layout = _find_layout(lines, path)
    if any(is_border(line) for line in lines):
        return True, None
    rows = broken = outside = 0
    first_broken = None
    certain = False
    for number, line in enumerate(lines, 1):
        if not line.strip() or (line.startswith("#") and _is_comment(line, layout)):
            continue
        rows += 1
        fields = split_fields(line)
        if not _has_tag(fields, layout):
            broken += 1
            first_broken = first_broken or number
        else:
            tag = layout.normal(fields) or "O"
            outside += tag == "O"
            certain |= "\t" in line or (bool(layout.scheme.sep) and tag[2:].isupper())
        if rows == sample:
            break
    if not rows:
        return _EMPTY in lines, None
    if not certain and (rows < FEW_ROWS or not outside):
        return False, first_broken
    return broken * 2 < rows, first_broken


def _has_tag(fields: list[str], layout: _Layout) -> bool:
    if layout.key and len(fields) == layout.width:
        return True
    column = 2 if layout.numbered else 1
    return len(fields) > column and layout.normal(fields) is not None


def _find_layout(lines: Sequence[str], path: str | Path = "") -> _Layout:
    sentences: list[list[Row]] = [[]]
    for number, line in enumerate(lines, 1):
        if not line.strip() or is_border(line):
            if sentences[-1]:
                if len(sentences) == _SAMPLE_SENTENCES:
                    break
                sentences.append([])
        elif not line.startswith("#"):
            sentences[-1].append(Row(number, line, split_fields(line)))
    full = [[row.fields for row in sentence] for sentence in sentences if sentence]
    rows = [row for own in sentences for row in own if not _NO_WORD.fullmatch(row.fields[0])]
    if not rows:
        return _Layout(numbered=False, tabs=True, width=2)
    with_tab = sum("\t" in row.line for row in rows)
    numbered = sum(map(_is_numbered, full)) * 2 > len(full)
    widths = Counter(len(row.fields) for row in rows)
    width = max(sorted(widths), key=lambda w: widths[w])
    plain = _Layout(numbered=numbered, tabs=with_tab * 2 > len(rows), width=max(width, 2))
    return _find_tags(plain, rows, path)


def _find_tags(layout: _Layout, rows: list[Row], path: str | Path) -> _Layout:
    """The layout with the column, and the scheme, of the tags; where no column has tags, those that
    a row should have, so that the first one without is named. Raises XProjError where it is not
    certain which tags are the entities', or where they begin."""
    fields = [row.fields for row in rows]
    first = [2, -1] if layout.numbered else [-1]
    others = [c for c in range(2 if layout.numbered else 1, layout.width - 1) if c not in first]
    usual: list[tuple[int, _Layout]] = []
    rest: list[tuple[int, _Layout]] = []
    for found, columns in ((usual, first), (rest, others)):
        for column in columns:
            scheme = _scheme_of(_column(fields, column))
            if scheme is not None and (column >= 0 or layout.width > int(layout.numbered) + 1):
                found.append((column, layout._replace(tag=column, scheme=scheme)))
    if usual:
        if any(usual[0][1].normal(row) is None for row in fields):
            check_bare_labels(path, rows, usual[0][0])
        _check_words(usual[0][1], fields, path)
        _check_label_column(usual[0][1], fields, path)
        return _noting(usual[0][1], [one for _, one in [*usual[1:], *rest]], fields)
    named = [(_name(layout, column), one) for column, one in rest]
    if layout.numbered:
        named += _keys_with_tags(layout, fields)
    if len(named) > 1:
        names = " and ".join(name for name, _ in named)
        raise XProjError(Errors.XP698.format(path=path, names=names))
    if named:
        _check_words(named[0][1], fields, path)
        _check_label_column(named[0][1], fields, path)
        return named[0][1]
    column = 2 if layout.numbered and layout.width == 3 else -1
    check_bare_labels(path, rows, column)
    # of rows that are broken, each is named when it is parsed
    scheme = _scheme_of(_column(fields, column), most=0.5) or STANDARD
    return layout._replace(tag=column, scheme=scheme)


def _check_words(layout: _Layout, rows: list[list[str]], path: str | Path) -> None:
    """Raise XProjError where what should be words counts rows, or numbers or names sentences: all
    are numbers, or each one stands in several rows on end, and never again."""
    firsts = [row[0] for row in rows]
    if layout.numbered or layout.width < 3 or len(firsts) < FEW_ROWS:
        return
    runs = [name for name, _ in groupby(firsts)]
    returns = len(runs) * 2 <= len(firsts) and len(set(runs)) == len(runs)
    names = all(map(_NUMBER.fullmatch, firsts)) or (returns and len(firsts) > FEW_ROWS)
    if names or _count(firsts):
        tabs = "-F'\\t' " if layout.tabs else ""
        awk = _WORD_AND_TAG if len(runs) == len(firsts) else _SENTENCE_BY_SENTENCE
        awk = awk.replace("TAG", "NF" if layout.tag == -1 else str(layout.tag + 1))
        said = {"path": path, "first": firsts[0], "tabs": tabs, "awk": awk}
        raise XProjError(Errors.XP697.format(**said))


def _count(firsts: list[str]) -> bool:
    """Whether texts count: the last number in each is one more than that of the one before, or it
    begins again (``1.``, ``w1``, ``s1.t1``)."""
    found = [_LAST_NUMBER.search(text) for text in firsts]
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) < len(firsts):
        return False
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return all(step == 1 or step < 0 for step in steps) and steps.count(1) * 2 >= len(steps) > 0


def _check_label_column(chosen: _Layout, rows: list[list[str]], path: str | Path) -> None:
    """Raise XProjError where the tags are letters alone, and their labels a column of their own."""
    if chosen.scheme.sep:
        return
    inside = [tag not in ("O", None) for tag in map(chosen.normal, rows)]
    for column in range(int(chosen.numbered) + 1, chosen.width):
        if column in (chosen.tag, chosen.tag + chosen.width):  # which may be counted from the end
            continue
        values = _column(rows, column)
        if any(inside) and inside == [value not in NONE for value in values]:
            names = f"column {column + 1} (labels) and {_name(chosen, chosen.tag)} (B, I)"
            raise XProjError(Errors.XP698.format(path=path, names=names))


def _column(rows: list[list[str]], column: int) -> list[str]:
    return [row[column].strip() if len(row) > max(column, 0) else "" for row in rows]


def _name(layout: _Layout, column: int) -> str:
    return f"column {column % layout.width + 1}"


def _noting(chosen: _Layout, others: list[_Layout], rows: list[list[str]]) -> _Layout:
    """The layout, with a note where another column has tags of entities, too, and other ones."""
    own = [chosen.normal(row) for row in rows]
    for other in others:
        tags = [other.normal(row) for row in rows]
        labels = {tag[2:] for tag in tags if tag and tag != "O"}
        if labels <= _CHUNKS or tags == own:
            continue
        word, column = 1 + chosen.numbered, other.tag % chosen.width + 1
        blank = "" if chosen.tabs else "-d' ' "
        cut = f"cut {blank}-f{word},{column} FILE > NEW"
        names = _name(chosen, chosen.tag), _name(chosen, other.tag)
        text = "a file with tags in two columns, of which {} was read, not {} (which {} gives)"
        return chosen._replace(note=text.format(*names, cut))
    return chosen


def _keys_with_tags(layout: _Layout, rows: list[list[str]]) -> list[tuple[str, _Layout]]:
    """The keys of the last column (``NER=B-PER|...``) whose values are tags."""
    values: dict[str, list[str]] = {}
    for row in rows:
        for part in row[-1].split("|"):
            key, sep, value = part.partition("=")
            if sep:
                values.setdefault(key, []).append(value)
    found = []
    for key, own in sorted(values.items()):
        scheme = find_scheme(own)
        if scheme is not None and (set(own) - {"O"} or len(own) == len(rows)):
            says = any(scheme.read(value) == "O" for value in own)
            one = layout._replace(key=key, scheme=scheme, says_outside=says)
            found.append((f"the key {key!r} of the last column", one))
    return found


def _scheme_of(fields: list[str], *, most: float = 0.9) -> Scheme | None:
    """The scheme of a column: of all of its rows, or, where there are many, or ``most`` says so, of
    so large a share of them."""
    counts = Counter(fields)
    scheme = find_scheme(counts)
    if scheme is not None or (len(fields) < _SURE_ROWS and most > 0.5):
        return scheme
    # broken rows are named when they are parsed
    for scheme in SCHEMES:
        read = {tag for tag in counts if scheme.read(tag) is not None}
        n = sum(counts[tag] for tag in read)
        if n > most * len(fields) and (scheme.sep or most > 0.5) and find_scheme(read) == scheme:
            return scheme
    return None


def _is_numbered(sentence: list[list[str]]) -> bool:
    rows = [row for row in sentence if not _NO_WORD.fullmatch(row[0])]
    if not rows or not all(len(row) > 2 and _NUMBER.fullmatch(row[0]) for row in rows):
        return False
    numbers = [int(row[0]) for row in rows]
    return numbers[0] in (0, 1) and all(a < b for a, b in pairwise(numbers))


def _is_comment(line: str, layout: _Layout) -> bool:
    """Whether a line that begins with "#" is a comment."""
    if layout.numbered or ("\t" not in line and _KEY_VALUE.match(line)):
        return True
    fields = split_fields(line)
    if len(fields) == 1:
        # "#" or "#word" is rather a word that lacks its tag.
        return False
    is_row = len(fields) == layout.width and layout.normal(fields) is not None
    # Running text can have as many words as a tabbed file of many columns has columns.
    return not is_row or (layout.width > 2 and ("\t" in line) != layout.tabs)


def _parse_row(
    line: str, layout: _Layout, path: str | Path, number: int
) -> tuple[str, str | None, bool]:
    """Word, tag (None: open), and whether a blank follows."""
    fields = split_fields(line)
    where = place(path, number)
    if len(fields) < (3 if layout.numbered else 2):
        raise XProjError(Errors.XP604.format(where=where, line=line))
    space = True
    if layout.numbered:
        if not _NUMBER.fullmatch(fields[0]):
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
        note(
            f"a word {DOCSTART} written, which readers take for the border of a document", str(path)
        )
    words = [_BREAKS.sub(" ", token.text) for token, keep in zip(doc, kept, strict=True) if keep]
    tags = spans_to_iob(spans, len(words))
    rows = [f"{word}\t{tag}" for word, tag in zip(words, tags, strict=True)]
    return [*(rows or [_EMPTY]), ""]
