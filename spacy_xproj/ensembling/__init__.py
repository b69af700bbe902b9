"""Merging what several source views propose for one target sentence. numpy only."""

from .ballots import Ballot, collect
from .base import Decision, Ensemble, outcomes
from .best import BestView, make_best_view
from .joint import JointMatching, make_joint_matching
from .reliability import Reliability, estimate
from .votes import SpanVote, make_span_vote, make_weighted_vote

__all__ = [
    "Ballot",
    "BestView",
    "Decision",
    "Ensemble",
    "JointMatching",
    "Reliability",
    "SpanVote",
    "collect",
    "estimate",
    "make_best_view",
    "make_joint_matching",
    "make_span_vote",
    "make_weighted_vote",
    "outcomes",
]
