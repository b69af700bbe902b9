"""Hugging Face datasets: Parquet files whose columns ``datasets.load_dataset`` knows the types of.

A row is a document: ``text``, ``tokens``, ``spaces`` (whether a blank follows each token),
``ner_tags`` (class labels: O, then B- and I- of each label in order of name), and ``spans``
(``start`` and ``end`` in characters, ``label``, ``score`` or none). The types stand in the file's
schema, as ``datasets`` itself writes them, so that nothing but pyarrow (extra ``hf``) is needed to
write one, and no pickle or script to read one.
"""

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

import srsly
from spacy.tokens import Doc

from ...data.labels import is_labelled, open_words
from ...data.span_groups import entity_labels, move_entities
from ...data.spans import Span, join_words, spans_to_iob, word_offsets
from ...errors import Errors, XProjError
from ...text.tokenizers import set_entities
from ..files import write_text
from ..limits import check_unpacked, unpack_limit
from ..lines import place, read_file, write_file
from ..notes import note
from ..records import to_json
from .base import Format, Parse
from .char_spans import char_shapes, check_spans, set_shapes, word_shapes
from .given_words import fit_words
from .reading import Reading
from .tag_schemes import READ
from .tagged_words import read_tags, without_blanks

_META = b"huggingface"
_NO_LABEL = -1  # what the class labels of ``datasets`` have for a word that was not labelled
_BATCH = 1000  # rows in memory
_ROW = 8  # bytes, at least, of a row in memory


class Parquet(Format):
    """``spacy-xproj.Parquet.v1``: Hugging Face datasets' Parquet (see ``hf_dataset``)."""

    name = "Parquet"
    suffixes = (".parquet",)
    written = suffixes
    holds_unlabelled = True
    holds_open_words = True
    holds_spans = True

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return _rows(path)

    def count(self, path: str | Path) -> int:
        return int(_open(path)[1].metadata.num_rows)

    def parser(self, reading: Reading) -> Parse:
        return lambda content, where, row: _doc(content[0], content[1], reading, where)

    def explain(self, content: Any) -> str:
        if content[0].get("spans") is None:
            return ""
        return "it has spans, but not tags, as they overlap; read them with --spans-key"

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
        write_parquet(docs, path, spans_key=spans_key)


def _pyarrow(path: str | Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise XProjError(Errors.XP660.format(path=path)) from error
    return pyarrow


def tag_names(docs: Iterable[Doc]) -> list[str]:
    """The IOB2 tags of the entities of ``docs``: O, then B- and I- of each label by name."""
    labels = sorted({ent.label_ for doc in docs for ent in doc.ents})
    return ["O", *(f"{prefix}-{label}" for label in labels for prefix in "BI")]


def _features(names: Sequence[str]) -> dict[str, Any]:
    """The columns' types as ``datasets`` writes them into a schema."""

    def value(dtype: str) -> dict[str, Any]:
        return {"dtype": dtype, "_type": "Value"}

    def sequence(feature: dict[str, Any]) -> dict[str, Any]:
        return {"feature": feature, "_type": "Sequence"}

    span = {"start": "int64", "end": "int64", "label": "string", "score": "float64"}
    return {
        "text": value("string"),
        "tokens": sequence(value("string")),
        "spaces": sequence(value("bool")),
        "ner_tags": sequence({"names": list(names), "_type": "ClassLabel"}),
        "spans": [{key: value(dtype) for key, dtype in span.items()}],
    }


def write_parquet(
    docs: Iterable[Doc],
    path: str | Path,
    *,
    names: Sequence[str] | None = None,
    scores: Iterable[Sequence[float | None]] | None = None,
    spans_key: str | None = None,
) -> None:
    """Write Docs as a Parquet file; the same Docs give the same bytes.

    names: the tags, by default those of ``docs``; the splits of a data set must share them. scores:
    for each Doc one for each of ``doc.ents``, or None. A Doc that is not labelled has null in place
    of ``ner_tags`` and ``spans``; a word that is open has the tag -1, which ``datasets`` has for
    "no label". spans_key: write this group of ``doc.spans`` in place of ``doc.ents``; as its spans
    may overlap, ``ner_tags`` are null. ``doc.user_data`` is not written. Raises XProjError where
    pyarrow is missing.
    """
    arrow = _pyarrow(path)
    docs = list(docs)
    names = tag_names(docs) if names is None else names
    number = {name: i for i, name in enumerate(names)}
    columns: dict[str, list[Any]] = {key: [] for key in _features(names)}
    for doc, own in zip(docs, repeat(None) if scores is None else scores, strict=False):
        shapes = char_shapes(doc, spans_key)
        given = [None] * len(shapes) if own is None else own
        labelled = is_labelled(doc, spans_key)
        tagged = labelled and spans_key is None
        tags = spans_to_iob([(e.start, e.end, e.label_) for e in doc.ents if tagged], len(doc))
        columns["text"].append(doc.text)
        columns["tokens"].append([token.text for token in doc])
        columns["spaces"].append([bool(token.whitespace_) for token in doc])
        columns["ner_tags"].append(_numbers(doc, tags, number) if tagged else None)
        columns["spans"].append(
            [
                {"start": one.start, "end": one.end, "label": one.label, "score": score}
                for one, score in zip(shapes, given, strict=True)
            ]
            if labelled
            else None
        )
    span = [("start", arrow.int64()), ("end", arrow.int64()), ("label", arrow.string())]
    types = {
        "text": arrow.string(),
        "tokens": arrow.list_(arrow.string()),
        "spaces": arrow.list_(arrow.bool_()),
        "ner_tags": arrow.list_(arrow.int64()),
        "spans": arrow.list_(arrow.struct([*span, ("score", arrow.float64())])),
    }
    meta = {_META: to_json({"info": {"features": _features(names)}})}
    table = arrow.table(columns, schema=arrow.schema(types, metadata=meta))
    sink = io.BytesIO()
    arrow.parquet.write_table(table, sink)
    write_file(path, sink.getvalue())


def _numbers(doc: Doc, tags: Sequence[str], number: Mapping[str, int]) -> list[int]:
    unknown = set(open_words(doc))
    return [_NO_LABEL if i in unknown else number[tag] for i, tag in enumerate(tags)]


def read_parquet(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The rows of a Parquet file as Docs: its ``tokens`` and ``ner_tags``, with the blanks that
    ``spaces`` says, else those of its ``text``, else one between tokens.

    ``ner_tags`` are strings, or numbers whose names the schema holds, as in what ``datasets``
    writes; -1 leaves a word open, and null in place of all of them the row. Raises XProjError,
    naming the row (from 1), for what does not hold, and where pyarrow is missing.
    """
    reading = Reading(lang)
    for number, (row, names) in _rows(path):
        yield _doc(row, names, reading, place(path, number))


def _open(path: str | Path) -> tuple[Any, Any]:
    """pyarrow, and the file. Raises XProjError where it cannot be opened."""
    arrow = _pyarrow(path)
    data = read_file(path)
    try:
        file = arrow.parquet.ParquetFile(io.BytesIO(data))
        # What it says of single columns is not looked at: pyarrow ends the process where that is
        # damaged ("terminate called after throwing an instance of 'parquet::ParquetException'").
        parts = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        size = sum(max(part.total_byte_size, _ROW * part.num_rows) for part in parts)
    except _broken(arrow) as error:
        raise XProjError(Errors.XP661.format(path=path, reason=_shortly(error))) from error
    check_unpacked(path, size, unpack_limit(path))
    return arrow, file


def _broken(arrow: Any) -> tuple[type[Exception], ...]:
    """What pyarrow raises for a file that is damaged: each of its own kind, and of Python's."""
    return (
        arrow.lib.ArrowException,
        *(OSError, ValueError, KeyError, TypeError, IndexError, OverflowError, MemoryError),
        *(NotImplementedError, RecursionError),
    )


def _shortly(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__


def _rows(path: str | Path) -> Iterator[tuple[int, tuple[dict[str, Any], list[str] | None]]]:
    """The rows with their numbers from 1, each with the names of its tags."""
    arrow, file = _open(path)
    schema = file.schema_arrow
    missing = {"tokens", "ner_tags"} - set(schema.names)
    if missing:
        reason = f"no column {', '.join(sorted(missing))} among {', '.join(schema.names)}"
        raise XProjError(Errors.XP661.format(path=path, reason=reason))
    names = _names(schema)
    wanted = [
        key for key in ("text", "tokens", "spaces", "ner_tags", "spans") if key in schema.names
    ]
    batches = file.iter_batches(batch_size=_BATCH, columns=wanted)
    number = 0
    while True:
        try:
            rows = next(batches).to_pylist()
        except StopIteration:
            return
        except _broken(arrow) as error:
            raise XProjError(Errors.XP661.format(path=path, reason=_shortly(error))) from error
        for row in rows:
            number += 1
            yield number, (row, names)


def _names(schema: Any) -> list[str] | None:
    try:
        features = json.loads((schema.metadata or {})[_META])["info"]["features"]
        tags = features["ner_tags"]
        names = (tags[0] if isinstance(tags, list) else tags["feature"])["names"]
        return [str(name) for name in names]
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        return None


def _check_agree(
    spans: Iterable[tuple[int, int, str]],
    offsets: Sequence[tuple[int, int]],
    row: dict[str, Any],
    where: str,
) -> None:
    """Raise XProjError where a row's spans are not those that its tags say, in words; without
    ``spaces`` their characters cannot be told. offsets: of the words."""
    given = row.get("spans")
    if not isinstance(given, list) or row.get("spaces") is None:
        return
    keys = ("start", "end", "label")
    if not all(isinstance(one, dict) and one.keys() >= {*keys} for one in given):
        return
    said = sorted(str([one[key] for key in keys]) for one in given)
    tagged = sorted(str([offsets[a][0], offsets[b - 1][1], label]) for a, b, label in spans)
    if said != tagged:
        reason = (
            f"ner_tags say {', '.join(tagged) or 'nothing'}, spans {', '.join(said) or 'nothing'}"
        )
        raise XProjError(Errors.XP662.format(where=where, reason=reason))


def _in_text(
    row: dict[str, Any], words: list[str], spaces: list[bool], where: str
) -> tuple[list[str], list[bool], list[int]]:
    """The words of a row and the blanks between them, with those of its text where it does not say
    where blanks are, and which of the words are tagged. A text of other words is noted."""
    text, as_given = row.get("text"), (words, spaces, list(range(len(words))))
    if not isinstance(text, str) or text == join_words(words, spaces):
        return as_given
    if row.get("spaces") is None:
        try:
            return fit_words(text, words, [None] * len(words), where)
        except XProjError:
            pass  # some data sets have the text as it was before it was cut into tokens
    note("a text that its tokens do not make up, not read", where)
    return as_given


def _doc(row: dict[str, Any], names: list[str] | None, reading: Reading, where: str) -> Doc:
    words, tags = row["tokens"] or [], row["ner_tags"]
    spaces: Any = row.get("spaces")
    if spaces is None and isinstance(words, list):
        spaces = [True] * (len(words) - 1) + [False] * bool(words)
    for name, values in (("tokens", words), ("spaces", spaces), ("ner_tags", tags or [])):
        if not isinstance(values, list):
            reason = f"{name} are not a list but {str(values)[:40]!r}"
            raise XProjError(Errors.XP662.format(where=where, reason=reason))
    n_tags = len(words) if tags is None else len(tags)
    if not len(words) == len(spaces) == n_tags:
        reason = f"{len(words)} tokens, {len(spaces)} spaces and {n_tags} tags"
        raise XProjError(Errors.XP662.format(where=where, reason=reason))
    if not all(isinstance(word, str) and word for word in words):
        raise XProjError(Errors.XP662.format(where=where, reason="a token without text"))
    if not all(isinstance(space, bool) for space in spaces):
        reason = f"spaces are not true or false: {str(spaces)[:40]}"
        raise XProjError(Errors.XP662.format(where=where, reason=reason))
    words, spaces, named = _in_text(row, words, spaces, where)
    doc = Doc(reading.vocab, words=words, spaces=spaces)
    offsets = word_offsets(words, spaces)
    if reading.spans_key is not None and isinstance(row.get("spans"), list):
        shapes = check_spans(row["spans"], doc.text, where, offsets=offsets)
        return set_shapes(doc, word_shapes(shapes, words, spaces, where), reading.spans_key)
    if tags is None:
        return doc
    unknown = {i for i, tag in enumerate(tags) if tag is None or tag == _NO_LABEL}
    try:
        spans = read_tags(
            ["O" if i in unknown else _name(tag, names) for i, tag in enumerate(tags)], names
        )
    except (LookupError, TypeError):
        spans = None
    if spans is None:
        known = "no names of the tags" if names is None else f"the names {', '.join(names)}"
        reason = f"tags {tags}; the file's schema holds {known}. Read are: {READ}"
        raise XProjError(Errors.XP662.format(where=where, reason=reason))
    spans = [Span(named[start], named[end - 1] + 1, label) for start, end, label in spans]
    _check_agree(spans, offsets, row, where)
    open_words = [named[i] for i in sorted(unknown)]
    doc = set_entities(doc, without_blanks(spans, words, where), unknown=open_words)
    return doc if reading.spans_key is None else move_entities(doc, reading.spans_key)


def _name(tag: Any, names: list[str] | None) -> str:
    if isinstance(tag, str):
        return tag
    if tag < 0:
        raise LookupError(tag)
    return (names or [])[tag]


def write_hf_dataset(
    splits: Mapping[str, Sequence[Doc]],
    folder: str | Path,
    *,
    lang: str,
    scores: Mapping[str, Sequence[Sequence[float | None]]] | None = None,
    notes: Sequence[str] = (),
    spans_key: str | None = None,
) -> list[Path]:
    """Write splits as a folder that ``datasets.load_dataset(folder)`` reads, and its card.

    notes: sentences for the card, on how the labels were made. spans_key: as of ``write_parquet``.
    Returns the paths written.
    """
    folder = Path(folder)
    names = tag_names(doc for docs in splits.values() for doc in docs)
    written = []
    for split, docs in splits.items():
        path = folder / "data" / f"{split}-00000-of-00001.parquet"
        own = None if scores is None else scores[split]
        write_parquet(docs, path, names=names, scores=own, spans_key=spans_key)
        written.append(path)
    write_text(folder / "README.md", _card(splits, spans_key, lang, notes))
    return [folder / "README.md", *written]


def _card(
    splits: Mapping[str, Sequence[Doc]], spans_key: str | None, lang: str, notes: Sequence[str]
) -> str:
    header: dict[str, Any] = {} if lang == "xx" else {"language": [lang]}
    header |= {
        "task_categories": ["token-classification"],
        "task_ids": ["named-entity-recognition"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": s, "path": f"data/{s}-*.parquet"} for s in splits],
            }
        ],
    }
    counts = {
        split: Counter(label for doc in docs for label in entity_labels(doc, spans_key))
        for split, docs in splits.items()
    }
    labels = sorted({label for own in counts.values() for label in own})
    rows = [
        [split, str(len(docs)), *(str(counts[split][label]) for label in labels)]
        for split, docs in splits.items()
    ]
    # A label may hold what ends a cell or begins a tag.
    head = ["split", "documents", *(_escape(label) for label in labels)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])
    columns = (
        "Columns: `text`; `tokens` and `spaces` (whether a blank follows each); `ner_tags` (IOB2 "
        "class labels); `spans` (characters `start` to `end`, `label`, and the `score` of the "
        "projection where it has one)."
    )
    body = ["# Named entities", *notes, table, columns]
    return f"---\n{srsly.yaml_dumps(header)}---\n\n" + "\n\n".join(body) + "\n"


def _escape(text: str) -> str:
    for char in "\\`*_[]<>|#":
        text = text.replace(char, "\\" + char)
    return " ".join(text.split())
