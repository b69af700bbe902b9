"""``python -m benchmarks spans``, as functions: what is found, judged, and said of errors."""

import json

import pytest

from benchmarks.datasets.pairs import Pair, match_gold, read_tagged_pairs
from benchmarks.spans.errors import Kind, errors_of
from benchmarks.spans.judging import judge_projections
from benchmarks.spans.run import run_spans
from benchmarks.spans.sets import ARGUMENTS, NAMES, TARGETS, span_sets
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.spans import Span
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Projection, SourceView
from spacy_xproj.errors import XProjError

SOURCE = "The O\nfood B-TARGET\nwas O\ngood. O\n\nGood O\nplace B-TARGET\n\n"
TARGET = (
    "La\tO\t-\ncomida\tB-TARGET\t-\nera\tO\t-\nbuena.\tO\t-\n\nBuen\tO\t-\nlugar\tB-TARGET\t-\n"
)


@pytest.fixture
def data(tmp_path, europarl):
    (tmp_path / "ote").mkdir()
    for split in ("test", "train"):
        (tmp_path / "ote" / f"en.absa.{split}.tsv").write_text(SOURCE, encoding="utf8")
    for name in ("es.DeepL.test.tsv", "es.DeepL.train.tsv", "tr.m2m100.train.tsv"):
        (tmp_path / "ote" / name).write_text(TARGET.replace("\n", "\r\n"), encoding="utf8")
    return tmp_path


def test_sets_are_those_whose_files_are_there_the_test_part_where_there_is_one(data):
    found = [(one.kind, one.lang, one.split) for one in span_sets(data)]
    assert found == [
        (NAMES, "de", "test"),
        (NAMES, "es", "test"),
        (TARGETS, "es", "test"),
        (TARGETS, "tr", "train"),
    ]
    assert [one.name for one in span_sets(data, kinds=[TARGETS], langs=["tr"])] == [
        "opinion targets tr"
    ]
    with pytest.raises(XProjError, match="XP680"):
        span_sets(data, kinds=[ARGUMENTS])


def test_words_tags_and_columns_that_are_skipped(data):
    first, second = read_tagged_pairs(
        data / "ote" / "en.absa.test.tsv", data / "ote" / "es.DeepL.test.tsv", source_lang="en"
    )
    assert first.target.words == ("La", "comida", "era", "buena.")
    assert first.gold == (Span(1, 2, "TARGET"),)
    assert second.view.entities[0][:3] == (1, 2, "TARGET")


def test_a_line_without_a_tag_is_named(data):
    path = data / "ote" / "broken.tsv"
    path.write_text("La O\ncomida\n", encoding="utf8")
    with pytest.raises(XProjError, match=r"XP758.*broken\.tsv.*2.*'comida'"):
        read_tagged_pairs(path, path, source_lang="en")


def test_the_run_has_all_systems_and_sets_and_writes_errors(data, tiny_encoder, tmp_path):
    page = tmp_path / "errors.html"
    systems = ["plain", "default", "default-consensus"]
    sets = span_sets(data)
    result = run_spans(sets, systems=systems, encoder=str(tiny_encoder), page=page)
    assert list(result.runs) == systems
    assert list(result.runs["default"]) == [one.name for one in sets]
    # German is the English text itself.
    assert result.runs["plain"]["names de"].f1.value == 1.0
    lines = result.table().splitlines()
    assert lines[0].split()[:3] == ["F1", "names", "de"]
    assert any(line.startswith("T-Projection [TP]") for line in lines)
    data = json.loads(json.dumps(result.to_json()))
    assert [system["name"] for system in data["systems"]] == systems
    html = page.read_text(encoding="utf8")
    judged = result.runs["default"]
    for run in judged.values():
        shown = [f"{b.n} projections, mean score {b.score:.2f}" for b in run.bins or () if b.n]
        assert all(line in html for line in shown)
    assert "opinion targets tr" in html
    assert "boundary" in html


def pair(gold, matched):
    words = ("a", "b", "c", "d")
    view = SourceView("en", words, (True,) * 4).with_entities([(0, 1, "X"), (2, 3, "X")])
    return Pair(view, Sentence(words, (True,) * 4), gold, matched)


def found(entity, start, end, score=0.8, label="X"):
    return Projection(entity, label, Status.PROJECTED, start, end, score=score)


@pytest.mark.parametrize(
    ("kind", "gold", "matched", "projections"),
    [
        ([], [(0, 1, "X")], (0, -1), [found(0, 0, 1)]),
        ([Kind.BOUNDARY], [(0, 1, "X")], (0, -1), [found(0, 0, 2)]),
        ([Kind.LABEL], [(0, 1, "Y")], (0, -1), [found(0, 0, 1)]),
        ([Kind.MISSED], [(0, 1, "X")], (0, -1), [Projection(0, "X", Status.UNALIGNED)]),
        ([Kind.GOLD], [], (-1, -1), [found(0, 0, 1)]),
        ([Kind.SOURCE], [(3, 4, "X")], (-1, -1), [Projection(0, "X", Status.UNALIGNED)]),
    ],
)
def test_kinds_of_errors(kind, gold, matched, projections):
    spans = tuple(Span(*span) for span in gold)
    assert [e.kind for e in errors_of([pair(spans, matched)], [projections])] == kind


def test_scores_are_judged_as_probabilities():
    spans = (Span(0, 1, "X"), Span(2, 3, "X"))
    judged = judge_projections(
        [pair(spans, (0, 1)), pair(spans, (0, 1))],
        [
            [found(0, 0, 1, 0.95), found(1, 2, 4, 0.55)],
            [found(0, 0, 1, 0.95), found(1, 2, 3, 0.95)],
        ],
    )
    assert judged.f1.value == pytest.approx(0.75)
    assert judged.confident == {0.5: (0.75, 4), 0.9: (1.0, 3)}
    assert judged.ece == pytest.approx((3 * 0.05 + 0.55) / 4)


def test_scores_above_1_are_no_probabilities():
    judged = judge_projections([pair((Span(0, 1, "X"),), (0, -1))], [[found(0, 0, 1, 1.2)]])
    assert judged.bins is None
    assert judged.ece is None
    assert judged.row()[2:] == [None, None, None]


def test_gold_spans_are_matched_by_links_then_by_order():
    spans = (Span(2, 3, "X"), Span(0, 1, "X"))
    crossed = Links([(0, 2), (2, 0)])
    straight = Links([(0, 0), (2, 2)])
    given = pair(spans, None)
    assert match_gold(given, crossed).matched == (0, 1)
    assert match_gold(given, straight).matched == (1, 0)
    assert match_gold(given, Links()).matched == (-1, -1)
