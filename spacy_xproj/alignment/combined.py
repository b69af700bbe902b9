"""Several aligners as one."""

from collections.abc import Sequence
from typing import Any

import srsly

from ..abilities import Saveable, Trainable, check_all_ready, check_parts
from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import SourceView
from ..errors import Errors, XProjError
from .base import EXAMPLE, Aligner


class Combined:
    """``spacy-xproj.Combined.v1``: links of several aligners; the strength is the weighted mean,
    with 0 for no link.

    aligners: blocks of ``xproj_aligners``, by name. weights: a number for each name.
    """

    # Config blocks inside a dict are checked before they are resolved, so their type is left open.
    def __init__(self, *, aligners: dict[str, Any], weights: dict[str, float]) -> None:
        total = sum(weights.values())
        if set(aligners) != set(weights) or min(weights.values(), default=0) < 0 or total <= 0:
            raise XProjError(Errors.XP413.format(weights=dict(weights), aligners=sorted(aligners)))
        self.aligners: dict[str, Aligner] = check_parts(
            aligners, Aligner, user="spacy-xproj.Combined.v1", setting="aligners", example=EXAMPLE
        )
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
            if isinstance(aligner, Trainable):
                aligner.train(views, targets)

    def check_ready(self) -> None:
        """Raise XProjError where one of the aligners is not ready."""
        check_all_ready(*self.aligners.values())

    def describe(self) -> dict[str, Any]:
        return {
            "aligner": "combined",
            "weights": self.weights,
            "aligners": {name: a.describe() for name, a in self.aligners.items()},
        }

    def to_bytes(self) -> bytes:
        data = {n: a.to_bytes() for n, a in self.aligners.items() if isinstance(a, Saveable)}
        return bytes(srsly.msgpack_dumps(data))

    def from_bytes(self, data: bytes) -> None:
        for name, own in srsly.msgpack_loads(data).items():
            aligner: Any = self.aligners[name]
            aligner.from_bytes(own)
