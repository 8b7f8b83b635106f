"""What tables of matches (TARGET.matches.tsv) say of patterns: their matches, parts and kinds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.motifs.matches import LEFT, MATCHES, REPEAT, RIGHT, WHOLE
from deeplift_genomics.motifs.names import COMPOSITE, SINGLE
from deeplift_genomics.motifs.names import REPEAT as REPEATED

_SMALLEST_Q = 1e-300  # q-values below what a number holds are 0


class Candidate(NamedTuple):
    """A match of a pattern or part; texts are empty where there is none, and `q_value` is 1.

    `turned` says whether the pattern must be turned to read as the motif of the database does.
    """

    motif_id: str = ""
    name: str = ""
    family: str = ""
    q_value: float = 1.0
    turned: bool = False


class Found(NamedTuple):
    """What was found for a pattern: its kind, its matches and those of its parts, best first.

    The parts are in the order in which the pattern reads; both of a repeat have the same matches.
    """

    kind: str = SINGLE
    whole: Sequence[Candidate] = ()
    parts: Sequence[Sequence[Candidate]] = ()


def common_match(found: Iterable[Sequence[Candidate]]) -> Candidate:
    """Return the motif of the database that several patterns are like together.

    It is the one with the smallest sum of log q over the patterns, where q is 1 for a pattern that
    does not have it among its matches; of equal ones, that of the most patterns, then the first by
    identifier. Its q-value is the smallest of all patterns, and its orientation that pattern's.
    """
    of_motif: dict[str, list[Candidate]] = {}
    for matches in found:
        for motif_id in dict.fromkeys(match.motif_id for match in matches):
            best = min(match_of(matches, motif_id), key=lambda match: match.q_value)
            of_motif.setdefault(motif_id, []).append(best)
    if not of_motif:
        return Candidate()

    def rank(motif_id: str) -> tuple[float, int, str]:
        matches = of_motif[motif_id]
        total = math.fsum(math.log(max(match.q_value, _SMALLEST_Q)) for match in matches)
        return (round(total, 9), -len(matches), motif_id)

    return min(of_motif[min(of_motif, key=rank)], key=lambda match: match.q_value)


def match_of(matches: Iterable[Candidate], motif_id: str) -> list[Candidate]:
    """Return the matches with one motif of the database."""
    return [match for match in matches if match.motif_id == motif_id]


def read_best_matches(path: str | Path) -> dict[str, Found]:
    """Return what was found for each pattern of a table of matches.

    Raises
    ------
    InputError
        If the file is missing or damaged, or is no such table.
    """
    found: dict[str, dict[str, list[Candidate]]] = {}
    for row in iterate_table(path, MATCHES):
        cells = dict(zip(MATCHES.columns, row, strict=True))
        of_part = found.setdefault(cells["pattern"], {}).setdefault(cells["part"], [])
        if not cells["motif_id"]:
            continue
        if cells["q_value"] is None or cells["strand"] not in ("+", "-"):
            raise InputError(
                f"{path} is damaged: the match {cells['motif_id']} of {cells['pattern']} has no "
                "q_value or strand. Delete it and run again."
            )
        described = {name: cells[name] for name in ("motif_id", "name", "family", "q_value")}
        of_part.append(Candidate(**described, turned=cells["strand"] == "-"))
    return {pattern: _found(of_parts) for pattern, of_parts in found.items()}


def _found(of_parts: dict[str, list[Candidate]]) -> Found:
    """Return what the rows for the whole and for each part say."""
    whole = of_parts.get(WHOLE, [])
    if REPEAT in of_parts:
        return Found(REPEATED, whole, (of_parts[REPEAT],) * 2)
    if LEFT in of_parts or RIGHT in of_parts:
        return Found(COMPOSITE, whole, (of_parts.get(LEFT, []), of_parts.get(RIGHT, [])))
    return Found(SINGLE, whole)
