"""The figures of docs/reproduction.md, as small SVG files."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from benchmarks.reproduction.claims import row_of
from benchmarks.reproduction.deletion import CURVES
from benchmarks.reproduction.methods import COMPARED
from benchmarks.reproduction.simulated import ROOT, STRONG
from benchmarks.stored import Results

FOLDER = ROOT / "docs" / "figures"
# Okabe and Ito's colours, which colour-blind readers tell apart
COLOURS = ("#000000", "#e69f00", "#56b4e9", "#0072b2", "#d55e00", "#cc79a7", "#999999")
SAME_AS_RESCALE = "genomics-default"  # where no nonlinearity follows a dense layer
GROUPS = {"both": ("#d55e00", "-"), "TAL1 only": ("#0072b2", "--")}
_STYLE = {
    "svg.hashsalt": "reproduction",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
}


def data_of(results: Results) -> dict[str, Any]:
    """Return figure -> the numbers that it shows."""
    simulation, demo, deletion = (results[name] for name in ("simulation", "demo", "deletion"))
    return {
        "strength": [
            [compared.title, {name: row["curves"][name] for name in GROUPS}]
            for compared in COMPARED
            for row in [row_of(simulation, compared.title)]
        ],
        "on_sites": [
            [_label(row), row["on_motifs"], there["counts"]["on_sites"]]
            for row, there in zip(simulation["methods"], demo["methods"], strict=True)
        ],
        "deletion": [
            [_label(row), deletion["shares"], *(row[name] for name in CURVES)]
            for row in deletion["methods"]
            if row["references"] != "flat" and row["method"] != SAME_AS_RESCALE
        ],
    }


def digest(data: Any) -> str:
    """Return the digest of a figure's numbers, which its file carries."""
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


def draw(results: Results) -> None:
    """Write all figures."""
    FOLDER.mkdir(exist_ok=True)
    drawers = {"strength": _strength, "on_sites": _on_sites, "deletion": _deletion}
    with plt.rc_context(_STYLE):
        for name, data in data_of(results).items():
            figure = drawers[name](data)
            figure.savefig(
                FOLDER / f"reproduction_{name}.svg",
                bbox_inches="tight",
                metadata={"Date": None, "Description": digest(data)},
            )
            plt.close(figure)


def _label(row: dict[str, Any]) -> str:
    return row["method"] if row["references"] == "none" else f"{row['method']}, {row['references']}"


def _strength(data: list) -> Figure:
    """Draw score against log-odds of TAL1 matches, a panel for each method."""
    columns = 3
    figure, axes = plt.subplots(
        -(-len(data) // columns), columns, figsize=(7.2, 4.2), sharex=True, layout="constrained"
    )
    for axis, (method, curves) in zip(axes.flat, data, strict=False):
        for group, (colour, line) in GROUPS.items():
            middle, low, median, high = zip(*curves[group], strict=True)
            axis.fill_between(middle, low, high, color=colour, alpha=0.2, linewidth=0)
            axis.plot(middle, median, line, color=colour, marker=".", label=group)
        axis.axhline(0, color="#999999", linewidth=0.6)
        axis.axvline(STRONG, color="#999999", linewidth=0.6, linestyle=":")
        axis.set_title(method, fontsize=8)
    handles, labels = axes.flat[0].get_legend_handles_labels()
    named = [f"sequences with {label}" for label in labels]
    figure.legend(handles, named, frameon=False, loc="outside upper center", ncols=2)
    figure.supxlabel("log-odds of the TAL1 match", fontsize=8)
    figure.supylabel("score for the task 'both'", fontsize=8)
    return figure


def _on_sites(data: list) -> Figure:
    """Draw the share of |scores| on sites, with intervals."""
    figure, axis = plt.subplots(figsize=(6, 3), layout="constrained")
    for place, (_, simulated, demo) in enumerate(reversed(data)):
        for (middle, low, high), colour, name, shift in (
            (simulated, "#d55e00", "simulation, task 'both'", 0.12),
            (demo, "#0072b2", "demo, counts", -0.12),
        ):
            label = None if place else name
            axis.plot([low, high], [place + shift] * 2, color=colour, linewidth=1.5)
            axis.plot(middle, place + shift, "o", color=colour, markersize=4, label=label)
    axis.set_yticks(range(len(data)), [row[0] for row in reversed(data)])
    axis.set_xlim(0, 1)
    axis.set_xlabel("share of all absolute scores on sites")
    axis.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure


def _deletion(data: list) -> Figure:
    """Draw how log-counts fall and rise with the share of bases, a panel for each."""
    figure, axes = plt.subplots(1, 2, figsize=(7.4, 3.2), layout="constrained")
    known = [compared.title for compared in COMPARED]
    for (label, shares, *curves), colour in zip(data, COLOURS, strict=True):
        style = "-" if label.split(",")[0] in known else ":"
        for axis, curve in zip(axes, curves, strict=True):
            percents = [100 * share for share in shares]
            axis.plot(percents[1:], curve[1:], style, marker=".", color=colour, label=label)
    ticks = [1, 2, 5, 10, 20, 50, 100]
    titles = ("deletion: top bases replaced", "insertion: top bases put in")
    for axis, title in zip(axes, titles, strict=True):
        axis.set_xscale("log")
        axis.set_xticks(ticks, [f"{tick}%" for tick in ticks])
        axis.minorticks_off()
        axis.set_xlabel(title)
    axes[0].set_ylabel("fall of log-counts")
    axes[1].set_ylabel("rise of log-counts")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, frameon=False, loc="outside upper center", ncols=4)
    return figure
