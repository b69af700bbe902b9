"""Merging what several source views propose for one target sentence. numpy only."""

from .ballots import Ballot, collect
from .base import Decision, Ensemble, outcomes
from .best import BestView
from .joint import JointMatching
from .reliability import Reliability, estimate
from .votes import SpanVote, WeightedVote

__all__ = [
    "Ballot",
    "BestView",
    "Decision",
    "Ensemble",
    "JointMatching",
    "Reliability",
    "SpanVote",
    "WeightedVote",
    "collect",
    "estimate",
    "outcomes",
]
