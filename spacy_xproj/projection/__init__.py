"""Carrying source entities over to target words. numpy only: no spaCy pipeline, no torch."""

from .base import CandidateFinder, Candidates, Projector, Score, Scores, Solution, Solver
from .batch import Batch
from .candidates import Ngrams
from .exact import Exact
from .heuristic import Heuristic
from .matching import Matching
from .minmax import MinMax
from .scores import AlignScore, FusedScore
from .solvers import ILP, Greedy

__all__ = [
    "ILP",
    "AlignScore",
    "Batch",
    "CandidateFinder",
    "Candidates",
    "Exact",
    "FusedScore",
    "Greedy",
    "Heuristic",
    "Matching",
    "MinMax",
    "Ngrams",
    "Projector",
    "Score",
    "Scores",
    "Solution",
    "Solver",
]
