"""Score against the number of source languages, a panel for each target, as SVG."""

from __future__ import annotations

import io
from typing import Any

from spacy_xproj.errors import Errors, XProjError

from .findings import MAIN

INK, GREY, ACCENT, SECOND = "#1d4ed8", "#64748b", "#b5173f", "#17663a"
WITH_GOLD = "curve with the language of the gold"


def check_plots() -> None:
    """Raise XProjError where matplotlib is not installed."""
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        raise XProjError(Errors.XP754)


def plot(findings: dict[str, Any], metric: str, *, gold_lang: str | None) -> str:
    """An SVG of a metric, the same for the same findings.

    Each panel shows joint matching without sources in the language of the gold, with its interval;
    the same with that language among the sources; and what one view gives that was picked without
    gold.
    """
    check_plots()
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    names = list(findings)
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    settings: Any = {"svg.hashsalt": "spacy-xproj", "svg.fonttype": "none", "font.size": 9}
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(3.1 * columns, 2.5 * rows), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots(rows, columns, squeeze=False)
        for place, axis in enumerate(axes.ravel()):
            if place >= len(names):
                axis.set_axis_off()
                continue
            _panel(axis, findings[names[place]][metric], gold_lang)
            axis.set_title("mean of the targets" if names[place] == "mean" else names[place])
        figure.supxlabel("source languages")
        figure.supylabel(metric)
        handles, labels = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=2, frameon=False)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _panel(axis: Any, found: dict[str, Any], gold_lang: str | None) -> None:
    without = f", without {gold_lang}" if gold_lang else ""
    main = found["curves"][MAIN]
    ks = list(main)
    axis.fill_between(
        ks,
        [main[k]["low"] for k in ks],
        [main[k]["high"] for k in ks],
        color=INK,
        alpha=0.15,
        linewidth=0,
    )
    lines = [(f"joint matching{without}", main, INK, "-o")]
    for method, colour in (("vote", SECOND), ("best view", GREY)):
        if method in found["curves"]:
            name = {"vote": "span vote", "best view": "best view, picked without gold"}[method]
            lines.append((f"{name}{without}", found["curves"][method], colour, "--"))
    if found.get(WITH_GOLD):
        lines.append((f"joint matching, with {gold_lang}", found[WITH_GOLD], ACCENT, "-s"))
    for name, curve, colour, style in lines:
        values = [curve[k]["value"] for k in curve]
        axis.plot(list(curve), values, style, color=colour, label=name, markersize=3, linewidth=1.2)
    axis.set_xticks(sorted({*ks, *found.get(WITH_GOLD, {})}))
    axis.grid(alpha=0.2)
