"""Several aligners as one."""

from collections.abc import Mapping, Sequence
from typing import Any

import srsly

from ..data.views import Links, Sentence, SourceView
from ..errors import Errors, XProjError
from .base import Aligner


class Combined:
    """Links of several aligners; the strength is the weighted mean, with 0 for no link."""

    def __init__(self, aligners: Mapping[str, Aligner], weights: Mapping[str, float]) -> None:
        total = sum(weights.values())
        if set(aligners) != set(weights) or min(weights.values(), default=0) < 0 or total <= 0:
            raise XProjError(Errors.XP413.format(weights=dict(weights), aligners=sorted(aligners)))
        self.aligners = {name: aligners[name] for name in sorted(aligners)}
        self.weights = {name: weights[name] / total for name in sorted(weights)}

    def align(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> list[Links]:
        """The combined links of each pair, with strengths in (0, 1]."""
        sums: list[dict[tuple[int, int], float]] = [{} for _ in views]
        for name, aligner in self.aligners.items():
            for strengths, links in zip(sums, aligner.align(views, targets), strict=True):
                for k, l, a in links:
                    strengths[k, l] = strengths.get((k, l), 0.0) + self.weights[name] * a
        return [
            Links((k, l, min(round(a, 4), 1.0)) for (k, l), a in strengths.items() if a >= 5e-5)
            for strengths in sums
        ]

    def train(self, views: Sequence[SourceView], targets: Sequence[Sentence]) -> None:
        """Train those of the aligners that learn from a bitext."""
        for aligner in self.aligners.values():
            if hasattr(aligner, "train"):
                aligner.train(views, targets)

    def describe(self) -> dict[str, Any]:
        return {
            "aligner": "combined",
            "weights": self.weights,
            "aligners": {name: a.describe() for name, a in self.aligners.items()},
        }

    def to_bytes(self) -> bytes:
        data = {n: a.to_bytes() for n, a in self.aligners.items() if hasattr(a, "to_bytes")}
        return bytes(srsly.msgpack_dumps(data))

    def from_bytes(self, data: bytes) -> None:
        for name, own in srsly.msgpack_loads(data).items():
            aligner: Any = self.aligners[name]
            aligner.from_bytes(own)


# Config blocks inside a dict are checked before they are resolved, so their type is left open.
def make_combined(aligners: dict[str, Any], weights: dict[str, float]) -> Combined:
    """``spacy-xproj.Combined.v1``: named aligner blocks, and a weight for each name."""
    return Combined(aligners, weights)
