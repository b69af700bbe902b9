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

from ...data.spans import iob_to_spans
from ...errors import Errors, XProjError
from ..lines import place
from .not_text import (
    FEW_ROWS,
    NONE,
    USUAL,
    Row,
    check_bare_labels,
    is_bare_label,
    is_border,
    split_fields,
)
from .tag_schemes import SCHEMES, STANDARD, Scheme, find_scheme

_SAMPLE_SENTENCES = 100
# The language before each word of WikiANN, as it is distributed: "en:Ana", "zh-classical:", ...
_LANGUAGE = re.compile(r"(?:[a-z]{2,3}(?:-[a-z]+)*|simple):(?=.)")
NUMBER = re.compile(r"[0-9]{1,18}")
_LAST_NUMBER = re.compile(r"(?P<before>.*?)(?P<number>\d{1,9})(?P<behind>\D*)")
_FILE = re.compile(r"\S+\.(?:ann|conllu?|csv|html?|jsonl?|pdf|te?xt|tsv|xml)")
_NUMBER_FIRST = re.compile(r"[(\[{<#]*\d{1,9}[)\]}>.:]*[ \u00a0]+\S.*")  # 1. Ana
# What the columns of words, and those of tags, are called where a file begins with their names.
_WORDS = frozenset(("form", "text", "token", "tokens", "word", "words"))
_TAGS = re.compile(r"(?:bio|entity|entities|iob|label|ne|ner|tag)(?:s|[0-9]|[-_ ]?tags?|[-_ ].*)?")
# As 1. (1) [1] 1.0
_MARKED_NUMBER = re.compile(r"[(\[{<#]*\d{1,9}[)\]}>.:]*(?<!\d)|[(\[{<#]+\d{1,9}|\d+\.0+")
# What writes words and tags alone: as the lines are, or with a blank line where the first changes.
_WORD_AND_TAG = r'{print (NF ? $WORD "\t" $TAG : "")}'
_SENTENCE_BY_SENTENCE = r'NR > 1 && $1 != p {print ""} {p = $1; print $WORD "\t" $TAG}'
_WITHOUT_NUMBER = r'BEGIN {OFS = "\t"} {sub(/^[^ ]+ +/, "", $WORD)} 1'
_FROM_TO = re.compile(r"^\W*(\d{1,9})\W+(\d{1,9})\W*$")
NO_WORD = re.compile(r"[0-9]+[-.][0-9]+")
_SURE_ROWS = 10  # of so many rows, nine in ten with a tag are enough: the rest is broken
_KEY_VALUE = re.compile(r"#\s*\w[\w.:-]*(?: \w+)? = ")
# Chunks, as CoNLL-2000 and CoNLL-2003 have them beside entities, in English and German.
_CHUNKS = frozenset(
    ("ADJP", "ADVP", "CONJP", "INTJ", "NC", "NP", "PC", "PP", "PRT", "SBAR", "UCP", "VC", "VP")
)


_SOME_TAG = re.compile(r"[BILEUSMW][-_](?P<label>[^\W\d_]\w*)")
_NAME_IT = "Name the one to read: spacy xproj convert {path} OUT --layer {name}"
_JOIN = (
    "Write them as one: awk {tabs}-v OFS='\\t' "
    """'{{print (NF ? $1 OFS ($TAG == "O" ? "O" : $TAG "-" $LABEL) : "")}}' {path} > NEW"""
)
_AS_TAGS = (
    "Where it is the last of these, write what it says as B-PER, I-PER and O, with the words; "
    "of bare labels: awk {tabs}-v OFS='\\t' "
    """'{{print (NF ? $WORD OFS ($LABEL == "{none}" ? "O" : "I-" $LABEL) : "")}}' {path} > NEW"""
    "   Where it is {said}: spacy xproj convert {path} OUT --layer {name}"
)


class Layout(NamedTuple):
    """numbered: whether column 1 counts the words. tabs: whether those separate the columns. width:
    how many columns a row has, where the tag is last. tag: the column of the tag; key: it is the
    value of this key there; says_outside: with a key, whether words outside entities have it, too.
    others: layouts with other tags that differ, and that could be meant. certain: these are
    meant all the same, as the entities of those are parts of these, or as in Universal NER.
    unread: a column that seems to have labels of entities in a form that is not read, and what
    outside of them is there. prefix: the language before each word.
    """

    numbered: bool
    tabs: bool
    width: int
    tag: int = -1
    key: str = ""
    scheme: Scheme = STANDARD
    says_outside: bool = True
    others: tuple["Layout", ...] = ()
    certain: bool = False
    unread: tuple[int, str] | None = None
    prefix: str = ""

    @property
    def name(self) -> str:
        """What ``--layer`` calls its tags: the number of their column, or their key."""
        return self.key or str(self.tag % self.width + 1)

    @property
    def said(self) -> str:
        """Where its tags stand."""
        return f"the key {self.key!r} of the last column" if self.key else f"column {self.name}"

    @property
    def awk(self) -> str:
        """How awk is told what separates its columns."""
        return "-F'\\t' " if self.tabs else ""

    def chosen(self, layer: str | None, path: str | Path) -> "Layout":
        """The layout to read with. Raises XProjError where it is not certain which tags are meant,
        or where none have the name that is given."""
        if layer is None and self.unread:
            column, none = self.unread
            names = f"{self.said} and column {column + 1} (labels in a form that is not read)"
            said = {"path": path, "said": self.said, "name": self.name}
            remedy = _AS_TAGS.format(none=none, tabs=self.awk, **said)
            remedy = remedy.replace("$WORD", f"${1 + self.numbered}")
            remedy = remedy.replace("$LABEL", f"${column + 1}")
            raise XProjError(Errors.XP698.format(path=path, names=names, remedy=remedy))
        if layer is None and (self.certain or not self.others):
            return self
        layouts = (self, *self.others)
        found = next((one for one in layouts if one.name == layer), None)
        if found is None:
            names = " and ".join(one.said for one in layouts)
            remedy = _NAME_IT.format(path=path, name=layouts[-1].name)
            raise XProjError(Errors.XP698.format(path=path, names=names, remedy=remedy))
        return found

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
    every = [row for own in sentences for row in own]
    rows = [row for row in every if not NO_WORD.fullmatch(row.fields[0])]
    rows = rows if len(rows) * 2 > len(every) else every
    if not rows:
        return Layout(numbered=False, tabs=True, width=2)
    with_tab = sum("\t" in row.line for row in rows)
    numbered = sum(map(_is_numbered, full)) * 2 > len(full)
    widths = Counter(len(row.fields) for row in rows)
    width = max(sorted(widths), key=lambda w: widths[w])
    firsts = [row.fields[int(numbered) : int(numbered) + 1] for row in rows]
    plain = Layout(
        numbered=numbered,
        tabs=with_tab * 2 > len(rows),
        width=max(width, 2),
        prefix=_language_of([word for own in firsts for word in own]),
    )
    _check_head(plain, rows, path)
    found = _find_tags(plain, rows, path)
    if found.others and _is_universal_ner(found, lines):
        return found._replace(certain=True)
    return found


def _is_universal_ner(found: Layout, lines: Sequence[str]) -> bool:
    """Whether a file is of Universal NER: comments as in CoNLL-U, and columns for number, word,
    tag, what it was before, and who annotated."""
    commented = any(line.startswith("# sent_id = ") for line in lines)
    return commented and found.numbered and (found.width, found.tag) == (5, 2)


def _language_of(words: list[str]) -> str:
    """The language that stands before each word (``en:``); empty where none does."""
    found = {match[0] if match else "" for match in map(_LANGUAGE.match, words)}
    return found.pop() if len(found) == 1 and len(words) >= FEW_ROWS else ""


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
    if usual and any(usual[0][1].normal(row) is None for row in fields):
        check_bare_labels(path, rows, usual[0][0])
    if not usual and layout.numbered:
        rest += [(-1, one) for one in _keys_with_tags(layout, fields)]
    if usual or rest:
        chosen, *rivals = [one for _, one in (usual + rest)]
        _check_words(chosen, fields, path)
        _check_label_column(chosen, fields, path)
        read = {column % layout.width for column, _ in (usual + rest)}
        chosen = chosen._replace(unread=_unread_labels(chosen, read, fields))
        # of rows of other widths each is named
        even = sum(len(row) == layout.width for row in fields) * 10 >= 9 * len(fields)
        return _with_others(chosen, rivals if even else [], rows, all_count=not usual)
    column = 2 if layout.numbered and layout.width == 3 else -1
    check_bare_labels(path, rows, column)
    # of rows that are broken, each is named when it is parsed
    scheme = _scheme_of(_column(fields, column), most=0.5) or STANDARD
    return layout._replace(tag=column, scheme=scheme)


def _check_head(layout: Layout, rows: list[Row], path: str | Path) -> None:
    """Raise XProjError where the first row holds the names of columns, one of which has tags."""
    head, *rest = rows
    names = [name.strip().casefold() for name in head.fields]
    if _WORDS.isdisjoint(names) or not any(map(_TAGS.fullmatch, names)):
        return
    if any(find_scheme([name.strip()]) for name in head.fields[1:]):
        return  # a row whose word happens to be "Form", or "Text"
    fields = [row.fields for row in rest]
    if any(_scheme_of(_column(fields, column)) for column in range(1, layout.width) if fields):
        said = {"where": place(path, head.number), "line": head.line[:80], "number": head.number}
        raise XProjError(Errors.XP695.format(**said, path=path))


def _check_words(layout: Layout, rows: list[list[str]], path: str | Path) -> None:
    """Raise XProjError where what should be words counts rows, gives their offsets, or numbers or
    names sentences: all are numbers (``1``, ``1.``, ``[1]``), names of files or the same, or each
    one stands in several rows on end, and never again."""
    column = int(layout.numbered)
    firsts = [row[column] for row in rows if len(row) > column]
    if len(firsts) >= FEW_ROWS and all(map(_NUMBER_FIRST.fullmatch, firsts)):
        said = {"path": path, "column": column + 1, "first": firsts[0], "tabs": layout.awk}
        awk = _WITHOUT_NUMBER.replace("WORD", str(column + 1))
        raise XProjError(Errors.XP697.format(**said, awk=awk))
    if layout.width < column + 3:
        return
    runs = [name for name, _ in groupby(firsts)]
    offsets = _are_offsets(rows, column)
    several = len(firsts) >= FEW_ROWS
    marked = len(firsts) > 1 and any(
        all(map(kind.fullmatch, firsts)) for kind in (_MARKED_NUMBER, _FILE)
    )
    numbers = several and all(map(NUMBER.fullmatch, firsts))
    same = several and len(runs) == 1
    names = len(runs) * 2 <= len(firsts) and len(set(runs)) == len(runs) and len(firsts) > FEW_ROWS
    counts = several and _count(firsts)
    if offsets or numbers or marked or (not layout.numbered and (same or names or counts)):
        word = _word_column(layout, rows, column)
        awk = (
            _WORD_AND_TAG if layout.numbered or len(runs) == len(firsts) else _SENTENCE_BY_SENTENCE
        )
        tag = "NF" if layout.tag == -1 else str(layout.tag + 1)
        awk = awk.replace("TAG", tag).replace("WORD", str(word + 1))
        said = {"path": path, "column": column + 1, "first": firsts[0], "awk": awk}
        raise XProjError(Errors.XP697.format(**said, tabs=layout.awk))


def _are_offsets(rows: list[list[str]], column: int) -> bool:
    """Whether this column, with the one before it or behind it, or alone (``0:3``), or the two
    behind it, says how long the word that follows is."""
    full = [row for row in rows if len(row) > column + 2]
    if len(full) < len(rows):
        return False
    said = [[(*_FROM_TO.findall(row[column])[:1], ("", ""))[0] for row in full]]
    words = [[row[column + 1] for row in full]]
    for start in (column - 1, column, column + 1):
        if start >= 0 and all(len(row) > start + 3 for row in full):
            said.append([(row[start], row[start + 1]) for row in full])
            words.append([row[start + 2] for row in full])
    return any(
        len("".join(own)) > 2
        and all(
            NUMBER.fullmatch(a) and NUMBER.fullmatch(b) and int(b) - int(a) == len(word)
            for (a, b), word in zip(pairs, own, strict=True)
        )
        for pairs, own in zip(said, words, strict=True)
    )


def _word_column(layout: Layout, rows: list[list[str]], column: int) -> int:
    """The first column behind this one that does not hold numbers alone."""
    columns = range(column + 1, layout.width - 1)
    return next(
        (c for c in columns if not all(map(NUMBER.fullmatch, _column(rows, c)))), column + 1
    )


def _count(firsts: list[str]) -> bool:
    """Whether texts count: the last number in each is one more than that of the one before, or it
    begins again (``1.``, ``w1``, ``s1.t1``); of those that differ in it alone, any more (``t3``,
    ``t10``)."""
    found = [match for match in map(_LAST_NUMBER.fullmatch, firsts) if match]
    if len(found) < len(firsts):
        return False
    numbers = [int(match["number"]) for match in found]
    pairs = list(pairwise(numbers))
    if len({(match["before"], match["behind"]) for match in found}) == 1:
        rises = sum(a < b for a, b in pairs)
        return rises * 2 >= len(pairs) and all(a < b or b == numbers[0] for a, b in pairs)
    steps = [later - earlier for earlier, later in pairs]
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
            names = f"column {column + 1} (labels) and {chosen.said} (B, I)"
            remedy = _JOIN.format(path=path, tabs=chosen.awk)
            remedy = remedy.replace("TAG", chosen.name).replace("LABEL", str(column + 1))
            remedy = remedy.replace("$1", f"${1 + chosen.numbered}")
            raise XProjError(Errors.XP698.format(path=path, names=names, remedy=remedy))


def _unread_labels(chosen: Layout, read: set[int], rows: list[list[str]]) -> tuple[int, str] | None:
    """The first column of labels that is not among those with tags, and what stands there outside
    of them: bare (``PER``, ``(PER*)``), or two tags in one (``B-PER|I-ORG``)."""
    if chosen.key:
        return None
    rows = rows if chosen.numbered else [row for row in rows if len(row) == chosen.width]
    tags = [chosen.normal(row) or "O" for row in rows]
    own = [tag.partition("-")[2] for tag in tags]
    # chunks, or nothing, cannot be all that is labelled
    doubtful = set(own) <= {*_CHUNKS, ""}
    for column in range(int(chosen.numbered) + 1, chosen.width):
        if column in read:
            continue
        values = _column(rows, column)
        bare = [value.strip("()*") for value in values]
        outside = Counter(v for v, b in zip(values, bare, strict=True) if b in ("", *NONE))
        inside = [value for value in bare if value not in ("", *NONE)]
        n = outside.total()
        usual_none = outside.most_common(1)[0][0] if outside else "O"
        labels = {match["label"] for match in map(_SOME_TAG.match, inside) if match}
        if labels - _CHUNKS and sum(map(bool, map(_SOME_TAG.match, inside))) * 2 >= len(inside):
            return column, usual_none
        if not inside or "" in values or n * (4 if doubtful else 2) < len(rows):
            continue
        if all(a == b for a, b in zip(own, bare, strict=True) if a or b not in ("", *NONE)):
            continue  # it says what the tags say
        if all(is_bare_label(v) and (v.isupper() or re.fullmatch(USUAL, v)) for v in inside):
            return column, usual_none
    return None


def _column(rows: list[list[str]], column: int) -> list[str]:
    return [row[column].strip() if len(row) > max(column, 0) else "" for row in rows]


def _with_others(
    chosen: Layout, others: list[Layout], rows: list[Row], *, all_count: bool
) -> Layout:
    """The layout, with those others whose tags are of entities, too, and other ones. all_count:
    also those whose tags say the same, or are of chunks."""
    own = _entities(chosen, rows)
    found = []
    nested = not all_count
    for other in others:
        entities = _entities(other, rows)
        if not all_count and (
            {label for _, _, label in entities} <= _CHUNKS or set(entities) == set(own)
        ):
            continue
        found.append(other)
        nested &= all(
            any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in own)
            for start, end, _ in entities
        )
    return chosen._replace(others=tuple(found), certain=nested and bool(found))


def _entities(layout: Layout, rows: list[Row]) -> list[tuple[int, int, str]]:
    """The entities that a layout reads, in rows from 0; a gap between rows ends one."""
    tags, found = [layout.normal(row.fields) or "O" for row in rows], []
    begin = 0
    for i in range(1, len(rows) + 1):
        if i == len(rows) or rows[i].number != rows[i - 1].number + 1:
            found += [(begin + a, begin + b, label) for a, b, label in iob_to_spans(tags[begin:i])]
            begin = i
    return found


def _keys_with_tags(layout: Layout, rows: list[list[str]]) -> list[Layout]:
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
            found.append(layout._replace(key=key, scheme=scheme, says_outside=says))
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
