"""Windows from sequences that have no genome, such as oligos of an MPRA or designed sequences.

A window is a record of a FASTA file as it is. It has no place in a genome: in the windows file its
contig is the record's name, and it reaches from 0 to the model's length.
"""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path

import numpy as np

from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.genome import Genome
from deeplift_genomics.dna.sequence_file import record_lines
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.words import first_few
from deeplift_genomics.settings.choices import SEQUENCES
from deeplift_genomics.windows.cutting import check_cut, unknown_fraction
from deeplift_genomics.windows.dropped import (
    UNKNOWN_BASES,
    WRONG_LENGTH,
    Dropped,
    DroppedRegion,
    NoWindowsError,
    write_dropped,
)
from deeplift_genomics.windows.file import Windows, write_windows
from deeplift_genomics.windows.losses import check_losses, losses, warning_of_losses

log = logging.getLogger(__name__)


def make_sequences(
    path: str | Path,
    length: int,
    windows_path: str | Path,
    *,
    dropped_path: str | Path,
    max_unknown: float,
    max_dropped: float = 1.0,
) -> Windows:
    """Write the sequences of a FASTA file as windows, and the list of those that are dropped.

    Parameters
    ----------
    length
        Bases that the model reads (L).
    max_unknown
        Largest fraction, 0 to 1, of a sequence's bases that may be none of A, C, G, T.
    max_dropped
        Largest share of the sequences, 0 to 1, that may be dropped.

    Raises
    ------
    InputError
        If the file is missing, damaged, no FASTA or no DNA, or names two records alike.
    NoWindowsError, TooManyDroppedError
        If all sequences, or more than `max_dropped`, are dropped; the list is written all the same.
    """
    try:
        windows, dropped = cut_sequences(path, length, max_unknown)
    except NoWindowsError as error:
        write_dropped(dropped_path, error.dropped)
        raise
    write_dropped(dropped_path, dropped)
    n = len(windows) + len(dropped)
    check_losses(dropped, n, max_dropped, f"sequences of {path}")
    if warning := warning_of_losses(losses(dropped), n, "sequences"):
        log.warning("%s", warning)
    log.info("%d of %d sequences became windows; they have no place in a genome", len(windows), n)
    windows.attributes.update(
        regions=Path(path).name, regions_digest=digest(path), n_regions=n, n_dropped=len(dropped)
    )
    write_windows(windows_path, windows)
    return windows


def cut_sequences(path: str | Path, length: int, max_unknown: float) -> tuple[Windows, Dropped]:
    """Return the sequences of a FASTA file as windows, and those that are dropped.

    The parameters are those of `make_sequences`.

    Raises
    ------
    InputError
        As `make_sequences` does.
    NoWindowsError
        If all sequences are dropped.
    """
    check_cut(length, max_unknown)
    lines = record_lines(path)
    with open_genome(path, rewrap=True) as records:
        windows, dropped = _read(records, lines, length, max_unknown)
    n = len(lines)
    for reason, count in dropped.counts().items():
        log.warning("%d of %d sequences dropped: %s", count, n, reason)
    if not len(windows):
        counts = "; ".join(f"{reason}: {count}" for reason, count in dropped.counts().items())
        raise NoWindowsError(
            f"None of the {n} sequences of {path} can be explained ({counts}). The model reads "
            f"{length} bases, and they have {_sizes(records)}. Cut or fill them as in the model's "
            "training.",
            dropped,
        )
    return windows, dropped


def _sizes(records: Genome) -> str:
    """Return the lengths of the records in words, the commonest first."""
    counts = Counter(records.lengths.values()).most_common()
    return first_few(f"{size} ({count} of them)" for size, count in counts)


def _read(
    records: Genome, lines: list[int], length: int, max_unknown: float
) -> tuple[Windows, Dropped]:
    """Return the sequences that are kept, and the others with their reasons."""
    dropped: list[DroppedRegion] = []
    names: list[str] = []
    codes = np.empty((len(lines), length), dtype=np.int8)
    n_ambiguous = 0
    progress = Progress(records.lengths.items(), what="sequences", unit="sequence")
    for line, (name, size) in zip(lines, progress, strict=True):
        reason, detail = "", ""
        if size != length:
            reason, detail = WRONG_LENGTH, f"{size} bases; the model reads {length}"
        else:
            record = records.contig(name)
            unknown = float(unknown_fraction(record.codes[None])[0])
            if unknown > max_unknown:
                reason = UNKNOWN_BASES
                detail = f"{unknown:.4g} unknown, at most {max_unknown:g}"
        if reason:
            dropped.append(DroppedRegion(name, 0, size, name, reason, detail, line))
            continue
        codes[len(names)] = record.codes
        names.append(name)
        n_ambiguous += len(record.ambiguous)
    n = len(names)
    chrom, start = np.array(names, dtype=object), np.zeros(n, dtype=np.int64)
    attributes: dict[str, str | int | float] = {
        "fasta": "",
        "fasta_digest": "",
        "regions_format": SEQUENCES,
        "merge_within": 0,
        "window_length": length,
        "max_unknown": float(max_unknown),
        "n_ambiguous_bases": n_ambiguous,
        "contig_names": "{}",
        "contig_lengths": "{}",
    }
    middle, strand = start + length // 2, np.full(n, ".", dtype=object)
    windows = Windows(chrom, start, start + length, middle, chrom, strand, codes[:n], attributes)
    return windows, Dropped(dropped)
