"""Corpora of any size, and runs of annotate in processes of their own."""

import json

import pytest

from benchmarks.speed.annotating import Pair, measure, varied, write_corpus
from benchmarks.speed.linking import silent
from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import XProjError
from spacy_xproj.jobs.job import annotate_corpus


@pytest.fixture
def pairs():
    """Two labelled sentences with links."""
    leaves = SourceView("en", ("Asha", "leaves", "Dodoma"), (True, True, False))
    rains = SourceView("en", ("It", "rains"), (True, False))
    leaves = leaves.with_entities([(0, 1, "PER"), (2, 3, "LOC")])
    return [
        Pair(
            leaves,
            Sentence(("Asha", "aondoka", "Dodoma"), (True, True, False)),
            Links([(0, 0), (2, 2)]),
        ),
        Pair(rains.with_entities([]), Sentence(("Mvua", "yanyesha"), (True, False)), Links([])),
    ]


def test_each_line_has_a_word_of_its_own_that_is_linked(pairs):
    records, links = zip(*varied(pairs, 3), strict=True)
    first, second, third = map(json.loads, records)
    assert first["words"] == ["Asha", "aondoka", "Dodoma", "n0"]
    assert first["source"]["words"] == ["Asha", "leaves", "Dodoma", "n0"]
    assert first["source"]["tags"] == ["B-PER", "O", "B-LOC", "O"]
    assert second["source"]["tags"] == ["O", "O", "O"]
    assert third["words"] == ["Asha", "aondoka", "Dodoma", "n2"]
    assert links == ("0-0 2-2 3-3", "2-2", "0-0 2-2 3-3")


def test_what_is_written_can_be_annotated(pairs, tmp_path):
    corpus = write_corpus(pairs, 5, tmp_path / "corpus", lang="sw")
    summary = annotate_corpus(corpus.sentences, tmp_path / "out", config=corpus.config)
    assert summary["documents"] == 5
    assert summary["statuses"] == {"projected": 6}
    assert summary["failed_documents"] == 0


def test_a_run_is_measured_in_a_process_of_its_own(pairs, tmp_path):
    corpus = write_corpus(pairs, 6, tmp_path / "corpus", lang="sw")
    run = measure(corpus, tmp_path / "out", workers=1, shard_size=2, say=silent)
    assert (run.workers, run.size) == (1, 6)
    assert run.seconds > 0
    assert run.rate == round(6 / run.seconds)
    assert run.steady is None or run.steady > run.rate
    assert run.peak_mib is None or run.peak_mib > 10
    assert (tmp_path / "out" / "shard-00002.spacy").is_file()


def test_a_run_that_fails_says_why(pairs, tmp_path):
    corpus = write_corpus(pairs, 2, tmp_path / "corpus", lang="sw")
    with pytest.raises(XProjError, match=r"XP731.*--workers 0(.|\n)*must be at least 1, got 0"):
        measure(corpus, tmp_path / "out", workers=0, shard_size=2, say=silent)
