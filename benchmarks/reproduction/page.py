"""The page docs/reproduction.md, from the stored numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.reproduction.claims import claims
from benchmarks.reproduction.deletion import SINGLE
from benchmarks.reproduction.prose import (
    DELETION,
    DEMO,
    FALSE_NEGATIVES,
    HEAD,
    HOW,
    SIMULATION,
    SOURCES,
    TOYS,
    fill,
)
from benchmarks.reproduction.reasons import conclusion, why_missed
from benchmarks.reproduction.simulated import ROOT, TASKS
from benchmarks.reproduction.toys import TOYS as NETWORKS
from benchmarks.stored import Results
from deeplift_genomics.evaluation.curves import OF_ERASER

PAGE = ROOT / "docs" / "reproduction.md"
STORED = ROOT / "benchmarks" / "reproduction" / "results" / "reproduction.json"


def render(results: Results) -> str:
    """Return the page."""
    simulation, demo, deletion = (results[name] for name in ("simulation", "demo", "deletion"))
    parts = [
        HEAD,
        "## What holds",
        _table(
            ["the paper", "where", "measured here", "verdict"],
            ([item.paper, item.where, item.measured, item.verdict] for item in claims(results)),
        ),
        SOURCES,
        conclusion(results),
        "## Toy networks",
        TOYS,
        *(_toy(name, toy) for name, toy in results["toys"].items()),
        *_simulation(simulation),
        "## The demo",
        fill(DEMO.format(windows=demo["windows"], sites=demo["sites"])),
        _demo(demo),
        "## Deletion and insertion on a ZNF143 model",
        fill(DELETION.format(windows=deletion["windows"], fall=deletion["fall"])),
        "![Curves of deletion and insertion](figures/reproduction_deletion.svg)",
        _deletion(deletion),
        "## How it was measured",
        HOW,
        "Versions: " + ", ".join(f"{k} {v}" for k, v in results["versions"].items()) + ".",
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _simulation(simulation: Results) -> list[str]:
    """Return the part about the paper's simulation."""
    return [
        "## TAL1 and GATA1",
        fill(SIMULATION.format(**_counts(simulation))),
        "### False negatives",
        FALSE_NEGATIVES,
        _missed(simulation),
        why_missed(simulation),
        "![Scores of TAL1 matches against their log-odds](figures/reproduction_strength.svg)",
        fill(
            """Medians and quartiles of scores of TAL1 matches for the task "both", in bins of
            log-odds that hold ten matches or more; flat references where a method takes any."""
        ),
        "### auROC",
        _areas(simulation),
        "### Strength, partners and noise",
        _others(simulation),
        "![Share of scores on sites](figures/reproduction_on_sites.svg)",
    ]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> str:
    """Return a table, the last `numbers` columns of which are numbers."""
    marks = ["---"] * (len(heads) - numbers) + ["---:"] * numbers
    lines = [list(heads), marks, *rows]
    assert not any("|" in cell for line in lines for cell in line)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _names(row: dict[str, Any]) -> list[str]:
    return [row["method"], row["references"]]


def _interval(values: Sequence[float], digits: int = 3) -> str:
    middle, low, high = (f"{value:.{digits}f}" for value in values)
    return f"{middle} ({low}–{high})"


def _counts(simulation: Results) -> dict[str, Any]:
    groups = ", ".join(f"{number} {name}" for name, number in simulation["sequences"].items())
    return {"number": sum(simulation["sequences"].values()), "groups": groups}


def _toy(name: str, toy: dict[str, Any]) -> str:
    """Return the table of a toy network: a column for each window."""
    points = [_point(values) for values in toy["inputs"]]
    letters = "(i1, i2)" if len(toy["inputs"][0]) > 1 else "i1"
    heads = ["contributions to y at " + letters, *points]
    rows = [["y - y at the reference", *(f"{value:g}" for value in toy["outputs"])]]
    rows += [[method, *map(_point, found)] for method, found in toy["methods"].items()]
    title = f"**{name.capitalize()}**: {NETWORKS[name].formula}"
    return title + "\n\n" + _table(heads, rows, len(points))


def _point(values: Sequence[float]) -> str:
    shown = ", ".join(f"{value:.4g}" for value in values)
    return f"({shown})" if len(values) > 1 else shown


def _missed(simulation: Results) -> str:
    strong = simulation["strong"]
    rows = []
    for row in simulation["methods"]:
        low, n = row["missed_base_2"]
        rows.append(
            [
                *_names(row),
                str(row["missed"]["TAL1"]),
                str(row["missed"]["GATA1"]),
                f"{low}",
                f"{row['missed_falling']}",
                f"{row['missed_alone']}",
                f"{row['follows_falls']:.2f}",
            ]
        )
    heads = [
        "method",
        "references",
        f"TAL1 missed, of {strong['TAL1']}",
        f"GATA1 missed, of {strong['GATA1']}",
        f"TAL1 missed at log2-odds > 7, of {n}",
        "TAL1 missed, and the output falls without it",
        "TAL1 missed, the only one of its sequence",
        "correlation with the fall",
    ]
    return _table(heads, rows, 6)


def _areas(simulation: Results) -> str:
    heads = ["method", "references"]
    heads += [f"{kind}, {task}" for kind in ("sites", "bases") for task in TASKS]
    rows = [
        [
            *_names(row),
            *(_interval(area["sites"]) for area in row["areas"]),
            *(f"{area['bases']:.3f}" for area in row["areas"]),
        ]
        for row in simulation["methods"]
    ]
    return _table(heads, rows, 6)


def _others(simulation: Results) -> str:
    heads = [
        "method",
        "references",
        "follows strength, TAL1",
        "GATA1",
        "TAL1 for GATA1's task",
        "GATA1 for TAL1's task",
        "TAL1 for 'both', beside GATA1",
        "alone",
        "chance",
        "absolute scores on motifs",
    ]
    rows = [
        [
            *_names(row),
            *(f"{row['follows_strength'][motif]:.2f}" for motif in ("TAL1", "GATA1")),
            *(f"{round(100 * row['foreign'][motif])}%" for motif in ("TAL1", "GATA1")),
            *(f"{row['together'][name]:.2f}" for name in ("beside", "alone", "chance")),
            _interval(row["on_motifs"], 2),
        ]
        for row in simulation["methods"]
    ]
    return _table(heads, rows, 8)


def _demo(demo: Results) -> str:
    heads = ["method", "references"]
    for target in ("counts", "profile"):
        heads += [
            f"{target}: sites",
            "bases",
            "missed",
            "follows strength",
            "absolute scores on sites",
        ]
    rows = []
    for row in demo["methods"]:
        cells = _names(row)
        for target in ("counts", "profile"):
            found = row[target]
            cells += [
                f"{found['sites'][0]:.3f}",
                f"{found['bases']:.3f}",
                str(found["missed"]),
                f"{found['follows_strength']:.2f}",
                _interval(found["on_sites"], 2),
            ]
        rows.append(cells)
    return _table(heads, rows, 10)


def _deletion(deletion: Results) -> str:
    shown = [deletion["shares"].index(share) for share in OF_ERASER]
    heads = ["method", "references", *(f"{share:.0%}" for share in OF_ERASER)]
    heads += ["comprehensiveness", "AOPC", "area under insertion"]
    ranked = sorted(deletion["methods"], key=lambda row: -row["comprehensiveness"][0])
    rows = [
        [
            *_names(row),
            *(f"{round(row['deletion'][at], 2) + 0:.2f}" for at in shown),
            *(_interval(row[name], 2) for name in SINGLE),
        ]
        for row in ranked
    ]
    return _table(heads, rows, len(heads) - 2)
