"""Spans whose translation is not there: it was taken out of the target."""

from collections.abc import Sequence
from random import Random

from spacy_xproj.data.spans import Span, overlap
from spacy_xproj.data.views import Sentence

from ..datasets.pairs import Pair

_LEAST_LEFT = 4  # words of a target


def drop_spans(pairs: Sequence[Pair], most: int, *, seed: int) -> list[Pair]:
    """At most so many of the pairs, drawn at random, each without one of its gold spans in the
    target. They need new links."""
    random = Random(seed)
    order = list(range(len(pairs)))
    random.shuffle(order)
    result: list[Pair] = []
    for i in order:
        places = [k for k, number in enumerate(pairs[i].matched or ()) if number >= 0]
        if not places:
            continue
        dropped = _without(pairs[i], random.choice(places))
        if dropped is not None:
            result.append(dropped)
        if len(result) == most:
            break
    return result


def _without(pair: Pair, entity: int) -> Pair | None:
    """Without the gold span of an entity, which may share no word with another; None where too
    little is left."""
    matched = list(pair.matched or ())
    start, end, _ = gone = pair.gold[matched[entity]]
    others = [span for span in pair.gold if span is not gone]
    words, spaces = pair.target.words, pair.target.spaces
    if len(words) - (end - start) < _LEAST_LEFT:
        return None
    if any(overlap(start, end, span.start, span.end) for span in others):
        return None
    by = end - start
    gold = tuple(
        Span(span.start - by, span.end - by, span.label) if span.start >= end else span
        for span in pair.gold
    )
    matched[entity] = -1
    target = Sentence(words[:start] + words[end:], spaces[:start] + spaces[end:])
    kept = [number for number in range(len(gold)) if pair.gold[number] is not gone]
    renumbered = {number: i for i, number in enumerate(kept)}
    return Pair(
        pair.view,
        target,
        tuple(gold[number] for number in kept),
        tuple(renumbered.get(number, -1) for number in matched),
    )
