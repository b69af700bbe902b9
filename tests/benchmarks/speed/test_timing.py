"""Contenders are timed in turn."""

from benchmarks.speed.timing import Timing, interleave


def test_contenders_take_turns_and_the_last_result_is_kept():
    calls = []

    def contender(name):
        def run():
            calls.append(name)
            return name, len(calls)

        return run

    lines = []
    timings = interleave({"a": contender("a"), "b": contender("b")}, runs=3, say=lines.append)
    assert calls == ["a", "b"] * 3
    assert {name: timing.result for name, timing in timings.items()} == {
        "a": ("a", 5),
        "b": ("b", 6),
    }
    assert all(len(timing.seconds) == 3 and min(timing.seconds) >= 0 for timing in timings.values())
    assert len(lines) == 6
    assert lines[3].startswith("b, run 2 of 3: ")


def test_the_median_forgives_one_slow_run():
    assert Timing([1.0, 50.0, 2.0], None).median == 2.0
