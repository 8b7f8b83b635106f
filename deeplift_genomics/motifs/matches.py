"""The table of matches, TARGET.matches.tsv: what each pattern, and each half of one, is like."""

from __future__ import annotations

from typing import NamedTuple

from deeplift_genomics.files.tables import Kind

MATCHES = Kind(
    "matches",
    1,
    {
        "pattern": str,
        "part": str,
        "source": str,
        "motif_id": str,
        "name": str,
        "family": str,
        "p_value": float,
        "q_value": float,
        "offset": int,
        "overlap": int,
        "strand": str,
    },
)
NO_MATCH = "no significant match"  # in place of a name
WHOLE, LEFT, RIGHT, REPEAT = "", "left", "right", "repeat"  # parts of a pattern
PFM, CWM = "PFM", "CWM"  # sources of the matrix that was compared


class Match(NamedTuple):
    """A match: a row of TARGET.matches.tsv.

    Attributes
    ----------
    pattern
        ``pos_0``, ``neg_0``, ...
    part
        ``""`` for the whole pattern; ``left`` or ``right`` for a half of a composite one;
        ``repeat`` for the better half of a repeated one.
    source
        ``PFM`` or ``CWM``: the matrix of the pattern that matched better.
    motif_id, name, family
        The known motif; the name is `NO_MATCH`, and all else empty, where there is none.
    p_value, q_value
        TOMTOM's, for both matrices and both orientations; and corrected for the database.
    offset
        Base of the pattern at which the known motif begins, turned if need be (bp).
    overlap
        Bases in common.
    strand
        ``-`` if the known motif must be turned to read as the pattern does, otherwise ``+``.
    """

    pattern: str
    part: str
    source: str = ""
    motif_id: str = ""
    name: str = NO_MATCH
    family: str = ""
    p_value: float | None = None
    q_value: float | None = None
    offset: int | None = None
    overlap: int | None = None
    strand: str = ""
