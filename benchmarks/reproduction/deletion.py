"""Deletion curves on the ZNF143 model: how fast a method's top bases carry the prediction away."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reproduction.measures import mean_with_interval
from benchmarks.reproduction.methods import score
from benchmarks.reproduction.simulated import DATA
from deeplift_genomics import attribute, load_model
from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.model import Model
from deeplift_genomics.windows.from_regions import cut_windows

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # of a window's bases that are replaced
WINDOWS, DRAWS, BATCH, SEED = 40, 4, 5, 3
RANDOM, MUTAGENESIS = "random order", "in-silico mutagenesis"


def measure(most: int | None = None) -> dict[str, Any]:
    """Return the curves of all methods, on `most` of the peaks, spread evenly."""
    model = load_model(DATA / "models" / "znf143_bpnet.h5")
    codes = _codes(model.window_length, most or WINDOWS)
    replacements = make_references(codes, "dinucleotide_shuffle", DRAWS, SEED)
    drawn = replacements.argmax(axis=-1).astype(np.int8)
    predict = Predictor([model])
    before, empty = (
        _counts(predict, codes),
        _replaced(predict, codes, drawn, np.ones(codes.shape, bool)),
    )
    orders = [
        (scored.method, scored.references, scored.values[0])
        for scored in score(model, codes, ["counts"], BATCH)
    ]
    orders += [
        (MUTAGENESIS, "none", _mutagenesis(model, codes)),
        (RANDOM, "none", np.random.default_rng(SEED).random(codes.shape)),
    ]
    rows = []
    for method, references, values in orders:
        curve = np.array(
            [before - _replaced(predict, codes, drawn, _top(values, share)) for share in SHARES]
        )
        rows.append(
            {
                "method": method,
                "references": references,
                "curve": [float(value) for value in curve.mean(axis=1)],
                "area": mean_with_interval(curve.mean(axis=0)),
            }
        )
    return {
        "windows": len(codes),
        "shares": list(SHARES),
        "fall": float((before - empty).mean()),
        "methods": rows,
    }


def _codes(length: int, most: int) -> NDArray[np.int8]:
    """Return windows around the peaks of ZNF143 and CTCF on chr22, spread evenly."""
    peaks = [DATA / "regions" / f"{name}_hg19_chr22.narrowPeak" for name in ("znf143", "ctcf")]
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "both.narrowPeak"
        both.write_text("".join(path.read_text() for path in peaks))
        genome = DATA / "genome" / "hg19_chr22_1-22000000.fa.gz"
        windows, _ = cut_windows(both, genome, length, 0.0)
    return windows.codes[np.linspace(0, len(windows) - 1, most).astype(int)]


def _mutagenesis(model: Model, codes: NDArray[np.int8]) -> NDArray[np.floating]:
    scores = attribute(
        model, one_hot(codes, np.float32), None, "counts", method="in_silico_mutagenesis"
    )
    return scores["counts"].contributions.sum(axis=-1)


def _top(values: NDArray[np.floating], share: float) -> NDArray[np.bool_]:
    """Mark the share of each window's bases that have the highest scores."""
    number = round(share * values.shape[1])
    rank = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1)
    return rank < number


def _replaced(
    predict: Predictor, codes: NDArray[np.int8], drawn: NDArray[np.int8], where: NDArray[np.bool_]
) -> NDArray[np.floating]:
    """Return log-counts with bases replaced by those of shuffles (N, draws, L), mean over draws."""
    mutants = [np.where(where, drawn[:, draw], codes) for draw in range(drawn.shape[1])]
    return np.mean([_counts(predict, item) for item in mutants], axis=0)


def _counts(predict: Predictor, codes: NDArray[np.int8]) -> NDArray[np.floating]:
    """Return log-counts, strands summed, (N,)."""
    (head,) = (item for item in predict.heads if item.kind == "counts")
    return predict(codes)[head.name].reshape(len(codes), -1).sum(axis=1)
