"""Views with given projections, without a pipeline."""

import pytest

from spacy_xproj.data.status import Status, ViewStatus
from spacy_xproj.data.views import Entity, Projection, SourceView
from spacy_xproj.ensembling.ballots import from_proposals

WORDS = 12


@pytest.fixture(scope="session")
def make_view():
    """Make a view whose entities were projected onto spans (start, end, label[, score])."""

    def make(lang, *spans, status=ViewStatus.OK, missed=()):
        words = tuple(f"w{i}" for i in range(WORDS)) if status is ViewStatus.OK else ()
        found = [
            Projection(i, s[2], Status.PROJECTED, s[0], s[1], s[0], s[1], *s[3:])
            for i, s in enumerate(spans)
        ]
        lost = [
            Projection(len(spans) + i, label, Status.UNALIGNED, reason="no link")
            for i, label in enumerate(missed)
        ]
        return SourceView(
            lang,
            words,
            (True,) * len(words),
            status=status,
            reason="" if status is ViewStatus.OK else "it is not there",
            entities=tuple(Entity(i, i + 1, p.label, 0, 1) for i, p in enumerate(found + lost)),
            projections=(*found, *lost),
        )

    return make


@pytest.fixture(scope="session")
def make_ballot():
    """The ballot of one sentence: for each view its proposals, or None where it is not usable."""

    def make(*views, langs=None):
        langs = langs or [f"l{v}" for v in range(len(views))]
        full = [
            (v, [(*p, 1.0) if len(p) == 3 else p for p in own])
            for v, own in enumerate(views)
            if own is not None
        ]
        return from_proposals([full], langs)

    return make


@pytest.fixture(scope="session")
def chosen():
    """What an ensemble chooses, as (start, end, label)."""

    def choose(ensemble, ballot, weights=None):
        decision = ensemble.decide(ballot, weights)
        return [
            (*ballot.spans[row].tolist(), ballot.labels[ballot.label[row]])
            for row in decision.chosen[:, 0].nonzero()[0].tolist()
        ]

    return choose
