"""What a file says of an entity beside what settings give for it now."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..data.views import Projection
from .explaining import Explanation


class Compared(NamedTuple):
    """An entity explained by settings; in_file: its projections in the file, None where it has no
    view there."""

    explanation: Explanation
    in_file: list[Projection] | None

    @property
    def differs(self) -> bool:
        """Whether the settings give another result than the file holds."""
        if self.in_file is None:
            return False
        sides = (self.in_file, self.explanation.projections)
        before, now = (sorted(repr(_result(p)) for p in side) for side in sides)
        return before != now

    def to_plain(self) -> dict[str, Any]:
        """All candidates and features, and both results, for JSON."""
        one = self.explanation
        return {
            "entity": one.entity._asdict(),
            "number": one.number,
            "text": one.text,
            "in_file": None if self.in_file is None else _plain(self.in_file),
            "projections": _plain(one.projections),
            "candidates": [
                {**candidate._asdict(), "parts": [part._asdict() for part in candidate.parts]}
                for candidate in one.candidates
            ],
            "nothing": [part._asdict() for part in one.nothing],
        }


def compare(
    explanations: Sequence[Explanation], in_file: Sequence[Projection] | None
) -> list[Compared]:
    """Each with those projections of its view in the file that are of its entity."""
    return [
        Compared(one, None if in_file is None else [p for p in in_file if p.entity == one.number])
        for one in explanations
    ]


def _result(p: Projection) -> tuple[Any, ...]:
    score = None if p.score is None else round(p.score, 3)
    return str(p.status), p.label, p.start, p.end, p.pieces, score


def _plain(projections: Sequence[Projection]) -> list[dict[str, Any]]:
    return [{**p._asdict(), "status": str(p.status)} for p in projections]
