"""Places of seqlets: those on the same bases are one."""

from types import SimpleNamespace

import numpy as np
import pytest

from deeplift_genomics.motifs.places import Starts, count_places

STARTS = Starts(np.array(["chr1", "chr1", "chr2"], object), np.array([100, 110, 100]))


def pattern(*seqlets: tuple[int, int, int]) -> SimpleNamespace:
    row, start, end = (np.array(column) for column in zip(*seqlets, strict=True))
    return SimpleNamespace(row=row, start=start, end=end)


@pytest.mark.parametrize(
    ("patterns", "of_pattern", "total"),
    [
        ([], [], 0),
        ([[(0, 5, 15)]], [1], 1),
        ([[(0, 15, 25), (1, 5, 15)]], [1], 1),  # chr1:115-125 in two windows
        ([[(0, 15, 25), (2, 15, 25)]], [2], 2),  # on two contigs
        ([[(0, 15, 25), (1, 5, 16)]], [2], 2),  # of other lengths
        ([[(0, 15, 25)], [(1, 5, 15), (1, 6, 16)]], [1, 2], 2),  # shared by two patterns
    ],
)
def test_seqlets_on_the_same_bases_are_one_place(patterns, of_pattern, total) -> None:
    found = count_places([pattern(*seqlets) for seqlets in patterns], STARTS)
    assert found == (total, of_pattern)
