"""The numbers of the report, from a score file's attributes and small datasets."""

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
from deeplift_genomics.scores.second_path import SecondPath, read_second_path

LOW_AGREEMENT = 0.5


@dataclass(frozen=True)
class Completeness:
    """The residuals of all pairs of a window and a reference.

    Attributes
    ----------
    n_pairs
        Number of pairs.
    largest
        Largest |residual|, in units of the target; the largest of all folds if there are several.
    median
        Median of |residual|; with several folds, of the folds' mean residual.
    median_difference
        Median of |target - reference target|.
    tolerance
        Tolerance of the run, None if the file does not contain it.
    """

    n_pairs: int
    largest: float
    median: float
    median_difference: float
    tolerance: float | None

    @property
    def largest_relative(self) -> float:
        """Largest residual as a share of the median difference, NaN if that is 0."""
        return self.largest / self.median_difference if self.median_difference else nan

    @property
    def median_relative(self) -> float:
        """Median residual as a share of the median difference, NaN if that is 0."""
        return self.median / self.median_difference if self.median_difference else nan


@dataclass(frozen=True)
class Agreement:
    """The agreement of folds, over the windows for which it is defined.

    Attributes
    ----------
    n_folds
        Number of folds.
    median
        Median agreement, NaN if it is defined for no window.
    share_low
        Share of windows whose agreement is below `low`, NaN if it is defined for no window.
    n_undefined
        Number of windows in which a fold gives all bases the same contribution.
    low
        The agreement below which a reader is warned.
    """

    n_folds: int
    median: float
    share_low: float
    n_undefined: int
    low: float = LOW_AGREEMENT


@dataclass(frozen=True)
class ScoreSummary:
    """The part of a score file that the report shows: N windows of `window_length` bases."""

    n_windows: int
    window_length: int
    n_references: int
    completeness: Completeness | None
    agreement: Agreement | None
    second_path: SecondPath | None
    attributes: dict[str, Any]


def summarise_scores(path: str | Path) -> ScoreSummary:
    """Read a score file's attributes and small datasets, but not the scores.

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
            second_path=read_second_path(file),
            attributes=attributes,
        )


def _completeness(file: h5py.File, attributes: Mapping[str, Any]) -> Completeness | None:
    """Return the figures of the residuals; None if the file has no window, or no residuals."""
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
    """Return the agreement of the folds, None if the file is of one model."""
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
