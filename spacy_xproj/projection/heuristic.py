"""The word-alignment heuristic [H, P, T]: label the runs of words that an entity is linked to."""

from collections.abc import Sequence
from typing import Any

from ..data.sentence import Sentence
from ..data.status import Status
from ..data.views import Projection, SourceView, linked_targets, links_of
from ..errors import Errors, XProjError
from .base import missed, projected


def merge_runs(
    positions: list[int], gap: int, blocked: frozenset[int] = frozenset()
) -> list[tuple[int, int]]:
    """Runs ``[start, end)`` of sorted positions; two runs with at most ``gap`` positions between
    them are one, unless the right one starts at a blocked position."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs:
            start, end = runs[-1]
            between = position - end
            if between == 0 or (between <= gap and position not in blocked):
                runs[-1] = (start, position + 1)
                continue
        runs.append((position, position + 1))
    return runs


class Heuristic:
    """``spacy-xproj.Heuristic.v1`` (docs/methods.md, "Heuristic"). The defaults are what [T]
    reports as best on Europarl-NER; with links by mutual argmax of multilingual-e5-small, d = 2 and
    k = 1 are better there (F1 de .894, es .921, it .861; the defaults .886, .867, .833).

    d: words without a link that may stand between two runs that are merged. k: how many runs
    to keep, the longest first; None keeps all. only_i: do not merge a run that starts at a word
    linked to the entity's first word. thr: a run must be longer than this share of the entity."""

    def __init__(
        self, *, d: int = 1, k: int | None = None, only_i: bool = False, thr: float = 0.0
    ) -> None:
        if d < 0:
            raise XProjError(Errors.XP151.format(name="d", value=d, least=0, fix=1))
        if k is not None and k < 1:
            raise XProjError(Errors.XP151.format(name="k", value=k, least=1, fix=1))
        self.d = d
        self.k = k
        self.only_i = only_i
        self.thr = thr

    def project(
        self, views: Sequence[SourceView], targets: Sequence[Sentence]
    ) -> list[list[Projection]]:
        """One projection per labelled run; a missed one for an entity without any. Raises
        XProjError for a view that has entities and was not aligned."""
        return [self._project(view, target) for view, target in zip(views, targets, strict=True)]

    def _project(self, view: SourceView, target: Sentence) -> list[Projection]:
        entities = view.entities or ()
        if not entities:
            return []
        links = links_of(view, target)
        labelled: set[int] = set()
        result: list[Projection] = []
        for i, (entity, positions) in enumerate(
            zip(entities, linked_targets(entities, links), strict=True)
        ):
            if not positions:
                empty = not len(target)
                status = Status.NO_CANDIDATE if empty else Status.UNALIGNED
                why = "the target sentence is empty" if empty else "no target word is linked to it"
                result.append(missed(i, entity, status, why))
                continue
            first = frozenset(l for k, l, _ in links if self.only_i and k == entity.start)
            runs = merge_runs(positions, self.d, first)
            length = entity.end - entity.start
            long_enough = [r for r in runs if (r[1] - r[0]) / length > self.thr]
            kept = sorted(long_enough, key=lambda r: (r[0] - r[1], r[0]))[: self.k]
            free = []
            for run in sorted(kept):
                if labelled.isdisjoint(range(*run)):
                    labelled.update(range(*run))
                    free.append(run)
            if free:
                result.extend(projected(i, entity, run, target, None) for run in free)
            elif kept:
                why = "the words it is linked to carry another entity"
                result.append(missed(i, entity, Status.OVERLAP, why))
            else:
                longest = max(r[1] - r[0] for r in runs)
                why = f"its longest run has {longest} of {length} words, not above {self.thr:g}"
                result.append(missed(i, entity, Status.BELOW_THRESHOLD, why))
        return result

    def describe(self) -> dict[str, Any]:
        settings = {"d": self.d, "k": self.k, "only_i": self.only_i, "thr": self.thr}
        return {"projector": "heuristic", **settings}
