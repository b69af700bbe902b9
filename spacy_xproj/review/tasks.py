"""The queue for review, for annotation tools: the least sure sentence first, with its source
sentences beside it and the projection as a suggestion."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from ..corpus.filtering import entity_scores
from ..data.access import Views
from ..errors import Errors, XProjError
from ..io.files import write_text
from ..io.formats.jsonl import token_records
from ..io.formats.labelstudio import labelling_config, make_task
from ..io.records import write_json, write_records
from .ordering import NOTHING, least_score, ordered


def _sources(doc: Doc) -> str:
    return "\n".join(f"{lang}: {view.text}" for lang, view in Views(doc).items())


def _spans(doc: Doc) -> list[dict[str, Any]]:
    return [
        {"start": e.start_char, "end": e.end_char, "label": e.label_}
        | ({} if score is None else {"score": score})
        for e, score in zip(doc.ents, entity_scores(doc), strict=True)
    ]


def _meta(row: int, doc: Doc) -> dict[str, Any]:
    score = least_score(doc)
    known = {} if score == NOTHING else {"score": score}
    return {"row": row, "source": _sources(doc), "statuses": dict(Views(doc).statuses()), **known}


def write_prodigy(docs: Sequence[Doc], rows: Sequence[int], path: Path) -> None:
    """Prodigy's tasks of ``ner.manual``: ``spans`` with scores, ``tokens``, and in ``meta``, which
    it shows, the source sentences."""
    write_records(
        path,
        [
            {
                "text": docs[row].text,
                "spans": [
                    {**span, "token_start": e.start, "token_end": e.end - 1}
                    for span, e in zip(_spans(docs[row]), docs[row].ents, strict=True)
                ],
                "tokens": token_records(docs[row]),
                "meta": _meta(row, docs[row]),
            }
            for row in rows
        ],
    )


def write_label_studio(docs: Sequence[Doc], rows: Sequence[int], path: Path) -> None:
    """Label Studio's tasks, predictions with scores, the source sentences as a second text; and
    beside them ``PATH.xml``, the interface that shows both."""
    tasks = []
    for row in rows:
        task = make_task(docs[row], scores=entity_scores(docs[row]))
        task["data"] |= {"source": _sources(docs[row])}
        tasks.append({**task, "meta": _meta(row, docs[row])})
    write_json(path, tasks)
    labels = {ent.label_ for row in rows for ent in docs[row].ents}
    write_text(path.with_suffix(".xml"), labelling_config(labels, source="source"))


def write_argilla(docs: Sequence[Doc], rows: Sequence[int], path: Path) -> None:
    """Argilla's records: fields ``text`` and ``source``, and a suggestion for a span question named
    ``spans``; as ``rg.Dataset.records.from_json`` reads them."""
    records = []
    for row in rows:
        spans = _spans(docs[row])
        suggestion: dict[str, Any] = {"value": spans, "agent": "spacy-xproj"}
        if spans and all("score" in span for span in spans):
            suggestion["score"] = [span["score"] for span in spans]
        meta = _meta(row, docs[row])
        records.append(
            {
                "id": str(row),
                "fields": {"text": docs[row].text, "source": meta["source"]},
                "metadata": {k: v for k, v in meta.items() if k in ("row", "score")},
                "suggestions": {"spans": suggestion},
                "responses": {},
            }
        )
    write_json(path, records)


TOOLS: dict[str, Callable[[Sequence[Doc], Sequence[int], Path], None]] = {
    "prodigy": write_prodigy,
    "label-studio": write_label_studio,
    "argilla": write_argilla,
}


def write_tasks(
    docs: Sequence[Doc], path: Path, *, tool: str, sort: str | None, limit: int | None = None
) -> int:
    """Write the queue for a tool; give how many sentences. What comes back is merged by its text
    (``decisions.of_docs``). Raises XProjError for a tool that is not known."""
    if tool not in TOOLS:
        raise XProjError(
            Errors.XP150.format(
                kind="annotation tool", name=tool, fix="--tool prodigy", known=", ".join(TOOLS)
            )
        )
    rows = ordered(docs, sort)[:limit]
    TOOLS[tool](docs, rows, path)
    return len(rows)
