"""What a run says: a table, the curve, CSV, and a page in words."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from spacy_xproj.io.files import write_text
from spacy_xproj.io.tables import Cell, format_table, write_csv
from spacy_xproj.review.page import ReportFigure, ReportTable, write_report

from ..pages.intervals import Draws, Interval, count_draws
from ..study.plot import GREY, check_plots
from .run import ONLY_OWN, OWN, TRANSFER, Results, Task

METRICS = ("f1", "precision", "recall", "accuracy")
# Means over other sets of MasakhaNER2's languages, as their sources state them.
PUBLISHED = (
    ("model transfer, XLM-R large (18 languages)", 0.521, "Politov et al. 2025"),
    ("heuristic projection by NLLB-3.3B (18)", 0.673, "Politov et al. 2025"),
    ("fused ILP projection by NLLB (18)", 0.687, "Shkalikov 2025"),
    ("EasyProject, students", 0.649, "Chen et al. 2023"),
    ("CODEC, students", 0.701, "Le et al. 2024"),
    ("TransFusion with AfroXLM-R", 0.721, "Chen et al. 2023"),
)
_COLOURS = ("#1d4ed8", "#b5173f", "#17663a", "#92400e")


class Row(NamedTuple):
    """A system over all targets: for each metric its scores by target and their mean, on resamples
    of the sentences. seeds: that the counts are summed over."""

    kind: str
    system: str
    sources: int | None
    seeds: int
    entities: int | None
    draws: dict[str, Draws]

    @property
    def name(self) -> str:
        if self.system == TRANSFER:
            return "model transfer (the teacher itself)"
        what = {OWN: "all sources + the teacher itself", ONLY_OWN: "the teacher itself alone"}
        return f"{self.kind}, {what.get(self.system, self.system)}"


def rows_of(results: Results) -> tuple[list[str], list[Row]]:
    """The targets, and a row for each system, the teacher's first."""
    targets = list(dict.fromkeys(task.target for task in results))
    groups: dict[tuple[str, str], list[Task]] = {}
    for task in results:
        groups.setdefault((task.kind, task.system), []).append(task)
    rows = []
    for (kind, system), own in groups.items():
        # A seed counts where all targets have it.
        seeds = [s for s in {t.seed for t in own} if sum(t.seed == s for t in own) == len(targets)]
        if not seeds:
            continue
        counts = {
            target: np.sum(
                [results[t]["counts"] for t in own if t.target == target and t.seed in seeds],
                axis=0,
            )
            for target in targets
        }
        entities = [results[t]["entities"] for t in own if t.seed == seeds[0]]
        views = own[0].views
        rows.append(
            Row(
                kind,
                system,
                len(views) if system == f"{len(views)} sources" else None,
                len(seeds),
                None if None in entities else sum(entities),
                _draws([counts[target] for target in targets]),
            )
        )
    return targets, rows


def _draws(counts: Sequence[np.ndarray]) -> dict[str, Draws]:
    """Of counts a target, int (n sentences, 5) each."""
    found: dict[str, list[Draws]] = {metric: [] for metric in METRICS}
    for own in counts:
        for metric, draws in ((metric, _one(own, metric)) for metric in METRICS):
            found[metric].append(draws)
    return {
        metric: Draws(
            np.array([d.value for d in own]), np.stack([d.resampled for d in own], axis=1)
        )
        for metric, own in found.items()
    }


def _one(counts: np.ndarray, metric: str) -> Draws:
    def ratio(sums: np.ndarray) -> np.ndarray:
        right, gold, found, tags, words = np.moveaxis(sums, -1, 0)
        above, below = {
            "f1": (2 * right, gold + found),
            "precision": (right, found),
            "recall": (right, gold),
            "accuracy": (tags, words),
        }[metric]
        score: np.ndarray = above / np.maximum(below, 1)
        return score

    return count_draws(counts, ratio)


def sign_flips(differences: Sequence[float]) -> float:
    """The two-sided p-value of a mean of paired differences, over all ways to turn their signs
    (Fisher's exact test of randomisation, 1935). differences: one a language."""
    values = np.array(differences, dtype=float)
    signs = np.array(list(product((1.0, -1.0), repeat=len(values))))
    means = np.abs(signs @ values)
    return float((means >= abs(values.sum()) - 1e-12).mean())


def write_all(results: Results, output: Path, note: str) -> str:
    """Write ``lowres.csv``, ``lowres.svg`` and ``lowres.html``; the table for the terminal."""
    check_plots()
    targets, rows = rows_of(results)
    output.mkdir(parents=True, exist_ok=True)
    _write_csv(targets, rows, output / "lowres.csv")
    figure = draw(rows)
    write_text(output / "lowres.svg", figure)
    table = _table(targets, rows)
    published = ReportTable(
        "Published, for orientation",
        ["system", "mean F1", "source"],
        [list(row) for row in PUBLISHED],
        note="Means over other sets of MasakhaNER2's languages, by much larger models.",
    )
    write_report(
        output / "lowres.html",
        title="Students and the number of source languages",
        summary=f"{summary(targets, rows)}\n\n{note}",
        tables=[table, published],
        examples=[],
        figures=[ReportFigure("Mean over the targets against the number of sources", figure)],
    )
    return format_table(table.columns, table.rows) + "\n\n" + summary(targets, rows)


def _table(targets: Sequence[str], rows: Sequence[Row]) -> ReportTable:
    base = rows[0]
    cells: list[list[Cell]] = []
    for row in rows:
        f1 = row.draws["f1"]
        gain: list[Cell] = [None, None, None]
        if row is not base:
            d = f1.less(base.draws["f1"]).difference()
            p = sign_flips((f1.value - base.draws["f1"].value).tolist())
            gain = [*d.cells()[:2], f"{p:.3f}"]
        means: list[Cell] = [float(row.draws[m].value.mean()) for m in METRICS]
        cells.append(
            [
                *(row.name, row.entities),
                *(float(value) for value in f1.value),
                *(means[0], f1.interval().text(), *means[1:], *gain),
            ]
        )
    columns = [
        *("system", "entities learnt"),
        *(f"F1 {target}" for target in targets),
        *("mean F1", "95 %", "precision", "recall", "accuracy"),
        *("less transfer", "95 % of that", "p over languages"),
    ]
    return ReportTable("Scores on gold that nobody projected", columns, cells)


def summary(targets: Sequence[str], rows: Sequence[Row]) -> str:
    """What the run found, in words."""
    base, students = rows[0], rows[1:]
    if not students:
        return "There is no complete student yet."
    best = max(students, key=lambda row: float(row.draws["f1"].value.mean()))
    d = best.draws["f1"].less(base.draws["f1"])
    gain, p = d.difference(), sign_flips(d.value.tolist())
    better = int((d.value > 0).sum())
    lines = [
        f"The best student ({best.name}) has a mean F1 of {best.draws['f1'].value.mean():.3f} over "
        f"{len(targets)} languages, model transfer {base.draws['f1'].value.mean():.3f}: "
        f"{gain.value:+.3f} (95 % interval over sentences {gain.low:+.3f} to {gain.high:+.3f}); it "
        f"is better in {better} of {len(targets)} languages (exact test of signs over languages, "
        f"p = {p:.3f})."
    ]
    for kind in dict.fromkeys(row.kind for row in students):
        sized = [row for row in students if row.kind == kind and row.sources]
        if len(sized) > 1:
            first, last = sized[0], sized[-1]
            parts = []
            for metric in ("recall", "accuracy", "f1"):
                change = last.draws[metric].less(first.draws[metric])
                c, q = change.difference(), sign_flips(change.value.tolist())
                parts.append(
                    f"{metric} {c.value:+.3f} ({c.low:+.3f} to {c.high:+.3f}, p over languages "
                    f"{q:.3f})"
                )
            lines.append(
                f"{kind}: from {first.sources} to {last.sources} source languages, "
                + "; ".join(parts)
                + "."
            )
    return " ".join(lines)


def _write_csv(targets: Sequence[str], rows: Sequence[Row], path: Path) -> None:
    cells: list[list[Cell]] = []
    for row in rows:
        for place, target in enumerate([*targets, "mean"]):
            for metric in METRICS:
                own = row.draws[metric]
                own = own.take([place]) if place < len(targets) else own
                interval: Interval = own.interval()
                cells.append(
                    [
                        *(row.kind or TRANSFER, row.system, row.sources, row.seeds, target, metric),
                        *(f"{value:.6f}" for value in interval),
                    ]
                )
    columns = ("kind", "system", "sources", "seeds", "target", "metric", "value", "low", "high")
    write_csv(path, columns, cells)


def draw(rows: Sequence[Row]) -> str:
    """An SVG: F1, recall and accuracy, the mean over the targets, against the number of sources;
    the same for the same rows."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings: Any = {"svg.hashsalt": "spacy-xproj", "svg.fonttype": "none", "font.size": 9}
    metrics = ("f1", "recall", "accuracy")
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(9.3, 3.0), layout="constrained")
        FigureCanvasSVG(figure)
        for axis, metric in zip(figure.subplots(1, len(metrics)), metrics, strict=True):
            _panel(axis, rows, metric)
            axis.set_title(metric)
            axis.grid(alpha=0.2)
        figure.supxlabel("source languages")
        handles, labels = axis.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=3, frameon=False)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _panel(axis: Any, rows: Sequence[Row], metric: str) -> None:
    kinds: Mapping[str, list[Row]] = {
        kind: [row for row in rows if row.kind == kind and row.sources]
        for kind in dict.fromkeys(row.kind for row in rows[1:])
    }
    base = float(rows[0].draws[metric].value.mean())
    axis.axhline(base, color=GREY, linestyle="--", linewidth=1.2, label="model transfer")
    for (kind, own), colour in zip(kinds.items(), _COLOURS, strict=False):
        found = [(row.sources or 0, row.draws[metric].interval()) for row in own]
        ks = [k for k, _ in found]
        axis.fill_between(
            ks,
            [i.low for _, i in found],
            [i.high for _, i in found],
            color=colour,
            alpha=0.15,
            linewidth=0,
        )
        values = [i.value for _, i in found]
        axis.plot(ks, values, "-o", color=colour, label=kind, markersize=3, linewidth=1.2)
        axis.set_xticks(sorted({*ks}))
