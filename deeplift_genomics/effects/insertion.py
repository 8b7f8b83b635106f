"""Insertion of motifs into backgrounds, and of the same bases in other orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.dna.sequence import UNKNOWN
from deeplift_genomics.effects.inserts import (
    Insert,
    draw_samples,
    reverse_complement,
    scrambled_orders,
)
from deeplift_genomics.effects.meter import Backgrounds, Meter, Watch
from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.motif_sections import Effects

_PIECE = 32 << 20  # bytes of windows that are made at a time


def insert(codes: ArrayLike, insert_codes: ArrayLike, position: int) -> NDArray[np.int8]:
    """Return windows with an insert in place of their own bases; the windows keep their length.

    Parameters
    ----------
    codes
        Windows (N, L) as codes: 0 A, 1 C, 2 G, 3 T, 4 unknown.
    insert_codes
        The insert (W,), or one for each window (N, W). Where it is unknown, the window keeps its
        own base.
    position
        The window's base, counted from 0, at which the first base of the insert lies.

    Raises
    ------
    InputError
        If the insert does not lie within the window.
    """
    out = np.array(codes, dtype=np.int8)
    bases = np.asarray(insert_codes, dtype=np.int8)
    width, length = bases.shape[-1], out.shape[-1]
    if position < 0 or position + width > length:
        raise InputError(
            f"An insert of {width} bp at base {position} does not fit into a window of {length} bp."
        )
    place = out[..., position : position + width]
    place[...] = np.where(bases == UNKNOWN, place, bases)
    return out


def centre(length: int, width: int) -> int:
    """Return the base at which an insert begins that lies at the centre of a window."""
    return (length - width) // 2


class Inserted(NamedTuple):
    """The changes that inserts of one motif make.

    Attributes
    ----------
    changes
        (2, M, K): as the motif reads and reverse complement, M backgrounds, K measures.
    scrambled
        (S, K): mean changes by the same bases in S other orders, in the test's backgrounds, whose
        odd ones get the reverse complement.
    """

    changes: NDArray[np.float64]
    scrambled: NDArray[np.float64]

    @property
    def by_background(self) -> NDArray[np.float64]:
        """The changes in each background, averaged over the orientations, (M, K)."""
        return self.changes.mean(axis=0)

    def as_tested(self, number: int) -> NDArray[np.float64]:
        """Return the mean changes (K,) as those of scrambled inserts are measured."""
        rows = np.arange(number)
        return self.changes[rows % 2, rows].mean(axis=0)


def insert_motif(
    meter: Meter,
    backgrounds: Backgrounds,
    motif: Insert,
    settings: Effects,
    *,
    watch: Watch | None = None,
) -> Inserted:
    """Measure the consensus of a motif; `watch` gets the values of each batch with it."""
    orders = scrambled_orders(motif, settings.scrambled, settings.seed)
    changes = _both_ways(meter, backgrounds, motif.codes, watch)
    tests = number_of_tests(settings, len(backgrounds))
    scrambled = np.broadcast_to(motif.codes[orders][:, None], (len(orders), tests, len(motif)))
    return Inserted(changes, _scrambled(meter, backgrounds, scrambled))


def insert_samples(
    meter: Meter, backgrounds: Backgrounds, motif: Insert, settings: Effects
) -> Inserted:
    """Measure sequences drawn from the base frequencies, another one in each background."""
    orders = scrambled_orders(motif, settings.scrambled, settings.seed)
    samples = samples_of(motif, len(backgrounds), settings)
    changes = _both_ways(meter, backgrounds, samples, None)
    tests = number_of_tests(settings, len(backgrounds))
    scrambled = samples[:tests][:, orders].transpose(1, 0, 2)
    return Inserted(changes, _scrambled(meter, backgrounds, scrambled))


def samples_of(motif: Insert, number: int, settings: Effects) -> NDArray[np.int8]:
    """Return the sequences (M, W) that `insert_samples` inserts."""
    return draw_samples(motif, number, settings.seed)


def number_of_tests(settings: Effects, backgrounds: int) -> int:
    """Return in how many backgrounds scrambled inserts are measured."""
    return min(settings.test_backgrounds, backgrounds)


def _both_ways(
    meter: Meter, backgrounds: Backgrounds, inserts: NDArray[np.int8], watch: Watch | None
) -> NDArray[np.float64]:
    """Return the changes (2, M, K) by an insert (W,), or one for each background (M, W)."""
    codes, rows = backgrounds.codes, np.arange(len(backgrounds))
    position = centre(codes.shape[1], inserts.shape[-1])
    windows = [insert(codes, way, position) for way in (inserts, reverse_complement(inserts))]
    changes = meter.changes(
        np.concatenate(windows), backgrounds, np.concatenate([rows, rows]), watch=watch
    )
    return changes.reshape(2, len(rows), -1)


def _scrambled(
    meter: Meter, backgrounds: Backgrounds, inserts: NDArray[np.int8]
) -> NDArray[np.float64]:
    """Return the mean changes (S, K) by inserts (S, T, W), one for each of the T backgrounds."""
    number, tests, width = inserts.shape
    codes, rows = backgrounds.codes[:tests], np.arange(tests)
    position = centre(codes.shape[1], width)
    found = [np.empty((0, len(meter.measures)))]
    for some in _pieces(number, codes.nbytes):
        turned = inserts[some].copy()
        turned[:, 1::2] = reverse_complement(turned[:, 1::2])
        windows = np.concatenate([insert(codes, one, position) for one in turned])
        changes = meter.changes(windows, backgrounds, np.tile(rows, len(turned)))
        found.append(changes.reshape(len(turned), tests, -1).mean(axis=1))
    return np.concatenate(found)


def _pieces(number: int, size: int) -> Iterator[slice]:
    """Yield slices of as many items of this size in bytes as are made at a time."""
    step = max(1, _PIECE // max(size, 1))
    for first in range(0, number, step):
        yield slice(first, min(first + step, number))
