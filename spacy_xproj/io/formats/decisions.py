"""What people decided on JSON records: which of them count, and where decisions contradict.

Prodigy's ``answer``; the ``status`` of records in Argilla; who labelled, in Prodigy, doccano
(``user`` of a span) and Label Studio's JSON-MIN (``annotator``).
"""

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from ...errors import Errors, XProjError
from ..notes import note
from .label_keys import KEYS, fits

ACCEPTED, REJECT, NOT_ACCEPTED = "accept", "reject", ("reject", "ignore")
REJECTED = "a record left out: "
# What people write for a decision where it is not one of Prodigy's.
_DECIDES = frozenset(
    ("", "y", "n", "yes", "no", "true", "false", "0", "1", "ok", "skip", "pass", "none", "null")
)
# Keys that Prodigy writes; others may have answers of other kinds.
_PRODIGY = ("_input_hash", "_task_hash", "_annotator_id", "_session_id", "_view_id")
_LEFT_OUT = frozenset(
    ("discarded", "rejected", "ignored", "skipped", "cancelled", "canceled", "deleted")
)
_NOT_DECIDED = frozenset(("draft", "pending", "default", "edited"))
_DECIDED_ON = frozenset(
    (
        *("submitted", "validated", "valid", "complete", "completed", "done", "finished"),
        *(
            "annotated",
            "labeled",
            "labelled",
            "accept",
            "accepted",
            "approved",
            "confirmed",
            "reviewed",
        ),
        *("published", "gold", "ok"),
    )
)
_STATUS = re.compile("(?:(?:record|response|annotation|review|task)[_.]?)?status", re.IGNORECASE)
# Flags that say so, too, where they are true; those that may as well be set later, where false; and
# where a word says it, which may be what the text is about.
_FLAG = re.compile(
    "(?:(?:is|was)_?)?"
    "(?:rejected|ignored|deleted|removed|discarded|skipped|canceled|cancelled|invalid)"
)
_NOT_YET = re.compile(
    "(?:is_?)?(?:accept(?:ed)?|approved|valid(?:ated)?|verified|confirmed|reviewed|checked|correct)"
)
_VERDICT = re.compile("decision|verdict|review|judgment|judgement|validation")
# Who decided on a record, with what tells that two are of one text; who made a span.
_MIN = ("id", "annotator")
_MAKERS = ("user", "user_id", "annotator", "annotator_id", "created_by")
_COMPARED = ("start", "end", "label", "labels", "start_offset", "end_offset")
_IN_WORDS = ("token_start", "token_end", "label")
# One of these keys is in each record that ``Decisions`` has to look at.
_DECIDED = re.compile(
    rf"answer|[\w.]{{0,40}}status|_(?:annotator_id|input_hash|task_hash)|{'|'.join(_MAKERS)}"
    rf"|{_FLAG.pattern}|{_NOT_YET.pattern}|{_VERDICT.pattern}",
    re.IGNORECASE,
)
_LONGEST = 50  # more than the keys that it finds have
_BEFORE_COLON = re.compile(r'"\s*:')


def may_be_decided(line: str) -> bool:
    """Whether ``Decisions`` has to look at the record of a line. Keys are found by their ends, of
    which there are fewer than strings."""
    *before, _ = line.split('":')
    if line.count(":") > len(before):
        *before, _ = _BEFORE_COLON.split(line)
    starts = [part.rfind('"') + 1 for part in before]
    keys = [part[at : at + _LONGEST] for part, at in zip(before, starts, strict=True)]
    return _are_decided(frozenset(keys))


@lru_cache(maxsize=1 << 12)  # the keys of a file are the same in each line
def _are_decided(keys: frozenset[str]) -> bool:
    return any(map(_DECIDED.fullmatch, keys))


class _Decision(NamedTuple):
    """One on a text: by whom, which labels, and whether it is on these alone."""

    where: str
    person: Any
    labels: str
    spans: list[str]
    task: Any
    binary: bool
    prodigys: bool


class Decisions:
    """What people decided on the records of one file: those that they rejected or did not decide
    on are left out, and two that differ on one text are an error."""

    def __init__(self) -> None:
        self._accepted: dict[str, list[_Decision]] = {}
        self._rejected: dict[str, list[_Decision]] = {}

    def judge(self, record: dict[str, Any], where: str) -> dict[str, Any] | None:
        """A record as it counts; None for one that does not, which is noted. Raises XProjError for
        an answer that Prodigy does not give, and where decisions on a text contradict."""
        answer = _answer(record, where)
        status = _status(record)
        if status in _LEFT_OUT:
            note(f"{REJECTED}status {status!r}", where)
            return None
        if flag := _flag(record):
            note(f"{REJECTED}{flag!r} is true", where)
            return None
        if answer is None or answer in NOT_ACCEPTED:
            if answer == REJECT:
                self._compare(record, where, rejected=True)
            note(f"{REJECTED}answer {answer!r}", where)
            return None
        if status in _NOT_DECIDED and any(record.get(key) for key in KEYS):
            note(f"labels of a record that nobody submitted, not read: status {status!r}", where)
            return {key: value for key, value in record.items() if key not in KEYS}
        _note_status(record, where)
        record = _of_one_person(_accepted_spans(record, where), where)
        return record if self._compare(record, where) else None

    def _compare(self, record: dict[str, Any], where: str, *, rejected: bool = False) -> bool:
        """Whether the record says something that no other of the same text has said."""
        text = _text_of(record)
        if text is None:
            return True
        own = _decision(record, where)
        if rejected:
            for other in self._accepted.get(text, ()):
                _check_contradiction(other, own, where, other.where)
            self._rejected.setdefault(text, []).append(own)
            return False
        for other in self._rejected.get(text, ()):
            _check_contradiction(own, other, where, other.where)
        before = self._accepted.setdefault(text, [])
        for other in before:
            if other.labels == own.labels:
                note(f"{REJECTED}the same labels of the same text as before", where)
                return False
            if own.binary and other.binary:
                continue
            if own.person != other.person:
                raise XProjError(Errors.XP646.format(where=where, first=other.where))
            raise XProjError(Errors.XP679.format(where=where, first=other.where))
        before.append(own)
        return True


def _answer(record: dict[str, Any], where: str, *, of_span: bool = False) -> Any:
    """Prodigy's answer, of a record or a span. Raises XProjError for one that is nearly one of
    those, or may be a decision on labels, but is none that Prodigy gives."""
    key = next((key for key in record if key.casefold() == "answer"), "answer")
    answer = record.get(key, ACCEPTED)
    known = answer is None or answer in (ACCEPTED, *NOT_ACCEPTED)
    if known and key == "answer":
        return answer
    meant = str(answer).strip().casefold().removesuffix("ed")
    nearly = meant in (ACCEPTED, *NOT_ACCEPTED, "ignor")
    if nearly or of_span or _is_prodigys(record) or _may_decide(answer, record):
        raise XProjError(Errors.XP647.format(where=where, key=key, answer=answer))
    return ACCEPTED


def accepted_in_view(source: dict[str, Any], where: str) -> dict[str, Any]:
    """The object of a source as it counts: without labels where it does not, which is noted, as its
    sentence belongs to another that does. Raises XProjError as ``Decisions`` does."""
    status = _status(source)
    if _answer(source, where) != ACCEPTED or status in _LEFT_OUT | _NOT_DECIDED or _flag(source):
        note("labels of a source that were not accepted, not read", where)
        return {key: value for key, value in source.items() if key not in KEYS}
    return _accepted_spans(source, where)


def _flag(record: dict[str, Any]) -> str | None:
    """The key that says that a record, or a span, does not count, if there is one."""
    return next((key for key, value in record.items() if value is True and fits(_FLAG, key)), None)


def _may_decide(answer: Any, record: dict[str, Any]) -> bool:
    """Whether an answer may be on the spans of a record, and not one to a question: several words,
    words of the text, or something else than a string or number."""
    values = [record.get(key) for key in KEYS]
    if not any(
        isinstance(one, dict | list) for own in values if isinstance(own, list) for one in own
    ):
        return False
    if not isinstance(answer, str):
        return isinstance(answer, bool | int | float)
    said = answer.strip().casefold()
    words = {word.strip(".,;:!?\"'()").casefold() for word in str(record.get("text", "")).split()}
    return said in _DECIDES or (len(said.split()) == 1 and said not in words)


def _accepted_spans(record: dict[str, Any], where: str) -> dict[str, Any]:
    """A record without the spans that have an answer of their own, and were not accepted."""
    for key in KEYS:
        values = record.get(key)
        if not isinstance(values, list):
            continue
        kept = []
        for one in values:
            why = _why_not(one, where) if isinstance(one, dict) else ""
            if why:
                note(f"a span left out: {why}", where)
                continue
            kept.append(one)
            for flag in one if isinstance(one, dict) else ():
                if one[flag] is False and fits(_NOT_YET, flag):
                    note(f"a span whose {flag} is False, read", where)
        if len(kept) < len(values):
            record = {**record, key: kept}
    return record


def _why_not(span: dict[str, Any], where: str) -> str:
    """Why a span does not count; empty where it does."""
    answer = _answer(span, where, of_span=True)
    if answer != ACCEPTED:
        return f"answer {answer!r}"
    status = str(span.get("status") or "").strip().casefold()
    if status in _LEFT_OUT:
        return f"status {status!r}"
    flag = _flag(span)
    return f"{flag!r} is true" if flag else ""


def _note_status(record: dict[str, Any], where: str) -> None:
    """Note what is said of labels that count, and not known, or not certain."""
    if not any(record.get(key) for key in KEYS):
        return
    for key, value in record.items():
        if (value is False and fits(_NOT_YET, key)) or (
            isinstance(value, str)
            and fits(_VERDICT, key)
            and value.strip().casefold() in _LEFT_OUT | {*NOT_ACCEPTED}
        ):
            note(f"labels of a record whose {key} is {value!r}, read", where)
        said = value.strip().casefold() if isinstance(value, str) else ""
        if said and _STATUS.fullmatch(key) and said not in _DECIDED_ON | _LEFT_OUT | _NOT_DECIDED:
            note(f"labels of a record whose {key} is not known, read: {value[:40]!r}", where)


def _status(record: dict[str, Any]) -> str:
    """What Argilla says about a record, or about all that people answered to it, in small letters;
    empty where it says nothing, or somebody submitted an answer."""
    own = [value for key, value in record.items() if key.casefold().endswith("status")]
    given = record.get("responses")
    by_question = list(given.values()) if isinstance(given, dict) else [given]
    answers = [one for own in by_question if isinstance(own, list) for one in own]
    of_answers = [one.get("status") for one in answers if isinstance(one, dict)]
    for said in (own, of_answers):
        found = [one.strip().casefold() for one in said if isinstance(one, str)]
        known = [one for one in found if one in _LEFT_OUT | _NOT_DECIDED]
        if known and (said is own or len(known) == len(found)):
            return next((one for one in known if one in _NOT_DECIDED), known[0])
    return ""


def _of_one_person(record: dict[str, Any], where: str) -> dict[str, Any]:
    """A record whose spans several people made, who agree, with those of the first."""
    for key in KEYS:
        values = record.get(key)
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            continue
        makers: dict[str, list[Any]] = {}
        for one in values:
            who = next((one[name] for name in _MAKERS if one.get(name) is not None), None)
            makers.setdefault(repr(who), []).append(one)
        if len(makers) < 2:
            continue
        if len({_labels(own) for own in makers.values()}) > 1:
            people = ", ".join(makers)
            raise XProjError(Errors.XP600.format(where=where, key=key, people=people))
        note("a record that several people labelled alike, read once", where)
        record = {**record, key: next(iter(makers.values()))}
    return record


def _text_of(record: dict[str, Any]) -> str | None:
    """What tells that two decisions are on one text; None for a record that is not one."""
    if "answer" in record or _is_prodigys(record):
        named = next((key for key in ("text", "tokens", "words") if record.get(key)), "_input_hash")
        return f"{named}={json.dumps(record.get(named), default=str)}"
    if all(record.get(key) is not None for key in _MIN):
        return f"id={record['id']!r}"
    return None


def _decision(record: dict[str, Any], where: str) -> _Decision:
    values = [record.get(key) for key in KEYS]
    spans = [one for own in values if isinstance(own, list) for one in own]
    names = ("_annotator_id", "_session_id", "annotator")
    person = next((record[name] for name in names if record.get(name) is not None), None)
    return _Decision(
        where,
        person,
        _labels(values),
        list(map(_labels, spans)),
        record.get("_task_hash"),
        is_binary(record),
        _is_prodigys(record),
    )


def _is_prodigys(record: dict[str, Any]) -> bool:
    return any(key in record for key in _PRODIGY)


def is_binary(record: dict[str, Any]) -> bool:
    """Whether a record of Prodigy is a decision on its spans, and says nothing of other words."""
    return record.get("_is_binary") is True or record.get("_view_id") == "ner"


def _check_contradiction(accepted: _Decision, rejected: _Decision, where: str, first: str) -> None:
    """Raise XProjError where what was accepted has what was rejected. Of a text whose labels are
    decided on one by one, others than those accepted may be rejected."""
    one = len(rejected.spans) == 1 and rejected.spans[0] not in accepted.spans
    task = rejected.task is not None and rejected.task == accepted.task
    said = accepted.spans or rejected.spans or (accepted.prodigys and rejected.prodigys)
    if said and (not one or task):
        raise XProjError(Errors.XP646.format(where=where, first=first))


def _labels(values: Any) -> str:
    return json.dumps(_places(values), sort_keys=True, default=str)


def _places(value: Any) -> Any:
    """Labels as far as they can differ: without the ids and the like of spans."""
    if isinstance(value, dict):
        keys = _COMPARED if {"start", "start_offset"} & value.keys() else _IN_WORDS
        return {key: _places(one) for key, one in value.items() if key in keys}
    if isinstance(value, list):
        places = [_places(one) for one in value]
        return sorted(places, key=str) if any(isinstance(one, dict) for one in value) else places
    return value
