"""Weighted interval scheduling: the best set of spans that do not overlap, exactly."""

import numpy as np

TIE = 1e-9  # totals nearer than this are equal: rounding must not decide


def groups(sentence: np.ndarray, spans: np.ndarray) -> list[tuple[int, int]]:
    """Runs [first, last) of rows that overlap, directly or through others.

    sentence: int (n,). spans: int (n, 2). Rows are sorted by sentence and start.
    """
    n = len(sentence)
    if not n:
        return []
    # Sentences laid end to end, so that spans of different ones never meet.
    length = int(spans.max()) + 1
    starts, ends = (spans + sentence[:, None] * length).T
    reach = np.maximum.accumulate(ends)
    first = np.flatnonzero(np.r_[True, starts[1:] >= reach[:-1]])
    return list(zip(first.tolist(), [*first[1:].tolist(), n], strict=True))


def schedule(sentence: np.ndarray, spans: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Which spans to take, bool (n, B), for each of B columns of ``values`` (n, B).

    In each column those taken do not overlap within their sentence and have the highest total
    value; a span whose value is not above 0 is never taken. Of equal totals the one that leaves out
    the span that ends last wins. O(n log n) for each column. Rows are sorted by sentence and start.
    """
    taken = values > 0
    for first, last in groups(sentence, spans):
        if last - first > 1:
            taken[first:last] = _best(spans[first:last], values[first:last])
    return taken


def _best(spans: np.ndarray, values: np.ndarray) -> np.ndarray:
    """``schedule`` of spans of one sentence."""
    n, columns = values.shape
    order = np.lexsort((spans[:, 0], spans[:, 1]))
    starts, ends = spans[order, 0], spans[order, 1]
    before = np.searchsorted(ends, starts, side="right").tolist()
    # best[j]: the highest total among the first j spans in order of end
    best = np.zeros((n + 1, columns))
    better = np.zeros((n, columns), dtype=bool)
    for j, row in enumerate(order.tolist()):
        total = best[before[j]] + values[row]
        better[j] = (total > best[j] + TIE) & (values[row] > 0)
        best[j + 1] = np.where(better[j], total, best[j])
    taken = np.zeros((n, columns), dtype=bool)
    place = np.full(columns, n)
    for j in range(n - 1, -1, -1):
        here = place == j + 1
        take = here & better[j]
        taken[order[j]] = take
        place = np.where(take, before[j], np.where(here, j, place))
    return taken
