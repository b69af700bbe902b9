"""``spacy xproj benchmark xl-wa``, as a function."""

import json

import pytest

from benchmarks.links.xl_wa import read_gold_links, run_xl_wa
from benchmarks.names.systems import ALIGNERS, AlignerSpec
from spacy_xproj.alignment import Pharaoh
from spacy_xproj.data.links import Links
from spacy_xproj.errors import XProjError


def test_a_text_that_is_its_own_translation_is_linked_word_by_word(xl_wa, tiny_encoder):
    result = run_xl_wa(
        xl_wa, aligners=["inter", "itermax", "mwmf"], encoder=str(tiny_encoder), langs=["es"]
    )
    for name in ("inter", "mwmf"):
        run = result.runs[name]["es"]
        assert run.scores == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "aer": 0.0}
        assert run.f1 == (1.0, 1.0, 1.0)
        assert run.links == 21
    assert result.runs["itermax"]["es"].scores["recall"] == 1.0


def test_links_count_from_the_threshold(xl_wa, tiny_encoder, monkeypatch):
    own = [Links([(0, 0, 0.9), (1, 1, 0.3), (2, 2, 0.29), (2, 3, 0.1)])]
    given = Pharaoh.of(own * 4)
    monkeypatch.setitem(ALIGNERS, "given", AlignerSpec(lambda _: given))
    found = {
        threshold: run_xl_wa(
            xl_wa,
            aligners=["given"],
            encoder=str(tiny_encoder),
            langs=["es"],
            threshold=threshold,
            limit=1,
        ).runs["given"]["es"]
        for threshold in (0.05, 0.3, 0.5)
    }
    assert {threshold: run.links for threshold, run in found.items()} == {0.05: 4, 0.3: 2, 0.5: 1}
    assert found[0.05].scores["precision"] == 0.75
    assert found[0.3].scores["recall"] == pytest.approx(2 / 6)


def test_the_statistical_aligner_learns_from_the_pairs(xl_wa, tiny_encoder):
    pytest.importorskip("thot")
    result = run_xl_wa(xl_wa, aligners=["statistical"], encoder=str(tiny_encoder), langs=["es"])
    assert result.runs["statistical"]["es"].links > 0


def test_table_and_json(xl_wa, tiny_encoder):
    result = run_xl_wa(
        xl_wa, aligners=["awesome", "inter"], encoder=str(tiny_encoder), langs=["es"], limit=3
    )
    lines = result.table().splitlines()
    assert lines[0].split()[:5] == ["aligner", "lang", "precision", "recall", "F1"]
    assert lines[2].split()[:5] == ["inter", "es", "1.000", "1.000", "1.000"]
    assert "es 3" in result.summary()
    data = json.loads(json.dumps(result.to_json()))
    assert [aligner["name"] for aligner in data["aligners"]] == ["inter", "awesome"]
    assert data["aligners"][0]["languages"]["es"]["aer"] == 0.0
    assert data["sentences"] == {"es": 3}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("only\ttwo", r":2: .*2 columns"),
        ("\tziel\t0-0", r":2: .*without words"),
        ("a word\tein Wort\t0-0 1:1", r":2"),
        ("a word\tein Wort\t0-0 2-1", r":2.*2-1|2-1.*:2"),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, reason):
    path = tmp_path / "test.tsv"
    path.write_text(f"a word\tein Wort\t0-0 1-1\n{line}\n", encoding="utf-8")
    with pytest.raises(XProjError, match=reason):
        read_gold_links(path)


def test_an_empty_or_missing_file_is_refused(tmp_path):
    (tmp_path / "test.tsv").write_text("", encoding="utf-8")
    with pytest.raises(XProjError, match="not hold a sentence"):
        read_gold_links(tmp_path / "test.tsv")
    with pytest.raises(XProjError, match=r"spacy project assets \. --extra"):
        run_xl_wa(tmp_path)


@pytest.mark.shared
def test_real_links_with_the_real_encoder(shared_data, shared_models, one_thread):
    result = run_xl_wa(
        shared_data / "xl-wa",
        aligners=["inter", "soft"],
        encoder=str(shared_models / "me5-small"),
        langs=["it"],
        limit=20,
    )
    assert result.runs["inter"]["it"].scores["precision"] > 0.8
    assert result.runs["soft"]["it"].f1.value > 0.7


def test_all_languages_of_a_split(xl_wa, tiny_encoder):
    for lang in ("sl", "bg"):
        (xl_wa / lang).mkdir()
        (xl_wa / lang / "dev.tsv").write_text("a b\ta b\t0-0 1-1\n", encoding="utf8")
    settings = {"aligners": ["inter"], "encoder": str(tiny_encoder)}
    assert list(run_xl_wa(xl_wa, split="dev", **settings).sentences) == ["bg", "sl"]
    assert list(run_xl_wa(xl_wa, **settings).sentences) == ["es"]
    with pytest.raises(XProjError, match=r"XP150.*'train'; known: test, dev"):
        run_xl_wa(xl_wa, split="train", **settings)
