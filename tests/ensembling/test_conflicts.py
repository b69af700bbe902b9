"""What counts as a conflict, and that an arbiter's word holds only there."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spacy_xproj.data.spans import overlap
from spacy_xproj.ensembling.ballots import from_proposals
from spacy_xproj.ensembling.base import Verdict
from spacy_xproj.ensembling.conflicts import clash, conflicts, ids_of, overrule
from spacy_xproj.ensembling.votes import WeightedVote

SPANS = st.tuples(st.integers(0, 8), st.integers(1, 3), st.sampled_from(["PER", "LOC"]))


@st.composite
def ballots(draw):
    """Two sentences, three views of each; a view's own spans do not overlap."""
    sentences = []
    for _ in range(2):
        views = []
        for v in range(3):
            own = []
            for start, length, label in draw(st.lists(SPANS, max_size=4)):
                if not any(overlap(start, start + length, p[0], p[1]) for p in own):
                    own.append((start, start + length, label, draw(st.floats(0.1, 1.0))))
            views.append((v, own))
        sentences.append(views)
    return from_proposals(sentences, ["a", "b", "c"])


def test_spans_that_overlap_conflict_and_what_all_propose_does_not(make_ballot):
    ballot = make_ballot(
        [(0, 2, "PER"), (4, 5, "LOC"), (7, 8, "LOC")],
        [(0, 2, "PER"), (4, 5, "ORG")],
    )
    rows = [tuple(ballot.spans[row].tolist()) for found in conflicts(ballot) for row in found]
    assert rows == [(4, 5), (4, 5)]
    assert len(conflicts(ballot, silence=True)) == 2


def test_a_view_that_cannot_speak_is_not_silent(make_ballot):
    assert conflicts(make_ballot([(0, 2, "PER")], None), silence=True) == []
    assert len(conflicts(make_ballot([(0, 2, "PER")], []), silence=True)) == 1


@given(ballots(), st.booleans())
def test_conflicts_are_apart_and_hold_all_that_overlaps(ballot, silence):
    found = conflicts(ballot, silence=silence)
    rows = [row for own in found for row in own]
    assert len(rows) == len(set(rows))
    for i in range(len(ballot)):
        for j in range(i):
            if ballot.sentence[i] == ballot.sentence[j] and overlap(
                *ballot.spans[i].tolist(), *ballot.spans[j].tolist()
            ):
                assert any(i in own and j in own for own in found)


@given(ballots(), st.data())
def test_an_arbiter_decides_its_conflicts_and_nothing_else(ballot, data):
    vote = WeightedVote().decide(ballot)
    verdicts = []
    for rows in conflicts(ballot, silence=True):
        kept = []
        for number in range(1, len(rows) + 1):
            if data.draw(st.booleans()) and not clash(
                ballot, [rows[n - 1] for n in (*kept, number)]
            ):
                kept.append(number)
        answer = tuple(kept) if data.draw(st.booleans()) else None
        verdicts.append(Verdict(rows, "it", answer, "", ids_of(rows, vote.chosen[:, 0])))
    decision = overrule(ballot, vote, verdicts)
    decided = {row for verdict in verdicts if verdict.answer is not None for row in verdict.rows}
    for row in range(len(ballot)):
        if row not in decided:
            assert decision.chosen[row, 0] == vote.chosen[row, 0]
    for verdict in verdicts:
        if verdict.answer is not None:
            assert ids_of(verdict.rows, decision.chosen[:, 0]) == verdict.answer
    for number in np.unique(ballot.sentence):
        taken = np.flatnonzero(decision.chosen[:, 0] & (ballot.sentence == number))
        assert not clash(ballot, taken.tolist())
    assert all(row in decision.told for row in decided if not decision.chosen[row, 0])
