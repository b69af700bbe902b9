"""``spacy xproj study`` and ``study-students``: what they need, and what they say."""

import pytest

SPEC = "full: {targets: [sw], sources: [en, de, fr], gold_lang: en}\n"
ARGS = ("corpus", "out", "study.yml", "--teacher", "none")


@pytest.fixture
def spec(folder):
    (folder / "study.yml").write_text(SPEC, encoding="utf-8")
    (folder / "corpus").mkdir()
    return folder


def test_a_corpus_that_is_not_there(refused, spec, monkeypatch):
    pytest.importorskip("matplotlib", reason="needs the extra [plot]")
    assert "[XP750] The study's corpus has no corpus/en.spacy" in refused("study", *ARGS)
    assert not (spec / "out").exists()


def test_a_description_without_the_part_or_without_students(refused, spec):
    assert "no part 'small'" in refused("study", *ARGS, "--small", "true")
    assert "[XP757]" in refused("study-students", *ARGS, "--student", "ner_cpu.cfg")


def test_small_is_true_or_false(run, spec):
    result = run("study", *ARGS, "--small", "perhaps")
    assert result.exit_code == 2
    assert "neither true nor false" in result.stderr
