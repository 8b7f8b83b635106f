"""Windows of a few regions, for a first look at a model."""

from __future__ import annotations

from pathlib import Path


def cut(
    regions: Path, fasta: Path | None, length: int, folder: Path, *, max_unknown: float
) -> Path:
    """Cut windows of `length` bp into a folder, and return their file.

    Parameters
    ----------
    regions
        Region file, or a FASTA file of sequences if `fasta` is None.
    max_unknown
        Largest fraction of unknown bases.

    Raises
    ------
    InputError
        If a file cannot be used, or no region gives a window.
    """
    # what reads genomes is not in every environment that has this package
    from deeplift_genomics.windows.from_regions import make_windows
    from deeplift_genomics.windows.from_sequences import make_sequences

    windows, dropped = folder / "windows.h5", folder / "dropped.tsv"
    if fasta is None:
        make_sequences(regions, length, windows, dropped_path=dropped, max_unknown=max_unknown)
    else:
        make_windows(regions, fasta, length, windows, dropped_path=dropped, max_unknown=max_unknown)
    return windows
