"""The benchmark of translation, as a function."""

import importlib.util
import json

import pytest

from benchmarks.speed.translate import (
    COLD,
    REFERENCE,
    WARM,
    Sizes,
    TranslationSpeed,
    random_model,
    run_translation,
)

TEXTS = ["Rais alitembelea Dodoma.", "Mvua ilinyesha jana.", "Asha anaishi Nairobi.", "Mvua!"]
TINY = Sizes(layers=1, width=16, vocabulary=200, length=10)


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def ct2():
    pytest.importorskip("ctranslate2")


@pytest.mark.usefixtures("ct2")
def test_all_systems_translate_all_sentences():
    said = []
    result = run_translation([*TEXTS, TEXTS[0]], model=TINY, runs=2, limit=3, say=said.append)
    assert result.sentences == 3
    runs = {name: len(seconds) for name, seconds in result.seconds.items()}
    assert runs == {REFERENCE: 2, "ctranslate2": 2, "ctranslate2, int8": 2, COLD: 1, WARM: 2}
    assert result.ratio(WARM, COLD) > 1
    assert "random weights (1 + 1 layers, 16 wide" in result.summary()
    assert [row["same"] for row in result.rows()] == [None] * 5
    assert len(said) == 9
    assert json.loads(json.dumps(result.to_json()))["systems"] == result.rows()


def test_without_ctranslate2_its_rows_are_left_out_and_named(monkeypatch):
    find = importlib.util.find_spec
    hide = lambda name, *more: None if name == "ctranslate2" else find(name, *more)  # noqa: E731
    monkeypatch.setattr(importlib.util, "find_spec", hide)
    result = run_translation(TEXTS, model=TINY, runs=1, limit=2)
    assert list(result.seconds) == [REFERENCE, COLD, WARM]
    assert "[ct2] is not installed: ctranslate2; ctranslate2, int8." in result.summary()
    assert result.to_json()["skipped"] == ["ctranslate2", "ctranslate2, int8"]


@pytest.mark.usefixtures("ct2")
def test_with_a_given_model_outputs_are_compared(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # of the converted model
    folder = random_model(tmp_path / "m", TEXTS, TINY, source_lang="sw", target_lang="en")
    result = run_translation(TEXTS, model=str(folder), num_beams=1, runs=1)
    assert result.same[REFERENCE] == result.same[COLD] == result.same[WARM] == 1.0
    assert set(result.same) == set(result.seconds)
    assert str(folder) in result.summary()


def test_ratios_are_of_medians():
    seconds = {REFERENCE: [8.0, 6.0, 100.0], "ctranslate2": [2.0], COLD: [9.0], WARM: [0.1]}
    result = TranslationSpeed("m", 4, {}, seconds, {"ctranslate2": 0.75})
    rows = {row["system"]: row for row in result.rows()}
    assert rows["ctranslate2"]["times_as_fast"] == 4.0
    assert rows["ctranslate2"]["same"] == 0.75
    assert rows[WARM]["times_as_fast"] == 90.0
    assert rows[REFERENCE]["times_as_fast"] == 1.0
    [target] = result.targets()
    assert (target.figure, target.reached) == (pytest.approx(90.0), True)
    assert "not installed" not in result.summary()
    lines = result.table().splitlines()
    assert len(lines) == 2 + len(seconds)
