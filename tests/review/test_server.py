"""The page for review, over HTTP: who may ask, what is saved, two reviewers at once."""

import http.client
import json
import subprocess
import sys
import threading

import pytest

from spacy_xproj.io.formats.files import write_docs
from spacy_xproj.review.decisions import read_decisions
from spacy_xproj.review.queue import Queue
from spacy_xproj.review.server import HEADER, ReviewServer


@pytest.fixture
def docs(make_doc):
    """Three sentences; the second is least sure."""
    docs = [
        make_doc(
            f"Asha aliona Dodoma {i}",
            "Asha saw Dodoma",
            entities=[(0, 1, "PER"), (2, 3, "LOC")],
            links=[],
            projections=[(0, "PER", "projected", 0, 1, score), (1, "LOC", "projected", 2, 3, 0.9)],
        )
        for i, score in enumerate((0.8, 0.2, 0.5))
    ]
    for doc in docs:
        (view,) = doc._.xproj.values()
        doc.set_ents([doc.char_span(p.start_char, p.end_char, p.label) for p in view.projections])
    return docs


@pytest.fixture
def serve(docs, tmp_path):
    """Start a server over the documents; give it."""
    servers = []

    def start():
        queue = Queue(docs, tmp_path / "log.jsonl", sort="score")
        server = ReviewServer(queue, title="corpus")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def ask(server, method, path, *, headers=None, body=None, token=None):
    """Status, content and headers of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    prefix = f"/{server.token if token is None else token}/"
    connection.request(method, prefix + path, body=body, headers=headers or {})
    answer = connection.getresponse()
    data = answer.read()
    is_json = answer.headers["Content-Type"] == "application/json"
    connection.close()
    return answer.status, json.loads(data) if is_json else data.decode(), answer.headers


def decide(server, item, *, seen=None, headers=None, **changes):
    record = {k: item[k] for k in ("row", "text", "spans", "seen")} | {"answer": "accept"} | changes
    if seen is not None:
        record["seen"] = seen
    own = {HEADER: server.token, "Content-Type": "application/json"} | (headers or {})
    return ask(server, "POST", "decide", headers=own, body=json.dumps(record))[:2]


def test_the_least_sure_sentence_comes_first(serve):
    server = serve()
    status, page, headers = ask(server, "GET", "")
    assert (status, "<title>corpus</title>" in page) == (200, True)
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert ask(server, "GET", "queue")[1] == {"n": 3, "done": [], "labels": ["LOC", "PER"]}
    item = ask(server, "GET", "sentence/0")[1]
    assert (item["row"], item["text"].strip()) == (1, "Asha aliona Dodoma 1")
    assert item["spans"][0] == {"start": 0, "end": 4, "label": "PER", "score": 0.2}
    assert item["words"][1] == [5, 11]
    assert "<svg" in item["html"]


def test_a_decision_is_on_the_disk_before_it_is_confirmed(serve, tmp_path):
    server = serve()
    item = ask(server, "GET", "sentence/0")[1]
    spans = [{"start": 12, "end": 18, "label": "GPE"}]
    assert decide(server, item, spans=spans, reviewer="ana") == (200, {"seen": 1})
    (one,) = read_decisions(tmp_path / "log.jsonl").values()
    assert (one.row, one.entities, one.reviewer) == (1, ((12, 18, "GPE"),), "ana")
    assert ask(server, "GET", "queue")[1] == {"n": 3, "done": [0], "labels": ["GPE", "LOC", "PER"]}
    assert serve().queue.item(0)["decision"]["spans"] == spans  # as after a restart


def test_two_reviewers_do_not_overwrite_one_another(serve):
    """In one process or in two with the same file."""
    server, other = serve(), serve()
    item = ask(server, "GET", "sentence/0")[1]
    assert decide(server, item, reviewer="ana")[0] == 200
    for who in (server, other):
        status, content = decide(who, item, reviewer="ben", answer="ignore")
        assert status == 409
        assert content["error"] == "decided by ana meanwhile"
        assert content["decision"]["answer"] == "accept"
    assert decide(other, item, seen=content["seen"], answer="ignore")[0] == 200
    assert server.queue.item(0)["decision"]["answer"] == "ignore"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({HEADER: "wrong"}, 403),
        ({HEADER: ""}, 403),
        ({"Content-Length": "2000000"}, 413),
    ],
)
def test_another_site_cannot_decide(serve, tmp_path, headers, status):
    server = serve()
    item = ask(server, "GET", "sentence/0")[1]
    assert decide(server, item, headers=headers)[0] == status
    assert not (tmp_path / "log.jsonl").exists()


def test_nothing_without_the_token(serve):
    server = serve()
    for token in ("", "x", server.token[:-1]):
        assert ask(server, "GET", "", token=token)[0] == 404
        assert ask(server, "GET", "sentence/0", token=token)[0] == 404
    assert ask(server, "GET", "", headers={"Host": f"evil:{server.server_port}"})[0] == 421
    own = {"Host": f"localhost:{server.server_port}"}
    assert ask(server, "GET", "", headers=own)[0] == 200


@pytest.mark.parametrize("path", ["sentence/3", "sentence/-1", "sentence/x", "nonsense", "../x"])
def test_what_there_is_not(serve, path):
    assert ask(serve(), "GET", path)[0] == 404


def test_answers_that_make_no_sense(serve, tmp_path):
    server = serve()
    item = ask(server, "GET", "sentence/0")[1]
    assert decide(server, item, text="other")[0] == 400
    assert decide(server, item, row=17)[0] == 400
    assert decide(server, item, spans=[{"start": 0, "end": 999, "label": "X"}])[0] == 400
    own = {HEADER: server.token}
    assert ask(server, "POST", "decide", headers=own, body="{")[0] == 400
    assert not (tmp_path / "log.jsonl").exists()


def test_a_browser_that_goes_away_is_no_error(serve, capsys):
    server = serve()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("GET", f"/{server.token}/sentence/0")
    connection.sock.close()
    assert ask(server, "GET", "queue")[0] == 200
    assert "Traceback" not in capsys.readouterr().err


def test_a_command_that_is_killed_loses_nothing(docs, tmp_path):
    """The command itself, in a process of its own."""
    write_docs(docs, tmp_path / "corpus.spacy")
    command = [sys.executable, "-m", "spacy_xproj", "review", "corpus.spacy", "--no-browser"]

    def start():
        process = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, encoding="utf-8", text=True
        )
        counts, line = process.stdout.readline(), process.stdout.readline()
        address = line.split()[1]

        class Server:
            server_port = int(address.split(":")[2].split("/")[0])
            token = address.split("/")[3]

        return process, counts, Server

    process, counts, server = start()
    assert counts.startswith("3 sentences, 0 decided; saved in corpus.spacy.review.jsonl")
    item = ask(server, "GET", "sentence/0")[1]
    assert decide(server, item)[0] == 200
    process.kill()
    process.wait()
    process, counts, server = start()
    assert counts.startswith("3 sentences, 1 decided")
    assert ask(server, "GET", "sentence/0")[1]["decision"]["answer"] == "accept"
    process.kill()
    process.wait()
