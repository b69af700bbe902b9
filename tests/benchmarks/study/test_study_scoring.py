"""Scoring all sets of sources at once gives what merging each and scoring it gives."""

import pytest
import spacy

from benchmarks.pages.mentions import count_mentions, mention_spans
from benchmarks.study import scoring
from benchmarks.study.scoring import METHODS, make_task, score_subsets, score_transfer
from benchmarks.study.subsets import choose_subsets
from spacy_xproj.components.ensemble import EnsemblePipe
from spacy_xproj.data.access import Views
from spacy_xproj.ensembling import JointMatching, SpanVote
from spacy_xproj.io.formats.docbin import read_docbin


@pytest.fixture
def docs(plan_made):
    """Swahili units; in some the German view puts the name on two words, or one too early."""
    docs = list(read_docbin(plan_made.views_path("sw"), lang="sw"))
    for i, doc in enumerate(docs):
        view = Views(doc)["de"]
        if view.projections and i % 4 == 0:
            moved = view.projections[0]._replace(start=1, end=2 + i % 8 // 4)
            Views(doc)["de"] = view.replace(projections=(moved,))
    return docs


ENSEMBLES = {
    "joint": JointMatching(cost=0.0),
    "joint, default cost": JointMatching(),
    "vote": SpanVote(),
}


@pytest.mark.parametrize("method", ENSEMBLES)
def test_as_the_component_and_the_scorer_do_it_one_by_one(docs, method, monkeypatch):
    monkeypatch.setattr(scoring, "BATCH", 4)
    task = make_task(docs)
    subsets = choose_subsets(task.langs, cap=15)
    counts = score_subsets(task, subsets, method)
    gold = [mention_spans(doc) for doc in docs]
    for b, subset in enumerate(subsets):
        pipe = EnsemblePipe(
            name="e", ensemble=ENSEMBLES[method], source_langs=list(subset), spans_key=None
        )
        merged = list(pipe.pipe([doc.copy() for doc in docs]))
        found = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in merged]
        wanted = count_mentions(gold, found)
        assert counts.recall[:, b].tolist() == wanted.mentions.tolist()
        assert counts.accuracy[:, b].tolist() == wanted.tokens.tolist()
        assert counts.predicted[b] == sum(map(len, found))


@pytest.mark.parametrize("method", METHODS)
def test_weights_without_gold_use_the_set_alone(docs, method):
    """The score of a set does not depend on which other sets are scored with it."""
    task = make_task(docs)
    subsets = choose_subsets(task.langs, cap=15)
    together = score_subsets(task, subsets, method)
    for b in (0, 5, 14):
        alone = score_subsets(task, [subsets[b]], method)
        assert (alone.recall[:, 0] == together.recall[:, b]).all()


def test_a_single_view_is_itself_whatever_the_method(docs):
    task = make_task(docs)
    expected = score_subsets(task, [("es",)], "joint").recall
    assert 0 < expected[:, 0, 0].sum() < expected[:, 0, 1].sum()
    for method in METHODS:
        assert (score_subsets(task, [("es",)], method).recall == expected).all()


def test_the_best_view_is_one_of_them(docs):
    task = make_task(docs)
    langs = ("de", "es", "en")
    best = score_subsets(task, [langs], "best view").recall.sum(axis=0)
    alone = score_subsets(task, [(lang,) for lang in langs], "joint").recall.sum(axis=0)
    assert best[0].tolist() in alone.tolist()


def test_model_transfer(plan_made, docs):
    tagged = list(read_docbin(plan_made.tagged_path("sw"), lang="sw"))
    counts = score_transfer(docs, tagged)
    found, total = counts.recall[:, 0].sum(axis=0).tolist()
    assert (total, counts.predicted.tolist()) == (20, [6])  # it sees two of ten
    pairs = zip(tagged, docs, strict=True)
    assert found == sum(bool(t.ents and d.spans["xquad_ner"]) for t, d in pairs) > 0


def test_documents_without_proposals():
    doc = spacy.blank("sw").make_doc("hakuna")
    doc.spans["xquad_ner"] = []
    task = make_task([doc])
    assert (task.langs, len(task.ballot), task.gold.tolist()) == ((), 0, [[0, 0]])
    assert score_subsets(task, [()], "joint").recall.tolist() == [[[0, 0]]]
