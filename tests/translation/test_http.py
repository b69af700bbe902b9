"""A translation server on the loopback: what is sent, what is read, and what goes wrong."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spacy_xproj.data.status import ViewStatus
from spacy_xproj.errors import XProjError
from spacy_xproj.translation.http import HTTP


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        answers = self.server.answers
        status, reply = answers.pop(0) if answers else (200, None)
        if reply is None:
            reply = {"translatedText": [text.upper() for text in body["q"]]}
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def make(server, **settings):
    return HTTP(url=f"http://127.0.0.1:{server.server_port}", retries=1, timeout=10, **settings)


def translate(translator, *texts):
    return translator.translate(texts, source_lang="sw", target_lang="en")


def test_sentences_go_in_batches_and_come_back_as_texts(server):
    found = translate(make(server, batch_size=2), "Moja. Mbili.", "", "Tatu.")
    assert [t.text for t in found] == ["MOJA. MBILI.", "", "TATU."]
    assert found[1].status is ViewStatus.EMPTY_TARGET
    assert [body["q"] for _, body in server.asked] == [["Moja.", "Mbili."], ["Tatu."]]
    path, first = server.asked[0]
    assert path == "/translate"
    assert (first["source"], first["target"], first["format"]) == ("sw", "en", "text")


def test_codes_and_key_of_the_server(server, monkeypatch):
    monkeypatch.setenv("TRANSLATE_KEY", "not-for-others")
    translator = make(server, key_env="TRANSLATE_KEY", source_code="swh")
    translate(translator, "moja")
    assert server.asked[0][1]["api_key"] == "not-for-others"
    assert server.asked[0][1]["source"] == "swh"
    assert "not-for-others" not in json.dumps(translator.describe())
    server.answers += [(400, {"error": "bad not-for-others"})]
    with pytest.raises(XProjError, match="XP284") as info:
        translate(translator, "moja")
    assert "not-for-others" not in str(info.value)


def test_a_busy_server_is_asked_again(server):
    server.answers += [(503, {"error": "busy"})]
    assert translate(make(server), "moja")[0].text == "MOJA"
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((400, {"error": "xx is not supported"}), "xx is not supported"),
        ((200, {"translatedText": ["A", "B"]}), "2 translations"),
        ((200, {"translatedText": "A"}), "no list of"),
        ((200, ["A"]), "no list of"),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_the_sentence(server, answer, why):
    server.answers += [answer]
    with pytest.raises(XProjError, match=rf"XP284.*'moja'.*{why}"):
        translate(make(server), "moja")


def test_an_empty_translation_is_one(server):
    server.answers += [(200, {"translatedText": [" "]})]
    assert translate(make(server), "moja")[0].status is ViewStatus.EMPTY_TRANSLATION


@pytest.mark.parametrize("settings", [{"batch_size": 0}, {"url": "ftp://x"}])
def test_settings_that_are_not_valid(settings):
    with pytest.raises(XProjError, match=r"XP(207|980)"):
        HTTP(**{"url": "http://localhost:5000", **settings})
