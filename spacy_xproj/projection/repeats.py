"""Names that stand several times in a sentence, and as often in its translation.

Links share the strength of a name out over all its repeats, so that each has the less the more
there are. Which repeat is translated by which is of no account where all have one label: the first
takes all that the first has, the second the second.
"""

from collections import defaultdict
from collections.abc import Sequence

from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import SourceView


def settle_repeats(view: SourceView, target: Sentence, links: Links) -> Links:
    """The links, but that repeats of an entity's words are linked with repeats in order.

    This is done for each word of entities with the same words and label, and for each target word
    that is linked with some of its repeats and stands as often in the target.
    """
    groups = _repeated(view)
    if not groups:
        return links
    strengths = {(k, l): a for k, l, a in links}
    places: dict[str, list[int]] = defaultdict(list)
    for l, word in enumerate(target.words):
        places[word].append(l)
    for starts, length in groups:
        for offset in range(length):
            _settle(strengths, [start + offset for start in starts], target, places)
    return Links((k, l, a) for (k, l), a in strengths.items())


def _repeated(view: SourceView) -> list[tuple[list[int], int]]:
    """Where the entities of the same words and label start, and how many words they have."""
    starts: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for entity in view.entities or ():
        starts[entity.label, view.words[entity.start : entity.end]].append(entity.start)
    return [(own, len(words)) for (_, words), own in starts.items() if len(own) > 1]


def _settle(
    strengths: dict[tuple[int, int], float],
    repeats: Sequence[int],
    target: Sentence,
    places: dict[str, list[int]],
) -> None:
    """Change the links between repeats of a source word and target words of which there are as
    many: the n-th keeps the sum of its links with them all, on the n-th."""
    linked = {target.words[l] for k, l in strengths if k in repeats}
    for word in linked:
        if len(places[word]) != len(repeats):
            continue
        for k, own in zip(repeats, places[word], strict=True):
            total = sum(strengths.pop((k, l), 0.0) for l in places[word])
            if total:
                strengths[k, own] = min(total, 1.0)
