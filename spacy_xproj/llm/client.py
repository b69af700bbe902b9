"""Asking a language model: one request a question, known answers from a file, within a budget."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..abilities import Answer, Question, is_once_more
from ..errors import Errors, XProjError
from ..io.files import user_cache
from ..io.records import to_json
from ..io.store import Store, Table, as_bytes, digest
from .http import Failed, Server
from .usage import Usage, estimate

if TYPE_CHECKING:
    import requests
    from pydantic import BaseModel

PATH = "/chat/completions"
_USER = "spacy-xproj.ChatClient.v1"
_FORMS = ("json_schema", "json_object", "none")
_FENCE = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?```\s*", re.DOTALL)
# After so many questions in a row without a reply the server counts as gone.
_PATIENCE = 8
# After so many in a row to which it replies without an answer (it refuses the form that is asked
# for, it filters, it calls tools), it is not the questions. A few may well be refused together.
_MUTE = 32
_ROUNDS = 4  # requests of each connection until what was answered is kept
_MOST_TOKENS = 10**8  # of one call
_WORD = re.compile(r"[a-z_]{1,30}")
_CUT_OFF = "the answer is cut off; raise max_output"
_SPENT = "the budget is spent"
_DRY = "dry run: nothing was asked"


class Reply(NamedTuple):
    """What the server said. kept: whether it may be kept; what is not a reply is not. outage: see
    ``Answer``."""

    text: str
    kept: bool
    reason: str = ""
    outage: bool = False


def _from_reply(reply: Reply) -> tuple[Any, ...]:
    return as_bytes(reply.text), as_bytes(reply.reason)


def _to_reply(text: bytes, reason: bytes) -> Reply:
    decoded = [part.decode("utf-8", "surrogatepass") for part in (text, reason)]
    return Reply(decoded[0], True, decoded[1])


ANSWERS: Table[Reply] = Table(
    "answers", {"text": "BLOB NOT NULL", "reason": "BLOB NOT NULL"}, _from_reply, _to_reply
)


class ChatClient:
    """``spacy-xproj.ChatClient.v1``: a model behind an OpenAI-compatible ``/chat/completions``
    (vLLM, llama.cpp, Ollama, hosted ones).

    url: the base of the server, which usually ends in ``/v1``. model: its name there. key_env: the
    environment variable that holds the key, by default none is sent; the key itself is never in a
    config, a saved pipeline, a log or an error. temperature, seed: as the server takes them; with
    temperature 0 a model chooses what is most probable. max_output: tokens of one answer.
    structured: how the form of an answer is asked for: "json_schema", or for servers that do not
    know that "json_object" or "none"; the answer is held to its form whichever it is.

    timeout: seconds for one reply, the whole of it. retries: how often a request is repeated after
    429, a 5xx, a cut connection or no reply, after ``backoff`` seconds, twice as many each time, or
    as many as the server asks for. Where it gives no answer to many questions in a row, no more is
    asked. Redirects to another host are refused. concurrency: requests at
    once. max_calls, max_tokens: the budget of this process: where it is spent no more is asked, and
    the answers say so. dry_run: ask nothing, but count what would be asked.
    cache: a SQLite file of answers, as ``CachedTranslator`` has one; by default ``answers.sqlite``
    in ~/.cache/spacy-xproj. An answer is kept under question, form, address, model and settings.
    One that does not fit its form is kept, too: a server that is asked for what is most probable
    gives the same again, and would be paid for it in every run. ask_again: ask anew for those that
    are kept and do not fit, as may help where answers are drawn.
    """

    def __init__(
        self,
        *,
        url: str = "http://localhost:8000/v1",
        model: str = "default",
        key_env: str | None = None,
        temperature: float = 0.0,
        seed: int | None = None,
        max_output: int = 1024,
        structured: str = "json_schema",
        timeout: float = 120.0,
        retries: int = 4,
        backoff: float = 1.0,
        concurrency: int = 8,
        max_calls: int | None = None,
        max_tokens: int | None = None,
        cache: str | None = None,
        ask_again: bool = False,
        dry_run: bool = False,
    ) -> None:
        if structured not in _FORMS:
            why = f"choose one of {', '.join(map(repr, _FORMS))}"
            raise XProjError(
                Errors.XP983.format(setting="structured", value=structured, user=_USER, why=why)
            )
        least: dict[str, tuple[float | None, float]] = {
            **{"temperature": (temperature, 0), "retries": (retries, 0), "backoff": (backoff, 0)},
            **{"max_output": (max_output, 1), "concurrency": (concurrency, 1)},
            **{"max_calls": (max_calls, 0), "max_tokens": (max_tokens, 0)},
            "timeout": (timeout, 0.001),
        }
        for setting, (value, smallest) in least.items():
            if value is not None and not smallest <= value < float("inf"):
                why = f"it must be {smallest:g} or more"
                raise XProjError(
                    Errors.XP983.format(setting=setting, value=value, user=_USER, why=why)
                )
        self._server = Server(
            url, key_env=key_env, timeout=timeout, retries=retries, backoff=backoff
        )
        self.model = model
        self.temperature, self.seed, self.max_output = temperature, seed, max_output
        self.structured = structured
        self.concurrency = concurrency
        self.ask_again = ask_again
        self.dry_run = dry_run
        self.store = Store(cache or str(user_cache() / "answers.sqlite"), ANSWERS)
        self._usage = Usage(max_calls=max_calls, max_tokens=max_tokens)
        self._unanswered = 0  # questions in a row without a reply
        self._mute = 0  # and without an answer in the reply
        self._gone = ""  # why no more is asked
        self._failed: set[bytes] = set()  # keys of questions without a usable answer

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """One answer per question, in order; equal questions are asked once. What fails, does not
        fit the form or is over the budget is an answer without a value. Raises XProjError where the
        key is not set, or the cache cannot be used."""
        if not questions:
            return []
        if not self.dry_run:
            self._server.key()
        began = time.monotonic()
        keys = {one: digest(one.system, one.user, _schema(one.form)) for one in questions}
        settings = to_json(self._settings(), sort_keys=True)
        with self._server.session(self.concurrency) as session:
            replies, known = self.store.fill(
                ANSWERS,
                keys,
                lambda missing: self._ask(session, missing, keys),
                is_kept=lambda reply: reply.kept,
                settings=lambda _: settings,
                is_stale=lambda one, reply: self.ask_again and _read(one, reply).value is None,
                # Answers are kept often, as they are paid for; and a budget of tokens is known to
                # be spent only when replies are there.
                chunk=self.concurrency * (_ROUNDS if self._usage.max_tokens is None else 1),
                dry=self.dry_run,
            )
        answers = {
            one: _read(one, reply)._replace(
                planned=reply.reason == _DRY,
                # Those that led to it, too: they may be answered by what is then asked.
                outage=reply.outage or bool(self._gone and not reply.kept),
            )
            for one, reply in replies.items()
        }
        self._count({keys[one]: answer for one, answer in answers.items()}, known)
        self._usage.add(seconds=time.monotonic() - began)
        return [answers[one] for one in questions]

    def _count(self, answers: Mapping[bytes, Answer], known: int) -> None:
        before = len(self._failed)
        for key, answer in answers.items():
            if answer.value is None and not answer.planned:
                self._failed.add(key)
            else:
                self._failed.discard(key)
        hits = 0 if is_once_more() else known
        self._usage.add(cache_hits=hits, failures=len(self._failed) - before)

    def _ask(
        self,
        session: requests.Session,
        questions: Sequence[Question],
        keys: Mapping[Question, bytes],
    ) -> list[Reply]:
        costs = [self._cost(one) for one in questions]
        if self.dry_run:
            if not is_once_more():
                self._usage.add(planned_calls=len(questions), planned_tokens=sum(costs))
            return [Reply("", False, _DRY)] * len(questions)
        room = self._usage.room(costs)
        with ThreadPoolExecutor(self.concurrency) as pool:
            replies = list(
                pool.map(
                    lambda one: self._one(session, one, keys[one] in self._failed),
                    questions[:room],
                )
            )
        return replies + [Reply("", False, _SPENT, True)] * (len(questions) - room)

    def _cost(self, question: Question) -> int:
        """The most tokens that a question takes, about."""
        return estimate(question.system, question.user, _schema(question.form)) + self.max_output

    def _one(self, session: requests.Session, question: Question, failed_before: bool) -> Reply:
        if self._gone:
            return Reply("", False, self._gone, True)
        try:
            value = self._server.post(
                session, PATH, self._body(question), take=self._usage.take_call
            )
        except Failed as failed:
            if failed.final:
                self._gone = f"{failed}; no more was asked"
            elif failed.again:
                self._unanswered += 1
                self._give_up(str(failed), self._unanswered, _PATIENCE)
            else:
                self._without_answer(str(failed), failed_before)
            return Reply("", False, str(failed), failed.again or failed.final)
        self._unanswered = 0
        reply = _content(value)
        if reply.kept:
            self._mute = 0
        else:
            self._without_answer(reply.reason, failed_before)
        spent = value.get("usage") if isinstance(value, dict) else None
        spent = spent if isinstance(spent, dict) else {}
        prompt, completion = (_count(spent.get(f"{of}_tokens")) for of in ("prompt", "completion"))
        self._usage.add(
            prompt_tokens=prompt or estimate(question.system, question.user),
            completion_tokens=completion or estimate(reply.text),
            estimated_calls=not (prompt and completion),
        )
        return reply

    def _without_answer(self, reason: str, failed_before: bool) -> None:
        # The same question again says nothing new of the server.
        self._mute += not failed_before
        self._give_up(reason, self._mute, _MUTE)

    def _give_up(self, reason: str, times: int, patience: int) -> None:
        if times >= patience and not self._gone:
            self._gone = f"{reason}, {patience} times in a row; no more was asked"

    def _body(self, question: Question) -> dict[str, Any]:
        system = question.system
        if self.structured != "json_schema":
            system += (
                f"\n\nAnswer with JSON of this schema, and nothing else:\n{_schema(question.form)}"
            )
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": question.user},
            ],
            "temperature": self.temperature,
            "max_tokens": self.max_output,
        }
        if self.seed is not None:
            body["seed"] = self.seed
        if self.structured == "json_schema":
            schema = _schema_of(question.form)
            named = {"name": question.form.__name__, "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.structured == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def usage(self) -> dict[str, float]:
        """What was spent by this process; see ``Usage``."""
        return self._usage.counts()

    def check_ready(self) -> None:
        """Raise XProjError where the key is not set."""
        if not self.dry_run:
            self._server.key()

    def _settings(self) -> dict[str, Any]:
        """What an answer depends on beside its question."""
        return {
            "url": self._server.url,
            "model": self.model,
            "temperature": self.temperature,
            "seed": self.seed,
            "max_output": self.max_output,
            "structured": self.structured,
        }

    def identity(self) -> dict[str, Any]:
        """What answers depend on; where they end a run, what they may cost is no part of it."""
        return {**self._settings(), "dry_run": self.dry_run}

    def limits(self) -> dict[str, Any]:
        return {"max_calls": self._usage.max_calls, "max_tokens": self._usage.max_tokens}

    def describe(self) -> dict[str, Any]:
        return {"client": "chat", **self._settings()}


@lru_cache(maxsize=256)
def _schema_of(form: type[BaseModel]) -> dict[str, Any]:
    return form.model_json_schema()


@lru_cache(maxsize=256)
def _schema(form: type[BaseModel]) -> str:
    return to_json(_schema_of(form), sort_keys=True)


def _count(value: Any) -> int:
    """A number of tokens as a server says it; 0 where that cannot be one."""
    return value if type(value) is int and 0 < value <= _MOST_TOKENS else 0


def _content(value: Any) -> Reply:
    """The text of a reply of the server."""
    try:
        choice = value["choices"][0]
        text = choice["message"]["content"]
    except (KeyError, IndexError, TypeError):
        return Reply("", False, "the reply has no message")
    ended = choice.get("finish_reason")
    if not isinstance(text, str):
        if ended == "length":  # all went into what it thought
            return Reply("", False, _CUT_OFF)
        why = f" ({ended})" if isinstance(ended, str) and _WORD.fullmatch(ended) else ""
        return Reply("", False, f"the reply has no message{why}")
    if ended == "length":
        return Reply(text, True, _CUT_OFF)
    return Reply(text, True)


def _read(question: Question, reply: Reply) -> Answer:
    """The answer that a reply is, held to the question's form."""
    from pydantic import ValidationError

    if reply.reason:
        return Answer(None, reply.reason, reply.text, outage=reply.outage, kept=reply.kept)
    said = reply.text
    if not said.lstrip().startswith("{"):
        # What a model thinks aloud first, where its server does not take that out.
        said = said.rpartition("</think>")[2]
    fenced = _FENCE.fullmatch(said)
    try:
        value = question.form.model_validate_json(fenced[1] if fenced else said, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        reason = f"the answer does not fit its form: {where + ': ' if where else ''}{first['msg']}"
        return Answer(None, reason, reply.text, kept=reply.kept)
    return Answer(value, "", reply.text, kept=reply.kept)
