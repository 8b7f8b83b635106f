"""Contributions that exist already, written as a score file of this package.

What can be checked is checked: sequences are one-hot and those of the regions, and scores are
numbers, and hypothetical contributions. What nobody told is left out, or NaN as the target, and the
attribute `not_known` names it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.hdf5 import atomic_hdf5, stamp
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.scores.file import (
    DATASETS,
    FOLD_DATASETS,
    OPTIONAL,
    count_references,
    format_version,
)
from deeplift_genomics.scores.given import GIVEN, GIVEN_BY, GIVEN_DIGEST, NOT_KNOWN
from deeplift_genomics.scores.given_files import OURS, GivenFile, check_target, open_given
from deeplift_genomics.scores.given_rows import rows_of
from deeplift_genomics.scores.second_path import read_second_path, write_second_path
from deeplift_genomics.scores.span import filled
from deeplift_genomics.scores.writer import ScoreWriter, rows_of_windows
from deeplift_genomics.settings.choices import SEQUENCES
from deeplift_genomics.version import __version__
from deeplift_genomics.windows.file import Windows, read_windows

log = logging.getLogger(__name__)

# what the files of other programs do not say
UNTOLD = "model, method, references, settings, predictions, residuals"
METHOD = "not known"
_AT_ONCE = 512  # windows
_OF_THE_FILE = ("deeplift_genomics_type", "format_version")
_ROUNDING = 2e-3  # of 16 bits, twice


def convert_scores(
    path: str | Path,
    output: str | Path,
    *,
    target: str,
    windows: str | Path,
    dropped: str | Path,
    regions: str | Path,
    regions_format: str = "",
    form: str = "",
) -> int:
    """Write a score file of this package, and return the number of windows.

    Parameters
    ----------
    path
        Score file of this package, ChromBPNet or bpnet-refactor.
    output
        The file to write.
    target
        The target that the scores explain.
    windows, dropped
        The windows of the regions (windows.h5), and the list of regions without one.
    regions, regions_format
        The file that the windows were cut from, and its form if its content allows two.
    form
        The kind of `path`, a key of `given_files.FORMS`; told by its content if not given.

    Raises
    ------
    InputError
        If a file is missing or damaged, or scores, sequences and regions do not belong together;
        the message names the first region where they do not.
    """
    told = read_windows(windows, slice(0, 0)).attributes
    with open_given(path, form) as given, atomic_hdf5(output) as file:
        rows = rows_of(
            given,
            windows,
            dropped,
            regions=regions,
            regions_format=regions_format,
            sequences=told.get("regions_format") == SEQUENCES,
        )
        writer = _writer(given, file, len(rows), _attributes(given, told, target))
        some_off = False
        for first in Progress(range(0, len(rows), _AT_ONCE), what="convert", unit="part"):
            part = slice(first, first + _AT_ONCE)
            written = _part(given, rows[part], read_windows(windows, part))
            some_off |= bool((written["hyp_scores"] * (1 - written["input_seqs"])).any())
            writer.append(written)
        if not some_off and given.form != OURS:
            raise _only_observed(given)
        writer.close()
        _copy_second_path(given, rows, file)
    log.info("%s: %d windows from %s, of %s", output, len(rows), path, given.program)
    if given.n > len(rows):
        log.warning("%d of %d rows of %s are of no window", given.n - len(rows), given.n, path)
    return len(rows)


def _writer(
    given: GivenFile, file: h5py.File, n: int, attributes: Mapping[str, Any]
) -> ScoreWriter:
    """Return the writer of the datasets that are known."""
    ours = given.form == OURS
    optional = [name for name in OPTIONAL if name in given.file] if ours else ["hyp_scores"]
    stamp(file, "scores", {}, format_version(optional))
    return ScoreWriter(
        file,
        n,
        given.length,
        count_references(given.file) if ours else 0,
        attributes=attributes,
        optional=optional,
        n_folds=given.file["fold_target"].shape[1] if "fold_target" in given.file else 1,
    )


def _attributes(given: GivenFile, windows: Mapping[str, Any], target: str) -> dict[str, Any]:
    """Return the attributes: what the file says of itself, and where its windows are from."""
    own = {key: value for key, value in given.attributes.items() if key not in _OF_THE_FILE}
    check_target(given, target)
    program = given.program
    if own:
        program = f"{program} {own.get('package_version', '')}".rstrip()
    else:
        own = {"method": METHOD, NOT_KNOWN: UNTOLD, "score_type": given.score_type}
    return {
        **own,
        **windows,
        "package_version": __version__,
        "target": target,
        GIVEN: given.path.name,
        GIVEN_DIGEST: digest(given.path),
        GIVEN_BY: program,
    }


def _part(given: GivenFile, rows: NDArray[np.int64], windows: Windows) -> dict[str, NDArray[Any]]:
    """Return some rows of the score file, checked."""
    sequences, hypothetical = given.sequences(rows), given.hypothetical(rows)
    _check_sequences(given, sequences, windows)
    known = filled(given.file, hypothetical) if given.form == OURS else hypothetical
    _check_each(
        given,
        windows,
        np.asarray(np.isfinite(known).all(axis=(1, 2))),
        "scores that are no numbers",
    )
    if (products := given.products(rows)) is not None:
        expected = hypothetical * sequences
        room = _ROUNDING * np.abs(expected).max(axis=(1, 2), keepdims=True)
        alike = np.all(np.abs(products - expected) <= room, axis=(1, 2))
        what = "contributions that are not its hypothetical ones of the observed bases"
        _check_each(given, windows, alike, what)
    n = len(rows)
    written: dict[str, NDArray[Any]] = {
        "hyp_scores": hypothetical,
        "input_seqs": sequences,
        **rows_of_windows(windows),
        "target": np.full(n, np.nan, dtype=np.float32),
    }
    if given.form == OURS:
        names = (DATASETS | FOLD_DATASETS).keys() - (written.keys() - {"target"})
        written |= {name: given.rows(name, rows) for name in names if name in given.file}
    return written


def _check_sequences(given: GivenFile, sequences: NDArray[np.int8], windows: Windows) -> None:
    """Raise InputError unless the file has the bases of the windows."""
    differing = (sequences != one_hot(windows.codes)).any(axis=2).sum(axis=1)
    if differing.any():
        row = int(np.flatnonzero(differing)[0])
        source = windows.attributes.get("fasta") or windows.attributes.get("regions")
        raise InputError(
            f"{given.path} and {source} have other bases in the region {_place(windows, row)}: "
            f"{int(differing[row]):,} of {sequences.shape[1]:,} differ. The scores are of another "
            "genome assembly, or of other regions, or the regions are in another order."
        )


def _check_each(given: GivenFile, windows: Windows, sound: ArrayLike, what: str) -> None:
    """Raise InputError with the first region that is not sound."""
    wrong = np.flatnonzero(~np.asarray(sound))
    if len(wrong):
        raise InputError(
            f"{given.path} has {what}, first in the region {_place(windows, int(wrong[0]))}. It is "
            "damaged, or not what it seems to be: make it again."
        )


def _place(windows: Windows, row: int) -> str:
    """Return the name and the place of a window, counted from 1."""
    start, end = int(windows.start[row]), int(windows.end[row])
    return f"{windows.name[row]} ({windows.chrom[row]}:{start + 1}-{end})"


def _only_observed(given: GivenFile) -> InputError:
    """Return the error for scores of the observed bases alone."""
    return InputError(
        f"{given.path} has contributions of the observed bases only: all others are 0. TF-MoDISco "
        "needs hypothetical contributions, of all four bases. Give the file that has them, such as "
        "shap/seq of ChromBPNet, and not projected_shap/seq."
    )


def _copy_second_path(given: GivenFile, rows: NDArray[np.int64], file: Any) -> None:
    """Copy what the second path found, where all windows are taken in their order."""
    found = read_second_path(given.file) if given.form == OURS else None
    if found is not None and np.array_equal(rows, np.arange(given.n)):
        write_second_path(file, found)
