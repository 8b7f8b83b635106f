"""The window around one locus, cut out of a genome as a region's window is."""

from __future__ import annotations

import json
import logging
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases, match_contigs
from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.genome import Genome
from deeplift_genomics.dna.locus import Locus, locus_of
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few, shortened
from deeplift_genomics.windows.cutting import check_cut, unknown_fraction
from deeplift_genomics.windows.file import Windows

log = logging.getLogger(__name__)

_FORMS = (
    "such as 'chr22:17,398,400-17,398,700', which counts from 1 and includes the end, or "
    "('chr22', 17398399, 17398700), which counts from 0 and excludes it"
)


def cut_locus(
    fasta: str | Path,
    place: Any,
    length: int,
    *,
    max_unknown: float,
    aliases: Aliases = NO_ALIASES,
) -> Windows:
    """Cut the window whose centre is the middle of a locus.

    Only the window is read of a genome. Its contig has the name that the user wrote.

    Parameters
    ----------
    fasta
        The genome: FASTA, plain or compressed, or 2bit.
    place
        The locus, as text or as (contig, start, end).
    length
        Bases of the window.
    max_unknown
        Largest share, 0 to 1, of its bases that may be none of A, C, G, T.

    Raises
    ------
    InputError
        If this is no locus or outside the genome, or its window leaves the contig or has too many
        unknown bases.
    """
    check_cut(length, max_unknown)
    locus, text = locus_of(place), shortened(str(place), 80)
    if locus is None:
        raise InputError(f"{text!r} is no locus; expected a place {_FORMS}.")
    if not 0 <= locus.start < locus.end:
        raise InputError(
            f"{text!r} is no locus: its end is not after its start. Write it {_FORMS}."
        )
    centre = (locus.start + locus.end) // 2
    window = Locus(locus.contig, centre - length // 2, centre - length // 2 + length)
    with open_genome(fasta) as genome:
        contig = _contig(locus, genome, aliases)
        _check_inside(text, locus, window, genome.lengths[contig])
        sequence = genome.stretch(contig, window.start, window.end)
        of_contig = genome.lengths[contig]
    codes = sequence.codes[None]
    unknown = float(unknown_fraction(codes)[0])
    if unknown > max_unknown:
        raise InputError(
            f"The window of {text!r}, {window}, has {unknown:.4g} unknown bases (N), and at most "
            f"{max_unknown:g} are accepted (regions.max_unknown). Choose another locus, or accept "
            "more."
        )
    _warn(locus, window, contig, int(unknown * length + 0.5))
    return Windows(
        chrom=np.array([window.contig], object),
        start=np.array([window.start]),
        end=np.array([window.end]),
        summit=np.array([window.start + (window.end - window.start) // 2]),
        name=np.array([text], object),
        strand=np.array(["."], object),
        codes=codes,
        attributes={
            "fasta": Path(fasta).name,
            "contig_lengths": json.dumps({window.contig: of_contig}),
        },
    )


def _contig(locus: Locus, genome: Genome, aliases: Aliases) -> str:
    """Return the genome's name of the contig of a locus."""
    found = match_contigs([locus.contig], genome.lengths, aliases, f"{genome.what} {genome.path}")
    if locus.contig in found:
        return found[locus.contig]
    near = get_close_matches(locus.contig, genome.lengths, n=3) or list(genome.lengths)
    raise InputError(
        f"{genome.what} {genome.path} has no contig {shortened(locus.contig, 80)!r}, but "
        f"{first_few(near)}. If only the names differ, give a table of names, such as UCSC's "
        "chromAlias.txt, as contig_aliases."
    )


def _check_inside(text: str, locus: Locus, window: Locus, length: int) -> None:
    """Raise InputError unless a locus and its window are within a contig of that length."""
    if locus.end > length:
        raise InputError(
            f"{text!r} is outside the genome: {locus.contig} has {length:,} bases. Is it of "
            "another assembly?"
        )
    if window.start < 0 or window.end > length:
        size = window.end - window.start
        where = (
            f"has {length:,} bases, fewer than a window"
            if size > length
            else f"ends at {length:,}; choose a locus whose middle is at {size // 2 + 1:,} to "
            f"{length - (size - size // 2) + 1:,}"
        )
        raise InputError(
            f"The window of {text!r}, {size:,} bases around its middle, leaves the contig: "
            f"{locus.contig} {where}. A window is never cut short."
        )


def _warn(locus: Locus, window: Locus, contig: str, n_unknown: int) -> None:
    """Log what the user may not expect of a window."""
    if contig != locus.contig:
        log.warning("contig %s is taken for %s of the genome", locus.contig, contig)
    if locus.start < window.start or locus.end > window.end:
        log.warning(
            "%s is longer than the model's windows: its middle is explained, %s", locus, window
        )
    if n_unknown:
        log.warning("%d bases of %s are unknown (N)", n_unknown, window)
