"""The description of a study."""

import pytest

from benchmarks.study.spec import read_spec
from spacy_xproj.errors import XProjError

GOOD = """
full: {targets: [sw, hi], sources: [en, de, es, sw], gold_lang: en}
small:
  targets: [sw]
  sources: [en, de, es]
  students: {targets: [sw], sizes: [1, 2], steps: 5}
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "study.yml").write_text(text, encoding="utf-8")
        return tmp_path / "study.yml"

    return write


def test_the_two_parts(write, tmp_path):
    path = write(GOOD)
    full, small = read_spec(path), read_spec(path, small=True)
    assert (full.targets, full.gold_source, full.students) == (("sw", "hi"), "en", None)
    assert (small.students.sizes, small.students.steps) == ((1, 2), 5)
    assert small.gold_source is None
    assert full.plan(tmp_path, tmp_path / "out").langs == ["en", "de", "es", "sw", "hi"]


def test_that_of_the_project(root):
    for small in (False, True):
        spec = read_spec(root / "configs" / "study.yml", small=small)
        assert len(spec.targets) >= 4
        for target in spec.targets:
            assert len([s for s in spec.sources if s not in (target, spec.gold_lang)]) >= 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("full: {targets: [sw], sources: [en, sw]}", "XP755.*sw.*en, sw"),
        ("full: {targets: [], sources: [en, de]}", "XP755"),
        ("full: {targets: [sw], sources: [en, de], gold_lang: en}", "XP755.*besides itself and en"),
        ("full: {targets: [sw], sources: [en, de, en]}", "XP756.*a language twice: en, de, en"),
        ("full: {targets: [sw], source: [en]}", "XP756.*unknown: source; missing: sources"),
        ("small: {}", "XP756.*no part 'full'"),
        ("full: {targets: [sw], sources: [en, de], students: [1]}", "XP756.*students.*mapping"),
        ("full: [", "XP756.*study.yml"),
    ],
)
def test_what_does_not_hold_is_named(write, text, message):
    with pytest.raises(XProjError, match=message):
        read_spec(write(text))


def test_no_file(tmp_path):
    with pytest.raises(XProjError, match=r"XP756.*no\.yml"):
        read_spec(tmp_path / "no.yml")
