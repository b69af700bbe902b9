"""The named systems, and choosing among them."""

import pytest
from spacy.util import load_config

from benchmarks.names import systems
from benchmarks.names.systems import ALIGNERS, SYSTEMS, Models, lacking, pick
from benchmarks.speed.encoding import SharedEncoder
from spacy_xproj.alignment import Aligner
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import Projector
from spacy_xproj.registry import registry
from spacy_xproj.tagging.hf_tagger import HFTagger
from spacy_xproj.translation.seq2seq import Seq2Seq

KNOWN = {"quick": "inter", "slow": "inter", "bitext": "statistical"}


@pytest.fixture
def without_thot(monkeypatch):
    monkeypatch.setattr(systems, "installed", lambda aligner: ALIGNERS[aligner].needs is None)


@pytest.fixture(scope="module")
def models(tiny_encoder, tiny_ner):
    """What a run has that was given every model; none is loaded before it is used."""
    translator = Seq2Seq(model="no/such-translator")
    ner = HFTagger(model=str(tiny_ner))
    return Models(SharedEncoder(str(tiny_encoder)), "de", ner, translator)


@pytest.mark.parametrize("name", SYSTEMS)
def test_each_system_can_be_made(models, name):
    system = SYSTEMS[name]
    assert isinstance(ALIGNERS[system.aligner].make(models), Aligner)
    assert isinstance(system.projector(models), Projector)


def test_what_a_system_needs_its_aligner_needs_too():
    for system in SYSTEMS.values():
        assert ALIGNERS[system.aligner].model in (None, system.model)


def test_a_system_whose_model_is_not_given_is_left_out_and_refused_by_name():
    without = lacking(SYSTEMS, ["ner"])
    assert set(without.values()) == {"translator"}
    known = {name: SYSTEMS[name].aligner for name in SYSTEMS}
    assert "ner-score" in pick(None, known, kind="system", without=without)
    assert "nmt-fusion" not in pick(["all"], known, kind="system", without=without)
    with pytest.raises(XProjError, match=r"XP729.*'nmt-fusion' needs a model.*--translator MODEL"):
        pick(["nmt-fusion"], known, kind="system", without=without)


def test_every_aligner_of_a_system_is_known():
    assert {system.aligner for system in SYSTEMS.values()} <= set(ALIGNERS)


def test_the_hand_set_system_is_that_of_its_config(root):
    config = load_config(root / "spacy_xproj" / "configs" / "project_names.cfg")["components"][
        "xproj_projector"
    ]
    projector = registry.resolve({"projector": config["projector"]})["projector"]
    assert SYSTEMS["hand-set"].projector(Models(None)).describe() == projector.describe()


def test_slow_ones_are_run_only_when_asked_for(without_thot):
    choose = {"kind": "system", "slow": ["slow"]}
    assert pick(None, KNOWN, **choose) == ["quick"]
    assert pick(["slow"], KNOWN, **choose) == ["slow"]
    assert pick(["all"], KNOWN, **choose) == ["quick", "slow"]
    assert [name for name in SYSTEMS if SYSTEMS[name].slow] == [
        *(f"ngrams-{a}-ilp" for a in ("inter", "itermax", "mwmf", "awesome")),
        "hand-set-emb",
    ]


def test_names_keep_their_order_whatever_the_order_asked_for():
    assert pick(["slow", "quick"], KNOWN, kind="system") == ["quick", "slow"]


def test_a_name_that_is_not_known_is_refused():
    with pytest.raises(XProjError, match="There is no system 'best'; known: quick, slow"):
        pick(["best"], KNOWN, kind="system")


def test_asking_for_what_is_not_installed_says_how_to_install_it(without_thot):
    with pytest.raises(XProjError, match=r"'bitext' needs 'thot'.*spacy-xproj\[stat\]"):
        pick(["bitext"], KNOWN, kind="system")
