"""The part ``aligner`` of the benchmark of speed: ours and simalign do the same work."""

import importlib.util
import json
import logging

import pytest

from benchmarks.speed.parts import SpeedSettings
from benchmarks.speed.speed_aligner import (
    AlignerResult,
    load_simalign,
    run_aligner,
    share_of_links,
)
from benchmarks.speed.timing import Timing
from spacy_xproj.errors import XProjError


def test_both_aligners_find_the_same_links(europarl, tiny_encoder):
    lines = []
    settings = SpeedSettings(
        europarl, encoder=str(tiny_encoder), langs=("de",), limit=3, say=lines.append
    )
    result = run_aligner(settings, runs=2)
    assert (result.pairs, result.layer, result.langs) == (3, 3, ("en", "de"))
    rows = {(row["matching"], row["aligner"]): row for row in result.rows()}
    assert set(rows) == {
        (method, name)
        for method in ("inter", "itermax")
        for name in ("ours", "ours, bfloat16", "simalign")
    }
    for method in ("inter", "itermax"):
        assert rows[method, "ours"]["same_links"] == 1
        assert rows[method, "simalign"]["times_simalign"] == 1
        # The two sides are one text: each word is linked to itself at least.
        assert sum(map(len, result.timings[method, "ours"].result)) >= 16
    assert len(lines) == 2 * 6
    assert "simalign, itermax, run 2 of 2" in lines[-1]


def test_the_table_compares_medians_and_links():
    links = [{(0, 0), (1, 1)}, {(0, 0), (1, 2)}]
    fewer = [{(0, 0), (1, 1)}, {(0, 0), (1, 1)}]
    timings = {
        ("inter", "ours"): Timing([1.0, 9.0, 2.0], fewer),
        ("inter", "simalign"): Timing([9.0, 10.0, 90.0], links),
    }
    result = AlignerResult("some-encoder", 8, ("en", "de"), 2, timings)
    ours, theirs = result.rows()
    assert ours == {
        "matching": "inter",
        "aligner": "ours",
        "seconds": 2.0,
        "pairs_per_second": 1,
        "times_simalign": 5.0,
        "same_links": 0.6,
    }
    assert theirs["same_links"] == 1
    speed, same = result.targets()
    assert (speed.figure, speed.reached) == (5.0, True)
    assert (same.figure, same.reached) == (60.0, False)
    lines = result.table().splitlines()
    assert lines[2].split() == ["inter", "ours", "2.000", "1", "5.00", "60.000%"]
    assert "medians of 3 interleaved runs" in result.summary()
    data = json.loads(json.dumps(result.to_json()))
    assert data["aligners"][0]["runs"] == [1.0, 9.0, 2.0]


def test_share_of_links():
    assert share_of_links([{(0, 0)}, set()], [{(0, 0)}, {(1, 1)}]) == 0.5
    assert share_of_links([set()], [set()]) == 1.0


def test_simalign_is_loaded_without_its_debug_messages():
    """Importing it adds a handler for DEBUG messages."""
    logger = logging.getLogger("simalign.simalign")
    logger.addHandler(logging.StreamHandler())
    logger.setLevel(logging.DEBUG)
    assert load_simalign().__name__ == "SentenceAligner"
    assert (logger.handlers, logger.level) == ([], logging.WARNING)


def test_without_simalign_it_says_what_to_install(europarl, tiny_encoder, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "simalign" else find(name)
    )
    settings = SpeedSettings(europarl, encoder=str(tiny_encoder), langs=("de",))
    with pytest.raises(XProjError, match=r"pip install 'simalign>=0\.4,<0\.5'"):
        run_aligner(settings)
