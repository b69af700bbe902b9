"""The labels that all shards of a run agree on: a corpus step at its end, in two passes.

The first pass counts what the statuses of all shards say; in memory is a number for each form of
words and label. The second gives those projections that differ the label that holds, shard by
shard. A shard that has been through it says so in its manifest; one that was being written when the
run was killed is computed again, so that the result is the same however often the run was stopped.
"""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ..components.projector import ProjectorPipe
from ..corpus.consensus import LabelConsensus, reason, relabel
from ..data.layers import SPANS_KEY
from ..data.sentence import Sentence
from ..data.status import Status
from ..io.formats.docbin import pack_changed
from ..io.shards import shard_name
from .folder import Piece
from .outdir import OutDir, statuses_path
from .statuses import encode_line

CHANGED = "labels_changed"
ENSEMBLE = "xproj_ensemble"
Line = dict[str, Any]


def wants_consensus(nlp: Language) -> bool:
    """Whether a pipeline projects labels that a corpus may agree on. Where an ensemble decides, the
    views have voted already."""
    has_projector = any(isinstance(pipe, ProjectorPipe) for _, pipe in nlp.pipeline)
    return has_projector and ENSEMBLE not in nlp.pipe_factories.values()


def spans_key_of(nlp: Language) -> str | None:
    """Where the layers of projected spans are."""
    keys = [pipe.spans_key for _, pipe in nlp.pipeline if isinstance(pipe, ProjectorPipe)]
    return keys[-1] if keys else SPANS_KEY


def agree(out: OutDir, shards: dict[str, Any], *, nlp: Language, shard_size: int) -> dict[str, Any]:
    """Bring the labels of all shards to what they agree on; what is kept about each, in order, with
    the number of labels changed. shards: what is kept about each now. Raises CannotWrite."""
    by_lang: dict[str, LabelConsensus] = {}
    for name in shards:
        for line in map(json.loads, _read(out, name)):
            if _counts(line):
                own = by_lang.setdefault(line["lang"], LabelConsensus())
                own.count(line["text"], line.get("source_label") or line["label"], line["score"])
    return {
        name: about
        if CHANGED in about
        else _second_pass(out, number, name, about, by_lang, nlp, shard_size)
        for number, (name, about) in enumerate(shards.items())
    }


def _counts(line: Line) -> bool:
    return line["kind"] == "entity" and line["status"] == Status.PROJECTED.value


def _read(out: OutDir, name: str) -> Iterator[str]:
    with gzip.open(out.path / statuses_path(name), "rt", encoding="utf-8", newline="\n") as file:
        yield from file


def _second_pass(
    out: OutDir,
    number: int,
    name: str,
    about: dict[str, Any],
    by_lang: dict[str, LabelConsensus],
    nlp: Language,
    shard_size: int,
) -> dict[str, Any]:
    lines, rows = [], set()
    changed = 0
    for written in _read(out, name):
        line = json.loads(written)
        if _counts(line):
            label = by_lang[line["lang"]].agreed(line["text"], line["label"])
            if label != line["label"]:
                changed += 1
                rows.add(line["row"])
                line["reason"] = reason(label, line["label"])
                line["source_label"], line["label"] = line["label"], label
                written = encode_line(line) + "\n"
        lines.append(written)
    if not changed:
        return {**about, CHANGED: 0}
    key = spans_key_of(nlp)

    def change(doc: Doc) -> None:
        relabel(doc, Sentence.from_doc(doc), by_lang, spans_key=key)

    docs = {row - number * shard_size: change for row in rows}
    text = "".join(lines).encode("utf-8")
    files = {
        shard_name(number): pack_changed(
            out.path / shard_name(number), docs, lang=nlp.lang or "xx"
        ),
        statuses_path(name): gzip.compress(text, compresslevel=1, mtime=0),
    }
    about = {**about, CHANGED: changed}
    out.write(Piece(name, files, about))
    return about
