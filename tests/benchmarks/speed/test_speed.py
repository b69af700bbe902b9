"""``spacy xproj benchmark speed``, as a function."""

import json

import pytest

from benchmarks.speed import speed
from benchmarks.speed.parts import Target
from benchmarks.speed.speed import PARTS, SpeedResult, run_speed
from spacy_xproj.errors import XProjError


class Found:
    def __init__(self, settings):
        self.settings = settings

    def table(self):
        return f"table of {self.settings.folder.name}"

    def summary(self):
        return f"summary for {self.settings.limit}"

    def to_json(self):
        return {"limit": self.settings.limit}

    def targets(self):
        return []


class Aiming(Found):
    """With a figure that there are three targets for."""

    def targets(self):
        figure = {"figure": 2.0, "unit": " GB"}
        return [Target(f"must be {aim} 2", aim, 2, **figure) for aim in (">=", "<=", "<")]


@pytest.fixture
def two_parts(monkeypatch):
    parts = {"first": Found, "second": Found}
    monkeypatch.setattr(speed, "PARTS", parts)
    return parts


def test_each_part_is_told_the_settings_and_shown_under_its_name(two_parts, tmp_path):
    result = run_speed(tmp_path, limit=7)
    one = f"summary for 7\ntable of {tmp_path.name}"
    assert result.table() == f"== first\n{one}\n\n== second\n{one}"
    assert "CPU cores" in result.summary()
    data = json.loads(json.dumps(result.to_json()))
    assert data["benchmark"] == "speed"
    assert data["parts"] == {"first": {"limit": 7}, "second": {"limit": 7}}
    assert data["cores"] >= 1


@pytest.mark.parametrize(
    ("parts", "run"),
    [
        (None, ["first", "second"]),
        ([], ["first", "second"]),
        (["all"], ["first", "second"]),
        (["second"], ["second"]),
        (["second", "first"], ["first", "second"]),
    ],
)
def test_parts_run_by_name_in_their_own_order(two_parts, tmp_path, parts, run):
    assert list(run_speed(tmp_path, parts=parts).parts) == run


def test_a_part_that_is_not_known(two_parts, tmp_path):
    with pytest.raises(XProjError, match=r"There is no part .*'third'; known: first, second"):
        run_speed(tmp_path, parts=["first", "third"])


def test_a_limit_below_one_is_refused_before_anything_runs(two_parts, tmp_path):
    with pytest.raises(XProjError, match="limit must be at least 1, got 0"):
        run_speed(tmp_path, limit=0)


def test_all_targets_are_in_one_table_at_the_end(two_parts, tmp_path):
    two_parts["second"] = Aiming
    result = run_speed(tmp_path, limit=7)
    title, columns, _, *rows = result.table().split("\n\n")[-1].splitlines()
    assert title == "== targets"
    assert columns.split() == ["part", "target", "aim", "figure", "reached"]
    assert [row.split()[-1] for row in rows] == ["yes", "yes", "no"]
    assert all("2 GB" in row and row.startswith("second") for row in rows)
    last = json.loads(json.dumps(result.to_json()))["targets"][-1]
    assert (last["part"], last["aim"], last["figure"]) == ("second", "<", 2.0)
    assert last["reached"] is False


def test_the_built_in_parts():
    assert list(PARTS) == ["aligner", "solvers", "translation", "annotate", "memory"]
    assert isinstance(SpeedResult(2, {}).table(), str)
