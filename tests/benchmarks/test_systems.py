"""The named systems, and choosing among them."""

import pytest

from spacy_xproj.alignment import Aligner
from spacy_xproj.benchmarks import ALIGNERS, SYSTEMS, systems
from spacy_xproj.benchmarks.encoding import SharedEncoder
from spacy_xproj.benchmarks.systems import pick
from spacy_xproj.errors import XProjError
from spacy_xproj.projection import Projector, make_matching

KNOWN = {"quick": "inter", "slow": "inter", "bitext": "statistical"}


@pytest.fixture
def without_thot(monkeypatch):
    monkeypatch.setattr(systems, "installed", lambda aligner: ALIGNERS[aligner].needs is None)


@pytest.mark.parametrize("name", SYSTEMS)
def test_each_system_can_be_made(tiny_encoder, name):
    system = SYSTEMS[name]
    assert isinstance(ALIGNERS[system.aligner].make(SharedEncoder(str(tiny_encoder))), Aligner)
    assert isinstance(system.projector(), Projector)


def test_every_aligner_of_a_system_is_known():
    assert {system.aligner for system in SYSTEMS.values()} <= set(ALIGNERS)


def test_the_default_without_boundary_differs_from_the_default_in_its_score_only():
    ours = SYSTEMS["default-no-boundary"].projector()
    default = make_matching()
    assert ours.score.keywords == default.score.scores["align"].keywords
    assert ours.describe() == {**default.describe(), "score": "align_score"}


def test_slow_ones_are_run_only_when_asked_for(without_thot):
    choose = {"kind": "system", "slow": ["slow"]}
    assert pick(None, KNOWN, **choose) == ["quick"]
    assert pick(["slow"], KNOWN, **choose) == ["slow"]
    assert pick(["all"], KNOWN, **choose) == ["quick", "slow"]
    assert [name for name in SYSTEMS if SYSTEMS[name].slow] == [
        f"ngrams-{a}-ilp" for a in ("inter", "itermax", "mwmf", "awesome")
    ]


def test_names_keep_their_order_whatever_the_order_asked_for():
    assert pick(["slow", "quick"], KNOWN, kind="system") == ["quick", "slow"]


def test_a_name_that_is_not_known_is_refused():
    with pytest.raises(XProjError, match="no system 'best' to benchmark; known: quick, slow"):
        pick(["best"], KNOWN, kind="system")


def test_asking_for_what_is_not_installed_says_how_to_install_it(without_thot):
    with pytest.raises(XProjError, match=r"'bitext' needs 'thot'.*spacy-xproj\[stat\]"):
        pick(["bitext"], KNOWN, kind="system")
