"""The matches of a motif with known ones, to be shown letter under letter."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.motifs.known import read_database
from deeplift_genomics.motifs.matches import LEFT, MATCHES, REPEAT, RIGHT, WHOLE, Match
from deeplift_genomics.motifs.patterns import core
from deeplift_genomics.report.sample_run import Member, ReportMotif
from deeplift_genomics.settings.motif_sections import Annotation

SHOWN = 3  # known motifs that are drawn under a pattern, and under each part
PARTS = (WHOLE, LEFT, RIGHT, REPEAT)


class Under(NamedTuple):
    """A known motif, and the pattern under which it is shown.

    Attributes
    ----------
    match
        The row of TARGET.matches.tsv.
    member
        The pattern.
    offset
        Base of the drawn pattern at which the known motif begins; negative to the left of it.
    reverse
        Whether the known motif is drawn turned.
    """

    match: Match
    member: Member
    offset: int
    reverse: bool


class PartMatches(NamedTuple):
    """The matches of a motif or of one part of it.

    Attributes
    ----------
    part
        As in TARGET.matches.tsv.
    best
        The best known motifs, each with the pattern that it matches best.
    others
        Names of further ones, the best first.
    names
        Names of all, each once, the best first.
    """

    part: str
    best: list[Under]
    others: list[str]
    names: list[str]


def read_matches(paths: Mapping[str, Path]) -> dict[tuple[str, str], list[Match]]:
    """Return the matches of each pattern, by target and pattern, the best first.

    Parameters
    ----------
    paths
        Target -> TARGET.matches.tsv.
    """
    found: dict[tuple[str, str], list[Match]] = {}
    for target, path in paths.items():
        for row in iterate_table(path, MATCHES):
            match = Match(*row)
            found.setdefault((target, match.pattern), []).append(match)
    return found


def known_matrices(
    settings: Annotation, file: Path | None = None
) -> dict[str, NDArray[np.float64]]:
    """Return the matrix of each known motif; none if the file of them is not here any more.

    Parameters
    ----------
    settings
        The section `annotation`; the path in it may be shortened.
    file
        Where the file of known motifs is, if there is one.
    """
    if file is not None:
        settings = settings.model_copy(update={"database": str(file)})
    try:
        return {motif.id: motif.matrix for motif in read_database(settings).motifs}
    except InputError:
        return {}


def matches_of(
    motif: ReportMotif,
    matches: Mapping[tuple[str, str], Sequence[Match]],
    known: Mapping[str, NDArray[np.float64]],
) -> Iterator[PartMatches]:
    """Yield the matches of a motif, and then those of its parts, left to right as it reads."""
    parts = PARTS
    if motif.members[0].label.turned:
        parts = (WHOLE, RIGHT, LEFT, REPEAT)
    for part in parts:
        rows = [
            (match, member)
            for member in motif.members
            for match in matches.get((member.target.text, member.pattern.name), ())
            if match.part == _of_member(part, motif.members[0], member)
        ]
        if rows:
            yield _best(part, rows, known, motif.label.match_id if part == WHOLE else "")


def _of_member(part: str, first: Member, member: Member) -> str:
    """Return the part of a pattern that is this part of the first: the other if it is turned."""
    if first.label.turned == member.label.turned:
        return part
    return {LEFT: RIGHT, RIGHT: LEFT}.get(part, part)


def _best(
    part: str,
    rows: Sequence[tuple[Match, Member]],
    known: Mapping[str, NDArray[np.float64]],
    first: str,
) -> PartMatches:
    """Return the best matches of a part, each known motif once; `first` is the motif's own."""
    best: dict[str, tuple[Match, Member]] = {}
    for match, member in rows:
        if match.motif_id and _q(match) < _q(best.get(match.motif_id, (None,))[0]):
            best[match.motif_id] = (match, member)
    order = sorted(best.values(), key=lambda pair: (pair[0].motif_id != first, _q(pair[0])))
    drawn = [_under(*pair, known.get(pair[0].motif_id)) for pair in order[:SHOWN]]
    names = list(dict.fromkeys(match.name for match, _ in order))
    shown = {item.match.name for item in drawn}
    return PartMatches(part, drawn, [name for name in names if name not in shown], names)


def _q(match: Match | None) -> float:
    """Return a q-value by which matches are sorted."""
    return math.inf if match is None or match.q_value is None else match.q_value


def _under(match: Match, member: Member, matrix: NDArray[np.float64] | None) -> Under:
    """Return where a known motif lies under the trimmed pattern, turned as its motif reads."""
    first, last = core(member.pattern)
    offset = (match.offset or 0) - first
    turned = member.label.turned
    if turned and matrix is not None:
        offset = (last - first) - (offset + len(matrix))
    return Under(match, member, offset, (match.strand == "-") != turned)
