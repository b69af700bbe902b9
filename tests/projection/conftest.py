"""The exhaustive search that exact solvers are held against."""

from collections.abc import Callable

import pytest

from spacy_xproj.projection import Candidates, Scores


@pytest.fixture(scope="session")
def best_total() -> Callable[..., float | None]:
    """The highest total score that the constraints allow, found by trying everything; None where
    they cannot all hold."""

    def search(
        scores: Scores, candidates: Candidates, *, n_proj: int = 1, relation: str = "<="
    ) -> float | None:
        n_words = int(candidates.max(initial=0))
        starting: list[list[tuple[int, int, float]]] = [[] for _ in range(n_words)]
        for s, t, value in zip(scores.rows, scores.cols, scores.values, strict=True):
            start, end = candidates[t].tolist()
            starting[start].append((int(s), end, float(value)))

        def allowed(count: int) -> bool:
            return {"<=": count <= n_proj, "=": count == n_proj, ">=": count >= n_proj}[relation]

        def best_from(word: int, counts: tuple[int, ...]) -> float | None:
            if word == n_words:
                return 0.0 if all(map(allowed, counts)) else None
            totals = [best_from(word + 1, counts)]
            for s, end, value in starting[word]:
                more = (*counts[:s], counts[s] + 1, *counts[s + 1 :])
                rest = best_from(end, more)
                totals.append(None if rest is None else value + rest)
            return max((t for t in totals if t is not None), default=None)

        return best_from(0, (0,) * scores.shape[0])

    return search
