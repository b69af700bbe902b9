"""What a component lacks is said before the first call to a model that comes before it is paid."""

import importlib.util
from pathlib import Path

import pytest

from spacy_xproj.errors import Errors, ModelNotFoundError, XProjError
from spacy_xproj.jobs.job import RunOptions, annotate_corpus
from tests.fixtures.chat import KEY_ENV
from tests.fixtures.configs import head, llm_translate

PIPELINE = head("xproj_translate", "xproj_source_ner", "xproj_aligner", "xproj_projector")
# Each is the last of its component, and has all that it needs.
TAGGER = """
[components.xproj_source_ner]
factory = "xproj_source_ner"
[components.xproj_source_ner.tagger]
@xproj_taggers = "spacy-xproj.RulerTagger.v1"
patterns = [{"label": "LOC", "pattern": "Dodoma"}]
"""
ALIGNER = """
[components.xproj_aligner]
factory = "xproj_aligner"
[components.xproj_aligner.aligner]
@xproj_aligners = "spacy-xproj.Pharaoh.v1"
path = "links.pharaoh"
"""
PROJECTOR = """
[components.xproj_projector]
factory = "xproj_projector"
[components.xproj_projector.projector]
@xproj_projectors = "spacy-xproj.Matching.v1"
"""


@pytest.fixture
def refused(chat, tmp_path, monkeypatch):
    """A run whose text a model translates is refused with a message, and nothing was asked."""
    monkeypatch.chdir(tmp_path)
    Path("in.txt").write_text("Asha aliondoka Dodoma", encoding="utf-8")
    Path("links.pharaoh").write_text("0-0\n", encoding="utf-8")
    chat.answer = lambda body: {"translation": "Asha left Dodoma"}

    def check(message, tagger=TAGGER, aligner=ALIGNER, projector=PROJECTOR):
        translate = llm_translate(url=chat.url, model="toy", key_env=KEY_ENV)
        Path("run.cfg").write_text(f"{PIPELINE}{translate}{tagger}{aligner}{projector}")
        options = RunOptions(progress=False)
        with pytest.raises(XProjError, match=f"(?s){message}"):
            annotate_corpus("in.txt", "out", config="run.cfg", options=options)
        assert chat.bodies == []
        assert not Path("out/summary.json").exists()

    return check


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('@xproj_taggers = "spacy-xproj.SpacyTagger.v1"\nmodel = "en_toy"', "XP302.*'en_toy'"),
        ('@xproj_taggers = "spacy-xproj.HFTagger.v1"\nmodel = "empty"', "XP904.*config.json"),
        ('@xproj_taggers = "spacy-xproj.GLiNERTagger.v1"\nmodel = "empty"', "XP904.*safetensors"),
    ],
)
def test_a_teacher(refused, tmp_path, settings, message):
    (tmp_path / "empty").mkdir()
    refused(message, tagger=f"{TAGGER.partition('@')[0]}{settings}\n")
    voting = TAGGER.partition("@")[0] + '@xproj_taggers = "spacy-xproj.VotingTagger.v1"\n'
    voting += "[components.xproj_source_ner.tagger.taggers]\n"
    voting += f"[components.xproj_source_ner.tagger.taggers.one]\n{settings}\n"
    refused(message, tagger=voting)


@pytest.mark.parametrize(
    ("module", "block"),
    [
        ("gliner", '@xproj_taggers = "spacy-xproj.GLiNERTagger.v1"'),
        ("thot", '@xproj_aligners = "spacy-xproj.Statistical.v1"\npath = "pairs.jsonl"'),
    ],
)
def test_a_package(refused, monkeypatch, module, block):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == module else find(name)
    )
    if module == "gliner":
        refused("XP310", tagger=f"{TAGGER.partition('@')[0]}{block}\n")
    else:
        refused("XP411", aligner=f"{ALIGNER.partition('@')[0]}{block}\n")


def test_the_encoder_that_an_aligner_has_though_nobody_names_it(refused, monkeypatch):
    """The usual case on a new machine: without the extra [offline], and without a network."""

    def unreachable(name, **settings):
        raise ModelNotFoundError(Errors.XP905.format(name=name, reason="no network"))

    monkeypatch.setattr("spacy_xproj.hf.identity.locate", lambda *name: "hub")
    monkeypatch.setattr("spacy_xproj.hf.identity.load_config", unreachable)
    usual = '[components.xproj_aligner]\nfactory = "xproj_aligner"\n'
    refused(r"XP905.*multilingual-e5-small.*spacy-xproj\[offline\]", aligner=usual)


BACK = """@xproj_aligners = "spacy-xproj.BackTranslation.v1"
target_lang = "sw"
[components.xproj_aligner.aligner.aligner]
@xproj_aligners = "spacy-xproj.Pharaoh.v1"
path = "links.pharaoh"
[components.xproj_aligner.aligner.translator]
"""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('@xproj_aligners = "spacy-xproj.Pharaoh.v1"\npath = "none.pharaoh"', "XP405.*none"),
        ('@xproj_aligners = "spacy-xproj.Pharaoh.v1"', "XP407"),
        ('@xproj_aligners = "spacy-xproj.Statistical.v1"\npath = "none.jsonl"', "XP412"),
        (
            '@xproj_aligners = "spacy-xproj.Statistical.v1"\npath = "none.jsonl"\n'
            'source_lang = "en"\ntarget_lang = "sw"',
            "XP415.*none.jsonl",
        ),
        (
            f'{BACK}@xproj_translators = "spacy-xproj.Command.v1"\ncommand = ["no-such-program"]',
            "XP280.*no-such-program.*no such program",
        ),
        (f'{BACK}@xproj_translators = "spacy-xproj.Bitext.v1"\npath = "none.tsv"', "none.tsv"),
    ],
)
def test_an_aligner(refused, settings, message):
    refused(message, aligner=f"{ALIGNER.partition('@')[0]}{settings}\n")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            '[components.xproj_projector.projector.solver]\n@xproj_solvers = "spacy-xproj.ILP.v1"\n'
            'backend = "NONE"',
            "XP505.*NONE",
        ),
        (
            "[components.xproj_projector.projector.candidates]\n"
            '@xproj_candidates = "spacy-xproj.NerSpans.v1"\n'
            "[components.xproj_projector.projector.candidates.tagger]\n"
            '@xproj_taggers = "spacy-xproj.SpacyTagger.v1"\nmodel = "sw_toy"',
            "XP302.*sw_toy",
        ),
    ],
)
def test_a_projector(refused, settings, message):
    refused(message, projector=f"{PROJECTOR}{settings}\n")
