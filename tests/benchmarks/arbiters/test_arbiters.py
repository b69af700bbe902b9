"""Who decides where views conflict: scores, ceilings, and a model that is trained, on toy views."""

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span

from benchmarks.arbiters.methods import (
    BASELINE,
    METHODS,
    ORACLE,
    ORACLE_CONFLICTS,
    ORACLE_SILENCE,
    oracles,
)
from benchmarks.arbiters.run import score_tasks
from benchmarks.arbiters.tasks import make_task
from benchmarks.training.arbiter import train
from benchmarks.xquad.build import GROUP
from spacy_xproj.data.status import Status
from spacy_xproj.data.views import Entity, Projection, SourceView
from spacy_xproj.ensembling.llm_arbiter import LLMArbiter

VOCAB = spacy.blank("xx").vocab
WORDS = tuple(f"w{i}" for i in range(8))
LANGS = ("de", "es", "fr", "tr")


def make_doc():
    return Doc(VOCAB, words=list(WORDS))


def view(lang, doc, *spans):
    found = tuple(
        Projection(i, label, Status.PROJECTED, a, b, doc[a].idx, doc[a:b].end_char, score)
        for i, (a, b, label, score) in enumerate(spans)
    )
    entities = tuple(Entity(i, i + 1, p.label, 0, 2) for i, p in enumerate(found))
    return SourceView(lang, WORDS, (True,) * 8, entities=entities, projections=found)


def toy(n=60, *, mentions=False, seed=0):
    """Sentences with a name at 2 to 4, and in the documents' views it, a part of it, or nothing;
    Turkish is often wrong, and sees a name that is not there."""
    rng = np.random.default_rng(seed)
    gold, docs = [], []
    for _ in range(n):
        doc, right = make_doc(), make_doc()
        spans = [Span(right, 2, 4, "PER")]
        if mentions:
            right.spans[GROUP] = spans
        else:
            right.set_ents(spans)
        for lang in LANGS:
            own = []
            draw = rng.random()
            if draw < (0.3 if lang == "tr" else 0.75):
                own.append((2, 4, "PER", 0.9))
            elif draw < 0.9:
                own.append((2, 3, "PER", 0.5))
            if lang == "tr" and rng.random() < 0.5:
                own.append((6, 7, "LOC", 0.6))
            doc._.xproj[lang] = view(lang, doc, *own)
        gold.append(right)
        docs.append(doc)
    return gold, docs


@pytest.fixture
def task():
    return make_task("sw", *toy())


def test_counts_are_those_of_exact_entities(task):
    counts = task.counts(task.right)
    assert (counts[:, 1] == 1).all()
    assert (counts[:, 0] == counts[:, 2]).all()
    everything = task.counts(np.ones(len(task.right), dtype=bool))
    assert everything[:, 2].sum() == len(task.ballot)


def test_of_mentions_only_what_touches_one_counts_as_predicted():
    task = make_task("sw", *toy(mentions=True))
    labels = np.array(task.ballot.labels)[task.ballot.label]
    assert task.judged[labels == "PER"].all()
    assert not task.judged[labels == "LOC"].any()
    everything = task.counts(np.ones(len(task.right), dtype=bool))
    assert everything[:, 2].sum() == (labels == "PER").sum()


def test_views_that_are_not_heard(task):
    without = make_task("sw", *toy(), without=["tr"])
    assert without.ballot.langs == ("de", "es", "fr")
    assert len(without.cases[0].views) == 3


def test_no_method_is_above_the_ceilings(task):
    result = score_tasks([task, make_task("af", *toy(seed=1))], resamples=20)
    f1 = {name: score.f1.value for name, score in result.scores.items()}
    assert set(METHODS) < set(f1)
    assert all(f1[name] <= f1[ORACLE] for name in f1)
    assert f1[BASELINE] <= f1[ORACLE_CONFLICTS] <= f1[ORACLE_SILENCE] <= f1[ORACLE]
    assert result.scores[BASELINE].difference.value == 0
    assert result.scores[ORACLE].precision == 1
    assert result.conflicts["sw"]["sentences"] == 60
    assert 0 < result.conflicts["sw"]["conflicts"] <= 60
    table = result.table()
    assert "model" in table
    assert "sw" in table
    assert "conflicts in 120 sentences" in result.summary()
    assert result.to_json()["sources"] == sorted(LANGS)


def test_an_oracle_keeps_to_what_the_vote_takes_where_nothing_is_judged():
    task = make_task("sw", *toy(mentions=True))
    found = oracles(task)
    assert (task.counts(found[ORACLE])[:, 0] <= 1).all()
    assert task.counts(found[ORACLE_CONFLICTS])[:, 0].sum() <= task.right.sum()


def test_a_language_model_is_one_more_method(chat, make_client, task):
    chat.answer = lambda body: {"keep": [2]}
    result = score_tasks(
        [task], more={"toy": lambda: LLMArbiter(client=make_client())}, resamples=10
    )
    assert result.scores["toy"].recall > result.scores["vote"].recall
    assert result.cost["calls"] == len({str(b["messages"]) for b in chat.bodies})


def test_a_model_is_trained_and_judged_on_folds_left_out():
    tasks = [make_task(lang, *toy(seed=i)) for i, lang in enumerate(("sw", "af"))]
    result = train(tasks)
    assert set(result.models) == {"equal", "learnt"}
    assert result.scores["equal"].value > result.scores["(the weighted vote, learnt)"].value - 0.02
    assert result.right == sum(int(task.right.sum()) for task in tasks)
    assert "equal" in result.table()
    assert train(tasks).to_json() == result.to_json()
