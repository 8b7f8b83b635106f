"""Names of patterns: a motif file and known motifs -> TARGET.matches.tsv."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from deeplift_genomics.files.tables import write_table
from deeplift_genomics.motifs.composites import Split, alike, is_one, splits_of
from deeplift_genomics.motifs.known import Database, read_database
from deeplift_genomics.motifs.matches import (
    LEFT,
    MATCHES,
    REPEAT,
    RIGHT,
    WHOLE,
    Match,
)
from deeplift_genomics.motifs.patterns import Pattern, core, read_motifs
from deeplift_genomics.motifs.search import Hit, Part, search
from deeplift_genomics.settings.motif_sections import Annotation

log = logging.getLogger(__name__)


def write_matches(
    motifs_path: str | Path, output: str | Path, settings: Annotation, threads: int = 1
) -> int:
    """Write all matches of every pattern of a motif file, and return how many patterns have one.

    Raises
    ------
    InputError
        If the motif file or the file of known motifs cannot be used.
    """
    patterns = read_motifs(motifs_path)
    database = read_database(settings)
    log.info("%s: comparing %d patterns", output, len(patterns))
    rows = find_matches(patterns, database, settings, threads)
    write_table(output, MATCHES, rows)
    named = {row.pattern for row in rows if row.motif_id}
    log.info("%s: %d of %d patterns have a match", output, len(named), len(patterns))
    return len(named)


def find_matches(
    patterns: Sequence[Pattern], database: Database, settings: Annotation, threads: int = 1
) -> list[Match]:
    """Return the matches of patterns and of the halves of composite and repeated ones, best first.

    A pattern, or a half, without a significant match has one row that says so.
    """

    def hits_of(parts: Sequence[Part]) -> list[list[Hit]]:
        return search(
            parts,
            database,
            max_q=settings.max_q,
            min_correlation=settings.min_correlation,
            threads=threads,
        )

    wholes = hits_of([Part(pattern, *core(pattern)) for pattern in patterns])
    splits = [
        split
        for pattern, hits in zip(patterns, wholes, strict=True)
        for split in splits_of(pattern, hits, database)
        if not is_one(split, hits, database, settings.min_correlation)
    ]
    halves = hits_of([part for split in splits for part in split[:2]])
    found: dict[str, dict[str, list[Hit]]] = {}
    for i, (split, same) in enumerate(zip(splits, alike(splits, database, threads), strict=True)):
        if parts := _kind_of(split, halves[2 * i], halves[2 * i + 1], same):
            found.setdefault(split.left.pattern.name, parts)
    return [
        row
        for pattern, hits in zip(patterns, wholes, strict=True)
        for part, of_part in {WHOLE: hits, **found.get(pattern.name, {})}.items()
        for row in _rows(pattern.name, part, of_part, database)
    ]


def _kind_of(split: Split, left: list[Hit], right: list[Hit], same: bool) -> dict[str, list[Hit]]:
    """Return the hits of a pattern's parts by name; none if the split does not count."""
    if same or (left and right and left[0].matrix == right[0].matrix):
        return {REPEAT: min(left, right, key=lambda hits: hits[0].p if hits else 1)}
    if (left and right) or (split.by_gap and (left or right)):
        return {LEFT: left, RIGHT: right}
    return {}


def _rows(pattern: str, part: str, hits: Sequence[Hit], database: Database) -> Iterator[Match]:
    """Yield a row for each known motif that has the matrix of a hit, or one that says: none."""
    if not hits:
        yield Match(pattern, part)
    for hit in hits:
        for index, turned in database.place[hit.matrix]:
            known = database.motifs[index]
            yield Match(
                pattern,
                part,
                hit.source,
                known.id,
                known.name,
                known.family,
                hit.p,
                hit.q,
                hit.offset,
                hit.overlap,
                "-" if hit.reverse != turned else "+",
            )
