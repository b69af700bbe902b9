"""Signs that a file holds labelled words in a layout that is not read: it is not running text then.

Such a file is an error, as neither its labels nor its text would be read as they are meant; unless
``SPACY_XPROJ_RAW_TEXT`` is set, as by ``spacy xproj --raw-text``, for this process and those that
it starts: then a ``.txt`` file is raw text, whatever it looks like.
"""

import os
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ...errors import Errors, XProjError
from ..lines import iter_lines, place

DOCSTART = "-DOCSTART-"
# What says, in one kind of file or another, that a word is in no entity.
NONE = ("O", "o", "_", "-")
_TAG = r"(?:[BIESLUMW][-_][^\W\d_][\w.-]*|O)"
_LABEL = re.compile(r"[^\W\d_](?:[.:/&-]?\w+)*")
_OF_A_SCHEME = re.compile(r"[BILEUSMWbileusmw][-_].*|.*[-_][BILEUSMW]|[BILEUSMW]")
# Tags among the words of a line: on their own, or after a word and a mark.
_INLINE = re.compile(rf"(?:[^\s(\[{{].*[,:;=/|_\\])?[(\[{{'\"]*(?P<tag>{_TAG})[)\]}}'\",;]*")
_SCORE = re.compile(r"\(?[01]?\.\d+\)?")
# The same where tags are labels alone, each after a word and a mark: Ana/PERSON left/O.
_BEHIND = re.compile(r"\S+[/|_\\;,:](?P<tag>[A-Z]{3,}|O)[,;]?")
_BETWEEN = re.compile(r"[|=#>-]{2,}")  # a sentence and its tags
# Labels in capitals, or in any letters such as are usual; of what HTML has, too, none.
USUAL = (
    r"(?i:pers?|person|locs?|location|place|geo|gpe|fac|facility|orgs?|organi[sz]ation|company|misc|"
    r"norp|date|event|product|language|law|money|name|ne|entity|ent)"
)
_HTML = r"(?!(?:BODY|CODE|DIV|EM|FONT|HEAD|HTML|LI|OL|PRE|SPAN|STRONG|SU[BP]|T[DHR]|TABLE|UL)\b)"
_NAME = rf"(?:[A-Z]{{2,}}(?:[_-][A-Z]+)*|{USUAL})(?!\w)"
# Of few letters around it, only what texts rarely have.
_CORE = r"(?:PERS?|PERSON|LOC|LOCATION|ORG|ORGANI[SZ]ATION|GPE|MISC|NORP)(?!\w)"
_MARKED = re.compile(
    "|".join(
        (
            rf"<(?P<xml>{_HTML}{_NAME})[^<>]*>[^<>]+</(?P=xml)>",  # <PER>Ana</PER>
            r"<START(?::(?P<start>[^\s<>]+))?>[^<>]+<END>",  # <START:person> Ana <END>
            rf"\[[^\[\]]+\]\((?P<round>{_NAME})\)",  # [Ana](PER)
            rf"(?:\[[^\[\]]+\]|\(\([^()]+\)\))[_/]?(?P<after>{_NAME})",  # [Ana]PER
            rf"[\[{{][^\[\]{{}}|]+\|\s?(?P<bar>{_NAME})[\]}}]",  # [Ana|PER], {Ana|PER}
            rf"\[(?=[A-Z]{{3}}|[a-z])(?P<before>{_NAME})[: ][^\[\]]+\]",  # [PER Ana]
            rf"\{{(?P<braces>{_NAME}):[^{{}}]+\}}",  # {PER:Ana}
            r"\[[^\[\]]+\]\{\"entity\":\s*\"(?P<rasa>[^\"]+)\"",  # [Ana]{"entity": "person"}
            r"<(?P<tei>(?:pers|place|geog|org)Name)\b[^<>]*>[^<>]+</",  # <persName>Ana</persName>
            r"<b_(?P<message>[a-z]+)\s[^<>]*>[^<>]+<e_",  # <b_enamex type="PERSON">Ana<e_enamex>
        )
    )
)
# Marks that texts may have now and then.
_LOOSE = re.compile(
    "|".join(
        (
            rf"\w[/|_\\][BIESLUMW]-(?P<behind>{_CORE})",  # Ana/B-PER
            rf"\w\|(?P<bare>{_CORE})",  # Ana|PER
            rf"\w[<(\[{{](?P<glued>{_CORE})[>)\]}}]",  # Ana<PER>
            rf"\((?P<paren>{_CORE})[: ][^()]+\)",  # (PER Ana)
            rf"[$\\]?(?P<call>{_CORE})\{{[^{{}}]+\}}",  # $PER{Ana}
            rf"\[[^\[\]:]+:\s?(?P<last>{_CORE})\]",  # [Ana:PER]
            rf"<(?P<angle>{_CORE}):[^<>]+>",  # <PER:Ana>
            rf"<[^<>:]+:(?P<angled>{_CORE})>",  # <Ana:PER>
            rf"@@(?P<at>{_CORE})##",  # @@PER##Ana@@
            rf"<\w+\s[^<>]*=\"(?P<kind>{_CORE})\"[^<>]*>[^<>]+</",  # <span class="PER">Ana</span>
        )
    )
)
RAW_TEXT = "SPACY_XPROJ_RAW_TEXT"
_MOST = 2000  # lines that are looked at
_LONG = 500  # characters of a line
FEW_ROWS = 3  # fewer lines of as many words, or that end in "O" or "B", may as well be text
_FEW = 10
_MANY_ROWS = 9  # of so many, words that return so often are not those of running text


class Row(NamedTuple):
    """A line that is not blank: its number from 1, and its fields."""

    number: int
    line: str
    fields: list[str]


def split_fields(line: str) -> list[str]:
    """The fields of a row: between tabs where there is one, else between blanks."""
    line = line.rstrip(" \t")
    # Only the blank separates: other spaces, as U+00A0, occur as words.
    return line.split("\t") if "\t" in line else [f for f in line.split(" ") if f]


def is_border(line: str) -> bool:
    """Whether a line is the border of a document, ``-DOCSTART-``, with or without other columns."""
    return line.startswith(DOCSTART) and split_fields(line)[0] == DOCSTART


def is_bare_label(text: str) -> bool:
    """Whether it can be a label, and is not a tag that says where an entity begins."""
    return bool(_LABEL.fullmatch(text)) and not _OF_A_SCHEME.fullmatch(text)


def check_bare_labels(path: str | Path, rows: Sequence[Row], column: int) -> None:
    """Raise XProjError where all rows have, in this column, a label without what says where an
    entity begins (``PER`` and not ``B-PER``), or none (``O``), which one in four is."""
    values = [row.fields[column].strip() for row in rows if len(row.fields) > max(column, 1)]
    if len(values) < max(len(rows), 2) or len({len(row.fields) for row in rows}) > 1:
        return
    labels = {value for value in values if value not in NONE}
    outside = Counter(value for value in values if value in NONE)
    if not labels or outside.total() * 4 < len(values):
        return
    if not all(map(is_bare_label, labels)):
        return
    least = 2 if "\t" in rows[0].line or all(map(str.isupper, labels)) else FEW_ROWS
    if len(rows) < (least if "O" in outside or "\t" in rows[0].line else _MANY_ROWS):
        return
    row = next(row for row in rows if row.fields[column].strip() in labels)
    tabs = "-F'\\t' -v OFS='\\t' " if "\t" in row.line else ""
    name = "$NF" if column < 0 else f"${column + 1}"
    none = outside.most_common(1)[0][0]
    awk = f"""awk {tabs}'NF > 1 {{{name} = {name} == "{none}" ? "O" : "I-" {name}}} 1'"""
    said = {"tag": row.fields[column].strip(), "word": row.fields[0], "path": path, "awk": awk}
    raise XProjError(Errors.XP648.format(where=place(path, row.number), **said))


def is_raw_text(path: str | Path) -> bool:
    """Whether a file is raw text whatever it looks like, as was said."""
    name = Path(path).name.lower().removesuffix(".gz")
    return bool(os.environ.get(RAW_TEXT)) and name.endswith(".txt")


def check_not_labelled(path: str | Path) -> None:
    """Raise XProjError, naming a row, where half of the rows of a file have tags elsewhere than as
    their last column, where several have marks of entities, or where they are records, or rows of a
    table."""
    if is_raw_text(path):
        return
    rows = [
        Row(number, line, split_fields(line))
        for number, line in enumerate(islice(iter_lines(path), _MOST), 1)
        if isinstance(line, str)
        and line.strip()
        and not line.startswith("#")
        and not is_border(line)
    ]
    for row, tag in (_tags_elsewhere(rows), _marks(rows), _table(rows)):
        if row is not None:
            where = place(path, row.number)
            raise XProjError(Errors.XP649.format(where=where, line=row.line[:80], tag=tag))


def _tags_elsewhere(rows: Sequence[Row]) -> tuple[Row | None, str]:
    """The first row with a tag of an entity, and the tag, where half of the rows are tags by half.
    Words such as "E-mail" and "U-Bahn" look like tags, but there is no "O" beside them."""
    found = []
    for row in rows:
        parts = row.line[:_LONG].split()
        parts = [one for one in parts if not (_SCORE.fullmatch(one) or _BETWEEN.fullmatch(one))]
        words = [_INLINE.fullmatch(part) or _BEHIND.fullmatch(part) for part in parts]
        tags = [match["tag"] for match in words if match]
        found += [(row, tag) for tag in tags if len(tags) * 2 >= len(words)]
    if len({row.number for row, _ in found}) * 2 < len(rows) or "O" not in {t for _, t in found}:
        return None, ""
    return next(((row, tag) for row, tag in found if tag != "O"), (None, ""))


def _marks(rows: Sequence[Row]) -> tuple[Row | None, str]:
    """The first row with a mark, and the mark, where half of the rows have one or are records, or
    several have: two of a few, or three with other marks than ``_LOOSE``, in which a label returns,
    or two are usual."""
    found, labels, loose = [], [], 0
    for row in rows:
        marks = list(_MARKED.finditer(row.line[:_LONG]))
        if not marks:
            marks = list(_LOOSE.finditer(row.line[:_LONG]))
            loose += bool(marks)
        labels += [match[match.lastgroup or 0] for match in marks]
        if marks or (row.line.startswith("{") and row.line.rstrip().endswith("}")):
            found.append((row, marks[0][0] if marks else "{"))
    several = len(found) * _FEW >= len(rows) or len(found) - loose >= FEW_ROWS
    usual = sum(bool(re.fullmatch(USUAL, label)) for label in labels) > 1
    returns = several and len(found) > 1 and (usual or len(labels) > len(set(labels)))
    half = (len(found) - loose) * 2 >= len(rows)
    return found[0] if found and (returns or half) else (None, "")


def _table(rows: Sequence[Row]) -> tuple[Row | None, str]:
    """The first row that does not end in "none", and its end, where all rows have as many fields,
    and their last ones are such as few texts have."""
    widths = {len(row.fields) for row in rows}
    if len(rows) < 2 or len(widths) > 1 or widths == {1}:
        return None, ""
    last = Counter(row.fields[-1].strip() for row in rows)
    none = sum(last[value] for value in NONE)
    tabs = all("\t" in row.line for row in rows)
    return_often = len(last) * 3 <= len(rows) and len({row.fields[0] for row in rows}) > len(last)
    if (
        (none * 4 >= len(rows) and len(last) * 2 <= len(rows))
        or (tabs and not any(" " in value for value in last))
        or (widths == {2} and len(rows) >= _MANY_ROWS and return_often)
    ):
        row = next((row for row in rows if row.fields[-1].strip() not in NONE), rows[0])
        return row, row.fields[-1].strip()
    return None, ""
