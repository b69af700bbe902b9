"""What a source tagger is."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from ..data.unplaced import Unplaced
from ..data.views import SourceView


class Tagged(NamedTuple):
    """An entity found: words ``[start, end)``, label, and how sure the tagger is, if it says so."""

    start: int
    end: int
    label: str
    score: float | None = None


CUTS = "it cuts a word"  # why an entity is not where it is said to be


EXAMPLE = '"@xproj_taggers": "spacy-xproj.HFTagger.v1", "model": "NAME"'


@runtime_checkable
class Tagger(Protocol):
    """Finds entities in the source sentences of views (``xproj_taggers``).

    One that carries data that a saved pipeline needs is ``Saveable`` too; one that gives
    probabilities has ``labels`` and ``probabilities`` (``projection.base.ProbabilityTagger``).
    """

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """The entities of each view, in order of position."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which model, as plain data."""
        ...


@runtime_checkable
class Placing(Protocol):
    """A tagger that names entities by their text, and has to find them in the sentence."""

    def place(self, views: Sequence[SourceView]) -> list[tuple[list[Tagged], list[Unplaced]]]:
        """The entities of each view, in order of position, and those that were not found."""
        ...
