"""Pipelines are made without importing packages that they do not use, and with all they do use."""

import logging
import subprocess
import sys
import threading

import catalogue
import pytest
import spacy
from spacy import util
from spacy.language import Language
from spacy.util import get_lang_class

from spacy_xproj.text import factories
from spacy_xproj.text.factories import factories_for, factory_finder, own_factories
from spacy_xproj.text.tokenizers import blank_language

HEAVY = "spacy_transformers"  # which registers the factory "transformer"


def imported_by(code):
    """Whether code of a process of its own imports spacy-transformers."""
    code += f"\nimport sys; print({HEAVY!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1] == "True"


def test_a_tokenizer_imports_no_other_package_with_factories():
    code = "from spacy_xproj.text.tokenizers import blank_language; blank_language('sw')('moja')"
    assert not imported_by(code)


@pytest.mark.parametrize("command", ["convert", "annotate"])
def test_a_command_imports_no_other_package_with_factories(command, tmp_path):
    text = tmp_path / "a.txt"
    text.write_text("Asha yuko Dodoma.\n", encoding="utf8")
    config = tmp_path / "a.cfg"
    config.write_text(
        '[nlp]\nlang = "sw"\npipeline = ["xproj_source_ner"]\n[components]\n'
        '[components.xproj_source_ner]\nfactory = "xproj_source_ner"\n'
        '[components.xproj_source_ner.tagger]\n@xproj_taggers = "spacy-xproj.GoldTagger.v1"\n',
        encoding="utf8",
    )
    arguments = {
        "convert": ["convert", text, tmp_path / "a.jsonl", "--lang", "sw"],
        "annotate": ["annotate", text, tmp_path / "out", "--config", config],
    }[command]
    code = f"""
import sys
sys.argv = ["xproj", *{[str(one) for one in arguments]!r}]
from spacy_xproj.cli import main as app
try:
    app()
except SystemExit as end:
    assert not end.code, end.code
"""
    assert not imported_by(code)


def test_components_of_spacy_of_this_package_and_of_others_are_known():
    has_factory = factory_finder()
    assert all(map(has_factory, ("ner", "xproj_projector", "transformer")))
    assert not has_factory("no_such_component")


@pytest.fixture
def own_parts(monkeypatch):
    """Factories as a file of --code registers them: for all languages, and for Swahili only."""
    monkeypatch.setattr(catalogue, "REGISTRY", dict(catalogue.REGISTRY))
    monkeypatch.setattr(Language, "_factory_meta", dict(Language._factory_meta))
    Language.factory("of_all", func=lambda nlp, name: None)
    get_lang_class("sw").factory("of_swahili", func=lambda nlp, name: None)


def test_a_component_for_one_language_is_known(own_parts):
    has_factory = factory_finder()
    assert has_factory("of_all")
    assert has_factory("of_swahili")
    assert not has_factory("")


@pytest.mark.parametrize(
    ("nlp", "components", "plain"),
    [
        ({}, {}, True),
        ({"tokenizer": {"@tokenizers": "spacy-xproj.CharTokenizer.v1"}}, {}, True),
        ({"vectors": {"@vectors": "spacy.Vectors.v1"}}, {"a": {"factory": "ner"}}, True),
        ({}, {"a": {"factory": "sentencizer"}, "b": {"factory": "xproj_projector"}}, True),
        ({}, {"a": {"factory": "transformer"}}, False),
        ({}, {"a": {"factory": "of_all"}}, False),
        ({}, {"a": {"factory": "of_swahili"}}, False),
        ({}, {"a": {"source": "teacher"}}, False),
        ({}, {"a": {}}, False),
        ({"tokenizer": {"@tokenizers": "mine.v1"}}, {}, False),
        ({"after_creation": {"@callbacks": "spacy.a.v1", "b": {"@misc": "mine.v1"}}}, {}, False),
    ],
)
def test_parts_that_may_ask_for_any_factory_find_them_all(own_parts, nlp, components, plain):
    given = util.registry._entry_point_factories
    with factories_for({"nlp": nlp, "components": components}):
        assert (util.registry._entry_point_factories is not given) is plain
    assert util.registry._entry_point_factories is given


def test_a_component_of_the_user_may_wrap_one_of_another_package():
    code = """
from confection import Config
from spacy.language import Language
from spacy_xproj.jobs.pipelines import build_pipeline

@Language.factory("mine")
def mine(nlp, name):
    return nlp.create_pipe("transformer")

text = '[nlp]\\nlang = "sw"\\npipeline = ["mine"]\\n[components]\\n'
text += '[components.mine]\\nfactory = "mine"\\n'
assert build_pipeline(Config().from_str(text), name="a.cfg").pipe_names == ["mine"]
"""
    assert imported_by(code)


def test_a_config_with_a_component_of_another_package_is_made_with_it(tmp_path):
    code = """
from spacy_xproj.jobs.pipelines import build_pipeline
from confection import Config
text = '[nlp]\\nlang = "sw"\\npipeline = ["transformer"]\\n[components]\\n'
text += '[components.transformer]\\nfactory = "transformer"\\n'
assert build_pipeline(Config().from_str(text), name="a.cfg").pipe_names == ["transformer"]
"""
    assert imported_by(code)


def test_pipelines_made_afterwards_know_all_factories():
    code = "from spacy_xproj.text.tokenizers import blank_language; blank_language('sw')\n"
    code += "import spacy; assert spacy.blank('sw').has_factory('transformer')"
    assert imported_by(code)


def test_only_the_first_pipeline_and_only_this_thread():
    given = util.registry._entry_point_factories
    with own_factories():
        alone = util.registry._entry_point_factories
        assert alone is not given
        with own_factories():  # one within another changes nothing
            assert util.registry._entry_point_factories is alone
        others = []
        thread = threading.Thread(target=lambda: others.append(alone.get_all()))
        thread.start()
        thread.join()
        assert "transformer" in others[0]
        assert util.registry._entry_point_factories is alone
        spacy.blank("sw")
        assert util.registry._entry_point_factories is given
    assert util.registry._entry_point_factories is given


def test_a_failure_leaves_the_registry_as_it_was():
    given = util.registry._entry_point_factories
    with pytest.raises(RuntimeError), own_factories():
        raise RuntimeError
    assert util.registry._entry_point_factories is given


def test_another_version_of_spacy_takes_its_own_way(monkeypatch, caplog):
    class Registry:
        """Of a spaCy that has no such registry."""

    monkeypatch.setattr(factories.util, "registry", Registry)
    with caplog.at_level(logging.WARNING), own_factories():
        pass
    assert "imports all packages" in caplog.text
    monkeypatch.undo()
    assert blank_language("sw").lang == "sw"
