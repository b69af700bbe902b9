"""The recipes of docs/teachers.md: each config loads as it is meant to be used, and that of a
server runs against one of the test's own."""

import json
import re
from pathlib import Path

import pytest
import srsly

from spacy_xproj.components.voting import VotingTagger
from spacy_xproj.jobs.checking import check_order
from spacy_xproj.jobs.pipelines import ensemble_pipeline, load_pipeline
from spacy_xproj.jobs.preflight import WRONG, check
from spacy_xproj.tagging.gliner_tagger import GLiNERTagger
from spacy_xproj.tagging.llm_tagger import LLMTagger
from tests.fixtures.chat import KEY_ENV

SERVER, OLLAMA, GLINER, NAMES, ARBITER, MODEL = range(6)


@pytest.fixture(scope="module")
def blocks(root):
    text = (root / "docs" / "teachers.md").read_text(encoding="utf-8")
    return re.findall(r"(?ms)^```cfg\n(.*?)^```$", text)


@pytest.fixture
def recipe(blocks, write, tmp_path, monkeypatch):
    """Write the config of a recipe; the working directory has the files that it names."""
    monkeypatch.chdir(tmp_path)
    write("names.tsv", "Asha Mushi\tPER\nDODOMA\tLOC\n")
    write("glossary.tsv", "AU\tUmoja wa Afrika\n")
    return lambda number: write("run.cfg", blocks[number])


def test_there_are_as_many_as_are_tested(blocks):
    assert len(blocks) == 6


@pytest.mark.parametrize("number", range(6))
def test_each_is_a_config_without_errors(recipe, number):
    path = recipe(number)
    nlp = load_pipeline(path, {"nlp.lang": "af"})
    if number < ARBITER:
        check_order(nlp, name=str(path))
        assert nlp.pipe_names[-1] == "xproj_projector"
    else:
        merged = ensemble_pipeline("af", config_path=path).get_pipe("xproj_ensemble").backend
        assert merged.describe() == nlp.get_pipe("xproj_ensemble").backend.describe()


def test_the_teachers_are_what_they_are_said_to_be(recipe):
    kinds = {SERVER: LLMTagger, OLLAMA: LLMTagger, GLINER: GLiNERTagger, NAMES: VotingTagger}
    for number, kind in kinds.items():
        nlp = load_pipeline(recipe(number), {})
        assert isinstance(nlp.get_pipe("xproj_source_ner").backend, kind)


def test_a_server_translates_and_finds_entities(recipe, chat, tmp_path):
    """The recipe's pipeline but for the aligner, whose encoder is not the matter here."""

    def answer(body):
        about = json.loads(body["messages"][1]["content"])
        if "text" in about:
            return {"translation": "Asha Mushi left the AU."}
        return {"entities": [{"text": "Asha Mushi", "label": "PER", "confidence": 0.9}]}

    chat.answer = answer
    nlp = load_pipeline(recipe(SERVER), {"server.url": chat.url})
    doc = nlp.make_doc("Asha Mushi aliondoka Umoja wa Afrika.")
    for name in ("xproj_translate", "xproj_source_ner"):
        doc = nlp.get_pipe(name)(doc)
    view = doc._.xproj["en"]
    assert view.text == "Asha Mushi left the AU."
    assert [(view.entity_text(e), e.label, e.score) for e in view.entities] == [
        ("Asha Mushi", "PER", 0.9)
    ]
    nlp.to_disk(tmp_path / "saved")  # searched for the key, as all else
    config = srsly.read_json(tmp_path / "saved" / "meta.json")
    assert config["pipeline"][:2] == ["xproj_translate", "xproj_source_ner"]
    assert Path("saved").is_dir()


def test_a_check_says_what_is_missing_and_looks_for_no_model_of_a_server(
    recipe, chat, tmp_path, monkeypatch
):
    path, block = recipe(SERVER), "components.xproj_translate.translator"
    assert not [one for one in check(path) if one.level == WRONG or "Qwen" in one.text]
    (tmp_path / "glossary.tsv").unlink()
    (wrong,) = (one for one in check(path) if one.level == WRONG)
    assert wrong.text.startswith("[XP601] There is no file glossary.tsv")
    monkeypatch.delenv(KEY_ENV)
    keyed = {f"{block}.glossary": None, f"{block}.client.key_env": KEY_ENV}
    (wrong,) = (one for one in check(path, keyed) if one.level == WRONG)
    assert wrong.text.startswith("[XP982]")
