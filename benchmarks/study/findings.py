"""What the scores say, as plain data: slope, saturation, gain over one source, who helps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ..pages.intervals import Draws
from .results import METRICS, Pick, Results, mean_draws
from .scoring import TRANSFER
from .subsets import Subset

MAIN = "joint"
LITTLE = 0.005  # a step that adds less is where the curve is called flat
P_VALUE = 0.05


def size(k: int, *, without: str | None = None, including: str | None = None) -> Pick:
    """Accepts sets of k sources, without a language, or only with one."""

    def pick(subset: Subset) -> bool:
        return (
            len(subset) == k
            and (without is None or without not in subset)
            and (including is None or including in subset)
        )

    return pick


def sizes(results: Results, targets: Sequence[str], gold_lang: str | None) -> list[int]:
    """The numbers of sources that every target has, without the language of the gold."""
    counts = [
        {len(s) for s in results.subsets[target, MAIN] if gold_lang not in s} for target in targets
    ]
    return sorted(set.intersection(*counts)) if counts else []


def find(results: Results, *, gold_lang: str | None) -> dict[str, Any]:
    """Findings on each target, and on the mean of the targets under "mean".

    gold_lang: the language whose recogniser decided what is a mention. A teacher in that language
    is judged by its like, so the main figures leave it out as a source.
    """
    groups = {target: [target] for target in results.targets}
    if len(groups) > 1:
        groups["mean"] = results.targets
    return {
        name: {
            **{metric: _find(results, targets, metric, gold_lang) for metric in METRICS},
            "predicted": _predicted(results, targets, gold_lang),
        }
        for name, targets in groups.items()
    }


def _predicted(
    results: Results, targets: list[str], gold_lang: str | None
) -> dict[str, dict[int, float]]:
    """Entities by method and number of sources: what recall does not tell."""
    found = {}
    for method in _ensembles(results, targets):
        picks = {k: size(k, without=gold_lang) for k in sizes(results, targets, gold_lang)}
        means = {k: results.mean_predicted(targets, method, pick) for k, pick in picks.items()}
        found[method] = {k: round(n, 1) for k, n in means.items() if n is not None}
    return found


def _ensembles(results: Results, targets: list[str]) -> list[str]:
    return [m for m in results.methods if all(len(s) for s in results.subsets[targets[0], m])]


def _find(
    results: Results, targets: list[str], metric: str, gold_lang: str | None
) -> dict[str, Any]:
    ks = sizes(results, targets, gold_lang)
    found: dict[str, Any] = {
        "curves": {
            method: _curve(results, targets, method, metric, ks, without=gold_lang)
            for method in _ensembles(results, targets)
        }
    }
    if gold_lang is not None:
        with_gold = _curve(results, targets, MAIN, metric, [*ks, ks[-1] + 1], including=gold_lang)
        found["curve with the language of the gold"] = with_gold
    means = {k: results.mean(targets, MAIN, metric, size(k, without=gold_lang)) for k in ks}
    draws = {k: mean for k, mean in means.items() if mean is not None}
    found["steps"] = {
        b: draws[b].less(draws[a]).difference().to_json()
        for a, b in pairwise(ks)
        if a in draws and b in draws
    }
    found["saturation"] = next(
        (k - 1 for k, step in found["steps"].items() if step["value"] < LITTLE), ks[-1]
    )
    whole = draws[ks[-1]]
    best = _best_single(results, targets, metric, gold_lang)
    found["best single"] = {"sources": best["sources"], **best["draws"].interval().to_json()}
    transfer = results.interval(targets, TRANSFER, metric, lambda subset: not subset)
    found["model transfer"] = {} if transfer is None else transfer.to_json()
    found["all"] = {"k": ks[-1], **whole.interval().to_json()}
    found["all less best single"] = whole.less(best["draws"]).difference().to_json()
    found["all less mean single"] = whole.less(draws[ks[0]]).difference().to_json()
    found["added"] = _added(results, targets, metric, gold_lang)
    return found


def _curve(
    results: Results,
    targets: list[str],
    method: str,
    metric: str,
    ks: list[int],
    **which: str | None,
) -> dict[int, dict[str, float]]:
    intervals = {k: results.interval(targets, method, metric, size(k, **which)) for k in ks}
    return {k: i.to_json() for k, i in intervals.items() if i is not None}


def _best_single(
    results: Results, targets: list[str], metric: str, gold_lang: str | None
) -> dict[str, Any]:
    """For each target the single source with the best score, as gold tells: more than a user could
    know, which makes it a hard baseline."""
    parts: list[Draws] = []
    sources: dict[str, str] = {}
    for target in targets:
        single = [
            (s, results.mean([target], MAIN, metric, s.__eq__))
            for s in results.subsets[target, MAIN]
            if len(s) == 1 and s[0] != gold_lang
        ]
        known = [(s, draws) for s, draws in single if draws is not None]
        best, draws = max(known, key=lambda item: float(item[1].value[0]))
        sources[target] = best[0]
        parts.append(draws)
    return {"sources": sources, "draws": mean_draws(parts)}


def _added(
    results: Results, targets: list[str], metric: str, gold_lang: str | None
) -> dict[str, dict[str, float]]:
    """What each source adds to sets of the others, on the mean of the targets that have it."""
    langs = sorted({s[0] for t in targets for s in results.subsets[t, MAIN] if len(s) == 1})
    added: dict[str, dict[str, float]] = {}
    for lang in langs:

        def pick(subset: Subset, lang: str = lang) -> bool:
            return lang == gold_lang or gold_lang not in subset

        every = [results.added(target, MAIN, metric, lang, pick) for target in targets]
        parts = [draws for draws in every if draws is not None]
        if parts:
            added[lang] = mean_draws(parts).difference().to_json()
    return added
