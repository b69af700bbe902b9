"""Merging what several source views propose for one target sentence. numpy only."""

from .ballots import Ballot, collect
from .base import Arbiter, Case, Decision, Ensemble, Verdict, outcomes
from .best import BestView
from .joint import JointMatching
from .llm_arbiter import LLMArbiter
from .reliability import Reliability, estimate
from .votes import SpanVote, WeightedVote

__all__ = [
    "Arbiter",
    "Ballot",
    "BestView",
    "Case",
    "Decision",
    "Ensemble",
    "JointMatching",
    "LLMArbiter",
    "Reliability",
    "SpanVote",
    "Verdict",
    "WeightedVote",
    "collect",
    "estimate",
    "outcomes",
]
