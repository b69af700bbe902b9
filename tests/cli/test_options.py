"""Options that mean the same in every command that has a use for them."""

import inspect
import json

import pytest

from spacy_xproj.cli import app
from tests.fixtures.configs import GIVEN

COMMANDS = {
    command.callback.__name__.removesuffix("_command").replace("_", "-"): command.callback
    for command in app.registered_commands
}
PARAMETERS = {name: set(inspect.signature(own).parameters) for name, own in COMMANDS.items()}
# What they print is a line or two about the file that they write.
WITHOUT_TABLES = {"align", "convert", "export-encoder", "init", "predict", "view"}

PROJECT = ("--source-lang", "en", "--target-lang", "sw", "--alignments", "links.pharaoh")
TABLES = {
    "project": ("en.conll", "sw.conll", "o.spacy", *PROJECT),
    "translate-train": (
        *("en.conll", "o.spacy", "--config", "bitext.cfg"),
        *("--source-lang", "en", "--target-lang", "sw"),
    ),
    "ensemble": ("out.spacy", "o.spacy"),
    "annotate": ("out.spacy", "folder", "--config", "given.cfg"),
    "score": ("en.conll", "en.conll"),
    "export": ("out.spacy", "made"),
    "explain": ("out.spacy",),
    "review": ("out.spacy", "--merge", "fixed.spacy"),
    "check": ("given.cfg", "out.spacy"),
    "info": (),
}


@pytest.fixture
def inputs(labelled, folder):
    """What the command lines above name."""
    (folder / "bitext.jsonl").write_text(
        "".join(
            json.dumps({"en": en, "sw": sw}) + "\n"
            for en, sw in (
                ("[Asha] left {Dodoma} .", "[Asha] aliondoka {Dodoma}."),
                ("[Kijani Bank] opened", "[Benki ya Kijani] ilifunguliwa"),
                ("It rained", "Mvua ilinyesha"),
            )
        ),
        encoding="utf-8",
    )
    (folder / "bitext.cfg").write_text(
        """[components]
[components.xproj_translate]
factory = "xproj_translate"
[components.xproj_translate.translator]
@xproj_translators = "spacy-xproj.Bitext.v1"
path = "bitext.jsonl"
source_field = "en"
target_field = "sw"
""",
        encoding="utf-8",
    )
    (folder / "given.cfg").write_text(GIVEN, encoding="utf-8")
    decision = {"row": 0, "text": "Asha aliondoka Dodoma.", "answer": "accept", "spans": []}
    (folder / "out.spacy.review.jsonl").write_text(json.dumps(decision) + "\n", encoding="utf-8")


def test_every_command_is_listed_here():
    assert WITHOUT_TABLES | TABLES.keys() == COMMANDS.keys()
    assert not WITHOUT_TABLES & TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_what_is_printed_as_a_table_is_written_as_json(done, folder, inputs, name):
    output = done(name, *TABLES[name], "--json", "deep/found.json")
    assert output.count("\n") > 2
    found = json.loads((folder / "deep/found.json").read_text(encoding="utf-8"))
    assert found


def test_projections_are_counted_in_the_json_as_in_the_table(done, folder, inputs):
    done("project", *TABLES["project"], "--json", "found.json")
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    assert found["documents"] == found["written"] == 3
    assert found["statuses"] == {"projected": found["source_entities"]}
    assert (found["dropped"], found["failures"]) == ({}, [])


@pytest.mark.parametrize("name", COMMANDS)
def test_own_code_and_values_go_with_every_config(name):
    own = PARAMETERS[name]
    assert ("config" in own) == ("code" in own) == ("set_value" in own)


@pytest.mark.parametrize("name", TABLES)
def test_quiet_prints_nothing(run, inputs, name):
    result = run("--quiet", name, *TABLES[name])
    assert (result.exit_code, result.output) == (0, "")


def test_quiet_and_verbose_are_opposites(run):
    assert run("--quiet", "--verbose", "info").exit_code == 2
