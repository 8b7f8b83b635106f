"""The seqlets of each pattern in genome coordinates, as BED9 with three more columns."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import codes_of, decode
from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.motifs.colours import colours_of
from deeplift_genomics.motifs.patterns import (
    Pattern,
    read_motif_attributes,
    read_motifs,
    require_its_scores,
)
from deeplift_genomics.motifs.places import Starts, check_rows, count_places, read_starts
from deeplift_genomics.scores.file import SCORE_LAYOUT

log = logging.getLogger(__name__)

COLUMNS = (
    "chrom",
    "start",
    "end",
    "pattern",
    "score",
    "strand",
    "thickStart",
    "thickEnd",
    "itemRgb",
    # igv.js takes twelve columns for BED12 if the tenth begins with a digit, as a region's name may
    "sequence",
    "contribution",
    "region",
)


def write_seqlets(motifs_path: str | Path, scores_path: str | Path, output: str | Path) -> int:
    """Write every seqlet of every pattern as a line of BED and return their number.

    The first line, a comment, names the columns, which are separated by tabs: chrom, start and
    end of the seqlet (0-based, half-open); the pattern; the score, 0 to 1000, which is the size of
    the contribution relative to the largest in the file; the strand that reads as the pattern
    does; for genome browsers, start and end once more, and the pattern's colour; the sequence on
    that strand; the sum of contributions over the seqlet (6 significant digits); the region's
    name. Lines are sorted by chrom (as text), start, end, pattern, strand. A seqlet of several
    overlapping regions has a line for each region.

    Raises
    ------
    InputError
        If a file is missing, cut short or of another type, or if the motifs were not found in
        this score file.
    """
    patterns, attributes = read_motifs(motifs_path), read_motif_attributes(motifs_path)
    with open_typed(scores_path, "scores", SCORE_LAYOUT) as file:
        require_its_scores(motifs_path, attributes, scores_path, file)
        starts, names = read_starts(file), file["name"].asstr()[:]
    check_rows(patterns, len(names), motifs_path)
    largest = max((float(np.abs(pattern.contribution).max()) for pattern in patterns), default=0.0)
    colours = colours_of([pattern.name for pattern in patterns])
    rows: list[tuple] = []
    for pattern in Progress(patterns, what="seqlets", unit="pattern"):
        rows.extend(_rows(pattern, starts, names, (largest, colours[pattern.name])))
    rows.sort(key=lambda row: (row[:4], row[5], row[:8:-1]))
    with atomic_path(output) as temporary, temporary.open("w", encoding="utf-8") as handle:
        handle.write("#" + "\t".join(COLUMNS) + "\n")
        handle.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    n_places = count_places(patterns, starts).total
    log.info("%s: %d seqlets at %d places, %d patterns", output, len(rows), n_places, len(patterns))
    return len(rows)


def _rows(
    pattern: Pattern, starts: Starts, names: NDArray, shown: tuple[float, str]
) -> list[tuple]:
    """Return one tuple per seqlet, in the order of `COLUMNS`.

    `shown` is how browsers show the pattern: the contribution that is drawn darkest, and a colour.
    """
    largest, colour = shown
    offset = starts.start[pattern.row]  # seqlet positions count from the window's first base
    return [
        (
            starts.chrom[row],
            int(start),
            int(end),
            pattern.name,
            round(1000 * abs(contribution) / largest) if largest else 0,
            "-" if is_revcomp else "+",
            int(start),
            int(end),
            colour,
            decode(codes),
            f"{contribution:.6g}",
            names[row],
        )
        for row, start, end, is_revcomp, contribution, codes in zip(
            pattern.row,
            pattern.start + offset,
            pattern.end + offset,
            pattern.is_revcomp,
            pattern.contribution.tolist(),
            codes_of(pattern.sequence),
            strict=True,
        )
    ]
