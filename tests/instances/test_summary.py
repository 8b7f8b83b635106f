"""What the instances of a motif are like."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.instances.summary import STEPS, Bins, bins_of, summarise_motif
from tests.instances.small_tables import Site, read_sites

BINS = Bins(-30, 10, 6)


@pytest.mark.parametrize("length", [1, 7, 58, 59, 100, 500, 1000, 2114, 114688, 524288])
def test_bins_cover_the_window(length: int) -> None:
    start, step, number = bins_of(length)
    assert step in STEPS and number <= 60
    assert start <= -(length // 2) and start + step * number >= length - length // 2
    assert start % step == 0  # the centre is where a bin begins
    assert (number - 2) * step < length


def test_numbers_of_a_motif(tmp_path: Path) -> None:
    sites = [
        Site("A", "chr1", 100, -5, 10, "+", 3.0, 0.9),  # middle at the centre
        Site("A", "chr1", 100, 10, 10, "-", -1.0, 0.3),  # 15
        Site("B", "chr1", 100, 10),
        Site("A", "chr1", 300, -6, 10, "+", 2.0, 0.5),  # -1
        Site("A", "chr2", 100, 60, 10, "-", 5.0, 0.7),  # 65, beyond the last bin
    ]
    found = summarise_motif(read_sites(tmp_path, sites, ["A", "B", "C"]), 0, BINS)
    assert (found.n, found.n_windows, found.n_several, found.n_minus) == (4, 3, 1, 2)
    assert found.positions.tolist() == [0, 0, 1, 1, 1, 1]
    assert found.contribution is not None and found.similarity is not None
    assert found.contribution.mean == pytest.approx(2.25)
    assert found.contribution.median == pytest.approx(2.5)
    low, high = np.quantile([3, -1, 2, 5], (0.1, 0.9))
    assert (found.contribution.low, found.contribution.high) == pytest.approx((low, high))
    assert found.similarity.mean == pytest.approx(0.6)
    assert found.strongest == [4, 0, 3]  # rows of the table
    assert found.weakest == [1, 3, 0]  # by size, whatever the sign
    assert found.median == [4, 0, 3]


def test_the_median_ones_are_in_the_middle(tmp_path: Path) -> None:
    strengths = [5, 1, 9, 7, 3, 8, 2, 6, 4]
    sites = [Site("A", "chr1", 1000 * i, 0, contribution=c) for i, c in enumerate(strengths)]
    found = summarise_motif(read_sites(tmp_path, sites, ["A"]), 0, BINS)
    for rows, expected in (
        (found.strongest, [9, 8, 7]),
        (found.median, [6, 5, 4]),
        (found.weakest, [1, 2, 3]),
    ):
        assert [strengths[row] for row in rows] == expected


def test_equals_are_in_the_order_of_the_table(tmp_path: Path) -> None:
    sites = [Site("A", "chr1", 1000 * i, 0) for i in range(5)]
    found = summarise_motif(read_sites(tmp_path, sites, ["A"]), 0, BINS)
    assert found.strongest == found.weakest == [0, 1, 2]


def test_a_motif_without_an_instance(tmp_path: Path) -> None:
    found = summarise_motif(read_sites(tmp_path, [], ["A"]), 0, BINS)
    assert found.n == found.n_windows == 0 and not found.positions.any()
    assert found.contribution is found.similarity is None
    assert found.strongest == found.median == found.weakest == []
