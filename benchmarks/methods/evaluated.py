"""The evaluation of all methods on the two samples, by the workflow itself."""

from __future__ import annotations

import csv
import subprocess
import sys
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from benchmarks.reproduction.simulated import ROOT
from benchmarks.znf143 import GENOME, MODEL, write_peaks
from deeplift_genomics.scores.evaluations import Evaluation, read_evaluation
from deeplift_genomics.settings.evaluation_section import ORACLE
from deeplift_genomics.settings.methods import METHODS
from deeplift_genomics.settings.metrics import RANDOM_ORDER

TARGET = "counts"
# sample -> regions that are evaluated, and those that are scored again and again
REGIONS = {"demo": (100, 4), "ZNF143": (40, 4)}
# number of the table -> metric of the evaluation
NUMBERS = {
    "agreement": "agreement",
    "seeds": "seeds",
    "sites": "base_auprc",
    "motifs": "known_motifs",
}
_OF_ATTENTION = [name for name in METHODS if name.startswith("attention")]


def evaluate(sample: str, folder: Path) -> Path:
    """Evaluate all methods on a sample, but those of attention, and return the folder of results.

    What is in the folder already is not computed again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    regions, retested = REGIONS[sample]
    settings: dict[str, Any] = {
        "samples": str(_sheet(sample, folder)),
        "results": str(folder),
        "evaluation": {
            "methods": [name for name in METHODS if name not in _OF_ATTENTION],
            "regions": regions,
            "retested": retested,
            "truth": "resources/demo/truth.bed" if sample == "demo" else "",
        },
    }
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(settings), "utf-8")
    snakemake = Path(sys.executable).with_name("snakemake")
    command = [snakemake, "evaluation", "--cores", "all", "--configfile", config]
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)
    return folder / sample


def numbers(path: Path) -> dict[str, Any]:
    """Return the numbers of an evaluation: regions, and those of each method."""
    evaluation = read_evaluation(path)
    methods = {name: _of_method(evaluation, name) for name in evaluation.methods}
    return {"regions": int(evaluation.attributes["n_regions"]), "methods": methods}


def _of_method(evaluation: Evaluation, method: str) -> dict[str, float | None]:
    """Return the numbers of a method; None for one that it does not have."""
    low, own, high = (
        _mean(evaluation, name, "comprehensiveness") for name in (RANDOM_ORDER, method, ORACLE)
    )
    found = {name: _mean(evaluation, method, metric) for name, metric in NUMBERS.items()}
    known = low is not None and own is not None and high is not None
    return {"faithfulness": (own - low) / (high - low) if known else None} | found


def _mean(evaluation: Evaluation, method: str, metric: str) -> float | None:
    """Return the mean of a single number."""
    table = evaluation.table
    rows = table[
        (table["target"] == TARGET) & (table["method"] == method) & (table["metric"] == metric)
    ]
    values = [float(value) for value in rows["mean"] if isfinite(value)]
    return values[0] if values else None


def _sheet(sample: str, folder: Path) -> Path:
    """Write the sheet of a sample, and return its path."""
    if sample == "demo":
        return ROOT / "config" / "samples.tsv"
    peaks, sheet = folder / "peaks.narrowPeak", folder / "samples.tsv"
    write_peaks(peaks)
    row = {
        "sample": sample,
        "model": MODEL,
        "fasta": GENOME,
        "regions": peaks,
        "heads": "counts,profile",
    }
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)
    return sheet
