"""The motifs that are inserted: chosen, turned as they read, sampled and scrambled."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import UNKNOWN
from deeplift_genomics.motifs.names import Label
from deeplift_genomics.motifs.patterns import Pattern, trimmed

LEAST_BITS = 0.25  # of a position whose most frequent base is inserted
_TRIES = 50  # orders drawn for each that is wanted, at most


@dataclass(frozen=True, eq=False)
class Insert:
    """A motif that is inserted.

    Attributes
    ----------
    motif
        Its label.
    pattern
        The pattern of the target that it is taken from: of several, that with the most seqlets.
    ppm
        Base frequencies of the pattern's core (W, 4), in the direction in which the motif reads.
    codes
        Most frequent bases (W,); unknown where a position has less than 0.25 bit, so that the
        background keeps its base there.
    """

    motif: str
    pattern: str
    ppm: NDArray[np.float64]
    codes: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.codes)


def choose_inserts(
    patterns: Sequence[Pattern], labels: Mapping[str, Label], most: int
) -> list[Insert]:
    """Return the motifs of a target with the most seqlets, `most` at most, in that order."""
    by_motif: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        by_motif.setdefault(labels[pattern.name].motif, []).append(pattern)
    ranked = sorted(
        by_motif.items(), key=lambda item: -sum(pattern.n_seqlets for pattern in item[1])
    )
    return [
        _insert(motif, max(found, key=lambda pattern: pattern.n_seqlets), labels)
        for motif, found in ranked[:most]
    ]


def _insert(motif: str, pattern: Pattern, labels: Mapping[str, Label]) -> Insert:
    """Return the insert of a pattern: its core, as the motif reads."""
    core = trimmed(pattern, flank=0)
    ppm, bits = core.ppm, core.information_content()
    if labels[pattern.name].turned:
        ppm, bits = ppm[::-1, ::-1], bits[::-1]
    codes = np.where(bits < LEAST_BITS, UNKNOWN, ppm.argmax(axis=1)).astype(np.int8)
    return Insert(motif, pattern.name, ppm, codes)


def reverse_complement(codes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the reverse complement of codes (..., W)."""
    return np.where(codes == UNKNOWN, UNKNOWN, UNKNOWN - 1 - codes)[..., ::-1].astype(np.int8)


def seeded(seed: int, insert: Insert, what: str) -> np.random.Generator:
    """Return a generator of random numbers for one motif and purpose, whatever other motifs are."""
    return np.random.default_rng([seed, zlib.crc32(f"{insert.pattern} {what}".encode())])


def draw_samples(insert: Insert, number: int, seed: int) -> NDArray[np.int8]:
    """Return sequences (number, W) whose bases are drawn from the base frequencies."""
    random = seeded(seed, insert, "samples").random((number, len(insert), 1))
    codes = (random >= insert.ppm.cumsum(axis=1)).sum(axis=-1)
    return np.minimum(codes, UNKNOWN - 1).astype(np.int8)


def scrambled_orders(insert: Insert, number: int, seed: int) -> NDArray[np.int64]:
    """Return orders of the motif's positions (S, W) that give its consensus other bases.

    No two give it the same bases. S is `number`, or less for a consensus that has fewer orders.
    """
    random, found = seeded(seed, insert, "orders"), {insert.codes.tobytes()}
    orders = []
    for _ in range(_TRIES * number):
        order = random.permutation(len(insert))
        bases = insert.codes[order].tobytes()
        if bases not in found:
            found.add(bases)
            orders.append(order)
            if len(orders) == number:
                break
    return np.array(orders, np.int64).reshape(len(orders), len(insert))
