"""The part ``memory`` of the benchmark of speed."""

import json

from benchmarks.speed import speed_memory
from benchmarks.speed.annotating import Measured
from benchmarks.speed.parts import SpeedSettings
from benchmarks.speed.speed_memory import MemoryResult, run_memory


def test_three_sizes_by_the_limit(monkeypatch, europarl, tiny_encoder):
    said = []

    def measure(corpus, out_dir, *, workers, shard_size, say):
        assert len(corpus.sentences.read_text(encoding="utf-8").splitlines()) == corpus.size
        assert (workers, shard_size) == (1, 10)
        return Measured(workers, corpus.size, 2.0, None, 100.0)

    monkeypatch.setattr(speed_memory, "measure", measure)
    settings = SpeedSettings(
        europarl, encoder=str(tiny_encoder), langs=("de",), limit=40, say=said.append
    )
    result = run_memory(settings, shard_size=10)
    assert [run.size for run in result.runs] == [2, 10, 40]
    assert said[0] == "2 sentences ..."
    assert said[-1] == "40 sentences in 2.0 s, peak 100.0 MiB"


def test_the_largest_peak_is_what_the_target_is_about():
    runs = [Measured(1, 10, 1.0, None, 1000.0), Measured(1, 20, 1.0, None, 1500.0)]
    result = MemoryResult(("en", "de"), 10, runs)
    [target] = result.targets()
    assert round(target.figure, 3) == 1.573  # GB, of 1500 MiB
    assert not target.reached
    assert [row["growth"] for row in result.rows()] == [1.0, 1.5]
    assert len(result.table().splitlines()) == 4
    assert json.loads(json.dumps(result.to_json()))["sizes"][1]["peak_mib"] == 1500.0


def test_where_memory_cannot_be_told_there_is_no_target():
    result = MemoryResult(("en", "de"), 10, [Measured(1, 10, 1.0, None, None)])
    assert result.targets() == []
    assert result.rows()[0]["growth"] is None
