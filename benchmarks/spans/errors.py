"""What goes wrong in projection, by kind, with examples to look at."""

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from spacy_xproj.data.spans import Span, overlap
from spacy_xproj.data.views import Entity, Projection
from spacy_xproj.io.files import write_text

from ..datasets.pairs import Pair
from .judging import Judged

SHOWN = 40  # examples of each kind


class Kind(Enum):
    """Of an error. Gold spans and projections that are of no other kind are GOLD and SOURCE."""

    BOUNDARY = "boundary", "the projection and the gold span of its entity have other borders"
    LABEL = "label", "the gold span has these borders and another label"
    MISSED = "missed", "a gold span that belongs to a source span, which was not projected"
    GOLD = "gold", "a projection of a source span to which no gold span belongs"
    SOURCE = "source", "a gold span to which no source span belongs"

    @property
    def title(self) -> str:
        return self.value[0]

    @property
    def meaning(self) -> str:
        return self.value[1]


class Example(NamedTuple):
    """One error: the sentence it is in, and as far as there are such, the source span, the
    projection and the gold span."""

    kind: Kind
    pair: Pair
    entity: Entity | None
    projection: Projection | None
    gold: Span | None


def errors_of(pairs: Sequence[Pair], projections: Sequence[Sequence[Projection]]) -> list[Example]:
    """The errors of each sentence; pairs with ``matched``, as ``match_gold`` gives it."""
    found = []
    for pair, own in zip(pairs, projections, strict=True):
        matched = pair.matched or ()
        for projection in own:
            number = matched[projection.entity]
            gold = pair.gold[number] if number >= 0 else None
            kind = _kind(projection, gold, pair.gold)
            if kind is not None:
                entity = (pair.view.entities or ())[projection.entity]
                found.append(Example(kind, pair, entity, projection, gold))
        for number, gold in enumerate(pair.gold):
            if number not in matched and not any(_is(p, gold) for p in own):
                found.append(Example(Kind.SOURCE, pair, None, None, gold))
    return found


def _is(projection: Projection, gold: Span) -> bool:
    return (projection.start, projection.end, projection.label) == tuple(gold)


def _kind(projection: Projection, gold: Span | None, all_gold: Sequence[Span]) -> Kind | None:
    """Of what is wrong with a projection, or with its absence; None where nothing is."""
    if projection.start is None or projection.end is None:
        return Kind.MISSED if gold is not None else None
    span = projection.start, projection.end
    if any(_is(projection, other) for other in all_gold):
        return None
    if any(span == (other.start, other.end) for other in all_gold):
        return Kind.LABEL
    if gold is None or not overlap(*span, gold.start, gold.end):
        return Kind.BOUNDARY if gold is not None else Kind.GOLD
    return Kind.BOUNDARY


def write_errors(
    path: str | Path,
    errors: Mapping[str, Sequence[Example]],
    judged: Mapping[str, Judged],
    *,
    summary: str,
) -> None:
    """Write one HTML page: for each data set a reliability diagram, how many errors of each kind,
    and examples, those with the highest scores first."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("benchmarks", "spans"), autoescape=True, undefined=StrictUndefined
    )
    sets = [
        {
            "name": name,
            "judged": judged[name],
            "counts": {kind.title: sum(e.kind is kind for e in own) for kind in Kind},
            "groups": [(kind, list(map(_shown, _worst(own, kind)))) for kind in Kind],
        }
        for name, own in errors.items()
    ]
    template = environment.get_template("errors.html.jinja")
    write_text(path, template.render(sets=sets, kinds=list(Kind), summary=summary))


def _worst(errors: Sequence[Example], kind: Kind) -> list[Example]:
    own = [error for error in errors if error.kind is kind]
    own.sort(key=lambda e: -((e.projection and e.projection.score) or 0.0))
    return own[:SHOWN]


def _shown(error: Example) -> dict[str, object]:
    """An example as text with marks."""
    view, target, projection = error.pair.view, error.pair.target, error.projection
    return {
        "source": _marked(view.words, error.entity),
        "found": _marked(target.words, projection),
        "gold": _marked(target.words, error.gold),
        "label": (error.entity or error.gold or projection).label,  # type: ignore[union-attr]
        "gold_label": error.gold.label if error.gold is not None else "",
        "score": None if projection is None else projection.score,
        "reason": "" if projection is None else projection.reason,
    }


def _marked(words: Sequence[str], span: Entity | Projection | Span | None) -> tuple[str, str, str]:
    """What stands before the span, in it and after it."""
    start, end = (0, 0) if span is None else (span.start or 0, span.end or 0)
    return " ".join(words[:start]), " ".join(words[start:end]), " ".join(words[end:])
