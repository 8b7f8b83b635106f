"""Edits of windows: some bases replaced by others, and the alignment of both windows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Edit(NamedTuple):
    """A change of a window: from base `at` on, so many bases are replaced by others.

    `removed` and `added` are the numbers of bases without those that both alleles share at their
    ends, as the first base of an insertion in VCF.
    """

    at: int
    removed: int
    added: int

    def columns(self, length: int) -> NDArray[np.int64]:
        """Return the alignment of both windows of `length` bases.

        Returns
        -------
        (M, 2)
            For each column the base of the reference window and that of the alternative one, -1
            for a gap. Bases of the alleles pair from the left; of the longer one the others have a
            gap beside them, and so have those at the right end that are in one window only.

        Examples
        --------
        >>> Edit(1, 0, 2).columns(5).T.tolist()
        [[0, -1, -1, 1, 2, 3, 4], [0, 1, 2, 3, 4, -1, -1]]
        """
        paired = self.at + min(self.removed, self.added)
        ends = self.at + self.removed, self.at + self.added
        right = np.arange(length - max(ends))  # bases after the alleles, in both windows
        parts = [_paired(np.arange(paired), np.arange(paired))]
        parts += [_alone(np.arange(paired, end), allele) for allele, end in enumerate(ends)]
        parts += [_paired(ends[0] + right, ends[1] + right)]
        tails = (np.arange(end + len(right), length) for end in ends)
        parts += [_alone(tail, allele) for allele, tail in enumerate(tails)]
        return np.concatenate(parts)


def _paired(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the columns of bases that pair."""
    return np.stack([one, other], axis=1)


def _alone(bases: NDArray[np.int64], allele: int) -> NDArray[np.int64]:
    """Return the columns of bases of one allele, beside a gap in the other."""
    found = np.full((len(bases), 2), -1, np.int64)
    found[:, allele] = bases
    return found


def trimmed(ref: str, alt: str) -> tuple[int, str, str]:
    """Return both alleles without the bases that they share at their ends, and how many came first.

    The right end is cut first, so that a change in a repeat is at its left (Tan et al.,
    Bioinformatics 31:2202, 2015).

    >>> trimmed("A", "ATT"), trimmed("GCACA", "GCA"), trimmed("AC", "TC")
    ((1, '', 'TT'), (1, 'CA', ''), (0, 'A', 'T'))
    """
    end = 0
    while end < min(len(ref), len(alt)) and ref[-1 - end] == alt[-1 - end]:
        end += 1
    ref, alt = ref[: len(ref) - end], alt[: len(alt) - end]
    first = 0
    while first < min(len(ref), len(alt)) and ref[first] == alt[first]:
        first += 1
    return first, ref[first:], alt[first:]


def changed(
    bases: NDArray[np.int8], edit: Edit, added: NDArray[np.int8], length: int
) -> NDArray[np.int8]:
    """Return a window with other bases in place; `bases` reach so far that `length` are left."""
    parts = [bases[: edit.at], added, bases[edit.at + edit.removed :]]
    return np.concatenate(parts)[:length].astype(np.int8)
