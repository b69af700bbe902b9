"""Several teachers of one language, which vote before anything is projected."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..abilities import check_all_ready, check_part, check_parts, usage_of
from ..data.views import SourceView
from ..ensembling.ballots import from_proposals
from ..ensembling.base import EXAMPLE as ENSEMBLE
from ..ensembling.base import Arbiter, Ensemble
from ..ensembling.votes import WeightedVote
from ..errors import Errors, XProjError
from ..tagging.applying import tag_and_place
from ..tagging.base import EXAMPLE, Tagged, Tagger, Unplaced
from ..tagging.labels import full_label_map


class VotingTagger:
    """``spacy-xproj.VotingTagger.v1``: several teachers, of which an ensemble makes one, as
    ``xproj_ensemble`` does of several source languages.

    taggers: blocks of the registry ``xproj_taggers``, by a name of each. ensemble: a block of
    ``xproj_ensembles`` that is not an arbiter, by default the weighted vote; its ``weights`` may be
    given by the teachers' names. label_map: new names of labels, over the common ones, so that
    teachers that name them differently can agree. label_maps: more of them for some teachers, by
    name. A teacher without scores is sure of all that it finds. Scores are those of the ensemble.
    """

    def __init__(
        self,
        *,
        taggers: Mapping[str, Any],
        ensemble: Any = None,
        label_map: Mapping[str, str] | None = None,
        label_maps: Mapping[str, Mapping[str, str]] = {},  # read only
    ) -> None:
        user = "spacy-xproj.VotingTagger.v1"
        if not taggers:
            raise XProjError(Errors.XP309)
        self.taggers: dict[str, Tagger] = check_parts(
            taggers, Tagger, user=user, setting="taggers", example=EXAMPLE
        )
        self.ensemble: Ensemble = check_part(
            WeightedVote() if ensemble is None else ensemble,
            Ensemble,
            user=user,
            setting="ensemble",
            example=ENSEMBLE,
        )
        if isinstance(self.ensemble, Arbiter):
            raise XProjError(Errors.XP311.format(name=type(self.ensemble).__name__))
        self.label_map = full_label_map(label_map)
        self.label_maps = {name: dict(own) for name, own in label_maps.items()}

    def tag(self, views: Sequence[SourceView]) -> list[list[Tagged]]:
        """What the teachers agree on, in order of position."""
        return [entities for entities, _ in self.place(views)]

    def place(self, views: Sequence[SourceView]) -> list[tuple[list[Tagged], list[Unplaced]]]:
        """The same, and what any of them names that is not there."""
        found = [
            tag_and_place(
                tagger, views, label_map={**self.label_map, **self.label_maps.get(name, {})}
            )
            for name, tagger in self.taggers.items()
        ]
        proposals = [
            [
                (
                    number,
                    [
                        (e.start, e.end, e.label, 1.0 if e.score is None else e.score)
                        for e in own[row][0]
                    ],
                )
                for number, own in enumerate(found)
            ]
            for row in range(len(views))
        ]
        ballot = from_proposals(proposals, list(self.taggers))
        decision = self.ensemble.decide(ballot)
        result: list[list[Tagged]] = [[] for _ in views]
        for row in decision.chosen[:, 0].nonzero()[0].tolist():
            start, end = ballot.spans[row].tolist()
            score = round(min(1.0, float(decision.scores[row, 0])), 4)
            label = ballot.labels[ballot.label[row]]
            result[int(ballot.sentence[row])].append(Tagged(start, end, label, score))
        lost = [[one for own in found for one in own[row][2]] for row in range(len(views))]
        return list(zip(result, lost, strict=True))

    def check_ready(self) -> None:
        """Raise XProjError where a teacher, or the ensemble, is not ready."""
        check_all_ready(*self.taggers.values(), self.ensemble)

    def usage(self) -> dict[str, float]:
        """What the teachers have cost, together."""
        return usage_of(*self.taggers.values())

    def identity(self) -> dict[str, Any]:
        """What the entities depend on beside teachers and ensemble."""
        return {"label_map": self.label_map, "label_maps": self.label_maps}

    def describe(self) -> dict[str, Any]:
        return {
            "tagger": "vote",
            "taggers": {name: tagger.describe() for name, tagger in self.taggers.items()},
            "ensemble": self.ensemble.describe(),
        }
