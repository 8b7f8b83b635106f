"""Patterns made of matrices, as TF-MoDISco would find them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.motifs.known import Database, Known, database_of
from deeplift_genomics.motifs.patterns import Pattern

FLAT = 0.25


def flat(width: int) -> NDArray[np.float64]:
    return np.full((width, 4), FLAT)


def turned(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return matrix[::-1, ::-1]


def information(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 + (matrix * np.log2(np.where(matrix > 0, matrix, 1))).sum(axis=1)


def pattern_of(
    *matrices: NDArray[np.float64],
    name: str = "pos_0",
    sign: int = 1,
    sites: int = 60,
    seed: int = 0,
) -> Pattern:
    """Return a pattern of matrices side by side, in flanks, with frequencies of so many sites."""
    rng = np.random.default_rng(seed)
    whole = np.concatenate([flat(9), *matrices, flat(9)])
    ppm = np.stack([rng.multinomial(sites, row / row.sum()) for row in whole]) / sites
    strength = np.concatenate([np.zeros(9), *map(information, matrices), np.zeros(9)])
    cwm = sign * ppm * (strength * rng.uniform(0.8, 1.2, len(strength)) + 0.01)[:, None]
    width = len(whole)
    return Pattern(
        name=name,
        sign=sign,
        ppm=ppm,
        cwm=cwm,
        hypothetical_cwm=cwm,
        row=np.arange(3),
        start=np.full(3, 10),
        end=np.full(3, 10 + width),
        is_revcomp=np.zeros(3, dtype=np.bool_),
        sequence=np.zeros((3, width, 4), dtype=np.int8),
        contribution=np.ones(3),
    )


def made_database(number: int = 80, seed: int = 7) -> Database:
    """Return known motifs m0, m1, ... of 8 to 14 bases."""
    rng = np.random.default_rng(seed)
    return database_of(
        Known(f"m{i}", f"name {i}", "", rng.dirichlet([0.15] * 4, int(rng.integers(8, 15))))
        for i in range(number)
    )


def matrix_of(database: Database, name: str) -> NDArray[np.float64]:
    """Return the matrix of the known motif with an identifier."""
    return next(known.matrix for known in database.motifs if known.id == name)


def names_of(rows: Sequence, part: str = "") -> list[str]:
    """Return the names of the matches of a part, best first."""
    return [row.name for row in rows if row.part == part]
