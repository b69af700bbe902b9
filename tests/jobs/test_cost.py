"""What a run has cost is told and kept, and is no part of its output."""

import json
from pathlib import Path

import pytest
import srsly

from spacy_xproj.cli.output import print_cost
from spacy_xproj.errors import XProjError
from spacy_xproj.jobs.cost import added, less
from spacy_xproj.jobs.job import RunOptions, annotate_corpus
from spacy_xproj.jobs.outdir import read_cost
from spacy_xproj.jobs.resumable import Interrupted
from tests.fixtures.chat import KEY_ENV
from tests.fixtures.configs import head, llm_translate_and_find


def config(chat):
    return llm_translate_and_find("DODOMA", url=chat.url, model="toy", key_env=KEY_ENV)


def test_calls_tokens_and_seconds_are_kept_and_told(chat, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def answer(body):
        return {"translation": json.loads(body["messages"][1]["content"])["text"].upper()}

    chat.answer = answer
    Path("run.cfg").write_text(config(chat))
    lines = [f"Bwana {i} aliondoka Dodoma" for i in range(5)]
    Path("in.txt").write_text("\n".join(lines), encoding="utf-8")
    options = RunOptions(shard_size=2, progress=False)
    annotate_corpus("in.txt", "out", config="run.cfg", options=options)
    cost = read_cost(Path("out"))
    assert cost["xproj_translate"]["calls"] == 5
    assert cost["xproj_translate"]["prompt_tokens"] == 500
    assert cost["xproj_translate"]["seconds"] > 0
    assert set(cost["xproj_source_ner"]) == {"seconds"}
    # Answers are kept: the same text in another folder costs no call.
    annotate_corpus("in.txt", "again", config="run.cfg", options=options)
    assert read_cost(Path("again"))["xproj_translate"]["cache_hits"] == 5
    assert "calls" not in read_cost(Path("again"))["xproj_translate"]
    print_cost(cost)
    shown = capsys.readouterr().out
    assert "calls 5, prompt_tokens 500, completion_tokens 50" in shown
    # A run that finds all done adds nothing.
    annotate_corpus("in.txt", "out", config="run.cfg", options=options)
    assert read_cost(Path("out")) == cost
    assert "run" in srsly.read_json("out/cost.json")


def test_a_sentence_that_fails_in_a_batch_counts_once(chat, tmp_path, monkeypatch):
    """The batch fails with it, and each sentence of it is then tried on its own: only that one is
    asked anew, and what the others were given is no hit of the cache."""
    monkeypatch.chdir(tmp_path)

    def answer(body):
        sentence = json.loads(body["messages"][1]["content"])["sentence"]
        return None if "Asha" in sentence else {"entities": []}

    chat.answer = answer
    client = f'url = "{chat.url}"\nmodel = "toy"\nkey_env = "{KEY_ENV}"\n'
    Path("run.cfg").write_text(
        f"""{head("xproj_translate", "xproj_source_ner")}
[components.xproj_translate]
factory = "xproj_translate"
[components.xproj_translate.translator]
@xproj_translators = "spacy-xproj.Itself.v1"
[components.xproj_source_ner]
factory = "xproj_source_ner"
[components.xproj_source_ner.tagger]
@xproj_taggers = "spacy-xproj.LLMTagger.v1"
[components.xproj_source_ner.tagger.client]
@xproj_clients = "spacy-xproj.ChatClient.v1"
{client}"""
    )
    Path("in.txt").write_text("moja\nAsha\ntatu\nnne", encoding="utf-8")
    options = RunOptions(progress=False)
    summary = annotate_corpus("in.txt", "out", config="run.cfg", options=options)
    assert summary["failed"] == {"xproj_source_ner": 1}
    cost = read_cost(Path("out"))["xproj_source_ner"]
    assert cost["calls"] == len(chat.bodies) == 5
    assert cost["failures"] == 1
    assert "cache_hits" not in cost


def test_a_cost_that_is_damaged_is_none(tmp_path):
    assert read_cost(tmp_path) == {}
    (tmp_path / "cost.json").write_text('{"components": [1]}')
    assert read_cost(tmp_path) == {}


def test_sums_and_differences():
    one, other = {"a": {"calls": 2, "seconds": 1.5}}, {"a": {"calls": 2}, "b": {"calls": 1}}
    assert added(one, other) == {"a": {"calls": 4, "seconds": 1.5}, "b": {"calls": 1}}
    assert less(added(one, other), other) == {"a": {"calls": 2, "seconds": 1.5}, "b": {}}


def test_a_server_that_goes_stops_the_run_which_then_goes_on(chat, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chat.answer = lambda body: {"translation": "X"}
    Path("run.cfg").write_text(config(chat))
    Path("in.txt").write_text("moja\nmbili\ntatu\nnne", encoding="utf-8")
    options = RunOptions(shard_size=2, progress=False)
    name = "components.xproj_translate.translator.client"
    few = {f"{name}.max_calls": 2}
    with pytest.raises(XProjError, match=r"(?s)XP873.*the budget is spent"):
        annotate_corpus("in.txt", "out", config="run.cfg", overrides=few, options=options)
    more = {f"{name}.max_calls": 9}
    summary = annotate_corpus("in.txt", "out", config="run.cfg", overrides=more, options=options)
    assert summary["failed_documents"] == 0
    assert len(chat.bodies) == 4
    assert read_cost(Path("out"))["xproj_translate"]["calls"] == 4


def test_a_run_that_is_stopped_says_what_it_has_paid(chat, tmp_path, monkeypatch):
    """Also for the shard that it was at, whose answers are kept."""
    monkeypatch.chdir(tmp_path)

    def answer(body):
        text = json.loads(body["messages"][1]["content"])["text"]
        return {"translation": text.upper()}

    chat.answer = answer
    Path("run.cfg").write_text(config(chat))
    Path("in.txt").write_text("moja\nmbili\ntatu\nnne", encoding="utf-8")
    options = RunOptions(shard_size=2, progress=False)
    told = []

    def stop(*_):
        if len(chat.bodies) > 2:
            raise KeyboardInterrupt
        return []

    with monkeypatch.context() as patch:
        patch.setattr("spacy_xproj.components.source_ner.SourceNerPipe.process", stop)
        with pytest.raises(Interrupted):
            annotate_corpus("in.txt", "out", config="run.cfg", options=options, on_stop=told.append)
    assert told[0]["xproj_translate"]["calls"] == 4
    assert read_cost(Path("out"))["xproj_translate"]["calls"] == 4
    annotate_corpus("in.txt", "out", config="run.cfg", options=options, on_stop=told.append)
    assert len(chat.bodies) == 4
    assert len(told) == 1
    assert read_cost(Path("out"))["xproj_translate"]["calls"] == 4
