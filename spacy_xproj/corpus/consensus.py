"""Labels that a whole corpus agrees on.

The label of a projection is its source entity's, but words need not be entities of one kind in both
languages: "Europe" (a place) becomes "europäisch" here and "Europa" there. What a corpus projects
onto the same words most of the time tells which it is. No gold and no model: only the projections.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc, Span

from ..data.access import Views
from ..data.ensembled import Ensembled
from ..data.layers import SPANS_KEY
from ..data.sentence import Sentence
from ..data.status import Status
from ..data.views import Projection
from ..errors import Errors, XProjError

MIN_WEIGHT = 2.0
MIN_SHARE = 0.6
_UNIT = 1_000_000  # scores are summed as whole numbers, so that their order makes no difference
_MOST = 1e9  # of one score: those of a part of the user's own may be too large to be summed


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
        self._weights: dict[str, dict[str, int]] = {}

    def count(self, text: str, label: str, score: float | None) -> None:
        """Count a projection of an entity with this label onto this text; without a score as 1."""
        weight = 1.0 if score is None else min(max(score, 0.0), _MOST)
        labels = self._weights.setdefault(_form(text), defaultdict(int))
        labels[label] += round(weight * _UNIT)

    def agreed(self, text: str, label: str) -> str:
        """The label that holds for this text: the corpus', or else the one given."""
        weights = self._weights.get(_form(text))
        if not weights:
            return label
        best = min(weights, key=lambda name: (-weights[name], name))
        needed = max(self.min_weight * _UNIT, self.min_share * sum(weights.values()))
        return best if weights[best] >= needed else label

    def learn(self, target: Sentence, projections: Iterable[Projection]) -> None:
        """Count the projections of one sentence, which have the labels of their entities."""
        for p in projections:
            if p.status is Status.PROJECTED:
                self.count(_text(target, p), p.label, p.score)

    def apply(self, target: Sentence, projections: Sequence[Projection]) -> list[Projection]:
        """The projections with the labels that hold; the reason says which one was changed."""
        result = []
        for p in projections:
            if p.status is Status.PROJECTED:
                label = self.agreed(_text(target, p), p.label)
                if label != p.label:
                    p = p._replace(label=label, reason=reason(label, p.label))
            result.append(p)
        return result


def reason(label: str, before: str) -> str:
    """Why a projection has another label than its entity."""
    return f"{label} in place of {before}, as most projections onto these words"


def _form(text: str) -> str:
    return " ".join(text.split()).casefold()


def _text(target: Sentence, projection: Projection) -> str:
    return target.text[projection.start_char : projection.end_char]


def apply_consensus(docs: Sequence[Doc], *, spans_key: str | None = SPANS_KEY) -> int:
    """Change labels in the views, span layers and ``doc.ents`` of projected documents, each source
    language for itself; returns how many projections changed. Documents whose entities an ensemble
    chose stay as they are: their views have voted already."""
    by_lang: dict[str, LabelConsensus] = {}
    for doc, target in _projected(docs):
        for lang, view in Views(doc).items():
            by_lang.setdefault(lang, LabelConsensus()).learn(target, view.projections or ())
    return sum(
        relabel(doc, target, by_lang, spans_key=spans_key) for doc, target in _projected(docs)
    )


def _projected(docs: Sequence[Doc]) -> Iterator[tuple[Doc, Sentence]]:
    return ((doc, Views(doc).target) for doc in docs if not Ensembled(doc))


def relabel(
    doc: Doc, target: Sentence, by_lang: dict[str, LabelConsensus], *, spans_key: str | None
) -> int:
    """Give the projections of one document the labels that their language agrees on, in views,
    layers and entities; returns how many changed. Other entities stay."""
    changed = 0
    # by words and label: the label of the view that comes first, whose entity it is
    ents: dict[tuple[int | None, int | None, str], str] = {}
    for lang, view in list(Views(doc).items()):
        before = view.projections or ()
        after = tuple(by_lang[lang].apply(target, before)) if lang in by_lang else before
        own = {
            (a.start, a.end, a.label): b.label
            for a, b in zip(before, after, strict=True)
            if a.status is Status.PROJECTED
        }
        ents = {**own, **ents}
        n = sum(a.label != b.label for a, b in zip(before, after, strict=True))
        if n:
            Views(doc)[lang] = view.replace(projections=after)
            name = f"{spans_key}_{lang}"
            if spans_key is not None and name in doc.spans:
                doc.spans[name] = _relabelled(doc, doc.spans[name], own)
        changed += n
    if changed:
        doc.set_ents(_relabelled(doc, doc.ents, ents), default="unmodified")
    return changed


def _relabelled(
    doc: Doc, spans: Iterable[Span], labels: dict[tuple[int | None, int | None, str], str]
) -> list[Span]:
    return [
        Span(doc, s.start, s.end, label=labels.get((s.start, s.end, s.label_), s.label_))
        for s in spans
    ]
