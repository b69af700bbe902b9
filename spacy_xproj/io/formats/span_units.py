"""What the spans of records that name their words count: characters, or words.

Most formats count characters. Some count words under the same keys, and whether the end is the last
word or the one behind it differs. The first records of a file decide: spans that cannot be meant in
one way, or whose own text stands elsewhere then, are not; nor is an end that is the last word,
where spans would overlap that else only touch. ``token_start`` and ``token_end`` (the last word, as
Prodigy has it) say that they count words.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ...data.spans import join_words, overlap, word_offsets
from ...errors import Errors, XProjError
from ...text.scripts import ends_as_word, is_within_word
from ..notes import tell
from .char_spans import NAMES, own_texts, says
from .given_words import given_words
from .label_keys import WORDS, find_labels

_TOKENS = ("token_start", "token_end")
_MOST = 100  # records that are looked at
_FEW = 3  # so many spans that do not fit words as characters show that they count words


class Units(Enum):
    """What ``start`` and ``end`` count; ``LAST``: words, of which the end is the last."""

    CHARACTERS = "characters"
    WORDS = "words, the end not being one of them"
    LAST = "words, the end being the last one"


class _Given(NamedTuple):
    """A span as a record has it under a key, and the text and the words' offsets of the record."""

    start: int
    end: int
    item: Any
    key: str
    text: str
    offsets: Sequence[tuple[int, int]]

    def characters(self, units: Units) -> tuple[int, int] | None:
        """The characters that are meant, if they fit the words and what else the span says."""
        start, end, n = self.start, self.end, len(self.offsets)
        if units is Units.CHARACTERS:
            first, last = _trimmed(start, end, self.text)
            begins, ends = zip(*self.offsets, strict=True) if n else ((), ())
            inside = 0 <= start <= first < last <= end <= len(self.text)
            if not inside or first not in begins or last not in ends:
                return None
            found = first, last
            words = begins.index(first), ends.index(last)
        else:
            last = end if units is Units.LAST else end - 1
            if not 0 <= start <= last < n:
                return None
            found = self.offsets[start][0], self.offsets[last][1]
            words = start, last
        if isinstance(self.item, dict):
            named = [self.item.get(key) for key in _TOKENS]
            if None not in named and named != [*words]:
                return None
            there = self.text[slice(*found)]
            if not all(says(key, own, there) for key, own in own_texts(self.item)):
                return None
        return found

    @property
    def borders(self) -> list[Any]:
        """Under which keys, or where in a list, start and end stand."""
        if isinstance(self.item, list):
            return [i for i, one in enumerate(self.item) if not isinstance(one, str)]
        keys = [NAMES[key] for key in ("start", "end")]
        return [next(key for key in own if self.item.get(key) is not None) for own in keys]

    @property
    def is_sure(self) -> bool:
        """Whether it says its text, or its words."""
        item = self.item
        return isinstance(item, dict) and ("token_start" in item or bool(own_texts(item)))


def read_units(path: str | Path, records: Sequence[dict[str, Any]]) -> Units:
    """What the spans of a file count, as its first records tell. Raises XProjError where it is not
    certain, or where they look as if they counted in another way."""
    units = find_units(path, records)
    check_ends(path, records)
    check_characters(path, records)
    return units


def find_units(path: str | Path, records: Iterable[dict[str, Any]]) -> Units:
    """What the spans of a file count. Raises XProjError where it is not certain."""
    by_record = list(islice(filter(None, map(_spans, records)), _MOST))
    spans = [span for own in by_record for span in own]
    found = {units: [span.characters(units) for span in spans] for units in Units}
    fitting = [units for units in Units if None not in found[units]]
    if not spans or not fitting:
        return Units.CHARACTERS  # of spans that are faulty each is named
    if Units.WORDS in fitting and _overlap_with_last(by_record):
        fitting = [units for units in fitting if units is not Units.LAST]
    first = fitting[0]
    faulty = found[Units.CHARACTERS].count(None)
    sure = first is Units.CHARACTERS or any(span.is_sure for span in spans)
    sure = sure or faulty >= max(_FEW, len(spans) / 2)
    sure = sure or (len(fitting) == 1 and faulty == len(spans) > 1)
    if not sure or any(found[units] != found[first] for units in fitting[1:]):
        one = next(
            (span for i, span in enumerate(spans) if len({found[u][i] for u in fitting}) > 1),
            spans[0],
        )
        said = " or ".join(units.value for units in fitting)
        raise _uncertain(path, one, said, _in_words(path, one))
    if first is not Units.CHARACTERS:
        tell(f"the spans of {path} count {first.value}, and were read so")
    return first


def check_ends(path: str | Path, records: Iterable[dict[str, Any]]) -> None:
    """Raise XProjError where the ends of spans look as if they were the last characters: of a file
    without words and own texts, three or more end a letter before a word does, and the others,
    fewer, before something else than a letter or blank."""
    short = []
    others = 0
    for record in records:
        for span in _of_text(record):
            text, end = span.text, span.end
            inside = 0 <= span.start <= end < len(text) and not is_within_word(text, span.start)
            if span.is_sure or not inside or text[end].isspace() or is_within_word(text, end + 1):
                return
            if is_within_word(text, end) or (span.start == end and ends_as_word(text[end])):
                short.append(span)
            elif ends_as_word(text[end]):
                return
            else:
                others += 1
    if len(short) >= max(_FEW, others):
        one = next((span for span in short if span.start < span.end), short[0])
        said = f"characters, but {len(short)} end a letter before the end of a word, and the ends "
        said += "look inclusive"
        place = f"[{one.borders[1]}]" if isinstance(one.item, list) else f".{one.borders[1]}"
        line = f"jq -c '{_of_file(path)}{one.key}[]{place} += 1' {path} > NEW"
        remedy = f"the end is the last character, add 1 to each: {line}"
        raise _uncertain(path, one, said, remedy)


_BYTES = (0x80, 0x800, 0x10000)  # from which on a character takes a byte more in UTF-8
_CODES = {  # how many units a character takes, and the same for jq
    "UTF-16 units": (lambda char: 1 + (char >= 0x10000), "if .<65536 then 1 else 2 end"),
    "bytes": (
        lambda char: 1 + sum(char >= least for least in _BYTES),
        "if .<128 then 1 elif .<2048 then 2 elif .<65536 then 3 else 4 end",
    ),
}


def check_characters(path: str | Path, records: Iterable[dict[str, Any]]) -> None:
    """Raise XProjError where spans look as if they counted UTF-16 units or bytes: of a file without
    words and own texts, most of those that would lie elsewhere then do not begin and end with words
    (one alone: neither), and all of them would."""
    found = [span for record in records for span in _of_text(record)]
    if any(span.is_sure for span in found):
        return
    for units, (size, in_jq) in _CODES.items():
        moved, places = [], {}
        for span in found:
            if span.text.isascii():
                continue
            if span.text not in places:
                places[span.text] = _by_units(span.text, size)
            at = places[span.text]
            meant = at.get(span.start, -1), at.get(span.end, -1)
            if meant != (span.start, span.end):
                moved.append((span, _odd_borders(span.text, *meant)))
        odd = [_odd_borders(span.text, span.start, span.end) for span, _ in moved]
        n = sum(map(bool, odd))
        if not moved or any(own for _, own in moved) or n * 2 <= len(moved) or sum(odd) < 2:
            continue
        one = moved[odd.index(max(odd))][0]
        said = f"characters, but {n} do not begin and end with words; counted in {units} they do"
        borders = [f".[{own}]" if isinstance(own, int) else f".{own}" for own in one.borders]
        each = "|".join(f"{border}|=$c[.]" for border in borders)
        change = (
            "([.text|explode|to_entries[]|.key as $k|.value|range("
            f"{in_jq})|$k]+[.text|length]) as $c|.{one.key}[]|=({each})"
        )
        if _of_file(path) != ".":
            change = f".[]|=({change})"
        raise _uncertain(path, one, said, f"they count {units}: jq -c '{change}' {path} > NEW")


def _by_units(text: str, size: Callable[[int], int]) -> dict[int, int]:
    """The place of each character, and of the end, by how many units stand before it."""
    before = accumulate((size(ord(char)) for char in text), initial=0)
    return {units: place for place, units in enumerate(before)}


def _odd_borders(text: str, start: int, end: int) -> int:
    """How many borders of a span are not those of words."""
    if not 0 <= start < end <= len(text):
        return 2
    first = text[start].isspace() or is_within_word(text, start)
    return first + (text[end - 1].isspace() or is_within_word(text, end))


def _overlap_with_last(by_record: Iterable[Sequence[_Given]]) -> bool:
    """Whether spans would overlap if the end were the last word, and none do if it is not."""
    touch = False
    for spans in by_record:
        for a, b in pairwise(sorted({(span.start, span.end) for span in spans})):
            if overlap(*a, *b):
                return False
            touch = touch or a[1] == b[0]
    return touch


def _uncertain(path: str | Path, span: _Given, units: str, remedy: str) -> XProjError:
    own = '{"start": 9, "end": 15, "label": "LOC", "text": "Dodoma"}'
    said = {"span": span.item, "text": span.text[:80], "units": units}
    return XProjError(Errors.XP665.format(path=path, own=own, remedy=remedy, **said))


def _in_words(path: str | Path, span: _Given) -> str:
    """What to do where spans count words."""
    start, end = span.borders
    old, new = f"del(.{start}, .{end})", f"token_start: .{start}, token_end: (.{end} - 1)"
    change = f"(. + {{{new}}} | {old})"
    if isinstance(span.item, list):
        [label] = {0, 1, 2} - {start, end}
        change = f"{{label: .[{label}], token_start: .[{start}], token_end: (.[{end}] - 1)}}"
    return (
        'they count words, say so, "token_start" and "token_end" (the last word) in place of '
        f'"start" and "end": jq -c \'{_of_file(path)}{span.key}[] |= {change}\' {path} > NEW   '
        '(without "- 1" where the end is the last word)'
    )


def _of_file(path: str | Path) -> str:
    """The records of a file, for jq."""
    return ".[]." if str(path).endswith(".json") else "."


def _spans(record: dict[str, Any]) -> list[_Given]:
    """The spans of a record that names its words; none where it is faulty, or where all that its
    words say is which characters they are, as in spaCy: so do its spans then."""
    try:
        labels, given = find_labels(record, ""), given_words(record, "")
    except XProjError:
        return []
    if labels is None or labels.tags or given is None or _in_place(record):
        return []
    words, spaces, named = given
    offsets = word_offsets(words, spaces)
    text, of_words = join_words(words, spaces), [offsets[i] for i in named]
    found = []
    for item in labels.values:
        borders = _borders(item)
        if borders is not None:
            found.append(_Given(*borders, item, labels.key, text, of_words))
    return found


def _in_place(record: dict[str, Any]) -> bool:
    """Whether the words of a record say which characters they are, and not their text."""
    tokens = next(record[key] for key in WORDS if record.get(key) is not None)
    return all(
        isinstance(one, dict) and "text" not in one and {"start", "end"} <= one.keys()
        for one in tokens
    )


def _of_text(record: dict[str, Any]) -> list[_Given]:
    """The spans of a record that has a text and no words; none where it is faulty."""
    text = record.get("text")
    try:
        labels = find_labels(record, "")
    except XProjError:
        return []
    if labels is None or labels.tags or not isinstance(text, str) or any(map(record.get, WORDS)):
        return []
    found = [(_borders(item), item) for item in labels.values]
    return [_Given(*own, item, labels.key, text, ()) for own, item in found if own is not None]


def _borders(item: Any) -> tuple[int, int] | None:
    """``start`` and ``end`` of a span, in one form or another; None where it has none."""
    values: list[Any] = []
    if isinstance(item, dict):
        for key in ("start", "end"):
            values += [item[name] for name in NAMES[key] if item.get(name) is not None][:1]
    elif isinstance(item, list):
        values = [one for one in item if not isinstance(one, str)]
    if len(values) == 2 and all(type(value) is int for value in values):
        return values[0], values[1]
    return None


def in_token_keys(record: dict[str, Any], units: Units) -> dict[str, Any]:
    """A record whose spans say which words they count under ``token_start`` and ``token_end``."""
    labels = None if units is Units.CHARACTERS else find_labels(record, "")
    if labels is None or labels.tags:
        return record
    items = []
    for item in labels.values:
        borders = _borders(item)
        if borders is None:
            items.append(item)
            continue
        label = [one for one in item if isinstance(one, str)][:1] if isinstance(item, list) else []
        named = {"label": label[0]} if label else dict(item) if isinstance(item, dict) else {}
        for name in (*NAMES["start"], *NAMES["end"]):
            named.pop(name, None)
        start, end = borders
        last = end if units is Units.LAST else end - 1
        items.append({**named, "token_start": start, "token_end": last})
    return {**record, labels.key: items}


def in_characters(item: Any, offsets: Sequence[tuple[int, int]], text: str, where: str) -> Any:
    """A span with its borders in characters, of one that may name its words. offsets: of the words.
    Raises XProjError for words that are not there, or not those of its characters."""
    if not isinstance(item, dict):
        return item
    first, last = item.get("token_start"), item.get("token_end")
    if type(first) is not int or type(last) is not int:
        return item
    if not 0 <= first <= last < len(offsets):
        reason = f"{first} to {last} are not words of the {len(offsets)}, counted from 0."
        raise XProjError(Errors.XP622.format(where=where, key="token_start", reason=reason))
    start, end = offsets[first][0], offsets[last][1]
    borders = _borders(item)
    if borders is None:
        return item if item.get("pieces") else {**item, "start": start, "end": end}
    a, b = borders
    if 0 <= a < b <= len(text) and _trimmed(a, b, text) != _trimmed(start, end, text):
        reason = (
            f"the words {first} to {last} are {text[start:end]!r}, but the characters {a} to {b} "
            f"are {text[a:b]!r}. Correct one of the two, or leave it out; token_end is the last "
            "word of the span."
        )
        raise XProjError(Errors.XP622.format(where=where, key="token_start", reason=reason))
    return item


def check_possible(item: Any, text: str, where: str) -> None:
    """Raise XProjError where, of a text whose words are not given, a span's ``token_start`` and
    ``token_end`` cannot be words at its characters: words are at least what stands between blanks,
    and at most characters."""
    borders = _borders(item)
    first, last = map(item.get, _TOKENS) if isinstance(item, dict) else (None, None)
    if borders is None or not 0 <= borders[0] < borders[1] <= len(text):
        return
    start, end = borders
    if not isinstance(first, int) or not isinstance(last, int):
        return
    before, inside = text[:start].split(), text[start:end].split()
    least = len(before) - (bool(before) and not text[start - 1].isspace())
    if not (least <= first <= start and len(inside) <= last - first + 1 <= end - start):
        reason = (
            f"the characters {start} to {end}, {text[start:end]!r}, cannot be the words {first} to "
            f"{last}. Correct one of the two, or leave it out."
        )
        raise XProjError(Errors.XP622.format(where=where, key="token_start", reason=reason))


def _trimmed(start: int, end: int, text: str) -> tuple[int, int]:
    """A span without blanks at its edges."""
    inside = text[start:end]
    return end - len(inside.lstrip()), start + len(inside.rstrip())
