"""Which motifs occur together, against counting over all placements."""

from itertools import combinations
from math import comb
from pathlib import Path

import pytest

from deeplift_genomics.instances.together import find_together
from tests.instances.small_tables import Site, read_sites


def in_windows(**windows: list[int]) -> list[Site]:
    """Return an instance of each motif in each of its windows."""
    return [Site(name, "chr1", 1000 * w, 0) for name, of in windows.items() for w in of]


def by_enumeration(n: int, n_a: int, n_b: int, both: int) -> float:
    """Return twice the smaller tail over all ways to place b, with a in the first windows."""
    counts = [sum(w < n_a for w in placed) for placed in combinations(range(n), n_b)]
    low, high = (sum(f(k) for k in counts) for f in (lambda k: k <= both, lambda k: k >= both))
    return min(1.0, 2 * min(low, high) / comb(n, n_b))


def test_pairs_are_counted_by_window(tmp_path: Path) -> None:
    sites = in_windows(A=[1, 1, 2, 3, 4], B=[1, 2, 2, 9], C=[5, 6])
    found = {(p.left, p.right): p for p in find_together(read_sites(tmp_path, sites, "ABCD"), 12)}
    assert set(found) == {(0, 1), (0, 2), (1, 2)}  # D has no instance
    a_and_b = found[0, 1]
    assert (a_and_b.n_left, a_and_b.n_right, a_and_b.n_both) == (4, 3, 2)
    assert a_and_b.expected == pytest.approx(1.0) and a_and_b.ratio == pytest.approx(2.0)
    assert found[0, 2].n_both == 0 and found[0, 2].ratio == 0


@pytest.mark.parametrize("both", range(5))
def test_p_values_are_those_of_all_placements(tmp_path: Path, both: int) -> None:
    n, b = 10, [*range(both), *range(5, 9 - both)]
    (pair,) = find_together(read_sites(tmp_path, in_windows(A=[*range(5)], B=b), "AB"), n)
    assert pair.n_both == both
    assert pair.p_value == pytest.approx(by_enumeration(n, 5, 4, both))


def test_q_values_are_those_of_benjamini_and_hochberg(tmp_path: Path) -> None:
    sites = in_windows(A=[*range(10)], B=[*range(9)], C=[*range(5, 15)], D=[*range(20, 28)])
    pairs = find_together(read_sites(tmp_path, sites, "ABCD"), 40)
    p_values = [pair.p_value for pair in pairs]
    assert p_values == sorted(p_values) and len(pairs) == 6
    slow = [
        min(p * 6 / rank for rank, p in enumerate(p_values, 1) if rank >= i) for i in range(1, 7)
    ]
    assert [pair.q_value for pair in pairs] == pytest.approx([min(1.0, q) for q in slow])


def test_one_motif_has_no_pair(tmp_path: Path) -> None:
    assert find_together(read_sites(tmp_path, in_windows(A=[1, 2]), "AB"), 5) == []
    assert find_together(read_sites(tmp_path, [], "AB"), 5) == []
