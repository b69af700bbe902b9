"""JSONL: one object a line, a text with character spans, as annotation tools read and write it.

Written is what Prodigy calls the ``ner`` task format: ``text``, ``spans`` and ``tokens``. Read are
also ``entities`` (``[[start, end, label], ...]``, as spaCy's training data has it), ``words`` with
``spaces``, and ``tags`` or ``ner_tags`` (IOB strings, one a word). Other keys are not looked at,
save ``source``: the sentence in another language, an object of the same form with the key ``lang``
and, where it is a line of a parallel corpus, ``row`` (or a list of such objects); it becomes a
source view. ``{"text": "Asha yuko Dodoma.", "source": {"lang": "en", "text": "Asha is in Dodoma.",
"spans": [{"start": 0, "end": 4, "label": "PER"}]}}``
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from ...data.labels import is_labelled
from ...data.spans import chars_to_words, iob_to_spans, join_words, overlap, word_offsets
from ...data.views import Sentence, SourceView, Views
from ...errors import Errors, XProjError
from ...text.tokenizers import Blank, doc_from_text, set_entities
from ..lines import Line, place
from ..records import parse_record, split_records, write_records
from .base import Format, Parse

_LABEL_KEYS = ("spans", "entities", "tags", "ner_tags")


class Jsonl(Format):
    """``spacy-xproj.Jsonl.v1``: JSONL, an object a line (see ``jsonl``)."""

    name = "JSONL"
    suffixes = (".jsonl",)
    written = suffixes
    holds_unlabelled = True

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return split_records(path)

    def parser(self, blank: Blank) -> Parse:
        return JsonlParser(blank)

    def explain(self, content: Any) -> str:
        try:
            keys = ", ".join(map(repr, parse_record(content, "")))
        except XProjError:
            return ""
        return f"its keys are {keys}; labels are read from {', '.join(map(repr, _LABEL_KEYS))}"

    def write(self, docs: Iterable[Doc], path: str | Path) -> None:
        write_jsonl(docs, path)


def read_jsonl(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The objects of a JSONL file as Docs.

    Without ``tokens`` or ``words`` the text is tokenised by ``spacy.blank(lang)``, and a token
    that a span cuts gives way to it. An object without any key for labels gives a Doc without
    entity annotation (``doc.has_annotation("ENT_IOB")`` is false). Raises XProjError, naming the
    line, for broken JSON, a missing text, tokens that are not the text's, and spans that lie
    outside the text, overlap, or cut a given token.
    """
    parse = JsonlParser(Blank(lang))
    for number, line in split_records(path):
        yield parse(line, place(path, number))


class JsonlParser:
    """Makes Docs of lines, as ``read_jsonl`` does."""

    def __init__(self, blank: Blank) -> None:
        self.blank = blank

    def __call__(self, line: Line, where: str, row: int | None = None) -> Doc:
        """row: that of the views of a line that does not name one."""
        record = parse_record(line, where)
        doc = _parse_doc(record, where, self.blank)
        given = record.get("source")
        for source in given if isinstance(given, list) else [given] if given is not None else []:
            view = self._view(source, where, row)
            if view.lang in Views(doc):
                reason = f"two sources of the language {view.lang!r}; keep one."
                raise XProjError(Errors.XP622.format(where=where, key="source", reason=reason))
            Views(doc).put(view)
        return doc

    def _view(self, source: Any, where: str, row: int | None) -> SourceView:
        lang = source.get("lang") if isinstance(source, dict) else None
        named = source.get("row") if isinstance(source, dict) else None
        if not isinstance(lang, str) or not lang or not (named is None or type(named) is int):
            reason = 'expected an object with "lang", "text" or "words", "spans" and perhaps "row".'
            raise XProjError(Errors.XP622.format(where=where, key="source", reason=reason))
        where, row = f"{where}, source", row if named is None else named
        check_string(lang, "lang", where)
        labels, given = _labels(source, where), _given_words(source, where)
        if given is None:
            try:
                blank = self.blank.source(lang)
            except XProjError as error:
                raise XProjError(
                    Errors.XP622.format(where=where, key="lang", reason=error)
                ) from error
            doc = _parse_doc(source, where, blank)
            view = SourceView.from_doc(doc, lang=lang, row=row)
            return view if labels else view.replace(entities=None)
        words, spaces, _ = given
        view = SourceView(lang, tuple(words), tuple(spaces), row=row)
        return view.with_entities(_given_spans(labels, given, where)) if labels else view


def _parse_doc(record: dict[str, Any], where: str, blank: Blank) -> Doc:
    labels, given = _labels(record, where), _given_words(record, where)
    if given is None:
        text = record["text"]
        if not labels:
            return blank.tokenize(text)
        return doc_from_text(blank.tokenize, text, check_spans(labels[1], text, where))
    words, spaces, _ = given
    doc = Doc(blank.vocab, words=words, spaces=spaces)
    Sentence(tuple(words), tuple(spaces)).keep(doc)
    return set_entities(doc, _given_spans(labels, given, where)) if labels else doc


def _given_spans(
    labels: tuple[str, list[Any]], given: tuple[list[str], list[bool], list[int]], where: str
) -> list[tuple[int, int, str]]:
    """Entities in words, of a record that names its words."""
    words, spaces, named = given
    if labels[0] in ("tags", "ner_tags"):
        return _tag_spans(labels, named, where)
    spans = check_spans(labels[1], join_words(words, spaces), where)
    return _word_spans(spans, words, spaces, where)


def write_jsonl(docs: Iterable[Doc], path: str | Path) -> None:
    """Write each Doc as one object: ``text``, ``tokens``, and ``spans`` where it is labelled.

    Spans are ``start``, ``end`` (characters, end exclusive), ``token_start``, ``token_end`` (the
    *last* token, as Prodigy has it) and ``label``. ``doc.user_data`` is not written.
    """
    rows = []
    for doc in docs:
        spans = [
            {
                "start": ent.start_char,
                "end": ent.end_char,
                "token_start": ent.start,
                "token_end": ent.end - 1,
                "label": ent.label_,
            }
            for ent in doc.ents
        ]
        tokens = [
            {
                "text": token.text,
                "start": token.idx,
                "end": token.idx + len(token),
                "id": token.i,
                "ws": bool(token.whitespace_),
            }
            for token in doc
        ]
        labels = {"spans": spans} if is_labelled(doc) else {}
        rows.append({"text": doc.text, **labels, "tokens": tokens})
    write_records(path, rows)


def _labels(record: dict[str, Any], where: str) -> tuple[str, list[Any]] | None:
    """The key that holds the labels, and its list; None where no key does."""
    present = [key for key in _LABEL_KEYS if record.get(key) is not None]
    for key in present:
        if not isinstance(record[key], list):
            raise XProjError(Errors.XP622.format(where=where, key=key, reason="it is no list."))
    filled = [key for key in present if record[key]]
    if len(filled) > 1:
        raise XProjError(Errors.XP628.format(where=where, keys=", ".join(filled)))
    held = filled or present
    return (held[0], record[held[0]]) if held else None


def _given_words(
    record: dict[str, Any], where: str
) -> tuple[list[str], list[bool], list[int]] | None:
    """Words, spaces, and which of the words the record names (the rest is whitespace between).

    None where the record has a text only.
    """
    text, spaces = record.get("text"), record.get("spaces")
    key = next((key for key in ("tokens", "words") if record.get(key) is not None), None)
    if text is None and key is None:
        raise XProjError(Errors.XP621.format(where=where, keys=", ".join(record) or "none"))
    if text is not None:
        check_string(text, "text", where)
    if key is None:
        for tags in ("tags", "ner_tags"):
            if record.get(tags):
                reason = 'tags need "words" (a list of strings), one for each.'
                raise XProjError(Errors.XP622.format(where=where, key=tags, reason=reason))
        return None
    words, starts = _read_tokens(record[key], key, where)
    if spaces is not None and (
        not isinstance(spaces, list)
        or len(spaces) != len(words)
        or not all(isinstance(space, bool) for space in spaces)
    ):
        reason = f"expected a list of true or false, one for each of the {len(words)} words."
        raise XProjError(Errors.XP622.format(where=where, key="spaces", reason=reason))
    if text is None:
        spaces = spaces or [True] * (len(words) - 1) + [False] * bool(words)
        return words, spaces, list(range(len(words)))
    return _fit_words(text, words, starts, where)


def _read_tokens(tokens: Any, key: str, where: str) -> tuple[list[str], list[int | None]]:
    """Text of each token, and its first character where the token tells."""
    words: list[str] = []
    starts: list[int | None] = []
    if not isinstance(tokens, list):
        raise XProjError(Errors.XP622.format(where=where, key=key, reason="it is no list."))
    if set(map(type, tokens)) == {str} and "" not in tokens and _is_utf8("".join(tokens)):
        return tokens, [None] * len(tokens)
    for token in tokens:
        word = token.get("text") if isinstance(token, dict) else token
        start = token.get("start") if isinstance(token, dict) else None
        if not isinstance(word, str) or not word or not (start is None or type(start) is int):
            reason = f'{token!r} is neither a word nor {{"text": ..., "start": ...}}.'
            raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
        check_string(word, key, where)
        words.append(word)
        starts.append(start)
    return words, starts


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def check_string(text: Any, key: str, where: str) -> None:
    if not isinstance(text, str):
        reason = f"it is no string but {text!r}."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        reason = f"half a surrogate pair at character {error.start}; write the whole character."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason)) from error


def _fit_words(
    text: str, words: Sequence[str], starts: Sequence[int | None], where: str
) -> tuple[list[str], list[bool], list[int]]:
    """Words and spaces that make up ``text``: the words given, and the whitespace between them.

    As in spaCy, the first blank after a word belongs to it; any other whitespace is a word.
    """
    all_words: list[str] = []
    all_spaces: list[bool] = []
    named: list[int] = []
    position = 0
    for i, (word, given) in enumerate([*zip(words, starts, strict=True), ("", len(text))]):
        start = text.find(word, position) if given is None else given
        gap = text[position:start]
        if start < position or text[start : start + len(word)] != word or gap.strip():
            rest = text[position : position + 30]
            token = word or "(end of the tokens)"
            raise XProjError(Errors.XP627.format(where=where, position=i, token=token, rest=rest))
        if gap.startswith(" ") and all_words:
            all_spaces[-1] = True
            gap = gap[1:]
        for piece in filter(None, (gap, word)):
            all_words.append(piece)
            all_spaces.append(False)
        named.append(len(all_words) - 1)
        position = start + len(word)
    return all_words, all_spaces, named[:-1]


def check_spans(labels: list[Any], text: str, where: str) -> list[tuple[int, int, str]]:
    """Spans ``(start, end, label)`` in characters, in order.

    Raises XProjError for one that is none, lies outside the text, or overlaps another.
    """
    spans: list[tuple[int, int, str]] = []
    for item in labels:
        values: list[Any]
        if isinstance(item, dict):
            values = [item.get("start"), item.get("end"), item.get("label")]
        else:
            values = item if isinstance(item, list) else []
        if (
            len(values) != 3
            or type(values[0]) is not int
            or type(values[1]) is not int
            or not isinstance(values[2], str)
            or not values[2]
        ):
            raise XProjError(Errors.XP623.format(where=where, span=item))
        start, end, label = values
        check_string(label, "label", where)
        if not 0 <= start < end <= len(text):
            raise XProjError(
                Errors.XP624.format(where=where, start=start, end=end, label=label, n=len(text))
            )
        spans.append((start, end, label))
    spans.sort()
    for a, b in pairwise(spans):
        if overlap(*a[:2], *b[:2]):
            raise XProjError(
                Errors.XP626.format(
                    where=where,
                    start=b[0],
                    end=b[1],
                    label=b[2],
                    other_start=a[0],
                    other_end=a[1],
                    other_label=a[2],
                )
            )
    return spans


def _word_spans(
    spans: Sequence[tuple[int, int, str]],
    words: Sequence[str],
    spaces: Sequence[bool],
    where: str,
) -> list[tuple[int, int, str]]:
    offsets = word_offsets(words, spaces)
    found = []
    for start, end, label in spans:
        inside = chars_to_words(offsets, start, end)
        if inside is None:
            near = [
                word
                for word, (a, b) in zip(words, offsets, strict=True)
                if overlap(a, b + 1, start, end)
            ]
            text = join_words(words, spaces)[start:end]
            raise XProjError(
                Errors.XP625.format(
                    where=where, start=start, end=end, label=label, text=text, tokens=near
                )
            )
        found.append((*inside, label))
    return found


def _tag_spans(
    labels: tuple[str, list[Any]], named: Sequence[int], where: str
) -> list[tuple[int, int, str]]:
    """Entities in words, from one tag for each word that the record names."""
    key, tags = labels
    if len(tags) != len(named):
        reason = f"{len(tags)} tags for {len(named)} words; the two must be as many."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    if not set(map(type, tags)) <= {str}:
        reason = 'tags must be strings, e.g. "B-PER"; replace numbers by the names they stand for.'
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    try:
        spans = iob_to_spans(tags)
    except XProjError as error:
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=error)) from error
    return [(named[start], named[end - 1] + 1, label) for start, end, label in spans]
