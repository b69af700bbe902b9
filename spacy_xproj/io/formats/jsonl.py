"""JSONL: one object a line, a text with character spans, as annotation tools read and write it.

Written is what Prodigy calls the ``ner`` task format: ``text``, ``spans`` and ``tokens``. Read are
also the keys for labels of other tools (``label_keys``), ``[text, {"entities": [...]}]`` as spaCy's
training data has it, and ``words`` with ``spaces``. Beside words, spans may count those
(``span_units``). What people rejected or did not decide is left out and noted (``decisions``).
Other keys are not looked at, save ``source``: the sentence in another language, an object of the
same form with the key ``lang`` and, where it is a line of a parallel corpus, ``row`` (or a list of
such objects); it becomes a source view. ``{"text": "Asha yuko Dodoma.", "source": {"lang": "en",
"text": "Asha is in Dodoma.", "spans": [{"start": 0, "end": 4, "label": "PER"}]}}``
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from ...data.access import Views
from ...data.labels import is_labelled
from ...data.span_groups import Shape
from ...data.spans import join_words, word_offsets
from ...data.views import ROWS, SourceView
from ...errors import Errors, XProjError
from ...text.tokenizers import Blank
from ..lines import Line, place
from ..notes import note
from ..records import (
    check_record,
    parse_record,
    parse_value,
    split_records,
    to_json,
    write_records,
)
from .base import Format, Parse
from .char_spans import (
    CharShape,
    char_shapes,
    check_flat,
    check_spans,
    check_string,
    cut_labelled,
    set_shapes,
    word_shapes,
)
from .decisions import Decisions, accepted_in_view, is_binary, may_be_decided
from .given_words import given_words
from .label_keys import KEYS, WORDS, Labels, find_labels
from .reading import Reading
from .span_units import (
    Units,
    check_possible,
    in_characters,
    in_token_keys,
    read_units,
)
from .tag_schemes import READ
from .tagged_words import read_tags, without_blanks

# Views hold entities of every shape: the group that those of a view are read into.
_VIEW = "xproj_view"
_MOST_LINES = 2000  # that are looked at to see what spans count


class Jsonl(Format):
    """``spacy-xproj.Jsonl.v1``: JSONL, an object a line (see ``jsonl``)."""

    name = "JSONL"
    suffixes = (".jsonl",)
    written = suffixes
    holds_unlabelled = True
    holds_spans = True
    holds_pieces = True

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return split_answered(path)

    def parser(self, reading: Reading) -> Parse:
        return JsonlParser(reading)

    def explain(self, content: Any) -> str:
        try:
            value = content if isinstance(content, dict) else parse_value(content, "")
        except XProjError:
            return ""
        return explain_keys(value)

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
        write_jsonl(docs, path, spans_key=spans_key)


def read_jsonl(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The objects of a JSONL file as Docs.

    Without ``tokens`` or ``words`` the text is tokenised by ``spacy.blank(lang)``, and a token
    that a span cuts gives way to it. An object without any key for labels gives a Doc without
    entity annotation (``doc.has_annotation("ENT_IOB")`` is false). Raises XProjError, naming the
    line, for broken JSON, a missing text, tokens that are not the text's, and spans that lie
    outside the text, overlap, are in pieces, or cut a given token.
    """
    parse = JsonlParser(Reading(lang))
    for number, content in split_answered(path):
        yield parse(content, place(path, number))


def split_answered(path: str | Path) -> Iterator[tuple[int, Line | dict[str, Any]]]:
    """The lines of a file, not parsed, without the records that do not count (``Decisions``); of
    those that had to be looked at for it the records. Raises XProjError where it is not certain
    what spans count."""
    decisions = Decisions()
    units = read_units(path, _first_records(path))
    for number, line in split_records(path):
        words = units is not Units.CHARACTERS and _has_words(line)
        if not isinstance(line, str) or not (words or may_be_decided(line)):
            yield number, line
            continue
        where = place(path, number)
        try:
            record = decisions.judge(parse_record(line, where), where)
            if record is not None:
                yield number, in_token_keys(record, units)
        except XProjError as error:
            yield number, error  # which is raised where the line is parsed


def _has_words(line: Line) -> bool:
    return isinstance(line, str) and any(f'"{key}"' in line for key in WORDS)


def _first_records(path: str | Path) -> list[dict[str, Any]]:
    """Those of the first lines that can be read."""
    records = []
    for _, line in islice(split_records(path), _MOST_LINES):
        try:
            records.append(_record(parse_value(line, ""), ""))
        except XProjError:
            continue  # which is raised where the line is parsed
    return records


def explain_keys(value: Any) -> str:
    """For a record without labels: which keys it has, and which are read."""
    try:
        record = _record(value, "")
    except XProjError:
        return ""
    found = [key for key in KEYS if key in record]
    if not found:
        keys = ", ".join(map(repr, record))
        return f"its keys are {keys}; labels are read from {', '.join(map(repr, KEYS))}"
    # what holds labels, be it an empty list, is labelled
    said = ", ".join(f"{key!r} is {to_json(record[key])[:40]}" for key in found)
    what = "says nothing of words"
    if any(isinstance(record[key], dict) for key in found):
        what = "is not read as labels of words, which stand in a list"
    return f'{said}, which {what}; where no entity is, write "spans": []'


def _record(value: Any, where: str) -> dict[str, Any]:
    """The object of a value; of ``[text, {...}]`` the object with the text. Two records in a list
    are none."""
    if isinstance(value, list) and list(map(type, value)) == [str, dict] and "text" not in value[1]:
        return {"text": value[0], **value[1]}
    return check_record(value, where)


class JsonlParser:
    """Makes Docs of lines, as ``read_jsonl`` does."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def __call__(self, content: Line | dict[str, Any], where: str, row: int | None = None) -> Doc:
        """content: as of ``split_answered``. row: that of the views of a line that does not name
        one."""
        value = content if isinstance(content, dict) else parse_value(content, where)
        return self.parse(value, where, row)

    def parse(self, value: Any, where: str, row: int | None = None) -> Doc:
        """The same, of the value of a line."""
        record = _record(value, where)
        doc = _parse_doc(record, where, self.reading, self.reading.spans_key)
        if is_binary(record) and is_labelled(doc, self.reading.spans_key):
            _open_others(doc, where, self.reading.spans_key)
        given = record.get("source")
        for source in given if isinstance(given, list) else [given] if given is not None else []:
            view = self._view(source, where, row)
            if view.lang in Views(doc):
                reason = f"two sources of the language {view.lang!r}; keep one."
                raise XProjError(Errors.XP622.format(where=where, key="source", reason=reason))
            Views(doc)[view.lang] = view
        return doc

    def _view(self, source: Any, where: str, row: int | None) -> SourceView:
        lang = source.get("lang") if isinstance(source, dict) else None
        named = source.get("row") if isinstance(source, dict) else None
        if (
            not isinstance(lang, str)
            or not lang
            or not (named is None or (type(named) is int and 0 <= named < ROWS))
        ):
            reason = (
                'expected an object with "lang", "text" or "words", "spans" and perhaps "row", a '
                f"whole number from 0 to {ROWS - 1}."
            )
            raise XProjError(Errors.XP622.format(where=where, key="source", reason=reason))
        where, row = f"{where}, source", row if named is None else named
        check_string(lang, "lang", where)
        source = accepted_in_view(source, where)
        labels, given = find_labels(source, where), given_words(source, where)
        if given is None:
            try:
                blank = self.reading.source(lang)
            except XProjError as error:
                raise XProjError(
                    Errors.XP622.format(where=where, key="lang", reason=error)
                ) from error
            doc = _parse_doc(source, where, blank, _VIEW)
            view = SourceView.from_doc(doc, lang=lang, row=row, spans_key=_VIEW)
            return view if labels else view.replace(entities=None)
        words, spaces, _ = given
        view = SourceView(lang, tuple(words), tuple(spaces), row=row)
        if not labels:
            return view
        shapes = sorted(_given_shapes(labels, given, where, _VIEW))
        return view.with_entities((s.start, s.end, s.label, None, s.pieces) for s in shapes)


def _open_others(doc: Doc, where: str, spans_key: str | None) -> None:
    """Leave open what is not in an entity: of a decision on single spans."""
    if spans_key is None:
        doc.set_ents(list(doc.ents), default="missing")
    else:
        note(
            "a decision on single spans, of which a group cannot leave other words open",
            where,
        )


def _parse_doc(record: dict[str, Any], where: str, blank: Blank, spans_key: str | None) -> Doc:
    labels, given = find_labels(record, where), given_words(record, where)
    if given is None:
        text = record["text"]
        if not labels:
            return blank.tokenize(text)
        for value in labels.values:
            check_possible(value, text, where)
        shapes = check_spans(labels.values, text, where)
        return cut_labelled(blank.tokenize, text, shapes, where, spans_key=spans_key)
    words, spaces, _ = given
    doc = Doc(blank.vocab, words=words, spaces=spaces)
    if not labels:
        return doc
    return set_shapes(doc, _given_shapes(labels, given, where, spans_key), spans_key)


def _given_shapes(
    labels: Labels,
    given: tuple[list[str], list[bool], list[int]],
    where: str,
    spans_key: str | None,
) -> list[Shape]:
    """Entities in words, of a record that names its words."""
    words, spaces, named = given
    if labels.tags:
        return [Shape(*span) for span in _tag_spans(labels, words, named, where)]
    offsets = word_offsets(words, spaces)
    text = join_words(words, spaces)
    of_words = [offsets[i] for i in named]
    values = [in_characters(value, of_words, text, where) for value in labels.values]
    shapes = check_spans(values, text, where, offsets=offsets)
    if spans_key is None:
        check_flat(shapes, where)
    return word_shapes(shapes, words, spaces, where)


def write_jsonl(docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
    """Write each Doc as one object: ``text``, ``tokens``, and ``spans`` where it is labelled.

    Spans are ``start``, ``end`` (characters, end exclusive), ``token_start``, ``token_end`` (the
    *last* token, as Prodigy has it) and ``label``; of a discontinuous one also ``pieces``, the
    ``[start, end]`` of each part. spans_key: write this group of ``doc.spans`` in place of
    ``doc.ents``. ``doc.user_data`` is not written.
    """
    rows = []
    for doc in docs:
        spans = [_span(doc, shape) for shape in char_shapes(doc, spans_key)]
        labels = {"spans": spans} if is_labelled(doc, spans_key) else {}
        rows.append({"text": doc.text, **labels, "tokens": token_records(doc)})
    write_records(path, rows)


def token_records(doc: Doc) -> list[dict[str, Any]]:
    """The tokens as Prodigy has them."""
    return [
        {
            "text": token.text,
            "start": token.idx,
            "end": token.idx + len(token),
            "id": token.i,
            "ws": bool(token.whitespace_),
        }
        for token in doc
    ]


def _span(doc: Doc, shape: CharShape) -> dict[str, Any]:
    words = doc.char_span(shape.start, shape.end)
    assert words is not None, shape
    span = {
        "start": shape.start,
        "end": shape.end,
        "token_start": words.start,
        "token_end": words.end - 1,
        "label": shape.label,
    }
    return span if len(shape.parts) == 1 else {**span, "pieces": list(map(list, shape.parts))}


def _tag_spans(
    labels: Labels, words: Sequence[str], named: Sequence[int], where: str
) -> list[tuple[int, int, str]]:
    """Entities in words, from one tag for each word that the record names."""
    key, tags, _ = labels
    if len(tags) != len(named):
        reason = f"{len(tags)} tags for {len(named)} words; the two must be as many."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    if not set(map(type, tags)) <= {str}:
        reason = 'tags must be strings, e.g. "B-PER"; replace numbers by the names they stand for.'
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    spans = read_tags(tags)
    if spans is None:
        reason = f"the tags {sorted(set(tags))} are not of one scheme. Read are: {READ}."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    found = [(named[start], named[end - 1] + 1, label) for start, end, label in spans]
    return without_blanks(found, words, where)
