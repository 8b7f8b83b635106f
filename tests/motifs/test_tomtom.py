"""Comparison of motifs: places, orientations and p-values, on matrices of a known relation."""

import numpy as np
import pytest
from numpy.typing import NDArray

from deeplift_genomics.motifs.tomtom import compare

RNG = np.random.default_rng(3)
TARGETS = [RNG.dirichlet([0.2] * 4, width) for width in RNG.integers(8, 15, 60)]
FLAT = np.full((3, 4), 0.25)
TEN = TARGETS[0][:8]
TARGETS[0] = TEN

# query -> where target 0 begins in it, common bases, turned
CASES = {
    "the same": (TEN, (0, 8, False)),
    "without its first two": (TEN[2:], (-2, 6, False)),
    "with three more before": (np.concatenate([FLAT, TEN]), (3, 8, False)),
    "turned": (TEN[::-1, ::-1], (0, 8, True)),
    "turned, with three more before": (np.concatenate([FLAT, TEN[::-1, ::-1]]), (3, 8, True)),
    "turned, without its first two": (TEN[2:][::-1, ::-1], (0, 6, True)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_target_is_found_where_it_is(name: str) -> None:
    query, expected = CASES[name]
    found = compare([query], TARGETS)
    assert (found.offset[0, 0], found.overlap[0, 0], found.reverse[0, 0]) == expected
    assert found.p[0].argmin() == 0
    assert found.p[0, 0] < 1e-5 < np.median(found.p)


def test_p_values_of_unrelated_motifs_are_spread_evenly() -> None:
    found = compare(TARGETS[1:21], TARGETS[21:], background=TARGETS[:21])
    for limit in (0.05, 0.2, 0.5):
        assert limit * 0.4 < (found.p < limit).mean() < limit * 1.6


def test_a_query_is_compared_alone() -> None:
    together = compare(TARGETS[:5], TARGETS, threads=2)
    alone = compare(TARGETS[3:4], TARGETS[::-1], threads=1)
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one[3], other[0][::-1], rtol=1e-9)


def test_a_palindrome_is_not_turned() -> None:
    palindrome = np.concatenate([TEN, TEN[::-1, ::-1]])
    found = compare([palindrome], [palindrome, *TARGETS])
    assert not found.reverse[0, 0]
    assert found.offset[0, 0] == 0


def test_background_counts_and_is_not_compared() -> None:
    whole = compare([TEN[1:]], TARGETS)
    some = compare([TEN[1:]], TARGETS[:3], background=TARGETS[3:])
    for one, other in zip(whole, some, strict=True):
        np.testing.assert_array_equal(one[:, :3], other)


@pytest.mark.parametrize(("queries", "targets"), [([], TARGETS), (TARGETS[:2], [])])
def test_nothing_to_compare(queries: list[NDArray], targets: list[NDArray]) -> None:
    assert compare(queries, targets).p.shape == (len(queries), len(targets))
