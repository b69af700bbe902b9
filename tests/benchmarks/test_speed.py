"""``spacy xproj benchmark speed``, as a function."""

import json

import pytest

from spacy_xproj.benchmarks import PARTS, SpeedResult, run_speed
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


@pytest.fixture
def two_parts(monkeypatch):
    for name in list(PARTS):
        monkeypatch.delitem(PARTS, name)
    for name in ("first", "second"):
        monkeypatch.setitem(PARTS, name, Found)


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
    with pytest.raises(XProjError, match="no part 'third' to benchmark; known: first, second"):
        run_speed(tmp_path, parts=["first", "third"])


def test_a_limit_below_one_is_refused_before_anything_runs(two_parts, tmp_path):
    with pytest.raises(XProjError, match="limit must be at least 1, got 0"):
        run_speed(tmp_path, limit=0)


def test_the_built_in_parts():
    assert list(PARTS) == ["aligner", "solvers"]
    assert isinstance(SpeedResult(2, {}).table(), str)
