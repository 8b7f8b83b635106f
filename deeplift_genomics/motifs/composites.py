"""Patterns of two motifs side by side, and of one motif twice: where they split, and whether.

A pattern is split where one of these is found, which are tried in this order:

1. a gap: `GAP` or more bases whose contribution is below `WEAK` of the largest;
2. a shift of `SHORTEST` bases or more by which the pattern correlates with itself;
3. the end of its best match, if a good part of the pattern is beyond it.

Each half has `SHORTEST` bases or more, and `SHARE` of the contribution or more. The split counts
unless a known motif agrees with both halves, which then are one motif: TP53 is no repeat, and
Pou5f1::Sox2 no composite. The pattern is a repeat if the halves are alike, in either orientation,
or have the same best match; otherwise a composite, if both halves have a match, or one of two with
a gap between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.motifs.known import Database
from deeplift_genomics.motifs.patterns import Pattern, core
from deeplift_genomics.motifs.search import Hit, Part, as_laid, correlation
from deeplift_genomics.motifs.tomtom import compare

WEAK, GAP = 0.15, 3  # share of the largest contribution; bases
SHORTEST, SHARE = 5, 0.2  # bases of a half; its share of the contribution
SELF = 0.8  # correlation of a pattern with itself, shifted
FLANK = 2  # bases beside a half that are compared with it, as in `patterns.trimmed`
COVERED = 0.6  # share of a half that a known motif must have to agree with it
ALIKE = 0.001  # p-value up to which two halves are alike


class Split(NamedTuple):
    """Two halves of a pattern.

    Attributes
    ----------
    left, right
        The halves, with flanks.
    by_gap
        Whether there is a gap between them.
    """

    left: Part
    right: Part
    by_gap: bool = False


def splits_of(pattern: Pattern, hits: Sequence[Hit], database: Database) -> list[Split]:
    """Return the places where a pattern could be two, the most likely first.

    Parameters
    ----------
    hits
        Those of the whole pattern, best first.
    """
    first, last = core(pattern, flank=0)
    size = np.abs(pattern.cwm).sum(axis=1)
    found = [
        *((left, right, True) for left, right in _around_gaps(size, first, last)),
        *((left, right, False) for left, right in _by_shift(pattern.ppm, first, last)),
        *((left, right, False) for left, right in _beside(hits[:1], database, first, last)),
    ]
    total = size[first:last].sum()
    return [
        Split(*_parts(pattern, left, right), by_gap)
        for left, right, by_gap in found
        if all(b - a >= SHORTEST and size[a:b].sum() >= SHARE * total > 0 for a, b in (left, right))
    ]


_Halves = tuple[tuple[int, int], tuple[int, int]]


def _around_gaps(size: NDArray[np.float64], first: int, last: int) -> Iterator[_Halves]:
    """Yield the halves around each gap, those of the most even contributions first."""

    def weaker(halves: _Halves) -> float:
        return min(size[a:b].sum() for a, b in halves)

    weak = np.concatenate([[0], size[first:last] < WEAK * size.max(), [0]])
    edges = first + np.flatnonzero(np.diff(weak))
    found = [((first, a), (b, last)) for a, b in edges.reshape(-1, 2).tolist() if b - a >= GAP]
    yield from sorted(found, key=weaker, reverse=True)


def _by_shift(ppm: NDArray[np.float64], first: int, last: int) -> Iterator[_Halves]:
    """Yield the halves of a pattern that correlates with itself when shifted.

    One that does so by a few bases already, as a run of A does, is no motif twice.
    """
    inner = ppm[first:last]
    for shift in range(1, len(inner) - SHORTEST + 1):
        if correlation(inner, inner, shift) >= SELF:
            if shift >= SHORTEST:
                middle = first + shift
                yield (first, middle), (middle, min(middle + shift, last))
            return


def _beside(hits: Sequence[Hit], database: Database, first: int, last: int) -> Iterator[_Halves]:
    """Yield the halves on either side of the ends of a hit, those of the longer rest first."""
    for hit in hits:
        begin, end = hit.offset, hit.offset + len(database.matrices[hit.matrix])
        for rest, middle in sorted([(last - end, end), (begin - first, begin)], reverse=True):
            if rest > 0:
                yield (first, middle), (middle, last)


def _parts(pattern: Pattern, left: tuple[int, int], right: tuple[int, int]) -> tuple[Part, Part]:
    """Return two halves with flanks, which do not overlap."""
    between = right[0] - left[1]
    inner = min(FLANK, between // 2)
    return (
        Part(pattern, max(0, left[0] - FLANK), left[1] + inner),
        Part(pattern, right[0] - inner, min(len(pattern), right[1] + FLANK)),
    )


def alike(splits: Sequence[Split], database: Database, threads: int) -> list[bool]:
    """Return for each split whether its halves are alike, compared by TOMTOM."""
    matrices = [
        [part.pattern.ppm[part.first : part.last] for part in split[:2]] for split in splits
    ]
    lefts, rights = [pair[0] for pair in matrices], [pair[1] for pair in matrices]
    found = compare(lefts, rights, threads, background=database.matrices)
    answers = []
    for i, (left, right) in enumerate(matrices):
        other = right[::-1, ::-1] if found.reverse[i, i] else right
        answers.append(
            bool(found.p[i, i] <= ALIKE)
            and bool(found.overlap[i, i] >= SHORTEST)
            and correlation(left, other, int(found.offset[i, i])) >= SELF
        )
    return answers


def is_one(split: Split, hits: Sequence[Hit], database: Database, min_correlation: float) -> bool:
    """Return whether a known motif agrees with both halves of a split."""
    return any(
        all(_agrees(part, hit, database, min_correlation) for part in (split.left, split.right))
        for hit in hits
    )


def _agrees(part: Part, hit: Hit, database: Database, min_correlation: float) -> bool:
    """Return whether a known motif has a good part of a half, and correlates with it there."""
    matrix = as_laid(hit, database)
    common = min(part.last, hit.offset + len(matrix)) - max(part.first, hit.offset)
    if common < COVERED * (part.last - part.first):
        return False
    span = slice(part.first, part.last)
    return correlation(part.pattern.ppm, matrix, hit.offset, span) >= min_correlation
