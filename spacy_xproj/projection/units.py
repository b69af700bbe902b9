"""Words of scripts without blanks, whose tokens may be single letters.

A name of two words would be ten tokens, each a border as good as any, while all evidence that a
score weighs is about words. So letters are joined into words before candidates are looked for, and
spans are said in tokens again afterwards. A border that the source's entities have is kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..data.links import Links
from ..data.sentence import Sentence
from ..data.views import Projection, SourceView
from ..text.scripts import has_unspaced, is_letter
from ..text.segmenters import word_borders

WORDS = ("links", "segmented", "given")
# Stand between the parts of a foreign name. That of Japanese also lists things.
_NAME_DOTS = frozenset("·•‧∙⋅゠・")
# Of one word: the words of the other side that it is linked with, and how strongly.
Column = list[tuple[int, float]]


class Units(NamedTuple):
    """A pair in which letters are joined. starts: the first token of each word of the target, and
    how many tokens there are."""

    view: SourceView
    target: Sentence
    starts: list[int]

    def in_tokens(self, projections: Sequence[Projection]) -> list[Projection]:
        """The same projections, in tokens of the target that was given."""
        return [
            p._replace(
                start=None if p.start is None else self.starts[p.start],
                end=None if p.end is None else self.starts[p.end],
                runner_up=p.runner_up and tuple(self.starts[at] for at in p.runner_up),  # type: ignore[arg-type]
            )
            for p in projections
        ]


def join_letters(view: SourceView, target: Sentence, words: str) -> Units | None:
    """The pair with letters joined; None where there are none, or links are missing.

    words: "links" joins letters that are linked alike, as those are that belong to one subword of
    the encoder; "segmented" those that a segmenter takes for one word, too. Either way a dot within
    a foreign name does not part it, but where its parts are linked with different entities.
    """
    sides = [has_unspaced(side) for side in (view.words, target.words)]
    if words == "given" or view.links is None or not any(sides):
        return None
    by_source, by_target = _columns(view.links)
    entities = view.entities or ()
    owner = {k: i for i, entity in enumerate(entities) for k in range(entity.start, entity.end)}
    fixed = {at for entity in entities for at in (entity.start, entity.end)}
    segmented = words == "segmented"
    sources: Sequence[int] = range(len(view.words) + 1)
    if sides[0]:
        sources = _starts(view.sentence, by_source, fixed, {}, segmented)
    targets: Sequence[int] = range(len(target) + 1)
    if sides[1]:
        targets = _starts(target, by_target, set(), owner, segmented)
    if len(sources) > len(view.words) and len(targets) > len(target):
        return None
    return Units(_joined_view(view, sources, targets), _joined(target, targets), list(targets))


def _columns(links: Links) -> tuple[dict[int, Column], dict[int, Column]]:
    by_source: dict[int, Column] = defaultdict(list)
    by_target: dict[int, Column] = defaultdict(list)
    for k, l, a in links:
        by_source[k].append((l, a))
        by_target[l].append((k, a))
    return by_source, by_target


def _starts(
    sentence: Sentence,
    columns: dict[int, Column],
    fixed: set[int],
    owner: dict[int, int],
    segmented: bool,
) -> Sequence[int]:
    """The first token of each word, and how many tokens there are. fixed: where a word begins
    whatever speaks against it. owner: the entity of each word of the other side."""
    borders = word_borders(sentence.text) if segmented else None
    words = sentence.words
    starts = [0] if words else []
    for i in range(1, len(words)):
        before, word = words[i - 1], words[i]
        joins = not sentence.spaces[i - 1] and i not in fixed
        if joins and is_letter(before) and is_letter(word):
            alike = bool(columns.get(i)) and columns.get(i) == columns.get(i - 1)
            joins = alike or (borders is not None and sentence.starts[i] not in borders)
        elif joins:
            dot = i if word in _NAME_DOTS else i - 1 if before in _NAME_DOTS else None
            joins = dot is not None and _within_name(sentence, dot, columns, owner)
        if not joins:
            starts.append(i)
    return [*starts, len(words)]


def _within_name(
    sentence: Sentence, dot: int, columns: dict[int, Column], owner: dict[int, int]
) -> bool:
    """Whether a dot stands between letters of which one is of a script without blanks, and that are
    not linked with different entities."""
    words, spaces = sentence.words, sentence.spaces
    if not 0 < dot < len(words) - 1 or spaces[dot - 1] or spaces[dot]:
        return False
    sides = dot - 1, dot + 1
    around = [words[i] for i in sides]
    if not all(word[0].isalpha() for word in around) or not any(map(is_letter, around)):
        return False
    owners = {_owner(columns.get(i, []), owner) for i in sides} - {None}
    return len(owners) < 2


def _owner(column: Column, owner: dict[int, int]) -> int | None:
    """The entity that a word is linked with most, if with any."""
    totals: dict[int | None, float] = defaultdict(float)
    for k, a in column:
        totals[owner.get(k)] += a
    return max(totals, key=lambda entity: totals[entity]) if totals else None


def _joined(sentence: Sentence, starts: Sequence[int]) -> Sentence:
    borders = list(pairwise(starts))
    return Sentence(
        tuple(["".join(sentence.words[a:b]) for a, b in borders]),
        tuple([sentence.spaces[b - 1] for _, b in borders]),
    )


def _joined_view(view: SourceView, sources: Sequence[int], targets: Sequence[int]) -> SourceView:
    """The view with its words joined, and links between words: of those between their tokens the
    strongest."""
    word_of = [_word_of(starts) for starts in (sources, targets)]
    strongest: dict[tuple[int, int], float] = {}
    for k, l, a in view.links or ():
        pair = word_of[0][k], word_of[1][l]
        strongest[pair] = max(a, strongest.get(pair, 0.0))
    sentence = _joined(view.sentence, sources)
    first = {token: word for word, token in enumerate(sources)}
    return view.replace(
        words=sentence.words,
        spaces=sentence.spaces,
        entities=tuple(
            e._replace(start=first[e.start], end=first[e.end]) for e in view.entities or ()
        ),
        links=Links((k, l, a) for (k, l), a in strongest.items()),
        projections=None,
    )


def _word_of(starts: Sequence[int]) -> list[int]:
    return [word for word, (a, b) in enumerate(pairwise(starts)) for _ in range(a, b)]
