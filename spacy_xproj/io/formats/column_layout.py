"""The layout of a column file: which column holds words, which tags, and of which scheme.

The first 100 sentences decide, by the rules that ``columns`` gives; what is not certain is an
error.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from ...errors import Errors, XProjError
from .not_text import FEW_ROWS, NONE, Row, check_bare_labels, is_border, split_fields
from .tag_schemes import SCHEMES, STANDARD, Scheme, find_scheme

_SAMPLE_SENTENCES = 100
NUMBER = re.compile(r"[0-9]{1,18}")
_LAST_NUMBER = re.compile(r"(\d{1,9})\D*$")
# What writes words and tags alone: as the lines are, or with a blank line where the first changes.
_WORD_AND_TAG = r'{print (NF ? $2 "\t" $TAG : "")}'
_SENTENCE_BY_SENTENCE = r'NR > 1 && $1 != p {print ""} {p = $1; print $2 "\t" $TAG}'
NO_WORD = re.compile(r"[0-9]+[-.][0-9]+")
_SURE_ROWS = 10  # of so many rows, nine in ten with a tag are enough: the rest is broken
_KEY_VALUE = re.compile(r"#\s*\w[\w.:-]*(?: \w+)? = ")
# Chunks, as CoNLL-2000 and CoNLL-2003 have them beside entities, in English and German.
_CHUNKS = frozenset(
    ("ADJP", "ADVP", "CONJP", "INTJ", "NC", "NP", "PC", "PP", "PRT", "SBAR", "UCP", "VC", "VP")
)


class Layout(NamedTuple):
    """numbered: whether column 1 counts the words. tabs: whether those separate the columns."""

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


def find_layout(lines: Sequence[str], path: str | Path = "") -> Layout:
    """The layout that the first lines of a file have. Raises XProjError where it is not certain
    which column holds words, or tags, or where the entities of its tags begin."""
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
    rows = [row for own in sentences for row in own if not NO_WORD.fullmatch(row.fields[0])]
    if not rows:
        return Layout(numbered=False, tabs=True, width=2)
    with_tab = sum("\t" in row.line for row in rows)
    numbered = sum(map(_is_numbered, full)) * 2 > len(full)
    widths = Counter(len(row.fields) for row in rows)
    width = max(sorted(widths), key=lambda w: widths[w])
    plain = Layout(numbered=numbered, tabs=with_tab * 2 > len(rows), width=max(width, 2))
    return _find_tags(plain, rows, path)


def _find_tags(layout: Layout, rows: list[Row], path: str | Path) -> Layout:
    """The layout with the column, and the scheme, of the tags; where no column has tags, those that
    a row should have, so that the first one without is named. Raises XProjError where it is not
    certain which tags are the entities', or where they begin."""
    fields = [row.fields for row in rows]
    first = [2, -1] if layout.numbered else [-1]
    others = [c for c in range(2 if layout.numbered else 1, layout.width - 1) if c not in first]
    usual: list[tuple[int, Layout]] = []
    rest: list[tuple[int, Layout]] = []
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


def _check_words(layout: Layout, rows: list[list[str]], path: str | Path) -> None:
    """Raise XProjError where what should be words counts rows, or numbers or names sentences: all
    are numbers, or each one stands in several rows on end, and never again."""
    firsts = [row[0] for row in rows]
    if layout.numbered or layout.width < 3 or len(firsts) < FEW_ROWS:
        return
    runs = [name for name, _ in groupby(firsts)]
    returns = len(runs) * 2 <= len(firsts) and len(set(runs)) == len(runs)
    names = all(map(NUMBER.fullmatch, firsts)) or (returns and len(firsts) > FEW_ROWS)
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


def _check_label_column(chosen: Layout, rows: list[list[str]], path: str | Path) -> None:
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


def _name(layout: Layout, column: int) -> str:
    return f"column {column % layout.width + 1}"


def _noting(chosen: Layout, others: list[Layout], rows: list[list[str]]) -> Layout:
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


def _keys_with_tags(layout: Layout, rows: list[list[str]]) -> list[tuple[str, Layout]]:
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
    rows = [row for row in sentence if not NO_WORD.fullmatch(row[0])]
    if not rows or not all(len(row) > 2 and NUMBER.fullmatch(row[0]) for row in rows):
        return False
    numbers = [int(row[0]) for row in rows]
    return numbers[0] in (0, 1) and all(a < b for a, b in pairwise(numbers))


def is_comment(line: str, layout: Layout) -> bool:
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
