"""What is wrong with a config or part is said before a model is loaded or output touched."""

from pathlib import Path

import pytest

from spacy_xproj.errors import XProjError
from tests.fixtures.configs import GOLD

OWN = '''"""A part of one's own that cannot be made."""

from spacy_xproj.registry import registry


@registry.xproj_aligners("test.raises.v1")
def raises():
    raise KeyError("weights")
'''


@pytest.fixture
def no_models(monkeypatch):
    """No model may be loaded, and no sentence processed."""

    def load(*arguments, **named):
        raise AssertionError("a model was loaded")

    monkeypatch.setattr("spacy_xproj.hf.loading.load_model", load)
    monkeypatch.setattr("spacy_xproj.jobs.worker.annotate", load)


@pytest.fixture
def refused(run, no_models):
    """Change the config; the run is refused with a message, and nothing is made."""

    def check(message, old="", new="", **options):
        text = Path("run.cfg").read_text(encoding="utf-8")
        assert old in text
        Path("run.cfg").write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(XProjError, match=f"(?s){message}"):
            run(**options)
        assert not Path("out").exists()

    return check


def without_toy():
    """Take the test's own component out of the config."""
    text = Path("run.cfg").read_text(encoding="utf-8").replace('"toy", ', "")
    text = text.replace('[components.toy]\nfactory = "toy"\n', "")
    Path("run.cfg").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("batchsize = 5", r"XP876.*run\.cfg has 'batchsize' in \[nlp\].*'batch_size'"),
        ("mine = 5", r"XP876.*'mine' in \[nlp\]"),
    ],
)
def test_an_unknown_key_of_nlp(refused, key, message):
    refused(message, "[nlp]", f"[nlp]\n{key}")


def test_an_unknown_key_of_nlp_by_set(refused):
    refused(r"XP876.*'mine' in \[nlp\]", overrides={"nlp.mine": 5})


@pytest.mark.parametrize(("section", "near"), [("component", "'components'"), ("mine", "Remove")])
def test_an_unknown_section(refused, section, near):
    refused(
        rf"XP876.*the section \[{section}\], which nothing reads.*{near}",
        "[nlp]",
        f"[{section}]\nlang = 1\n[nlp]",
    )


@pytest.mark.parametrize("size", ["0", "-3", "2.5", "null", "true"])
def test_a_batch_of_no_documents(refused, size):
    message = r"XP881.*run\.cfg has batch_size = .*Set batch_size = 256"
    refused(message, "[nlp]", f"[nlp]\nbatch_size = {size}")


def test_a_batch_of_no_documents_by_set(refused):
    refused("XP881", overrides={"nlp.batch_size": 0})


def test_a_pipeline_without_components(refused):
    text = Path("run.cfg").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("pipeline = ")]
    message = r"XP880.*pipeline = \[\"toy\",\"xproj_source_ner\",\"xproj_aligner\""
    refused(message, line, "pipeline = []")
    refused(message, "pipeline = []", 'pipeline = "toy"')
    refused(message, 'pipeline = "toy"', "")


@pytest.mark.parametrize(
    ("name", "hint"), [("xproj_projetor", "Did you mean 'xproj_projector'"), ("other", "Remove it")]
)
def test_a_component_that_the_pipeline_does_not_name(refused, name, hint):
    message = rf"XP876.*has \[components\.{name}\] beside.*which nothing reads\. {hint}"
    block = f'[components.{name}]\nfactory = "xproj_projector"\n[components.toy]'
    refused(message, "[components.toy]", block)


def test_a_pipeline_that_is_named_elsewhere(refused):
    text = Path("run.cfg").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("pipeline = ")]
    text = f"[vars]\n{line}\n{text.replace(line, 'pipeline = ${vars.pipeline}')}"
    Path("run.cfg").write_text(f'{text}[components.other]\nfactory = "toy"\n', encoding="utf-8")
    refused(r"XP876.*\[components\.other\]")


def test_values_may_choose_from_the_pipeline(run):
    """Its other components are left out on purpose."""
    chosen = ["xproj_source_ner", "xproj_aligner", "xproj_projector"]
    assert run(overrides={"nlp.pipeline": chosen})["documents"] == 40


def test_a_component_that_there_is_not(refused):
    message = (
        r"XP910.*\[components\.xproj_projector\] there is no component 'xproj_projetor'\. "
        "Did you mean 'xproj_projector'"
    )
    refused(message, 'factory = "xproj_projector"', 'factory = "xproj_projetor"')


def test_a_component_that_only_gives_values(run):
    text = Path("run.cfg").read_text(encoding="utf-8").replace('"sw"', "${components.values.lang}")
    text = text.replace("[components.toy]", '[components.values]\nlang = "sw"\n[components.toy]')
    Path("run.cfg").write_text(text, encoding="utf-8")
    assert run()["documents"] == 40


def test_a_section_that_others_name_may_have_any_name(run):
    text = Path("run.cfg").read_text(encoding="utf-8").replace('"sw"', "${mine.lang}")
    Path("run.cfg").write_text(f'[mine]\nlang = "sw"\n[paths]\ntrain = null\n{text}')
    assert run()["documents"] == 40


@pytest.mark.parametrize(
    ("pipeline", "message"),
    [
        (
            '"xproj_aligner", "xproj_projector", "xproj_source_ner"',
            r"XP877.*'xproj_projector' needs doc\._\.xproj_entities, which 'xproj_source_ner' "
            r"gives, which stands after 'xproj_projector'",
        ),
        (
            '"xproj_source_ner", "xproj_projector", "xproj_aligner"',
            r"XP877.*'xproj_projector' needs doc\._\.xproj_links, which 'xproj_aligner' gives",
        ),
    ],
)
def test_components_out_of_order(refused, pipeline, message):
    old = '"toy", "xproj_source_ner", "xproj_aligner", "xproj_projector"'
    without_toy()
    refused(message, old.removeprefix('"toy", '), pipeline)


def test_a_component_whose_work_nothing_does(refused):
    """Where the pipeline translates, views have no entities from elsewhere."""
    text = Path("run.cfg").read_text(encoding="utf-8")
    block = '[components]\n[components.xproj_translate]\nfactory = "xproj_translate"\n'
    Path("run.cfg").write_text(text.replace("[components]\n", block), encoding="utf-8")
    without_toy()
    text = Path("run.cfg").read_text(encoding="utf-8").replace(GOLD, "")
    Path("run.cfg").write_text(text, encoding="utf-8")
    refused(
        "XP877.*'xproj_projector' needs doc._.xproj_entities, which no component gives",
        '"xproj_source_ner", "xproj_aligner"',
        '"xproj_translate", "xproj_aligner"',
    )


def test_a_part_of_ones_own_that_cannot_be_made(refused, folder):
    (folder / "own.py").write_text(OWN, encoding="utf-8")
    without_toy()
    text = Path("run.cfg").read_text(encoding="utf-8")
    Path("run.cfg").write_text(text.replace('path = "links.pharaoh"\n', ""), encoding="utf-8")
    refused("XP910.*KeyError.*weights", "spacy-xproj.Pharaoh.v1", "test.raises.v1", code="own.py")
