"""The study's CSV, and its page in words, tables and plots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy_xproj.io.files import write_text
from spacy_xproj.io.tables import Cell, format_table
from spacy_xproj.io.tables import write_csv as write_table
from spacy_xproj.review.page import ReportFigure, ReportTable, write_report

from .findings import LITTLE, MAIN, P_VALUE
from .plot import WITH_GOLD, plot
from .results import METRICS, Results

DEFAULT = "joint, default cost"

COLUMNS = (
    *("target", "k", "sources", "method"),
    *(f"{metric}{part}" for metric in METRICS for part in ("", "_low", "_high")),
    *("mentions", "units", "predicted"),
)


def write_csv(results: Results, path: str | Path) -> None:
    """One row for each target, method and set of sources (joined by ``+``); K = 0 is model transfer
    to the target itself. predicted: entities, since recall says nothing of superfluous ones."""
    rows: list[list[Cell]] = []
    for target, method, subset, scores, predicted in results.each():
        bounds = [f"{value:.6f}" for metric in METRICS for value in scores[metric]]
        named: list[Cell] = [target, len(subset), "+".join(subset), method]
        rows.append([*named, *bounds, results.mentions[target], results.units, predicted])
    write_table(path, COLUMNS, rows)


def overview(results: Results, findings: dict[str, Any], metric: str) -> ReportTable:
    """For each target the metric by number of sources, without the language of the gold."""
    ks = list(next(iter(findings.values()))[metric]["curves"][MAIN])
    rows: list[list[Cell]] = []
    for name, found in findings.items():
        curve = found[metric]["curves"][MAIN]
        rows.append([name, *(curve[k]["value"] if k in curve else None for k in ks)])
    return ReportTable(metric, ["target", *(f"K={k}" for k in ks)], rows)


def summary_table(results: Results, findings: dict[str, Any]) -> str:
    """For the terminal: both metrics by number of sources."""
    return "\n\n".join(
        f"{metric}, joint matching\n" + format_table(*_plain(overview(results, findings, metric)))
        for metric in METRICS
    )


def _plain(table: ReportTable) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    return table.columns, table.rows


def write_page(
    results: Results,
    findings: dict[str, Any],
    path: str | Path,
    *,
    gold_lang: str | None,
    note: str = "",
) -> None:
    """The page ``PATH.html`` with both plots, which are also written as ``PATH-METRIC.svg``.

    note: a paragraph on how the corpus and the views were made.
    """
    figures = []
    for metric in METRICS:
        svg = plot(findings, metric, gold_lang=gold_lang)
        write_text(f"{path}-{metric}.svg", svg)
        figures.append(
            ReportFigure(
                f"{metric.capitalize()} against the number of source languages", svg, _BAND
            )
        )
    tables = [
        table
        for metric in METRICS
        for table in (
            _curves(findings, metric, gold_lang),
            _methods(findings, metric),
            _gains(findings, metric),
        )
    ]
    write_report(
        f"{path}.html",
        title="Teacher ensembles over source languages",
        summary="\n\n".join(
            [
                _question(results, gold_lang),
                *conclusions(findings, gold_lang),
                _limits(gold_lang),
                note,
            ]
        ),
        tables=[*tables, _predicted(findings), _sources(findings, "recall")],
        figures=figures,
        examples=[],
    )


_BAND = (
    "The band is the 95 % interval of joint matching by bootstrap over units; each point is the "
    "mean over the sets of K sources."
)


def _question(results: Results, gold_lang: str | None) -> str:
    n = {len(s) for subsets in results.subsets.values() for s in subsets}
    without = f" The main figures leave {gold_lang} out as a source." if gold_lang else ""
    return (
        "How do recall and accuracy of projected labels change with the number of source "
        f"languages? {len(results.targets)} target languages ({', '.join(results.targets)}), "
        f"{results.units} units each, {max(results.mentions.values())} gold mentions at most, sets "
        f"of 1 to {max(n)} sources.{without}"
    )


def conclusions(findings: dict[str, Any], gold_lang: str | None) -> list[str]:
    """What was found, in words, with the tests that say whether it may be chance."""
    name = "mean" if "mean" in findings else next(iter(findings))
    where = "On the mean of the targets" if name == "mean" else f"On {name}"
    paragraphs = []
    for metric in METRICS:
        found = findings[name][metric]
        curve = found["curves"][MAIN]
        ks = list(curve)
        first, last = curve[ks[0]]["value"], curve[ks[-1]]["value"]
        gain = found["all less best single"]
        more = "more" if gain["value"] >= 0 else "less"
        steps = ", ".join(f"{step['value']:+.3f} ({k})" for k, step in found["steps"].items())
        paragraphs.append(
            f"{where}, {metric} goes from {first:.3f} with one source to {last:.3f} with {ks[-1]}; "
            f"the steps to each number of sources are {steps}. "
            + (
                f"From {found['saturation']} sources on, one more adds less than {LITTLE}. "
                if found["saturation"] < ks[-1]
                else "It had not levelled off. "
            )
            + f"All {ks[-1]} together reach {abs(gain['value']):.3f} {more} than the best single "
            f"source of each target, chosen with gold ({found['best single']['value']:.3f}; 95 % "
            f"interval of the difference {gain['low']:+.3f} to {gain['high']:+.3f}, p = "
            f"{gain['p_value']:.3f})."
        )
    paragraphs.append(_price(findings[name]))
    paragraphs.append(_who_helps(findings))
    if gold_lang is not None and findings[name]["recall"].get(WITH_GOLD):
        curve = findings[name]["recall"][WITH_GOLD]
        k = list(curve)[-1]
        alone = curve.get(1, {}).get("value")
        start = f"alone it has a recall of {alone:.3f}, and " if alone is not None else ""
        paragraphs.append(
            f"With {gold_lang} among the sources: {start}all {k} together reach "
            f"{curve[k]['value']:.3f}."
        )
    return paragraphs


def _price(found: dict[str, Any]) -> str:
    """What the recall costs in entities, and what the default of the component gives instead."""
    counts = found["predicted"]
    ks = list(counts[MAIN])
    text = (
        f"For that, joint matching of {ks[-1]} sources predicts {counts[MAIN][ks[-1]]:.0f} "
        f"entities where one source predicts {counts[MAIN][ks[0]]:.0f}; how many are superfluous "
        "is not known here. "
    )
    curve = found["recall"]["curves"].get(DEFAULT)
    if curve:
        text += (
            f"With the default cost, which asks that more than one view agree, it predicts "
            f"{counts[DEFAULT][ks[-1]]:.0f}, with a recall of {curve[ks[-1]]['value']:.3f}."
        )
    return text


def _who_helps(findings: dict[str, Any]) -> str:
    sentences = []
    for target, found in findings.items():
        if target == "mean":
            continue
        added = found["recall"]["added"]
        order = sorted(added, key=lambda lang: -added[lang]["value"])
        up = [k for k in order if added[k]["p_value"] < P_VALUE and added[k]["value"] > 0]
        down = [k for k in order[::-1] if added[k]["p_value"] < P_VALUE and added[k]["value"] < 0]
        parts = []
        if up:
            parts.append("raised by " + ", ".join(f"{k} ({added[k]['value']:+.3f})" for k in up))
        if down:
            parts.append("lowered by " + ", ".join(f"{k} ({added[k]['value']:+.3f})" for k in down))
        sentences.append(f"{target}: {' and '.join(parts) or 'by none beyond chance'}")
    return (
        "Which sources change the recall of a set that they join (mean over sets; p < "
        f"{P_VALUE}, paired bootstrap): " + "; ".join(sentences) + "."
    )


def _limits(gold_lang: str | None) -> str:
    text = (
        "Limits: mentions are a subset of all entities, so precision is not defined; the CSV "
        "counts the entities that each set predicts. The translations are human and parallel: "
        "machine translation would add errors that differ between sources."
    )
    if gold_lang is not None:
        text += (
            f" What is a mention was decided by a recogniser on the {gold_lang} text: a teacher in "
            f"{gold_lang} of the same model agrees with it by construction, so that figures with "
            f"{gold_lang} as a source measure projection alone, not recognition; and in every "
            "language the mentions are those whose English form this model recognises."
        )
    return text


def _curves(findings: dict[str, Any], metric: str, gold_lang: str | None) -> ReportTable:
    ks = sorted({k for found in findings.values() for k in found[metric]["curves"][MAIN]})
    rows: list[list[Cell]] = []
    for name, found in findings.items():
        curve = found[metric]["curves"][MAIN]
        rows.append([name, *(_with_bounds(curve.get(k)) for k in ks)])
    without = f", without {gold_lang} as a source" if gold_lang else ""
    return ReportTable(
        f"{metric.capitalize()} of joint matching by number of sources{without}",
        ["target", *(f"K = {k}" for k in ks)],
        rows,
        note="Mean over the sets of K sources, 95 % interval.",
    )


def _with_bounds(one: dict[str, float] | None) -> str | None:
    return None if one is None else f"{one['value']:.3f} ({one['low']:.3f}-{one['high']:.3f})"


def _methods(findings: dict[str, Any], metric: str) -> ReportTable:
    name = "mean" if "mean" in findings else next(iter(findings))
    curves = findings[name][metric]["curves"]
    ks = list(curves[MAIN])
    rows: list[list[Cell]] = [
        [method, *(curve[k]["value"] if k in curve else None for k in ks)]
        for method, curve in curves.items()
    ]
    return ReportTable(
        f"{metric.capitalize()} by method, {'mean of the targets' if name == 'mean' else name}",
        ["method", *(f"K = {k}" for k in ks)],
        rows,
    )


def _predicted(findings: dict[str, Any]) -> ReportTable:
    name = "mean" if "mean" in findings else next(iter(findings))
    curves = findings[name]["predicted"]
    ks = list(curves[MAIN])
    rows: list[list[Cell]] = [[m, *(curve.get(k) for k in ks)] for m, curve in curves.items()]
    return ReportTable(
        "Entities predicted, right or not",
        ["method", *(f"K = {k}" for k in ks)],
        [[row[0], *(None if n is None else round(n) for n in row[1:])] for row in rows],  # type: ignore[arg-type]
        note="A method may reach its recall by predicting more; how many of these are right is not "
        "known here.",
    )


def _gains(findings: dict[str, Any], metric: str) -> ReportTable:
    rows: list[list[Cell]] = []
    for name, found in findings.items():
        own = found[metric]
        gain = own["all less best single"]
        best = ", ".join(dict.fromkeys(own["best single"]["sources"].values()))
        rows.append(
            [
                *(name, own["model transfer"].get("value"), best),
                *(own["best single"]["value"], own["all"]["value"]),
                *(gain["value"], f"{gain['low']:+.3f} to {gain['high']:+.3f}", gain["p_value"]),
            ]
        )
    columns = [
        *("target", "model transfer", "best source", "alone", "all"),
        *("difference", "95 % interval", "p"),
    ]
    return ReportTable(
        f"{metric.capitalize()}: all sources together against the best single one",
        columns,
        rows,
        note="The best source of each target is chosen with gold. Model transfer: the teacher "
        "applied to the target text itself.",
        lower_is_better=["p"],
    )


def _sources(findings: dict[str, Any], metric: str) -> ReportTable:
    langs = sorted({lang for found in findings.values() for lang in found[metric]["added"]})
    rows: list[list[Cell]] = []
    for name, found in findings.items():
        added = found[metric]["added"]
        row: list[Cell] = [name]
        for lang in langs:
            one = added.get(lang)
            star = "" if one is None or one["p_value"] >= P_VALUE else " *"
            row.append(None if one is None else f"{one['value']:+.3f}{star}")
        rows.append(row)
    return ReportTable(
        f"What a source adds to the {metric} of the sets that it joins",
        ["target", *langs],
        rows,
        note=f"* p < {P_VALUE} by paired bootstrap.",
    )
