"""Aligning the sentences of two texts by their lengths (Gale & Church 1993), with anchors.

The published method, and libraries with it, know beads of at most two sentences and nothing but
lengths. Here a bead may hold many pieces of the target, for scripts in which a blank may or may not
end a sentence, and pairs of characters that are known to correspond guide the way.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import inf

import numpy as np

Segment = tuple[int, int]  # [start, end) in characters

VARIANCE = 6.8  # of the length of a translation, per character (Gale & Church)
MERGE_COST = 9.0  # of each sentence that a bead has beyond its first
ANCHOR_COST = 50.0  # of each anchor of which a bead has one side only


def align_segments(
    source: Sequence[Segment],
    target: Sequence[Segment],
    anchors: Sequence[tuple[int, int]] = (),
    *,
    max_source: int = 3,
    max_target: int = 3,
    target_merges_cost: bool = True,
) -> list[tuple[int, int]]:
    """Where both texts can be cut: (i, j) for a cut before source segment i and target segment j.

    The last is always (len(source), len(target)); (0, 0) is left out. anchors: pairs of (source
    character, target character). max_source, max_target: segments in one bead; at least one of
    each. target_merges_cost: False where target segments are smaller than sentences. Where no
    sequence of such beads exists, the texts are one bead.
    """
    n, m = len(source), len(target)
    whole = [(n, m)]
    if not n or not m:
        return whole
    source_sums = list(accumulate((end - start for start, end in source), initial=0))
    target_sums = list(accumulate((end - start for start, end in target), initial=0))
    ratio = target_sums[-1] / max(source_sums[-1], 1)
    held = _anchors_before(source, target, anchors)
    best = [[inf] * (m + 1) for _ in range(n + 1)]
    best[0][0] = 0.0
    back: dict[tuple[int, int], tuple[int, int]] = {}
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            for a in range(max(0, i - max_source), i):
                for b in range(max(0, j - max_target), j):
                    if best[a][b] == inf:
                        continue
                    expected = (source_sums[i] - source_sums[a]) * ratio
                    length = target_sums[j] - target_sums[b]
                    mean = max((expected + length) / 2, 1.0)
                    cost = best[a][b] + (length - expected) ** 2 / (VARIANCE * mean)
                    cost += MERGE_COST * (i - a - 1)
                    cost += MERGE_COST * (j - b - 1) * target_merges_cost
                    on_source = held[i][m] - held[a][m]
                    on_target = held[n][j] - held[n][b]
                    on_both = held[i][j] - held[a][j] - held[i][b] + held[a][b]
                    cost += ANCHOR_COST * (on_source + on_target - 2 * on_both)
                    if cost < best[i][j]:
                        best[i][j] = cost
                        back[i, j] = (a, b)
    if best[n][m] == inf:
        return whole
    cuts = whole
    while back[cuts[-1]] != (0, 0):
        cuts.append(back[cuts[-1]])
    return cuts[::-1]


def segment_of(segments: Sequence[Segment], character: int) -> int:
    """The segment that holds a character; of one between two, the second."""
    return next((i for i, (_, end) in enumerate(segments) if character < end), len(segments) - 1)


def _anchors_before(
    source: Sequence[Segment], target: Sequence[Segment], anchors: Sequence[tuple[int, int]]
) -> list[list[int]]:
    """Of shape (n source + 1, n target + 1): the anchors in the first i and first j segments."""
    counts = np.zeros((len(source) + 1, len(target) + 1), dtype=int)
    for source_char, target_char in anchors:
        i, j = segment_of(source, source_char), segment_of(target, target_char)
        counts[i + 1, j + 1] += 1
    return counts.cumsum(axis=0).cumsum(axis=1).tolist()
