"""Labels that a whole corpus agrees on.

The label of a projection is its source entity's, but words need not be entities of one kind in both
languages: "Europe" (a place) becomes "europäisch" here and "Europa" there. What a corpus projects
onto the same words most of the time tells which it is. No gold and no model: only the projections.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..data.views import Projection, Sentence, Status
from ..errors import Errors, XProjError

MIN_WEIGHT = 2.0
MIN_SHARE = 0.6


def _form(target: Sentence, projection: Projection) -> str:
    return " ".join(target.words[projection.start : projection.end]).casefold()


class LabelConsensus:
    """For each form of words the label that its projections speak for.

    min_weight: the sum of the scores of the projections with that label must be at least this.
    min_share: and at least that share of the scores of all projections onto the same words. Both
    chosen on Europarl-NER de and es. Raises XProjError for a share not in (.5, 1], with which two
    labels could win.
    """

    def __init__(self, *, min_weight: float = MIN_WEIGHT, min_share: float = MIN_SHARE) -> None:
        if not 0.5 < min_share <= 1.0:
            raise XProjError(Errors.XP560.format(share=min_share))
        self.min_weight = min_weight
        self.min_share = min_share
        self._weights: dict[str, dict[str, float]] = {}

    def learn(self, target: Sentence, projections: Iterable[Projection]) -> None:
        """Count the projections of one sentence; one without a score counts 1."""
        for p in projections:
            if p.status is Status.PROJECTED:
                weight = 1.0 if p.score is None else max(p.score, 0.0)
                labels = self._weights.setdefault(_form(target, p), defaultdict(float))
                labels[p.label] += weight

    def label(self, target: Sentence, projection: Projection) -> str:
        """The label that holds for the words of a projection: the corpus', or else its own."""
        weights = self._weights.get(_form(target, projection))
        if not weights:
            return projection.label
        best = min(weights, key=lambda name: (-weights[name], name))
        needed = max(self.min_weight, self.min_share * sum(weights.values()))
        return best if weights[best] >= needed else projection.label

    def apply(self, target: Sentence, projections: Sequence[Projection]) -> list[Projection]:
        """The projections with the labels that hold; the reason says which one was changed."""
        result = []
        for p in projections:
            if p.status is Status.PROJECTED:
                label = self.label(target, p)
                if label != p.label:
                    reason = f"{label} in place of {p.label}, as most projections onto these words"
                    p = p._replace(label=label, reason=reason)
            result.append(p)
        return result
