"""The optimum by dynamic programming, at greedy speed.

With at most ``n_proj`` spans per entity, matching is weighted job-interval selection.
Entities in a sentence are few, so the best total over (target position, how often each entity was
used) is a small table:

    best[q][u] = max(best[q - 1][u], max over (s, t = [p, q)) of best[p][u - 1_s] + c_st)

Entities whose candidates never meet are solved on their own, which leaves mostly single ones.
"""

from typing import Any

from .base import Candidates, Scores, Solution
from .solvers import ILP, check_n_proj

Entry = tuple[int, int, int, int, float]  # entity, candidate, start, end, score
# of a cell: total, the pair taken last if any, and the place and state before it
Cell = tuple[float, tuple[int, int] | None, int, int]


def _preference(entry: Entry) -> tuple[float, int, int, int]:
    """The order of ``solvers.preference``."""
    s, _, start, end, value = entry
    return -round(value, 12), start, end, s


def _groups(entries: list[Entry]) -> list[list[Entry]]:
    """Split entries into groups that share neither an entity nor a target word, keeping order."""
    hulls: dict[int, tuple[int, int]] = {}
    for s, _, start, end, _ in entries:
        low, high = hulls.get(s, (start, end))
        hulls[s] = min(low, start), max(high, end)
    group_of: dict[int, int] = {}
    reach, group = -1, -1
    for s, (low, high) in sorted(hulls.items(), key=lambda item: item[1]):
        if low >= reach:
            group += 1
        reach = max(reach, high)
        group_of[s] = group
    groups: list[list[Entry]] = [[] for _ in range(group + 1)]
    for entry in entries:
        groups[group_of[entry[0]]].append(entry)
    return groups


def _solve(entries: list[Entry], n_proj: int) -> list[tuple[int, int]]:
    """The best pairs of one group. States are numbers in base n_proj + 1, a digit an entity."""
    base = n_proj + 1
    digit = {s: base**i for i, s in enumerate(sorted({e[0] for e in entries}))}
    ending: dict[int, list[Entry]] = {}
    for entry in entries:
        ending.setdefault(entry[3], []).append(entry)
    positions = sorted({p for e in entries for p in e[2:4]})
    place = {p: i for i, p in enumerate(positions)}
    best: list[dict[int, Cell]] = [{0: (0.0, None, 0, 0)}]
    for i, position in enumerate(positions[1:], 1):
        row: dict[int, Cell] = {u: (c[0], None, i - 1, u) for u, c in best[-1].items()}
        for s, t, start, _, value in ending.get(position, ()):
            before, unit = place[start], digit[s]
            for state, (total, *_) in best[before].items():
                if state // unit % base < n_proj:
                    new = state + unit
                    if new not in row or total + value > row[new][0] + 1e-12:
                        row[new] = (total + value, (s, t), before, state)
        best.append(row)
    i = len(best) - 1
    state = max(best[i], key=lambda u: (best[i][u][0], -u))
    pairs = []
    while i:
        _, pair, i, state = best[i][state]
        if pair is not None:
            pairs.append(pair)
    return pairs


class Exact:
    """``spacy-xproj.Exact.v1``: the pairs with the highest total, at most ``n_proj`` an entity.

    max_steps: the most work, (n_proj + 1) ** (entities that meet) times (their pairs + the words
    where these begin or end); a sentence that needs more is handed to the integer linear programme
    (``backend``, ``time_limit``), still exact. The default is a tenth of a second, about what the
    programme takes to start.
    """

    def __init__(
        self,
        *,
        n_proj: int = 1,
        max_steps: int = 500_000,
        backend: str = "PULP_CBC_CMD",
        time_limit: float = 60.0,
    ) -> None:
        self.n_proj = check_n_proj(n_proj)
        self.max_steps = max_steps
        self.fallback = ILP(n_proj=n_proj, backend=backend, time_limit=time_limit)

    def solve(self, scores: Scores, candidates: Candidates) -> Solution:
        """The optimum; of equal ones the leftmost and shortest."""
        rows, values = scores.rows, scores.values
        if self.n_proj == 1 and len(rows) and (rows == rows[0]).all():
            # One entity, as in most sentences: the best, of equal ones the leftmost and shortest.
            rounded = values.round(12)
            best = int(scores.cols[rounded == rounded.max()].min())
            return Solution([(int(rows[0]), best)] if values.max() > 0 else [])
        spans = candidates.tolist()
        listed = zip(
            scores.rows.tolist(), scores.cols.tolist(), scores.values.tolist(), strict=True
        )
        entries = [(s, t, *spans[t], value) for s, t, value in listed if value > 0]
        pairs: list[tuple[int, int]] = []
        for group in _groups(entries):
            n_entities = len({entry[0] for entry in group})
            if n_entities == 1 and self.n_proj == 1:
                pairs.append(min(group, key=_preference)[:2])
            elif self._steps(group, n_entities) <= self.max_steps:
                pairs.extend(_solve(sorted(group, key=_preference), self.n_proj))
            else:
                return self.fallback.solve(scores, candidates)
        return Solution(sorted(pairs))

    def _steps(self, group: list[Entry], n_entities: int) -> int:
        """How often a cell of the table of a group is looked at, at most."""
        positions = {position for entry in group for position in entry[2:4]}
        return int((self.n_proj + 1) ** n_entities) * (len(group) + len(positions))

    def describe(self) -> dict[str, Any]:
        return {"name": "exact", "n_proj": self.n_proj, "max_steps": self.max_steps}
