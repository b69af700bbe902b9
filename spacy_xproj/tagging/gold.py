"""Gold source entities: those that the views already hold."""

from collections.abc import Sequence
from typing import Any

from ..data.views import SourceView
from ..errors import Errors, XProjError
from .base import Tagged


class GoldTagger:
    """``spacy-xproj.GoldTagger.v1``: the labels that came with the source sentence: a view keeps
    the entities that it was made with, as translate-train does."""

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """The view's own entities. Raises XProjError for a view with words but no entities set."""
        result = []
        for view in views:
            if view.entities is None and view.words:
                raise XProjError(Errors.XP304.format(text=view.text[:60]))
            result.append([Tagged(e.start, e.end, e.label, e.score) for e in view.entities or ()])
        return result

    def describe(self) -> dict[str, Any]:
        return {"tagger": "gold"}
