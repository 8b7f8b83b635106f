"""Known motifs, by which patterns are named: JASPAR's, or those of a MEME file."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import ALPHABET
from deeplift_genomics.motifs.meme import read_meme
from deeplift_genomics.motifs.meme_text import require_motifs
from deeplift_genomics.settings.choices import ALL_TAXA, known_motifs_file
from deeplift_genomics.settings.motif_sections import Annotation

log = logging.getLogger(__name__)

FEW = 25  # with fewer matrices, memelite warns, TOMTOM's p-values depend on which they are
_DIGITS = 6  # to which equal matrices agree
# tables of JASPAR in which pyjaspar looks for a matrix, one after the other
_TABLES = ("MATRIX_SPECIES", "MATRIX_PROTEIN", "MATRIX_ANNOTATION")


class Known(NamedTuple):
    """A known motif.

    Attributes
    ----------
    id
        Its identifier in the database, such as ``MA0139.2``.
    name
        Its name for people, such as ``CTCF``.
    family
        JASPAR's class and family of its factors; ``""`` if the database has none.
    matrix
        Base probabilities (W, 4).
    """

    id: str
    name: str
    family: str
    matrix: NDArray[np.float64]


class Database(NamedTuple):
    """Known motifs; those with the same matrix, or its reverse complement, share one.

    Attributes
    ----------
    motifs
        The motifs, in the order of the database.
    matrices
        U matrices (W, 4), no two of them equal.
    place
        For each of them, the motifs that have it: the index in `motifs`, and whether the motif is
        its reverse complement.
    """

    motifs: Sequence[Known]
    matrices: Sequence[NDArray[np.float64]]
    place: Sequence[Sequence[tuple[int, bool]]]


def read_database(settings: Annotation) -> Database:
    """Read the known motifs that the section `annotation` of the configuration names.

    Raises
    ------
    InputError
        If the MEME file cannot be used, or holds no motif.
    """
    file = known_motifs_file(settings.database)
    if not file:
        return database_of(_of_jaspar(settings.release, settings.collection, settings.taxon))
    motifs = [Known(motif.id, motif.name, "", motif.matrix) for motif in read_meme(file)]
    require_motifs(file, len(motifs))
    if len(motifs) < FEW:
        log.warning(
            "%s holds %d motifs only; TOMTOM's p-values are more reliable with a whole database.",
            file,
            len(motifs),
        )
    return database_of(motifs)


def database_of(motifs: Iterable[Known]) -> Database:
    """Return motifs with the matrices that they share."""
    motifs = list(motifs)
    found: dict[bytes, tuple[NDArray[np.float64], list[tuple[int, bool]]]] = {}
    for index, motif in enumerate(motifs):
        forward, backward = _key(motif.matrix), _key(motif.matrix[::-1, ::-1])
        _, members = found.setdefault(min(forward, backward), (motif.matrix, []))
        members.append((index, bool(members) and forward != _key(motifs[members[0][0]].matrix)))
    return Database(
        motifs, [matrix for matrix, _ in found.values()], [members for _, members in found.values()]
    )


def _key(matrix: NDArray[np.float64]) -> bytes:
    """Return the same bytes for equal matrices."""
    return (np.round(matrix, _DIGITS) + 0.0).tobytes()


def _of_jaspar(release: str, collection: str, taxon: str) -> list[Known]:
    """Return the latest versions of the matrices of a collection."""
    from pyjaspar import jaspardb

    database = jaspardb(release=release)
    database.conn = _indexed(database.conn)
    found = database.fetch_motifs(
        collection=collection, tax_group=None if taxon == ALL_TAXA else taxon
    )
    log.info("%s, %s, %s: %d matrices", release, collection, taxon, len(found))
    return [
        Known(m.matrix_id, _in_one_line(m.name), _family(m), _probabilities(m.counts))
        for m in found
    ]


def _indexed(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy of JASPAR in memory, in which pyjaspar's many look-ups take no time."""
    copy = sqlite3.connect(":memory:")
    connection.backup(copy)
    connection.close()
    copy.execute("CREATE INDEX of_MATRIX ON MATRIX (BASE_ID)")
    for table in _TABLES:
        copy.execute(f"CREATE INDEX of_{table} ON {table} (ID)")
    return copy


def _family(motif: Any) -> str:
    """Return class and family, such as ``Basic leucine zipper factors (bZIP): Fos-related``."""
    parts = [
        ", ".join(dict.fromkeys(map(_in_one_line, names)))
        for names in (motif.tf_class, motif.tf_family)
    ]
    return ": ".join(part for part in parts if part)


def _in_one_line(text: str) -> str:
    """Return a text of JASPAR without the tabs that some of them have, as a table needs it."""
    return " ".join(text.split())


def _probabilities(counts: Any) -> NDArray[np.float64]:
    """Return the probabilities (W, 4) of counts by base; those of a row of zeros are equal."""
    matrix = np.array([counts[base] for base in ALPHABET], dtype=np.float64).T
    total = matrix.sum(axis=1, keepdims=True)
    return np.divide(matrix, total, out=np.full_like(matrix, 0.25), where=total > 0)
