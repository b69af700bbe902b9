"""Carrying source entities over to target words. numpy only: no spaCy pipeline, no torch."""

from .base import Candidates, Projector, Scores, Solution
from .candidates import make_ngrams
from .exact import make_exact
from .heuristic import Heuristic, make_heuristic
from .matching import Matching, make_matching
from .minmax import MinMax, make_minmax
from .scores import make_align_score
from .solvers import make_greedy, make_ilp

__all__ = [
    "Candidates",
    "Heuristic",
    "Matching",
    "MinMax",
    "Projector",
    "Scores",
    "Solution",
    "make_align_score",
    "make_exact",
    "make_greedy",
    "make_heuristic",
    "make_ilp",
    "make_matching",
    "make_minmax",
    "make_ngrams",
]
