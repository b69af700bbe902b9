"""The part ``annotate`` of the benchmark of speed."""

import json

import pytest

from benchmarks.speed import speed_annotate
from benchmarks.speed.annotating import Measured
from benchmarks.speed.parts import SpeedSettings
from benchmarks.speed.speed_annotate import AnnotateResult, run_annotate


def test_one_worker_and_two_run_in_turn_on_the_same_corpus(monkeypatch, europarl, tiny_encoder):
    seen, said = [], []

    def measure(corpus, out_dir, *, workers, shard_size, say):
        out_dir.mkdir()
        lines = corpus.sentences.read_text(encoding="utf-8").splitlines()
        assert len(corpus.links.read_text(encoding="utf-8").splitlines()) == len(lines)
        seen.append((workers, shard_size, len(lines), corpus.size))
        return Measured(workers, corpus.size, 4.0 / workers, None, 100.0 * workers)

    monkeypatch.setattr(speed_annotate, "measure", measure)
    settings = SpeedSettings(
        europarl, encoder=str(tiny_encoder), langs=("de",), limit=40, say=said.append
    )
    result = run_annotate(settings, runs=2)
    assert seen == [(1, 2, 40, 40), (2, 2, 40, 40)] * 2
    assert result.langs == ("en", "de")
    assert [row["times_one_worker"] for row in result.rows()] == [1.0, 2.0]
    assert len(said) == 4


def test_figures_are_of_the_median_run_and_the_peak_of_all():
    one = [Measured(1, 8000, s, r, p) for s, r, p in ((4, 2500, 9), (2, 4200, 7), (1, 9000, 8))]
    two = [Measured(2, 8000, 1.0, 12_000, None)]
    result = AnnotateResult(("en", "de"), 8000, 400, {1: one, 2: two})
    first, second = result.rows()
    assert (first["sentences_per_second"], first["steady_per_worker"]) == (4000, 4200)
    assert (first["peak_mib"], second["peak_mib"]) == (9, None)
    assert (second["times_one_worker"], second["steady_per_worker"]) == (2.0, 6000)
    assert [(t.figure, t.reached) for t in result.targets()] == [(4000, True), (4200, True)]
    assert len(result.table().splitlines()) == 4
    assert "shards of 400" in result.summary()
    plain = json.loads(json.dumps(result.to_json()))
    assert plain["workers"][0]["runs"] == [4, 2, 1]


@pytest.mark.parametrize(("seconds", "reached"), [(1.0, True), (1.5, False)])
def test_without_a_steady_rate_the_whole_run_counts(seconds, reached):
    run = Measured(1, 3000, seconds, None, None)
    [target] = AnnotateResult(("en", "de"), 3000, 3000, {1: [run]}).targets()
    assert target.reached is reached
