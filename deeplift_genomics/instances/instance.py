"""One instance of a motif: what the calls give and the files hold."""

from __future__ import annotations

from typing import NamedTuple


class Instance(NamedTuple):
    """A place in the genome where a motif is present and used.

    Attributes
    ----------
    chrom, start, end
        Bases of the motif's core, 0-based and half-open.
    strand
        ``+`` or ``-``: the strand on which the sequence reads as the motif does.
    pattern
        TF-MoDISco's name of the pattern, such as ``pos_0``.
    motif
        Label of the motif, unique in the sample; the pattern's name where it has no label.
    row
        Row of the score file. Of several windows that hold the place, it is the one whose centre
        is nearest.
    match
        How well the sequence matches: 1 for the best possible sequence, 0 for one whose bases
        contribute nothing in the pattern.
    similarity
        Continuous Jaccard similarity of the motif's contributions and those at the place: above 0,
        and 1 for the same shape.
    contribution
        Sum of contributions over the place.
    sequence
        Bases on that strand.
    """

    chrom: str
    start: int
    end: int
    strand: str
    pattern: str
    motif: str
    row: int
    match: float
    similarity: float
    contribution: float
    sequence: str
