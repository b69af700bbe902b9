"""The part ``solvers`` of the benchmark of speed."""

import json

import pytest

from benchmarks.speed.parts import SpeedSettings
from benchmarks.speed.speed_solvers import SolverResult, SolverRun, run_solvers


def test_solvers_run_on_the_same_links(europarl, tiny_encoder):
    settings = SpeedSettings(europarl, encoder=str(tiny_encoder), langs=("de", "es"), limit=1)
    result = run_solvers(settings)
    done = {name: len(run.totals) for name, run in result.runs.items()}
    assert done == {"greedy": 8, "exact": 8, "ilp": 2}
    chunks = {name: len(run.seconds) for name, run in result.runs.items()}
    assert chunks == {"greedy": 2, "exact": 2, "ilp": 1}  # the sample is a chunk by itself
    assert result.worse("ilp", "exact") == result.worse("exact", "ilp") == 0
    assert result.worse("exact", "greedy") == 0
    assert result.ratio("ilp", "greedy") > 1
    assert result.ratio("greedy", "greedy") == 1
    lines = result.table().splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["greedy", "exact", "ilp"]
    data = json.loads(json.dumps(result.to_json()))
    assert data["solvers"][2]["pairs"] == 2
    assert data["peak_mib"] is None or data["peak_mib"] > 10


def test_ratios_are_of_the_chunks_that_both_did():
    quick, slow = SolverRun([1.0, 5.0], [2.0, 2.0, 2.0]), SolverRun([3.0], [1.0, 2.0])
    result = SolverResult(3, 2, None, {"greedy": quick, "ilp": slow})
    assert result.ratio("ilp", "greedy") == pytest.approx(3.0)
    assert result.worse("ilp", "greedy") == 1
    assert [row["pairs"] for row in result.rows()] == [3, 2]
    assert result.targets() == []  # all are of the solver that did not run
    assert [row["below_exact"] for row in result.rows()] == [None, None]
    assert "not known" in result.summary()


def test_targets():
    greedy, exact, ilp = SolverRun([1.0], [1.0]), SolverRun([1.5], [1.0]), SolverRun([60.0], [1.0])
    result = SolverResult(1, 1, None, {"greedy": greedy, "exact": exact, "ilp": ilp})
    assert [(t.figure, t.reached) for t in result.targets()] == [
        (pytest.approx(40.0), False),
        (pytest.approx(1.5), True),
        (1, False),
    ]
