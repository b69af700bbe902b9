"""Long spans whose translation is known without labels: sentences, and clauses between marks.

Where both sides of a pair have as many commas, semicolons and the like, and the words between are
linked with one another and hardly with others, what lies between two marks is a translation of what
lies between the same two on the other side, with or without the mark that ends it.
"""

from collections.abc import Sequence
from random import Random

import numpy as np

from spacy_xproj.data.links import Links
from spacy_xproj.data.spans import Span

from ..datasets.pairs import Pair

_ENDS = frozenset(",;:.!?—–")
_LEAST_WORDS = 5  # of a sentence
_LEAST_CLAUSE = 4  # words
_INSIDE = 0.85  # of the links of a clause's words that stay in it, in both directions
_ALIGNED = 0.5  # of the source words have a link above _LINK
_LINK = 0.2
_MOST = 2  # clauses of a sentence
_WHOLE = 0.3  # chance that a sentence with clauses gives itself too
LABEL = "CLAUSE"
Border = tuple[int, int]  # where a clause ends, and where the next begins: in between is a mark


def _is_mark(word: str) -> bool:
    return not any(c.isalnum() for c in word)


def _borders(words: Sequence[str]) -> list[Border]:
    """Borders inside a sentence."""
    found = []
    for i, word in enumerate(words[:-1]):
        if _is_mark(word) and word[0] in _ENDS:
            found.append((i, i + 1))
        elif word[-1] in ",;:":
            found.append((i + 1, i + 1))
    return found


def clauses(
    pairs: Sequence[Pair], links: Sequence[Links], *, seed: int
) -> list[tuple[Pair, Links]]:
    """Pairs with such spans in place of their own, and their links: of each pair at most two
    clauses, and now and then the sentence."""
    random = Random(seed)
    result = []
    for pair, own in zip(pairs, links, strict=True):
        source, target = pair.view.words, pair.target.words
        if min(len(source), len(target)) < _LEAST_WORDS:
            continue
        matrix = own.to_matrix(len(source), len(target))
        if (matrix.max(axis=1) > _LINK).mean() < _ALIGNED:
            continue
        closed = _is_mark(source[-1]) and _is_mark(target[-1])
        inner = _inner(matrix, _borders(source), _borders(target), closed=closed)
        random.shuffle(inner)
        spans = inner[:_MOST]
        if not spans or random.random() < _WHOLE:
            cut = closed and random.random() < 0.5
            spans.append(((0, len(source) - cut), (0, len(target) - cut)))
        spans.sort()  # as entities of a view are
        view = pair.view.with_entities((*span, LABEL) for span, _ in spans)
        gold = tuple(Span(*span, LABEL) for _, span in spans)
        result.append((Pair(view, pair.target, gold, tuple(range(len(gold)))), own))
    return result


def _inner(
    matrix: np.ndarray, source: Sequence[Border], target: Sequence[Border], *, closed: bool
) -> list[tuple[Border, Border]]:
    """Clauses that are no whole sentence. closed: both sentences end in a mark."""
    found: list[tuple[Border, Border]] = []
    if not source or len(source) != len(target):
        return found
    n, m = matrix.shape
    starts = [(0, 0), *((a[1], b[1]) for a, b in zip(source, target, strict=True))]
    ends = [*((a[1], b[1]) for a, b in zip(source, target, strict=True)), (n, m)]
    # Words that the mark at each end takes, on both sides; 0 where it is not a word by itself.
    marks = [(a[1] - a[0]) * (b[1] - b[0]) for a, b in zip(source, target, strict=True)]
    marks.append(int(closed))
    for u, (i, p) in enumerate(starts):
        for v in range(u, len(ends)):
            j, q = ends[v]
            if (u, v) == (0, len(ends) - 1) or j - i < _LEAST_CLAUSE:
                continue
            inside = matrix[i:j, p:q].sum()
            if inside < _INSIDE * max(matrix[i:j].sum(), matrix[:, p:q].sum()):
                continue
            found.append(((i, j), (p, q)))
            if marks[v]:
                found.append(((i, j - 1), (p, q - 1)))
    return found
