"""What a table of matches (TARGET.matches.tsv) says of each pattern: its best match, its parts."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.motifs.matches import LEFT, MATCHES, REPEAT, RIGHT, WHOLE
from deeplift_genomics.motifs.names import COMPOSITE, SINGLE
from deeplift_genomics.motifs.names import REPEAT as REPEATED


class Match(NamedTuple):
    """The best match of a pattern or part; texts are empty and `q_value` None without one.

    `turned` says whether the pattern must be turned to read as the motif of the database does.
    """

    motif_id: str = ""
    name: str = ""
    family: str = ""
    q_value: float | None = None
    turned: bool = False


class Found(NamedTuple):
    """What was found for a pattern: its kind, its best match, and those of its parts, in order."""

    kind: str = SINGLE
    whole: Match = Match()
    parts: tuple[Match, ...] = ()

    @property
    def best(self) -> Match:
        """The match of the whole, or else the better one of its parts."""
        matched = [match for match in self.parts if match.q_value is not None]
        if self.whole.q_value is not None or not matched:
            return self.whole
        return min(matched, key=lambda match: (match.q_value, match.motif_id))


def read_best_matches(path: str | Path) -> dict[str, Found]:
    """Return what was found for each pattern of a table of matches.

    Raises
    ------
    InputError
        If the file is missing or damaged, or is no such table.
    """
    found: dict[str, dict[str, Match]] = {}
    for row in iterate_table(path, MATCHES):
        cells = dict(zip(MATCHES.columns, row, strict=True))
        match = Match()
        if cells["motif_id"]:
            if cells["q_value"] is None or cells["strand"] not in ("+", "-"):
                raise InputError(
                    f"{path} is damaged: the match {cells['motif_id']} of {cells['pattern']} has "
                    "no q_value or strand. Delete it and run again."
                )
            match = Match(
                cells["motif_id"],
                cells["name"],
                cells["family"],
                cells["q_value"],
                cells["strand"] == "-",
            )
        found.setdefault(cells["pattern"], {}).setdefault(cells["part"], match)  # best first
    return {pattern: _found(of_parts) for pattern, of_parts in found.items()}


def _found(of_parts: dict[str, Match]) -> Found:
    """Return what the first rows for the whole and for each part say."""
    whole = of_parts.get(WHOLE, Match())
    if REPEAT in of_parts:
        return Found(REPEATED, whole, (of_parts[REPEAT],) * 2)
    if LEFT in of_parts or RIGHT in of_parts:
        parts = (of_parts.get(LEFT, Match()), of_parts.get(RIGHT, Match()))
        return Found(COMPOSITE, whole, parts)
    return Found(SINGLE, whole)
