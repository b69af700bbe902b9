"""Links that came with the translation."""

from collections.abc import Sequence
from typing import Any

from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import SourceView
from ..errors import Errors, XProjError


class FromTranslator:
    """``spacy-xproj.FromTranslator.v1``: the links that the translator gave with its translation
    (spacy-xproj.Apertium.v1). It costs nothing; ``spacy-xproj.Combined.v1`` adds those of another
    aligner. What was aligned before is not what the translator gave, and is refused as such."""

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """The links of each view. Raises XProjError for one that came without."""
        found = []
        for view in views:
            if not view.words:
                found.append(Links())
            elif view.links is None or (view.provenance.known and "aligner" in view.provenance):
                raise XProjError(Errors.XP422.format(text=view.text[:60], lang=view.lang))
            else:
                found.append(view.links)
        return found

    def describe(self) -> dict[str, Any]:
        return {"aligner": "from_translator"}
