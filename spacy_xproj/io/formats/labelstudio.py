"""Label Studio's JSON: a list of tasks, each a text with labelled regions in characters.

Written are ``predictions``, which people see as pre-annotations, or ``annotations``; read is what
Label Studio exports as "JSON". Offsets count code points; a region whose text
does not stand where its offsets say is an error (old versions of Label Studio counted UTF-16 units,
so that they are off after an emoji). A task's ``data`` also holds ``words`` and ``spaces``,
so that the tokens survive the round trip; where a corrected region cuts a token, the token gives
way.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from spacy.tokens import Doc

from ...data.labels import is_labelled
from ...data.spans import join_words
from ...errors import Errors, XProjError
from ...text.tokenizers import Blank, doc_from_text
from ..lines import write_lines
from ..records import read_json, to_json
from .base import Format, Parse
from .jsonl import check_spans, check_string

KINDS = ("predictions", "annotations")
MODEL_VERSION = "spacy-xproj"
FROM_NAME, TO_NAME = "label", "text"


class LabelStudio(Format):
    """``spacy-xproj.LabelStudio.v1``: Label Studio's JSON (see ``labelstudio``)."""

    name = "Label Studio's JSON"
    suffixes = (".json",)
    written = suffixes
    holds_unlabelled = True

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return enumerate(_tasks(path), 1)

    def parser(self, blank: Blank) -> Parse:
        return lambda content, where, row: _parse_task(content[0], content[1], blank)

    def write(self, docs: Iterable[Doc], path: str | Path) -> None:
        write_labelstudio(docs, path)


def labelling_config(labels: Iterable[str]) -> str:
    """The labelling interface (XML) of a project into which the tasks are imported."""
    rows = "".join(f"    <Label value={quoteattr(label)}/>\n" for label in sorted(set(labels)))
    # Without pre-wrap, Label Studio shows and returns runs of blanks as one.
    return (
        "<View>\n  <Style>.htx-text{ white-space: pre-wrap; }</Style>\n"
        f'  <Labels name="{FROM_NAME}" toName="{TO_NAME}">\n{rows}  </Labels>\n'
        f'  <Text name="{TO_NAME}" value="$text"/>\n</View>\n'
    )


def write_labelstudio(
    docs: Iterable[Doc],
    path: str | Path,
    *,
    kind: str = "predictions",
    scores: Iterable[Sequence[float | None]] | None = None,
) -> None:
    """Write each Doc as a task.

    kind: ``predictions`` or ``annotations``. scores: for each Doc one for each of ``doc.ents``, or
    None; a task's own is its lowest, by which Label Studio can sort. ``doc.user_data`` is not
    written.
    """
    if kind not in KINDS:
        raise XProjError(Errors.XP655.format(kind=kind, known=", ".join(KINDS)))
    tasks = [
        to_json(_task(doc, kind, own))
        for doc, own in zip(docs, repeat(None) if scores is None else scores, strict=False)
    ]
    write_lines(path, ["[", *(task + "," for task in tasks[:-1]), *tasks[-1:], "]"])


def _task(doc: Doc, kind: str, scores: Sequence[float | None] | None) -> dict[str, Any]:
    given = [None] * len(doc.ents) if scores is None else list(scores)
    regions = []
    for i, (ent, score) in enumerate(zip(doc.ents, given, strict=True)):
        region: dict[str, Any] = {
            "id": f"e{i}",
            "from_name": FROM_NAME,
            "to_name": TO_NAME,
            "type": "labels",
            "value": {
                "start": ent.start_char,
                "end": ent.end_char,
                "text": ent.text,
                "labels": [ent.label_],
            },
        }
        regions.append(region if score is None else region | {"score": score})
    known = [score for score in given if score is not None]
    answer: dict[str, Any] = {"result": regions}
    if kind == "predictions":
        answer["model_version"] = MODEL_VERSION
        if known:
            answer["score"] = min(known)
    data = {
        "text": doc.text,
        "words": [token.text for token in doc],
        "spaces": [bool(token.whitespace_) for token in doc],
    }
    return {"data": data, kind: [answer] if is_labelled(doc) else []}


def read_labelstudio(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The tasks of a Label Studio export as Docs.

    Of a task's annotations the one that is marked as ground truth counts, else the only one that
    was not skipped; without any, its last prediction. A task without either gives a Doc without
    entity annotation. Only regions of the type ``labels`` are read. Raises XProjError, naming the
    task, for what does not hold, and where several annotations differ.
    """
    blank = Blank(lang)
    for where, task in _tasks(path):
        yield _parse_task(where, task, blank)


def _parse_task(where: str, task: Any, blank: Blank) -> Doc:
    _check_task(task, where)
    data = task["data"]
    text, words, spaces = data["text"], data.get("words"), data.get("spaces")
    regions = _regions(task, where)
    spans = check_spans([_span(r, text, where) for r in regions or []], text, where)
    if words is None:
        doc = blank.tokenize(text)
    else:
        _check_words(text, words, spaces, where)
        doc = Doc(blank.vocab, words=words, spaces=spaces)
    return doc if regions is None else doc_from_text({text: doc}.__getitem__, text, spans)


def _tasks(path: str | Path) -> Iterator[tuple[str, Any]]:
    """The tasks, not yet looked at, with their places: the file, the number from 1, and Label
    Studio's own id."""
    tasks = read_json(path)
    if not isinstance(tasks, list):
        reason = f"a {type(tasks).__name__} instead of a list of tasks"
        raise XProjError(Errors.XP656.format(where=path, reason=reason))
    for number, task in enumerate(tasks, 1):
        has_id = isinstance(task, dict) and "id" in task
        yield f"{path}, task {number}" + (f" (id {task['id']})" if has_id else ""), task


def _check_task(task: Any, where: str) -> None:
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or "text" not in data:
        raise XProjError(Errors.XP656.format(where=where, reason='no {"data": {"text": ...}}'))
    check_string(data["text"], "text", where)


def _regions(task: dict[str, Any], where: str) -> list[dict[str, Any]] | None:
    """The regions of the answer that counts; None where there is no answer."""
    answers = [a for a in _dicts(task, "annotations", where) if not a.get("was_cancelled")]
    answers = [a for a in answers if a.get("ground_truth")] or answers
    if not answers:
        answers = _dicts(task, "predictions", where)[-1:]
    if not answers:
        return None
    found = [
        [r for r in _dicts(answer, "result", where) if r.get("type") == "labels"]
        for answer in answers
    ]
    first = _comparable(found[0])
    if any(_comparable(other) != first for other in found[1:]):
        raise XProjError(Errors.XP657.format(where=where, n=len(found)))
    return found[0]


def _dicts(holder: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    values = holder.get(key) or []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        reason = "it is no list of objects."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    return values


def _comparable(regions: list[dict[str, Any]]) -> list[str]:
    keys = ("start", "end", "labels")
    values = [region.get("value") for region in regions]
    return sorted(repr([v.get(k) for k in keys] if isinstance(v, dict) else v) for v in values)


def _span(region: dict[str, Any], text: str, where: str) -> dict[str, Any]:
    """The region as ``check_spans`` takes it."""
    value = region.get("value")
    labels = value.get("labels") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(labels, list) or len(labels) != 1:
        raise XProjError(Errors.XP658.format(where=where, region=region))
    start, end, own = value.get("start"), value.get("end"), value.get("text")
    if type(start) is int and type(end) is int and isinstance(own, str):
        there = text[max(start, 0) : max(end, 0)]
        # Label Studio may show, and return, another whitespace than the text has.
        if "".join(own.split()) != "".join(there.split()):
            raise XProjError(
                Errors.XP659.format(where=where, start=start, end=end, own=own, there=there)
            )
    return {"start": start, "end": end, "label": labels[0]}


def _check_words(text: str, words: Any, spaces: Any, where: str) -> None:
    if (
        not isinstance(words, list)
        or not isinstance(spaces, list)
        or len(words) != len(spaces)
        or not all(isinstance(word, str) and word for word in words)
        or not all(isinstance(space, bool) for space in spaces)
        or join_words(words, spaces) != text
    ):
        reason = 'with "spaces" they do not make up the text. Remove both keys to tokenise anew.'
        raise XProjError(Errors.XP622.format(where=where, key="words", reason=reason))
