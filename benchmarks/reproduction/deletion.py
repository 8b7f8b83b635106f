"""Deletion and insertion on the ZNF143 model, as `snakemake evaluation` measures them."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reproduction.measures import mean_with_interval
from benchmarks.reproduction.methods import score
from benchmarks.znf143 import GENOME, MODEL, write_peaks
from deeplift_genomics import attribute, load_model
from deeplift_genomics.attribution.shares import SHARES
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.evaluation.numbers import Numbers
from deeplift_genomics.evaluation.replacing import add_curves
from deeplift_genomics.evaluation.scored import Batch
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.metrics import RANDOM_ORDER
from deeplift_genomics.windows.file import Windows
from deeplift_genomics.windows.from_regions import cut_windows

WINDOWS, DRAWS, BATCH = 40, 5, 5
TARGET = "counts"
RANDOM, MUTAGENESIS = "random order", "in-silico mutagenesis"
CURVES = ("deletion", "insertion")
SINGLE = ("comprehensiveness", "aopc", "insertion_area")


def measure(most: int | None = None) -> dict[str, Any]:
    """Return the curves of all methods, on `most` of the peaks, spread evenly."""
    model = load_model(MODEL)
    batch = _batch(model.window_length, most or WINDOWS)
    values = {
        (scored.method, scored.references): scored.values[0]
        for scored in score(model, batch.codes, [TARGET], BATCH)
    }
    values[MUTAGENESIS, "none"] = _mutagenesis(model, batch.codes)
    numbers, config = Numbers(), Config.model_validate({"evaluation": {"draws": DRAWS}})
    kept = {", ".join(name): {TARGET: of_windows} for name, of_windows in values.items()}
    add_curves(numbers, model, kept, batch, config=config)
    rows = {name: _row(numbers, ", ".join(name)) for name in values}
    rows[RANDOM, "none"] = _row(numbers, RANDOM_ORDER)
    return {
        "windows": len(batch),
        "shares": list(SHARES),
        "fall": rows[RANDOM, "none"]["deletion"][-1],
        "methods": [
            {"method": method, "references": references, **row}
            for (method, references), row in rows.items()
        ],
    }


def _row(numbers: Numbers, name: str) -> dict[str, Any]:
    """Return the mean curves of a method, and its single numbers with intervals over windows."""
    found = defaultdict(list)
    for number in numbers:
        if number.method == name:
            found[number.metric, number.x if number.metric in CURVES else 0.0].append(number.value)
    curves = {
        metric: [float(np.mean(found[metric, share])) for share in SHARES] for metric in CURVES
    }
    return curves | {metric: mean_with_interval(np.array(found[metric, 0.0])) for metric in SINGLE}


def _batch(length: int, most: int) -> Batch:
    """Return windows around the peaks of ZNF143 and CTCF on chr22, spread evenly."""
    windows = _windows(length)
    rows = np.linspace(0, len(windows) - 1, most).astype(int)
    places = [f"{windows.chrom[row]}:{windows.start[row]}-{windows.end[row]}" for row in rows]
    return Batch(rows, windows.codes[rows], {}, places)


def _windows(length: int) -> Windows:
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "both.narrowPeak"
        write_peaks(both)
        return cut_windows(both, GENOME, length, 0.0)[0]


def _mutagenesis(model: Model, codes: NDArray[np.int8]) -> NDArray[np.floating]:
    scores = attribute(
        model, one_hot(codes, np.float32), None, TARGET, method="in_silico_mutagenesis"
    )
    return scores[TARGET].contributions.sum(axis=-1)
