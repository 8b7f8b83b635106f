"""The report's numbers: what a score file says of itself without its scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.scores.file import SCORE_LAYOUT, count_references

LOW_AGREEMENT = 0.5


@dataclass(frozen=True)
class Completeness:
    """How well contributions add up, over all pairs of a window and a reference.

    `largest` and `median` are of |residual|, in units of the target (of several folds: the largest
    of all, and the median of their mean); `median_difference` is the
    median of |target - reference target|, and the relative figures are shares of it (NaN where it
    is 0). `tolerance` is the one that the run was held to, None if the file does not say.
    """

    n_pairs: int
    largest: float
    median: float
    median_difference: float
    tolerance: float | None

    @property
    def largest_relative(self) -> float:
        return self.largest / self.median_difference if self.median_difference else nan

    @property
    def median_relative(self) -> float:
        return self.median / self.median_difference if self.median_difference else nan


@dataclass(frozen=True)
class Agreement:
    """How well folds agree, over the windows for which that can be said.

    `median` and `share_low`, the share of windows below `LOW_AGREEMENT`, are NaN if it can be said
    for none; `n_undefined` are the windows in which a fold gives all bases the same contribution.
    """

    n_folds: int
    median: float
    share_low: float
    n_undefined: int
    low: float = LOW_AGREEMENT


@dataclass(frozen=True)
class ScoreSummary:
    """What the report takes from a score file of N windows of `window_length` bases."""

    n_windows: int
    window_length: int
    n_references: int
    completeness: Completeness | None
    agreement: Agreement | None
    attributes: dict[str, Any]


def summarise_scores(path: str | Path) -> ScoreSummary:
    """Read a score file's attributes and small datasets; the scores themselves stay unread.

    Raises
    ------
    InputError
        If the file is missing, cut short, or not a score file of a known version.
    """
    with open_typed(path, "scores", SCORE_LAYOUT) as file:
        n, length, _ = file["hyp_scores"].shape
        attributes = read_attributes(file)
        return ScoreSummary(
            n_windows=n,
            window_length=length,
            n_references=count_references(file),
            completeness=_completeness(file, attributes),
            agreement=_agreement(file),
            attributes=attributes,
        )


def _completeness(file: h5py.File, attributes: Mapping[str, Any]) -> Completeness | None:
    if "residual" not in file or "reference_target" not in file:
        return None
    residual = np.abs(file["residual"][:].astype(np.float64))
    if not residual.size:
        return None
    worst = file.get("worst_residual", file["residual"])
    target = file["target"][:].astype(np.float64)
    difference = np.abs(target[:, None] - file["reference_target"][:])
    tolerance = attributes.get("tolerance")
    return Completeness(
        n_pairs=residual.size,
        largest=float(np.abs(worst[:].astype(np.float64)).max()),
        median=float(np.median(residual)),
        median_difference=float(np.median(difference)),
        tolerance=float(tolerance) if isinstance(tolerance, int | float) else None,
    )


def _agreement(file: h5py.File) -> Agreement | None:
    if "fold_agreement" not in file:
        return None
    found = file["fold_agreement"][:]
    known = found[np.isfinite(found)]
    return Agreement(
        n_folds=file["fold_target"].shape[1],
        median=float(np.median(known)) if len(known) else nan,
        share_low=float(np.mean(known < LOW_AGREEMENT)) if len(known) else nan,
        n_undefined=len(found) - len(known),
    )
