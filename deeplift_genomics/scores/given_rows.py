"""Which row of a given score file is of which window.

A file that says where its windows are is searched by place. Of others, the order counts: a row is a
region of the region file, apart from those that the program left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.bed import read_regions
from deeplift_genomics.dna.sequence_file import record_lines
from deeplift_genomics.errors import InputError
from deeplift_genomics.scores.given_files import BPNET, GivenFile, GivenPlaces
from deeplift_genomics.windows.dropped import LEAVES_CONTIG, NO_CONTIG, read_dropped
from deeplift_genomics.windows.file import WindowPlaces, read_places

_LETTERS = 8  # of a contig's name, which bpnet-refactor keeps


def rows_of(
    given: GivenFile,
    windows: str | Path,
    dropped: str | Path,
    *,
    regions: str | Path,
    regions_format: str = "",
    sequences: bool = False,
) -> NDArray[np.int64]:
    """Return the row of the given file of each window (N,).

    Parameters
    ----------
    given
        The score file.
    windows, dropped
        The windows, and the list of regions that have none.
    regions, regions_format, sequences
        The file that both were made from, its form, and whether it holds sequences without a
        genome.

    Raises
    ------
    InputError
        If windows have no row, or rows and regions differ in number.
    """
    places = read_places(windows)
    if places.length != given.length:
        raise InputError(
            f"{given.path} has windows of {given.length} bp, and {windows} windows of "
            f"{places.length} bp. The score files of a sample must have one length."
        )
    if (scored := given.places()) is not None:
        return _by_place(given, scored, places, regions=regions)
    lines = record_lines(regions) if sequences else read_regions(regions, regions_format).line
    reasons = {region.line: region.reason for region in read_dropped(dropped).records}
    return _by_order(given, [reasons.get(int(line), "") for line in lines], regions)


def _by_place(
    given: GivenFile, scored: GivenPlaces, places: WindowPlaces, *, regions: str | Path
) -> NDArray[np.int64]:
    """Return the row at the place of each window."""
    row_of: dict[tuple[str, int], int] = {}
    for row, key in enumerate(zip(scored.chrom, scored.start.tolist(), strict=True)):
        row_of.setdefault(key, row)
    letters = _LETTERS if given.form == BPNET else None
    keys = list(zip(places.chrom, places.start.tolist(), strict=True))
    found = [row_of.get((chrom, at), row_of.get((chrom[:letters], at), -1)) for chrom, at in keys]
    if missing := [key for key, row in zip(keys, found, strict=True) if row < 0]:
        chrom, start = missing[0]
        raise InputError(
            f"{given.path} lacks scores of {len(missing):,} of {len(keys):,} windows of {regions}; "
            f"the first of them is {chrom}:{start + 1}-{start + places.length}. Name the regions "
            "that were scored: bpnet-refactor writes them as peaks_valid_scores.bed, this package "
            "as windows.narrowPeak."
        )
    return np.array(found, dtype=np.int64)


def _by_order(given: GivenFile, reasons: Sequence[str], regions: str | Path) -> NDArray[np.int64]:
    """Return the row of each window, where `reasons` say why a region has none.

    The rows may be all regions, those whose windows are in the genome, or those with a window.
    """
    kept = [reason == "" for reason in reasons]
    in_genome = [reason not in (LEAVES_CONTIG, NO_CONTIG) for reason in reasons]
    for scored in ([True] * len(kept), in_genome, kept):
        if sum(scored) == given.n:
            row = np.cumsum(scored) - 1
            return row[np.array(kept)].astype(np.int64)
    raise InputError(
        f"{given.path} has {given.n:,} rows, and {regions} {len(kept):,} regions, of which "
        f"{sum(kept):,} have a window. The file does not say where its windows are, so the regions "
        "must be those that were scored, in their order: ChromBPNet writes them beside its scores, "
        "as PREFIX.interpreted_regions.bed."
    )
