"""The numbers of a page's loci, as the page holds them; only their rows are read.

They are packed as a list: a step, and whole numbers of 16 bits as bytes in base64 (little-endian).
A value is its number times the step.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.dna.sequence import codes_of, decode
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.report.examples import ExampleLocus
from deeplift_genomics.scores.file import SCORE_LAYOUT
from deeplift_genomics.scores.span import filled

MOST_BYTES = 1_400_000  # of all loci of a page
_LARGEST = 32767
_PACKED = 8 / 3  # bytes of a number

Packed = list[Any]


def most_fitting(length: int, n_targets: int) -> int:
    """Return how many loci of `length` bases a page has room for; at least one.

    Profiles and signal take as much as four targets.
    """
    bytes_each = length * (1 + _PACKED * (n_targets + 4))
    return max(1, int(MOST_BYTES / bytes_each))


def pack(values: ArrayLike) -> Packed:
    """Return numbers of any size, each rounded to 1/32767 of the largest, as step and text.

    >>> pack([0.0, 3.2767, -3.2767])
    [0.0001, 'AAD/fwGA']
    """
    array = np.nan_to_num(np.asarray(values, np.float64), posinf=0.0, neginf=0.0)
    step = float(f"{np.abs(array).max(initial=0) / _LARGEST:.9g}") or 1.0
    whole = np.clip(np.round(array / step), -_LARGEST, _LARGEST).astype("<i2")
    return [step, base64.b64encode(whole.tobytes()).decode("ascii")]


def unpack(packed: Packed) -> NDArray[np.float64]:
    """Return the numbers that `pack` packed, as the page's script reads them."""
    step, text = packed
    return np.frombuffer(base64.b64decode(text), "<i2") * step


def read_sequences(path: Path, loci: Sequence[ExampleLocus]) -> list[str]:
    """Return the bases that are shown of each locus, from a score file."""
    with open_typed(path, "scores", SCORE_LAYOUT) as file:
        found = []
        for locus in loci:
            one_hot = file["input_seqs"][locus.row, _part(locus)]
            found.append(decode(codes_of(one_hot)))
        return found


def read_contributions(path: Path, loci: Sequence[ExampleLocus]) -> list[NDArray[np.float32]]:
    """Return the contributions of the bases that are shown of each locus, (bases,)."""
    with open_typed(path, "scores", SCORE_LAYOUT) as file:
        scores, sequences = file["hyp_scores"], file["input_seqs"]
        return [
            (
                filled(file, scores[locus.row, part].astype(np.float32), axis=0, first=part.start)
                * sequences[locus.row, part]
            ).sum(axis=1)
            for locus, part in ((locus, _part(locus)) for locus in loci)
        ]


def _part(locus: ExampleLocus) -> slice:
    """Return the positions of a window that are shown."""
    return slice(locus.shown.start - locus.window.start, locus.shown.end - locus.window.start)
