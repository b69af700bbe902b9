"""Label Studio's JSON: a list of tasks, each a text with labelled regions in characters.

Written are ``predictions``, which people see as pre-annotations, or ``annotations``; read is what
Label Studio exports as "JSON". Offsets count code points; a region whose text
does not stand where its offsets say is an error (old versions of Label Studio counted UTF-16 units,
so that they are off after an emoji). A task's ``data`` also holds ``words`` and ``spaces``,
so that the tokens survive the round trip; where a corrected region cuts a token, the token gives
way.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from spacy.tokens import Doc

from ...data.labels import is_labelled
from ...data.spans import join_words, word_offsets
from ...errors import Errors, XProjError
from ..lines import write_lines
from ..notes import note
from ..records import read_json, to_json
from .base import Format, Parse
from .char_spans import char_shapes, check_spans, check_string, cut_labelled, says
from .hypertext import Visible, ways_to_count
from .reading import Reading

_NOT_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*://|data:|/data/|/)\S*\s*$")  # of a file
KINDS = ("predictions", "annotations")
_ANSWERS = KINDS[::-1]  # the second where a task does not have the first
MODEL_VERSION = "spacy-xproj"
FROM_NAME, TO_NAME = "label", "text"
# The types of regions that label characters, each with the key of its labels.
_LABELS, _HYPERTEXT, _PARAGRAPHS = "labels", "hypertextlabels", "paragraphlabels"
_SPANS = (_LABELS, _HYPERTEXT, _PARAGRAPHS)
# Answers to a whole task, and relations, say nothing of spans.
_NO_SPANS = frozenset(
    {"choices", "datetime", "number", "pairwise", "rating", "relation", "taxonomy", "textarea"}
)


class Task(NamedTuple):
    """A task, not yet looked at, and its place: the file, the number from 1, and Label Studio's own
    id. hypertext: whether the regions of the file count the characters of hypertext that are
    seen."""

    where: str
    task: Any
    hypertext: bool


class LabelStudio(Format):
    """``spacy-xproj.LabelStudio.v1``: Label Studio's JSON (see ``labelstudio``)."""

    name = "Label Studio's JSON"
    suffixes = (".json",)
    written = suffixes
    holds_unlabelled = True
    holds_spans = True

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        return enumerate(_tasks(path), 1)

    def parser(self, reading: Reading) -> Parse:
        return lambda content, where, row: _parse_task(content, reading)

    def explain(self, content: Any) -> str:
        task = content.task
        if not isinstance(task, dict) or _ANSWERS[0] in task:
            return "nobody has answered it"
        keys = ", ".join(map(repr, task))
        return f"its keys are {keys}; answers are read from {' and '.join(map(repr, _ANSWERS))}"

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
        write_labelstudio(docs, path, spans_key=spans_key)


def labelling_config(labels: Iterable[str], *, source: str | None = None) -> str:
    """The labelling interface (XML) of a project into which the tasks are imported. source: the key
    of a second text, which is shown above and not labelled.

    Raises XProjError for a label that XML cannot hold.
    """
    labels = sorted(set(labels))
    for label in labels:
        if _NOT_XML.search(label):
            raise XProjError(Errors.XP699.format(label=label))
    rows = "".join(f"    <Label value={quoteattr(label)}/>\n" for label in labels)
    shown = f'  <Text name="{source}" value="${source}"/>\n' if source else ""
    # Without pre-wrap, Label Studio shows and returns runs of blanks as one.
    return (
        "<View>\n  <Style>.htx-text{ white-space: pre-wrap; }</Style>\n"
        f'{shown}  <Labels name="{FROM_NAME}" toName="{TO_NAME}">\n{rows}  </Labels>\n'
        f'  <Text name="{TO_NAME}" value="$text"/>\n</View>\n'
    )


def write_labelstudio(
    docs: Iterable[Doc],
    path: str | Path,
    *,
    kind: str = "predictions",
    scores: Iterable[Sequence[float | None]] | None = None,
    spans_key: str | None = None,
) -> None:
    """Write each Doc as a task.

    kind: ``predictions`` or ``annotations``. scores: for each Doc one for each of ``doc.ents``, or
    None; a task's own is its lowest, by which Label Studio can sort. spans_key: write this group of
    ``doc.spans`` in place of ``doc.ents``; its spans may overlap, but none is in pieces.
    ``doc.user_data`` is not written.
    """
    if kind not in KINDS:
        raise XProjError(
            Errors.XP150.format(
                kind="kind of Label Studio regions",
                name=kind,
                fix="predictions",
                known=", ".join(KINDS),
            )
        )
    tasks = [
        to_json(make_task(doc, kind=kind, scores=own, spans_key=spans_key))
        for doc, own in zip(docs, repeat(None) if scores is None else scores, strict=False)
    ]
    write_lines(path, ["[", *(task + "," for task in tasks[:-1]), *tasks[-1:], "]"])


def make_task(
    doc: Doc,
    *,
    kind: str = "predictions",
    scores: Sequence[float | None] | None = None,
    spans_key: str | None = None,
) -> dict[str, Any]:
    """The task of one Doc, see ``write_labelstudio``."""
    shapes, text = char_shapes(doc, spans_key), doc.text
    given = [None] * len(shapes) if scores is None else list(scores)
    regions = []
    for i, (shape, score) in enumerate(zip(shapes, given, strict=True)):
        region: dict[str, Any] = {
            "id": f"e{i}",
            "from_name": FROM_NAME,
            "to_name": TO_NAME,
            "type": "labels",
            "value": {
                "start": shape.start,
                "end": shape.end,
                "text": text[shape.start : shape.end],
                "labels": [shape.label],
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
        "text": text,
        "words": [token.text for token in doc],
        "spaces": [bool(token.whitespace_) for token in doc],
    }
    return {"data": data, kind: [answer] if is_labelled(doc, spans_key) else []}


def read_labelstudio(path: str | Path, *, lang: str) -> Iterator[Doc]:
    """The tasks of a Label Studio export as Docs.

    Of a task's annotations the one that is marked as ground truth counts, else the only one that
    was neither skipped nor rejected by a reviewer; one without any is not labelled, and its
    predictions, which nobody decided on, are left out and noted. The prediction of a task that does
    not have ``annotations`` at all, as in what Label Studio imports, is read, and noted; of several
    none counts more than another. Read are regions of text, of hypertext and of plain paragraphs. A
    task that everybody skipped is left out and noted; so are answers to a whole task, which is not
    labelled where it has nothing else.
    Raises XProjError, naming the task, for what does not hold, regions of other types, and where
    several annotations, or predictions, differ.
    """
    reading = Reading(lang)
    for content in _tasks(path):
        yield _parse_task(content, reading)


def _parse_task(content: Task, reading: Reading) -> Doc:
    where, task, hypertext = content
    task = _with_text(task, where)
    _check_task(task, where)
    data = task["data"]
    regions = _regions(task, where)
    text, starts = _text_of(data["text"], where)
    words, spaces = data.get("words"), data.get("spaces")
    given = [_span(region, starts, where) for region in regions or []]
    if hypertext and isinstance(data["text"], str):
        text, given = _seen(text, given, where)
    if words is None:
        doc = reading.tokenize(text)
        shapes = check_spans(given, text, where)
    else:
        _check_words(text, words, spaces, where)
        doc = Doc(reading.vocab, words=words, spaces=spaces)
        shapes = check_spans(given, text, where, offsets=word_offsets(words, spaces))
    if regions is None:
        return doc
    return cut_labelled({text: doc}.__getitem__, text, shapes, where, spans_key=reading.spans_key)


def _tasks(path: str | Path) -> Iterator[Task]:
    tasks = read_json(path)
    if not isinstance(tasks, list):
        reason, remedy = f"a {type(tasks).__name__} instead of a list", _as_list(tasks, path)
        raise XProjError(Errors.XP656.format(where=path, reason=reason, remedy=remedy))
    hypertext = any(_counts_what_is_seen(task) for task in tasks)
    for number, task in enumerate(tasks, 1):
        has_id = isinstance(task, dict) and "id" in task
        where = f"{path}, task {number}" + (f" (id {task['id']})" if has_id else "")
        yield Task(where, task, hypertext)


def _as_list(value: Any, path: str | Path) -> str:
    """How a list of records is made of an object that is one, or has one under a key."""
    keys = value if isinstance(value, dict) else {}
    lists = [key for key in keys if _are_records(value[key])]
    if any(key in keys for key in ("text", "data", "tokens", "words")) and "data" not in lists:
        return f"   Where it is one: jq -c '[.]' {path} > NEW"
    if len(lists) == 1:
        return f"   Where they are under {lists[0]!r}: jq -c '.[\"{lists[0]}\"]' {path} > NEW"
    return ""


def _counts_what_is_seen(task: Any) -> bool:
    """Whether a region of a task counts the characters of hypertext that are seen."""
    answers = [
        answer
        for kind in KINDS
        for answer in (isinstance(task, dict) and _listed(task.get(kind))) or []
        if isinstance(answer, dict)
    ]
    regions = [region for answer in answers for region in _listed(answer.get("result"))]
    return any(
        isinstance(region, dict)
        and region.get("type") == _HYPERTEXT
        and isinstance(region.get("value"), dict)
        and "globalOffsets" in region["value"]
        for region in regions
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _with_text(task: Any, where: str) -> Any:
    """A task whose data has one string, or list of paragraphs, not called ``text``, with that as
    its text."""
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or "text" in data:
        return task
    texts = [key for key, value in data.items() if isinstance(value, str) or _is_dialogue(value)]
    if len(texts) != 1 or _ADDRESS.match(str(data[texts[0]])):
        return task
    kind = "string" if isinstance(data[texts[0]], str) else "list of paragraphs"
    note(f"a task whose text was read from {texts[0]!r}, the only {kind} in its data", where)
    others = {key: value for key, value in data.items() if key != texts[0]}
    return {**task, "data": {**others, "text": data[texts[0]]}}


def _is_dialogue(value: Any) -> bool:
    """Whether a value is a list of paragraphs, each with its text."""
    paragraphs = [one for one in _listed(value) if isinstance(one, dict)]
    texts = [one for one in paragraphs if isinstance(one.get("text"), str)]
    return bool(texts) and len(texts) == len(value)


def _are_records(value: Any) -> bool:
    """Whether a value is a list of records."""
    return bool(_listed(value)) and all(isinstance(one, dict | list) for one in value)


def _check_task(task: Any, where: str) -> None:
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or "text" not in data:
        reason = f"it is a {type(task).__name__}"
        if isinstance(task, dict):
            reason = f"no text; its keys are {', '.join(map(repr, task))}"
        raise XProjError(Errors.XP656.format(where=where, reason=reason, remedy=""))
    texts = data["text"] if isinstance(data["text"], list) else [data["text"]]
    for one in texts:
        check_string(one.get("text") if isinstance(one, dict) else one, "text", where)


def _text_of(given: Any, where: str) -> tuple[str, list[int] | None]:
    """The text that regions count characters of, and for a list of paragraphs where each starts."""
    if isinstance(given, list):
        paragraphs = [one["text"] if isinstance(one, dict) else one for one in given]
        starts = [0, *accumulate(len(one) + 1 for one in paragraphs)]
        return "\n".join(paragraphs), starts[:-1]
    return given, None


def _seen(
    markup: str, given: Sequence[dict[str, Any]], where: str
) -> tuple[str, list[dict[str, Any]]]:
    """The text of hypertext that is seen, and the regions in its characters: counted in the first
    way in which each has the text that it says. Raises XProjError where they do not say it, and the
    ways differ for them."""
    ways = ways_to_count(markup)
    text = ways[0].text
    found = [[_in_seen(span, way) for span in given] for way in ways]
    fitting = [own for own in found if all(_says(span, text) for span in own)]
    silent = [span for span in given if not isinstance(span["text"], str)]
    if silent and any(own != fitting[0] for own in fitting[1:]):
        raise XProjError(Errors.XP676.format(where=where, span=silent[0]))
    return text, (fitting or found)[0]


def _in_seen(span: dict[str, Any], way: Visible) -> dict[str, Any]:
    start, end = span["start"], span["end"]
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(way.places):
        return span  # which lies outside, and is named
    found = way.start(start), way.end(end)
    return span if None in found else {**span, "start": found[0], "end": found[1]}


def _says(span: dict[str, Any], text: str) -> bool:
    """Whether a region does not say another text than it has."""
    start, end = span["start"], span["end"]
    if type(start) is not int or type(end) is not int:
        return False
    if not isinstance(span["text"], str):
        return True
    return says("text", span["text"], text[start:end])


def _regions(task: dict[str, Any], where: str) -> list[dict[str, Any]] | None:
    """The regions of the answer that counts; None where there is no answer."""
    given = _dicts(task, "annotations", where)
    answers = [a for a in given if not a.get("was_cancelled") and not a.get("skipped")]
    rejected = [a for a in answers if _is_rejected(a)]
    if rejected:
        note("an annotation that a reviewer rejected, left out", where, n=len(rejected))
    answers = [a for a in answers if a not in rejected]
    answers = [a for a in answers if a.get("ground_truth")] or answers
    if given and not answers:
        how = "whose annotations were rejected" if rejected else "that was skipped"
        note(f"a task {how}, read as not labelled", where)
    predictions = _dicts(task, "predictions", where)
    if "annotations" not in task and predictions:
        answers = predictions
        note("a task whose prediction was read, as it does not have annotations", where)
    elif not answers and predictions:
        note("a prediction that nobody decided on, left out", where)
    if not answers:
        return None
    found = []
    for answer in answers:
        result = _dicts(answer, "result", where)
        kinds = sorted({repr(r.get("type")) for r in result} - {*map(repr, (*_SPANS, *_NO_SPANS))})
        if kinds:
            named = {"kinds": ", ".join(kinds), "known": ", ".join(_SPANS)}
            raise XProjError(Errors.XP632.format(where=where, **named))
        spans = [region for region in result if region.get("type") in _SPANS]
        names = sorted({repr(region.get("to_name")) for region in spans})
        elsewhere = {repr(key) for key in task["data"] if key != TO_NAME}
        if len(names) > 1 or not elsewhere.isdisjoint(names):
            raise XProjError(Errors.XP654.format(where=where, names=", ".join(names)))
        others = sorted({region["type"] for region in result} - set(_SPANS))
        if others:
            note(
                f"a task with {', '.join(others)}, which say nothing of spans and are not read",
                where,
            )
        if spans or not result:
            found.append(spans)
    if not found:
        return None
    first = _comparable(found[0])
    if any(_comparable(other) != first for other in found[1:]):
        kind = "predictions" if answers is predictions else "annotations"
        raise XProjError(Errors.XP657.format(where=where, n=len(found), kind=kind))
    return found[0]


def _is_rejected(answer: dict[str, Any]) -> bool:
    """Whether the last that a reviewer did was to reject an annotation."""
    if answer.get("last_action") in ("accepted", "fixed_and_accepted"):
        return False
    reviews = [one for one in _listed(answer.get("reviews")) if isinstance(one, dict)]
    reviews.sort(key=lambda one: str(one.get("created_at") or ""))
    last = reviews[-1].get("accepted") if reviews else None
    return answer.get("last_action") == "rejected" or last is False


def _dicts(holder: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    values = holder.get(key) or []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        reason = "it is not a list of objects."
        raise XProjError(Errors.XP622.format(where=where, key=key, reason=reason))
    return values


def _comparable(regions: list[dict[str, Any]]) -> list[str]:
    keys = ("start", "end", "startOffset", "endOffset", *_SPANS)
    values = [region.get("value") for region in regions]
    return sorted(repr([v.get(k) for k in keys] if isinstance(v, dict) else v) for v in values)


def _span(region: dict[str, Any], starts: list[int] | None, where: str) -> dict[str, Any]:
    """The region as ``check_spans`` takes it. starts: of the paragraphs."""
    value = region.get("value")
    labels = value.get(region["type"]) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(labels, list) or len(labels) != 1:
        why = "has not exactly one label"
        raise XProjError(Errors.XP658.format(where=where, region=region, why=why))
    start, end = value.get("start"), value.get("end")
    whole = value.get("globalOffsets")
    if isinstance(whole, dict):
        start, end = whole.get("start"), whole.get("end")
    elif starts is not None:
        start = _in_paragraph(start, value.get("startOffset"), starts)
        end = _in_paragraph(end, value.get("endOffset"), starts)
    elif value.get("startOffset") is not None:
        why = (
            "says by elements alone where it is, as old versions of Label Studio have it; open and "
            "update the task in one that writes globalOffsets, too, and export again"
        )
        raise XProjError(Errors.XP658.format(where=where, region=region, why=why))
    return {"start": start, "end": end, "label": labels[0], "text": value.get("text")}


def _in_paragraph(number: Any, offset: Any, starts: list[int]) -> int | None:
    """The character of an offset in a paragraph, by the number of which (a string) it is named."""
    known = isinstance(number, str) and number.isdecimal() and len(number) < 9
    if not known or type(offset) is not int or int(number) >= len(starts):
        return None
    return starts[int(number)] + offset


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
