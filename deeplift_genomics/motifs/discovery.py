"""Pattern discovery: a score file -> TF-MoDISco -> a motif file (see `patterns`)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import atomic_hdf5, open_typed, read_attributes, stamp
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.motifs.central import central, require_scored
from deeplift_genomics.motifs.patterns import GROUPS
from deeplift_genomics.scores.file import SCORE_LAYOUT, require_hypothetical
from deeplift_genomics.settings.options import stored_settings
from deeplift_genomics.settings.sections import Motifs
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.windows.overlap import count_overlapping, warning_of_overlap

log = logging.getLogger(__name__)

# the values of modisco-lite 3.0.0's command line, so that results can be compared with its own
SEQLET_CORE = 20  # bases whose contributions are summed to find a seqlet
SEQLET_FLANK = 5  # bases added on either side of the core
PATTERN_OPTIONS = {
    "trim_to_window_size": 30,
    "initial_flank_to_add": 10,
    "final_flank_to_add": 0,
}
EXTRACTION_OPTIONS = {
    "min_passing_windows_frac": 0.03,
    "max_passing_windows_frac": 0.2,
    "weak_threshold_for_counting_sign": 0.8,
}
_FIXED = {
    "sliding_window_size": SEQLET_CORE,
    "flank_size": SEQLET_FLANK,
    **PATTERN_OPTIONS,
    **EXTRACTION_OPTIONS,
}
SIGNS = {1: "positive", -1: "negative"}
ROWS_PER_READ = 1024


def find_motifs(
    scores_path: str | Path, output: str | Path, settings: Motifs, threads: int = 1
) -> int:
    """Run TF-MoDISco on a score file, write the patterns and return their number.

    The same scores and settings give the same bytes, whatever `threads`. If no pattern can be
    found, the file is valid and empty, and its attribute `note` says why. The memory needed is
    about 90 bytes for each base of all central windows.

    Parameters
    ----------
    scores_path, output
        Score file, and the file to write.
    settings
        The section `motifs` of the configuration. An odd `window` counts as the even number below
        it, as in modisco-lite; one longer than the windows counts as their length.
    threads
        Threads of numba. The environment variable NUMBA_NUM_THREADS, where set, is the limit.

    Raises
    ------
    InputError
        If the score file cannot be used, has scores of positions only or not of the whole central
        window, or holds values that are not finite.
    """
    with _numba_threads(threads):
        with open_typed(scores_path, "scores", SCORE_LAYOUT) as file:
            require_hypothetical(file)
            attributes = read_attributes(file)
            n, length = file["hyp_scores"].shape[:2]
            first, last = central(length, settings.window, scores_path)
            require_scored(file, first, last)
            order = np.random.default_rng(settings.seed).permutation(n)
            sequences, hypothetical = _read_central(file, first, last, order)
            n_overlapping = count_overlapping(
                file["coords_chrom"].asstr()[:], file["summit"][:], last - first
            )
        log.info(
            "%s: looking for motifs in the central %d bp of %d windows", output, last - first, n
        )
        if warning := warning_of_overlap(n_overlapping, n, last - first):
            log.warning("%s", warning)
        found = _discover(sequences, hypothetical, settings)
    attributes |= stored_settings({"motifs": as_plain(settings)}, "motifs") | _FIXED | found.counts
    attributes |= {
        "modisco_lite_version": version("modisco-lite"),
        "note": found.note,
        "n_windows": n,
        "n_overlapping": n_overlapping,
        "window": last - first,
        "window_size": last - first,  # the name under which modisco-lite looks for it
        "window_offset": first,
    }
    _write(output, attributes, found.patterns, order)
    n_patterns = sum(map(len, found.patterns.values()))
    log.info("%s: %d patterns. %s", output, n_patterns, found.note)
    return n_patterns


@contextmanager
def _numba_threads(threads: int) -> Iterator[None]:
    import numba
    from modiscolite import precompile

    # Before the threads of numba or of a progress bar exist: modisco-lite then compiles in child
    # processes and keeps what they compiled for the next run.
    precompile.start()
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    try:
        yield
    finally:
        numba.set_num_threads(before)


def _read_central(
    file: h5py.File, first: int, last: int, order: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return one-hot sequences and hypothetical contributions (N, W, 4), in this order of rows."""
    n = len(order)
    place = np.argsort(order)
    sequences = np.empty((n, last - first, 4), dtype=np.float32)
    hypothetical = np.empty_like(sequences)
    for begin in Progress(range(0, n, ROWS_PER_READ), what="read scores", unit="block"):
        rows = slice(begin, begin + ROWS_PER_READ)
        block = file["hyp_scores"][rows, first:last]
        bad = np.flatnonzero(~np.isfinite(block).all(axis=(1, 2)))
        if len(bad):
            row = begin + int(bad[0])
            chrom = file["coords_chrom"].asstr()[row]
            raise InputError(
                f"{file.filename} holds scores that are not finite, first in row {row} "
                f"({chrom}:{file['coords_start'][row]}-{file['coords_end'][row]}). "
                "Remake the score file."
            )
        hypothetical[place[rows]] = block
        sequences[place[rows]] = file["input_seqs"][rows, first:last]
    return sequences, hypothetical


@dataclass
class _Found:
    """The seqlets and patterns (modisco-lite's objects) that TF-MoDISco found, by sign."""

    seqlets: dict[int, list[Any]] = field(default_factory=lambda: {1: [], -1: []})
    patterns: dict[int, list[Any]] = field(default_factory=lambda: {1: [], -1: []})
    counts: dict[str, int] = field(default_factory=dict)
    note: str = ""  # why there is no pattern


def _discover(
    sequences: NDArray[np.float32], hypothetical: NDArray[np.float32], settings: Motifs
) -> _Found:
    """Run TF-MoDISco by the steps, and with the results, of modisco-lite's own `TFMoDISco`.

    The steps are called one by one, to count seqlets and to recognise each way in which a sample
    can be too poor for motifs.
    """
    from modiscolite.core import TrackSet

    found = _Found()
    contributions = sequences * hypothetical
    if not len(contributions):
        found.note = "There is no window in which motifs could be looked for."
    elif not contributions.any():
        found.note = "All contributions are zero, so there is nothing to find motifs in."
    else:
        tracks = TrackSet(sequences, contributions, hypothetical)
        found.note = _extract(tracks, settings.seqlet_fdr, found.seqlets)
    for sign, name in SIGNS.items():
        seqlets = found.seqlets[sign]
        used = seqlets[: settings.max_seqlets]
        used = used if len(seqlets) > settings.min_seqlets else []
        found.counts[f"n_seqlets_{name}"] = len(seqlets)
        found.counts[f"n_seqlets_{name}_used"] = len(used)
        if used:
            log.info("clustering %d of %d %s seqlets", len(used), len(seqlets), name)
            found.patterns[sign] = _cluster(used, tracks, sign, settings.n_leiden)
    if not found.note and not any(found.patterns.values()):
        found.note = _why_no_pattern(found.seqlets, settings.min_seqlets)
    return found


def _extract(tracks: Any, fdr: float, seqlets: dict[int, list[Any]]) -> str:
    """Add the seqlets to those of their sign; return a note if there can be none."""
    from modiscolite.extract_seqlets import extract_seqlets

    try:
        coordinates, threshold = extract_seqlets(
            attribution_scores=tracks.contrib_scores.sum(axis=2),
            window_size=SEQLET_CORE,
            flank=SEQLET_FLANK,
            suppress=SEQLET_CORE // 2 + SEQLET_FLANK,
            target_fdr=fdr,
            **EXTRACTION_OPTIONS,
        )
    except (IndexError, ValueError, ZeroDivisionError) as error:
        # Its null model fits a tail to the window sums on either side of their mode, and raises
        # one of these errors if a side is empty. All values are known to be finite.
        log.info("modisco-lite found no background: %s: %s", type(error).__name__, error)
        return (
            f"The sums of contributions over {SEQLET_CORE} bp are all of one sign or nearly all "
            "the same, so TF-MoDISco cannot tell seqlets from background."
        )
    for seqlet in tracks.create_seqlets(coordinates):
        total = seqlet.contrib_scores[SEQLET_FLANK:-SEQLET_FLANK].sum()
        if abs(total) > threshold:
            seqlets[1 if total > 0 else -1].append(seqlet)
    return ""


def _cluster(seqlets: list[Any], tracks: Any, sign: int, n_leiden: int) -> list[Any]:
    from modiscolite.tfmodisco import seqlets_to_patterns

    try:
        patterns = seqlets_to_patterns(
            seqlets, tracks, track_signs=sign, n_leiden_runs=n_leiden, **PATTERN_OPTIONS
        )
    except ValueError as error:
        # "max() arg is an empty sequence": no seqlet has the same neighbours by its k-mers as by
        # its bases, as when all seqlets are alike, and nothing is left to cluster
        if not str(error).startswith("max()"):
            raise
        patterns = None
    return patterns or []


def _why_no_pattern(seqlets: dict[int, list[Any]], least: int) -> str:
    found = " and ".join(f"{len(seqlets[sign])} {name}" for sign, name in SIGNS.items())
    if max(map(len, seqlets.values())) <= least:
        return (
            f"Only {found} seqlets were found; motifs need more than {least} of one sign. Give "
            "more regions, or a smaller motifs.min_seqlets."
        )
    return (
        f"{found} seqlets were found, but too few of them are alike to make a pattern. More "
        "regions give more seqlets."
    )


def _write(
    output: str | Path,
    attributes: Mapping[str, Any],
    patterns: Mapping[int, Sequence[Any]],
    order: NDArray[np.int64],
) -> None:
    with atomic_hdf5(output) as file:
        stamp(file, "motifs", attributes)
        for sign, name in GROUPS.items():
            for index, pattern in enumerate(patterns[sign]):
                _write_pattern(file.create_group(f"{name}/pattern_{index}"), pattern, order)


def _write_pattern(group: h5py.Group, pattern: Any, order: NDArray[np.int64]) -> None:
    """Write a pattern and its subpatterns in modisco-lite's layout, with rows mapped by `order`."""
    seqlets = pattern.seqlets
    datasets: dict[str, NDArray] = {
        "seqlets/n_seqlets": np.array([len(seqlets)]),
        "seqlets/example_idx": order[[seqlet.example_idx for seqlet in seqlets]],
    }
    for name in ("start", "end", "is_revcomp"):
        datasets[f"seqlets/{name}"] = np.array([getattr(seqlet, name) for seqlet in seqlets])
    for name in ("sequence", "contrib_scores", "hypothetical_contribs"):
        datasets[name] = getattr(pattern, name)
        datasets[f"seqlets/{name}"] = np.array([getattr(seqlet, name) for seqlet in seqlets])
    for name, values in datasets.items():
        options = {"compression": "gzip", "compression_opts": 1} if values.ndim == 3 else {}
        group.create_dataset(name, data=values, track_times=False, **options)
    if pattern.subclusters is not None:
        for number, subpattern in pattern.subcluster_to_subpattern.items():
            _write_pattern(group.create_group(f"subpattern_{number}"), subpattern, order)
