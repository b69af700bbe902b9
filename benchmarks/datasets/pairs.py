"""Pairs of sentences with labelled spans on both sides, each a translation of the other."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc

from spacy_xproj.data.links import Links
from spacy_xproj.data.sentence import Sentence
from spacy_xproj.data.spans import Span, iob_to_spans
from spacy_xproj.data.views import SourceView
from spacy_xproj.errors import Errors, XProjError
from spacy_xproj.io.lines import place, read_lines

# A source entity and a gold span of the same words belong together where at least so much of what
# ``AlignScore`` counts links them.
_LINKED = 0.16
_SAME_LABEL = 0.15  # what a common label counts beside it


class Pair(NamedTuple):
    """The source sentence with its spans as entities, the target and its gold spans.

    matched: for each entity the number of its gold span, -1 for none; None where it is not known.
    """

    view: SourceView
    target: Sentence
    gold: tuple[Span, ...]
    matched: tuple[int, ...] | None = None


def pair_of_docs(source: Doc, target: Doc, *, source_lang: str) -> Pair:
    """Of two labelled Docs."""
    gold = tuple(Span(e.start, e.end, e.label_) for e in target.ents)
    return Pair(SourceView.from_doc(source, lang=source_lang), Sentence.from_doc(target), gold)


def read_tagged(path: str | Path) -> Iterator[tuple[tuple[str, ...], list[Span]]]:
    """Words and spans of each sentence of a file of words and IOB tags, tabs or else blanks
    between; columns after the tag are skipped, and blank lines end a sentence.

    Raises XProjError for a file that is not there, or a line without a tag.
    """
    path = Path(path)
    if not path.is_file():
        raise XProjError(Errors.XP680.format(path=path))
    words: list[str] = []
    tags: list[str] = []
    for number, line in enumerate([*read_lines(path), ""], 1):
        fields = line.rstrip("\r").split("\t" if "\t" in line else " ")
        if fields != [""] and len(fields) < 2:
            where = place(path, number)
            raise XProjError(Errors.XP758.format(where=where, line=line))
        if fields != [""] and fields[0]:
            words.append(fields[0])
            tags.append(fields[1])
        elif words:
            yield tuple(words), iob_to_spans(tags)
            words, tags = [], []


def read_tagged_pairs(source: str | Path, target: str | Path, *, source_lang: str) -> list[Pair]:
    """Two files for ``read_tagged`` whose sentences are parallel. Raises XProjError as it does, and
    where they have different numbers of sentences."""
    sides = [list(read_tagged(path)) for path in (source, target)]
    if len(sides[0]) != len(sides[1]):
        counts = {"n_first": len(sides[0]), "n_second": len(sides[1])}
        raise XProjError(Errors.XP726.format(first=source, second=target, **counts))
    pairs = []
    for (words, spans), (target_words, gold) in zip(*sides, strict=True):
        view = SourceView(source_lang, words, _spaces(words)).with_entities(spans)
        pairs.append(Pair(view, Sentence(target_words, _spaces(target_words)), tuple(gold)))
    return pairs


def _spaces(words: Sequence[str]) -> tuple[bool, ...]:
    return tuple(i + 1 < len(words) for i in range(len(words)))


def match_gold(pair: Pair, links: Links) -> Pair:
    """With ``matched`` by how strongly words are linked and by label, the strongest pairs of an
    entity and a gold span first, each once."""
    if pair.matched is not None:
        return pair
    entities = pair.view.entities or ()
    matrix = links.to_matrix(len(pair.view.words), len(pair.target))
    found = []
    for i, entity in enumerate(entities):
        for j, (start, end, label) in enumerate(pair.gold):
            linked = float(matrix[entity.start : entity.end, start:end].sum())
            linked = 2 * linked / (entity.end - entity.start + end - start)
            # Of equal ones that in the same place in order.
            order = 1e-3 * (i == j and len(entities) == len(pair.gold))
            found.append((linked + _SAME_LABEL * (label == entity.label) + order, i, j))
    matched = np.full(len(entities), -1)
    for strength, i, j in sorted(found, reverse=True):
        if strength > _LINKED and matched[i] < 0 and j not in matched:
            matched[i] = j
    return pair._replace(matched=tuple(matched.tolist()))
