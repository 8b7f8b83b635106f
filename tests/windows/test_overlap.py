"""Windows that overlap: how many, and when a run warns."""

import random

import numpy as np
import pytest

from deeplift_genomics.windows.overlap import count_overlapping, warning_of_overlap


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([], 0),
        ([("a", 5)], 0),
        ([("a", 5), ("a", 15)], 0),  # exactly half of 20 bases is shared
        ([("a", 5), ("a", 14)], 2),
        ([("a", 5), ("b", 5)], 0),
        ([("a", 5), ("b", 5), ("a", 5)], 2),
        ([("a", 0), ("a", 8), ("a", 16), ("a", 40)], 3),
        ([("a", 30), ("b", 31), ("a", 10), ("b", 33)], 2),
    ],
)
def test_windows_that_share_half_of_20_bases(places: list[tuple[str, int]], expected: int) -> None:
    chrom = np.array([name for name, _ in places], dtype=object)
    assert count_overlapping(chrom, np.array([at for _, at in places], np.int64), 20) == expected


@pytest.mark.parametrize("seed", range(5))
def test_the_same_as_window_by_window(seed: int) -> None:
    draw = random.Random(seed)
    places = [(draw.choice("abc"), draw.randrange(300)) for _ in range(40)]
    slow = sum(
        any(i != j and a == c and abs(x - y) < 7.5 for j, (c, y) in enumerate(places))
        for i, (a, x) in enumerate(places)
    )
    chrom, centre = zip(*places, strict=True)
    assert count_overlapping(np.array(chrom, object), np.array(centre), 15) == slow


@pytest.mark.parametrize(("n", "warns"), [(0, False), (4, False), (5, True), (40, True)])
def test_more_than_a_tenth_is_warned_of(n: int, warns: bool) -> None:
    found = warning_of_overlap(n, 40, 400)
    assert (found is not None) == warns
    if found is not None:
        assert f"{n} of 40 windows" in found and "central 400 bases" in found
        assert "regions.merge_within" in found
