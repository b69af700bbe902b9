"""Asking a language model, against a server of the tests' own that fails in every way."""

import errno
import json
import pickle
import sqlite3
import time

import pytest
from pydantic import BaseModel, ConfigDict

from spacy_xproj.abilities import (
    Answer,
    Chat,
    Checkable,
    Counted,
    Identifiable,
    Question,
    check_answer,
)
from spacy_xproj.errors import XProjError
from spacy_xproj.llm.client import ChatClient
from tests.fixtures.chat import KEY, KEY_ENV


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    keep: list[int]


def question(text="Which?"):
    return Question("Choose.", text, Choice)


@pytest.fixture(autouse=True)
def answers(chat):
    chat.answer = lambda body: {"keep": [len(body["messages"][1]["content"])]}


def ask(client, *texts):
    return client.ask([question(text) for text in texts])


# What is asked, and what comes back.


def test_answers_come_in_order_and_in_their_form(chat, make_client):
    client = make_client(concurrency=4)
    found = ask(client, *("x" * n for n in range(20, 0, -1)))
    assert [answer.value.keep for answer in found] == [[n] for n in range(20, 0, -1)]
    assert client.usage() == {
        "calls": 20,
        "prompt_tokens": 2000,
        "completion_tokens": 200,
        "seconds": client.usage()["seconds"],
    }


def test_the_request_is_that_of_chat_completions(chat, make_client):
    ask(make_client(seed=7, max_output=50), "Which?")
    (body,) = chat.bodies
    assert chat.paths == ["/v1/chat/completions"]
    assert chat.keys == [f"Bearer {KEY}"]
    assert (body["model"], body["temperature"], body["seed"], body["max_tokens"]) == (
        *("toy", 0, 7, 50),
    )
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    asked = body["response_format"]["json_schema"]
    assert asked["strict"] is True
    assert asked["schema"]["additionalProperties"] is False


@pytest.mark.parametrize("structured", ["json_object", "none"])
def test_servers_that_know_no_schema_are_told_it_in_words(chat, make_client, structured):
    chat.answer = lambda body: '```json\n{"keep": [1]}\n```'
    (answer,) = ask(make_client(structured=structured), "Which?")
    assert answer.value == Choice(keep=[1])
    (body,) = chat.bodies
    assert '"keep"' in body["messages"][0]["content"]
    assert ("response_format" in body) == (structured == "json_object")


@pytest.mark.parametrize(
    "said",
    [
        '<think>\nOne? {"keep": [2]}\n</think>\n\n{"keep": [1]}',
        'One, then.</think>```json\n{"keep": [1]}\n```',
    ],
)
def test_what_a_model_thinks_aloud_is_not_its_answer(chat, make_client, said):
    chat.answer = lambda body: said
    (answer,) = ask(make_client(), "Which?")
    assert answer.value == Choice(keep=[1])
    assert answer.text == said
    text = '{"text": "</think> {}"}'
    chat.answer = lambda body: text
    (answer,) = make_client().ask([Question("Say.", "Which?", Said)])
    assert answer.value == Said(text="</think> {}")


def test_not_more_requests_at_once_than_allowed(chat, make_client):
    chat.pause = 0.1
    ask(make_client(concurrency=3), *map(str, range(9)))
    assert 1 < chat.most <= 3


def test_a_server_without_a_key_is_sent_none(chat, make_client, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password other")
    monkeypatch.setenv("NETRC", str(netrc))
    ask(make_client(key_env=None), "Which?")
    ask(make_client(), "Who?")
    assert chat.keys == [None, f"Bearer {KEY}"]


# Faults.


FAULTS_THAT_PASS = [
    *(429, 500, 503, 520, 529, "cut", "not json", "overloaded"),
    (429, {"Retry-After": "0"}),
]


@pytest.mark.parametrize("fault", FAULTS_THAT_PASS)
def test_what_passes_is_asked_again(chat, make_client, fault):
    chat.faults = [fault, fault]
    client = make_client(retries=2)
    (answer,) = ask(client, "Which?")
    assert answer.value == Choice(keep=[6])
    assert client.usage()["calls"] == len(chat.bodies) == 3


def test_a_slow_server_is_not_waited_for(chat, make_client):
    chat.faults = ["slow"]
    (answer,) = ask(make_client(retries=0, timeout=0.2), "Which?")
    assert (answer.value, answer.reason) == (None, "no reply within 0.2 s")


@pytest.mark.parametrize("where", ["head", "body", "chunks", "open end"])
def test_a_server_that_drips_is_not_waited_for_either(chat, make_client, where):
    chat.faults = [f"drip {where}"]
    began = time.monotonic()
    (answer,) = ask(make_client(retries=0, timeout=0.4), "Which?")
    assert (answer.value, answer.reason, answer.outage) == (None, "no reply within 0.4 s", True)
    assert 0.3 < time.monotonic() - began < 3
    assert ask(make_client(timeout=20), "Who?")[0].value == Choice(keep=[4])


def test_the_time_is_of_all_that_a_question_leads_to(chat, make_client):
    chat.pause = 0.3
    chat.faults = [(307, {"Location": "/other"})] * 2
    (answer,) = ask(make_client(retries=0, timeout=0.5), "Which?")
    assert answer.reason == "no reply within 0.5 s"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (500, "HTTP 500: no: Bearer ***"),
        (400, "HTTP 400: no: Bearer ***"),
        (401, f"HTTP 401: it refuses the key in ${KEY_ENV}"),
        ("cut", "the connection to 127.0.0.1:"),
        ("not json", "the reply is not JSON"),
        ("overloaded", 'the server says: {"error": {"message": "model is overloaded"'),
        ("no message", "the reply has no message"),
        ("calls a tool", "the reply has no message (tool_calls)"),
        ("silent", "the reply has no message (content_filter)"),
        ("only thinks", "the answer is cut off; raise max_output"),
        ("cut off", "the answer is cut off; raise max_output"),
        ("endless", "the reply is longer than 4194304 bytes"),
    ],
)
def test_what_does_not_pass_is_a_reason(chat, make_client, fault, reason):
    chat.faults = [fault]
    client = make_client(retries=0)
    (answer,) = ask(client, "Which?")
    assert answer.value is None
    assert answer.reason.startswith(reason)
    assert client.usage()["failures"] == 1
    assert answer.outage == (fault in (500, 401, "cut", "not json", "overloaded"))


def test_a_refusal_of_the_request_is_not_repeated(chat, make_client):
    chat.faults = [400]
    ask(make_client(retries=4), "Which?")
    assert len(chat.bodies) == 1


@pytest.mark.parametrize("fault", [401, 402, 403, 404])
def test_a_server_that_refuses_all_is_asked_no_more(chat, make_client, fault):
    chat.faults = [fault]
    client = make_client()
    ask(client, "Which?")
    (answer,) = ask(client, "Who?")
    assert answer.reason.endswith("no more was asked")
    assert len(chat.bodies) == 1


def test_a_server_that_is_gone_is_given_up(chat, make_client):
    chat.faults = [503] * 30
    client = make_client(retries=0, concurrency=1)
    found = ask(client, *map(str, range(20)))
    assert len(chat.bodies) == 8
    assert found[-1].reason == "HTTP 503: no: Bearer ***, 8 times in a row; no more was asked"


@pytest.mark.parametrize("fault", ["silent", "calls a tool", "no message", 400])
def test_a_server_that_never_answers_is_given_up(chat, make_client, fault):
    """It replies, but what it replies is never an answer: so it is not the questions."""
    chat.faults = [fault] * 99
    client = make_client(concurrency=1)
    found = ask(client, *map(str, range(40)))
    assert len(chat.bodies) == 32
    assert found[-1].reason.endswith(", 32 times in a row; no more was asked")
    # Those that led to it are not lost either: the run stops, and asks them again.
    assert all(answer.outage for answer in found)
    assert client.usage()["failures"] == 40
    with pytest.raises(XProjError, match="XP984") as caught:
        check_answer(found[0])
    assert isinstance(caught.value.__cause__, ConnectionError)


def test_some_questions_without_an_answer_are_only_these(chat, make_client):
    chat.faults = ["silent"] * 31
    client = make_client(concurrency=1)
    found = ask(client, *map(str, range(33)))
    assert [answer.value is not None for answer in found] == [False] * 31 + [True] * 2
    assert not any(answer.outage for answer in found)
    chat.faults = ["silent"] * 31
    # One by one, as after a batch that failed: they say nothing new.
    for n in range(31):
        (answer,) = ask(client, str(n))
        assert (answer.reason, answer.outage) == (
            "the reply has no message (content_filter)",
            False,
        )
    assert client.usage()["failures"] == 31
    assert client.usage()["calls"] == len(chat.bodies) == 33 + 31
    ask(client, *map(str, range(31)))
    assert "failures" not in client.usage()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_to_other_hosts_are_refused(chat, make_client, status):
    chat.faults = [(status, {"Location": "http://user:pw@other.example/v1/chat/completions"})]
    (answer,) = ask(make_client(), "Which?")
    assert answer.reason == "it redirects to another host (other.example)"
    assert len(chat.bodies) == 1


def test_redirects_within_the_host_are_followed_but_not_for_ever(chat, make_client):
    there = (307, {"Location": "/other"})
    chat.faults = [there]
    assert ask(make_client(), "Which?")[0].value == Choice(keep=[6])
    assert chat.paths[-1] == "/other"
    chat.faults = [there] * 9
    assert ask(make_client(), "Who?")[0].reason == "it redirects again and again"


@pytest.mark.parametrize(
    "said",
    [
        *("keep 1", '{"keep": ["1"]}', '{"keep": [1], "more": 2}', "[]", "", '{"keep": 1}'),
        '{"keep": [1]} and that is all',
    ],
)
def test_an_answer_that_leaves_its_form_is_none(chat, make_client, said):
    chat.answer = lambda body: said
    (answer,) = ask(make_client(), "Which?")
    assert answer.value is None
    assert answer.reason.startswith("the answer does not fit its form")
    assert answer.text == said


# The cache.


def test_what_was_answered_is_not_asked_again(chat, make_client):
    first = ask(make_client(), "a", "b", "a")
    chat.answer = None
    again = make_client()
    assert ask(again, "b", "a") == [first[1], first[0]]
    assert len(chat.bodies) == 2
    assert again.usage()["cache_hits"] == 2
    assert "calls" not in again.usage()


def test_an_unfit_answer_is_kept_and_a_failure_is_not(chat, make_client):
    chat.answer = lambda body: "nonsense"
    chat.faults = [500]
    client = make_client(retries=0, concurrency=1)
    ask(client, "a", "b")
    ask(make_client(), "a", "b")
    assert [body["messages"][1]["content"] for body in chat.bodies] == ["a", "b", "a"]


def test_an_unfit_answer_says_that_it_is_kept_and_can_be_asked_for_anew(chat, make_client):
    chat.answer = lambda body: "nonsense"
    (answer,) = ask(make_client(), "a")
    with pytest.raises(
        XProjError, match=r"XP986.*does not fit its form.*ask_again = true"
    ) as caught:
        check_answer(answer)
    assert caught.value.__cause__ is None
    chat.answer = lambda body: {"keep": [1]}
    assert ask(make_client(), "a")[0].value is None
    assert ask(make_client(ask_again=True), "a", "b")[0].value == Choice(keep=[1])
    assert len(chat.bodies) == 3
    assert ask(make_client(), "a", "b")[0].value == Choice(keep=[1])  # in place of the other
    assert len(chat.bodies) == 3
    chat.faults = ["no message"]
    (answer,) = ask(make_client(), "c")
    with pytest.raises(XProjError, match=r"XP984.*run the same command again"):
        check_answer(answer)


def test_what_was_answered_before_a_stop_is_kept(chat, make_client):
    client = make_client(concurrency=1)
    one = client._one

    def stop_at_f(session, asked, *more):
        if asked.user == "f":
            raise KeyboardInterrupt
        return one(session, asked, *more)

    client._one = stop_at_f
    with pytest.raises(KeyboardInterrupt):
        ask(client, *"abcdefgh")
    chat.bodies.clear()
    ask(make_client(concurrency=1), *"abcdefgh")
    assert [body["messages"][1]["content"] for body in chat.bodies] == list("efgh")


def read_only(monkeypatch):
    connect = sqlite3.connect

    def read(database, **settings):
        if not settings.get("uri"):
            raise sqlite3.OperationalError("attempt to write a readonly database")
        return connect(database, **settings)

    monkeypatch.setattr(sqlite3, "connect", read)


def full(monkeypatch):
    def no_room(*args, **settings):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("spacy_xproj.io.store.tempfile.TemporaryFile", no_room)


@pytest.mark.parametrize("place", [read_only, full])
def test_nothing_is_asked_where_its_answer_could_not_be_kept(chat, make_client, monkeypatch, place):
    ask(make_client(), "a")
    place(monkeypatch)
    client = make_client()
    assert ask(client, "a")[0].value == Choice(keep=[1])  # what is there can be read
    with pytest.raises(XProjError, match=r"XP262.*(readonly|No space).*another 'path'"):
        ask(client, "a", "b")
    assert len(chat.bodies) == 1
    (answer,) = ask(make_client(dry_run=True), "b")
    assert answer.planned


@pytest.mark.parametrize(
    "other", [{"model": "larger"}, {"temperature": 0.5}, {"seed": 1}, {"max_output": 9}]
)
def test_other_settings_are_asked_anew(chat, make_client, other):
    ask(make_client(), "a")
    ask(make_client(**other), "a")
    assert len(chat.bodies) == 2


def test_the_cache_lies_where_translations_lie(chat, make_client, tmp_path):
    client = make_client()
    ask(client, "a")
    assert client.store.path == tmp_path / "cache" / "spacy-xproj" / "answers.sqlite"
    with sqlite3.connect(client.store.path) as connection:
        ((settings,),) = connection.execute("SELECT json FROM settings").fetchall()
    assert '"model": "toy"' in settings


# The budget, and counting before.


def test_a_budget_of_calls_is_kept_to(chat, make_client):
    client = make_client(max_calls=3)
    found = ask(client, *"abcde")
    assert [answer.value is not None for answer in found] == [True] * 3 + [False] * 2
    assert found[-1].reason == "the budget is spent"
    assert ask(client, "f", "a")[1].value is not None  # what is known costs nothing
    assert len(chat.bodies) == 3


def test_repeated_requests_count(chat, make_client):
    chat.faults = [500] * 9
    client = make_client(max_calls=3, retries=5)
    (answer,) = ask(client, "a")
    assert answer == Answer(None, "the budget of calls is spent", outage=True)
    assert client.usage()["calls"] == 3


def test_redirects_within_the_host_count_too(chat, make_client):
    there = (307, {"Location": "/other"})
    chat.faults = [there]
    client = make_client(max_calls=3)
    assert ask(client, "a")[0].value is not None
    assert client.usage()["calls"] == len(chat.bodies) == 2
    chat.faults = [there]
    assert ask(client, "b")[0] == Answer(None, "the budget of calls is spent", outage=True)
    assert client.usage()["calls"] == len(chat.bodies) == 3


def test_a_budget_of_tokens_is_kept_to(chat, make_client):
    client = make_client(max_tokens=1000, max_output=50, concurrency=2)
    found = ask(client, *"abcdefghijklmnopqrst")
    asked = sum(answer.value is not None for answer in found)
    assert 0 < asked < 20
    assert 800 < client.usage()["prompt_tokens"] + client.usage()["completion_tokens"] <= 1000


def test_tokens_are_estimated_where_the_server_does_not_tell(chat, make_client):
    chat.faults = ["no usage"]
    client = make_client()
    ask(client, "Which?")
    assert client.usage()["prompt_tokens"] == 5
    assert client.usage()["completion_tokens"] == 5
    assert client.usage()["estimated_calls"] == 1


@pytest.mark.parametrize("said", [10**400, -5, "12", 1.5, True, None, [], 0])
def test_numbers_of_tokens_that_cannot_be_are_estimated(chat, make_client, said):
    chat.usage = {"prompt_tokens": said, "completion_tokens": 10}
    client = make_client()
    assert ask(client, "Which?")[0].value == Choice(keep=[6])
    usage = client.usage()
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (5, 10)
    assert usage["estimated_calls"] == 1


def test_a_dry_run_counts_and_asks_nothing(chat, make_client, monkeypatch):
    ask(make_client(), "a")
    monkeypatch.delenv(KEY_ENV)
    client = make_client(dry_run=True, max_output=100)
    client.check_ready()
    assert {answer.reason for answer in ask(client, "b", "c")} == {"dry run: nothing was asked"}
    usage = client.usage()
    assert usage["planned_calls"] == 2
    assert 200 < usage["planned_tokens"] < 400
    assert len(chat.bodies) == 1


# Settings, and the key.


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("localhost:8000", "must begin with http"),
        ("ftp://host/v1", "must begin with http"),
        ("http://", "must begin with http"),
        ("http://me:secret@host/v1", "has a user, a password"),
        ("http://host/v1?key=secret", "has a user, a password or a query"),
        ("http://[::1/v1", "cannot be read"),
    ],
)
def test_an_address_without_secrets_is_wanted(url, why):
    with pytest.raises(XProjError, match=f"XP980.*{why}") as caught:
        ChatClient(url=url)
    assert "secret" not in str(caught.value)


def test_a_key_in_place_of_its_name_is_refused_and_not_repeated():
    with pytest.raises(XProjError, match=r"XP981.*export MY_KEY") as caught:
        ChatClient(key_env=KEY)
    assert KEY not in str(caught.value)


def test_what_may_be_a_key_in_capitals_is_not_repeated():
    for key in ("AKIA0123456789ABCDEF", "SK0123456789ABCDE"):
        with pytest.raises(XProjError, match="XP981") as caught:
            ChatClient(key_env=key)
        assert key not in str(caught.value)
    ChatClient(key_env="OPENAI_API_KEY_2")


def test_a_key_that_is_not_set_is_told_before_the_first_question(chat, make_client, monkeypatch):
    monkeypatch.delenv(KEY_ENV)
    client = make_client()
    for call in (client.check_ready, lambda: ask(client, "a")):
        with pytest.raises(XProjError, match=f"XP982.*export {KEY_ENV}=") as caught:
            call()
        assert chat.host in str(caught.value)
        assert str(caught.value).count(KEY_ENV) == 1
    assert chat.bodies == []


@pytest.mark.parametrize(
    "setting",
    [
        *({"structured": "xml"}, {"timeout": 0}, {"retries": -1}, {"concurrency": 0}),
        *({"max_calls": -1}, {"max_output": 0}, {"temperature": float("nan")}),
    ],
)
def test_settings_are_checked(setting):
    (name,) = setting
    with pytest.raises(XProjError, match=f"XP983.*{name}"):
        ChatClient(**setting)


def test_the_key_is_in_nothing_that_a_client_gives(make_client, tmp_path):
    client = make_client(max_calls=5)
    ask(client, "Which?")
    (tmp_path / "pickled").write_bytes(pickle.dumps(client))
    (tmp_path / "told").write_text(f"{client.describe()} {client.identity()} {vars(client)}")
    copy = pickle.loads((tmp_path / "pickled").read_bytes())
    assert ask(copy, "Which?")[0].value == Choice(keep=[6])
    assert "max_calls" not in client.describe()
    assert "max_calls" not in client.identity()
    assert client.limits() == {"max_calls": 5, "max_tokens": None}


def test_the_abilities_of_a_client(make_client):
    client = make_client()
    for ability in (Chat, Checkable, Counted, Identifiable):
        assert isinstance(client, ability)


# The key.


class Said(BaseModel):
    text: str


@pytest.mark.parametrize("key", ["sk-aaa\nsk-secret", "“sk-secret”", "sk-secret\x07", "sk secret"])
def test_what_a_header_cannot_hold_is_not_sent_and_not_told(make_client, monkeypatch, key):
    monkeypatch.setenv(KEY_ENV, key)
    client = make_client()
    for use in (client.check_ready, lambda: ask(client, "Which?")):
        with pytest.raises(XProjError, match=rf"XP985.*{KEY_ENV}") as error:
            use()
        assert "secret" not in str(error.value)


@pytest.mark.parametrize("key", ["ollama", "EMPTY", "a"])
def test_a_key_that_is_a_word_does_not_change_answers(chat, make_client, monkeypatch, key):
    monkeypatch.setenv(KEY_ENV, key)
    chat.answer = lambda body: {"text": f"{key} on a machine"}
    [answer] = make_client().ask([Question("Choose.", "Which?", Said)])
    assert answer.value == Said(text=f"{key} on a machine")


def test_an_answer_that_repeats_the_key_is_none(chat, make_client):
    chat.answer = lambda body: {"text": f"my key is {KEY}"}
    [answer] = make_client(retries=0).ask([Question("Choose.", "Which?", Said)])
    assert (answer.value, answer.reason) == (None, "the reply repeats the key")


def escaped(key, times=1):
    """A key as JSON may spell it: in JSON within JSON, and with characters by number."""
    for _ in range(times):
        key = key.replace("\\", "\\\\").replace("/", "\\/").replace("5", "\\u0035")
    return key


@pytest.mark.parametrize("times", [0, 1, 2])
@pytest.mark.parametrize("status", [200, 400])
def test_a_key_is_not_told_however_the_server_spells_it(
    chat, make_client, monkeypatch, tmp_path, status, times
):
    key = "sk-abcd/efgh/ijkl/0123456789ZZ"
    monkeypatch.setenv(KEY_ENV, key)
    reply = json.dumps({"choices": [{"message": {"content": "KEY"}, "finish_reason": "stop"}]})
    chat.raw = status, reply.replace("KEY", escaped(key, times))
    [answer] = make_client(retries=0).ask([Question("Choose.", "Which?", Said)])
    assert "repeats the key" in answer.reason or "***" in answer.reason
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    for told in (answer.reason, answer.text, *map(repr, kept)):
        assert "0123456789ZZ" not in told
        assert "efgh" not in told


@pytest.mark.parametrize("target", ["http://[bad/", "http://evil:99999999/"])
def test_a_redirect_to_no_address_is_a_reason(chat, make_client, target):
    chat.faults = [(307, {"Location": target})]
    (answer,) = ask(make_client(retries=0), "Which?")
    assert (answer.value, answer.reason) == (None, "the request failed (ValueError)")
