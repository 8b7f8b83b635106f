"""The signs of a measured signal's bigWig files, looked at before a run.

Reads are counts, and many files of the minus strand hold them as negative numbers, so that browsers
draw them downwards. Files of one sign are therefore taken by magnitude. A file of both signs holds
no reads: it is a log ratio, a difference from a control, or both strands in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deeplift_genomics.dna.bigwig_header import WHAT, read_header
from deeplift_genomics.dna.contigs import Aliases, match_some_contigs
from deeplift_genomics.errors import InputError

_NOISE = 1e-6  # of the largest magnitude: smaller ones come from rounding


def has_both_signs(least: float, most: float) -> bool:
    """Return whether a file has values of both signs, from its smallest and largest value."""
    return min(-least, most) > _NOISE * max(-least, most)


def both_signs(path: str | Path, least: float, most: float) -> InputError:
    """Return the error for a file with values of both signs."""
    return InputError(
        f"{WHAT} {path} holds values of both signs, from {least:g} to {most:g}, which are no "
        "numbers of reads. Give reads or coverage of one strand per file, and no log ratio or "
        "difference from a control."
    )


def look_at_signal(path: str | Path, names: Iterable[str], aliases: Aliases) -> None:
    """Look at the header of a file of the measured signal, which takes milliseconds.

    Parameters
    ----------
    names
        Contigs of the sample's regions; none if they are not known yet.
    aliases
        Other names of the contigs.

    Raises
    ------
    InputError
        If it is no bigWig file, was cut short, has no contig in common with the regions, or holds
        values of both signs.
    """
    header = read_header(path)
    if not header.contigs:
        raise InputError(f"{WHAT} {path} has no contig. Copy or make it again.")
    match_some_contigs(
        names,
        header.contigs,
        source="The sample's regions",
        target=f"{WHAT} {path}",
        aliases=aliases,
    )
    if has_both_signs(header.least, header.most):
        raise both_signs(path, header.least, header.most)
