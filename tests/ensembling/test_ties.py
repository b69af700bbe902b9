"""A proposal that lost only by the rule for equal scores is reported as a tie."""

import pytest

from spacy_xproj.ensembling import JointMatching
from spacy_xproj.ensembling.base import TIED, outcomes

OFFSETS = [[(i, i + 1) for i in range(12)]]


@pytest.mark.parametrize(("second", "tied"), [(0.8, True), (0.7, False)])
def test_two_views_that_disagree_with_the_same_score(make_ballot, second, tied):
    ballot = make_ballot([(0, 2, "PER", 0.8)], [(1, 3, "ORG", second)])
    ensemble = JointMatching(cost=0.0)
    (outcome,) = outcomes(ballot, ensemble.decide(ballot), OFFSETS)
    assert [(e.start, e.end) for e in outcome.entities] == [(0, 2)]
    (lost,) = outcome.outvoted
    assert (lost.reason == TIED) is tied
