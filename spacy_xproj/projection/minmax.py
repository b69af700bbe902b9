"""The min-max span over all linked words: the projection of Ebing & Glavaš 2025 [D]."""

import sys
from typing import Any

from .heuristic import Heuristic


class MinMax(Heuristic):
    """``spacy-xproj.MinMax.v1``: one span per entity, from the first to the last target word
    linked to any of its words.

    It is the heuristic with a gap of any width, so that all runs are one. Where the spans of two
    entities meet, the entity that comes first is labelled and the other gets ``overlap``.
    """

    def __init__(self) -> None:
        super().__init__(d=sys.maxsize)

    def describe(self) -> dict[str, Any]:
        return {"projector": "minmax"}
