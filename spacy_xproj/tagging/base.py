"""What a source tagger is."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from ..data.views import SourceView


class Tagged(NamedTuple):
    """An entity found: words ``[start, end)``, label, and how sure the tagger is, if it says so."""

    start: int
    end: int
    label: str
    score: float | None = None


@runtime_checkable
class Tagger(Protocol):
    """Finds entities in the source sentences of views.

    May also have ``to_bytes() -> bytes`` and ``from_bytes(data)``, when it carries data that a
    saved pipeline needs.
    """

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """The entities of each view, in order of position."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which model, as plain data."""
        ...
