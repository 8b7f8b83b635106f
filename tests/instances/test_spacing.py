"""Distances of motifs, against loops over all pairs of instances."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.instances.independent import BIN
from deeplift_genomics.instances.near_pairs import DISTANCES, FURTHEST, OPPOSITE, SAME
from deeplift_genomics.instances.spacing import find_spacings
from tests.instances.small_tables import Site, read_sites

LENGTH, OVERLAP = 500, 0.5


def distance(a: Site, b: Site) -> tuple[int, int]:
    """Return orientation and distance of b from a, as a reads, a half base rounded down."""
    middles = [2 * site.at + site.width for site in (a, b)]
    ahead = (middles[1] - middles[0]) * (1 if a.strand == "+" else -1)
    return (SAME if a.strand == b.strand else OPPOSITE), ahead // 2


def window(site: Site) -> tuple[str, int]:
    return site.chrom, site.centre


def sites_at(rng: np.random.Generator, n: int = 40, spread: int = 60) -> list[Site]:
    """Return instances of two motifs that know nothing of each other."""
    return [
        Site(motif, f"chr{w % 2}", 1000 * w, int(rng.integers(-spread, spread)), width,
             "+-"[int(rng.integers(2))])
        for w in range(n)
        for motif, width in (("A", 11), ("B", 8))
        if rng.random() < 0.8
    ]  # fmt: skip


def slow_twin(sites: list[Site]) -> tuple[np.ndarray, np.ndarray, int]:
    """Return observed pairs, expected ones, and the number of pairs that share a window."""
    pairs = list(product(*([s for s in sites if s.motif == m] for m in "AB")))
    widths = [min(s.width for s in sites if s.motif == m) for m in "AB"]
    nearest = int(sum(widths) / 2 - OVERLAP * min(widths))
    observed, apart = np.zeros((2, len(DISTANCES))), np.zeros((2, len(DISTANCES)))
    sharing = elsewhere = 0
    for a, b in pairs:
        orientation, d = distance(a, b)
        if window(a) == window(b):
            sharing += abs(d) >= nearest
            if nearest <= abs(d) <= FURTHEST:
                observed[orientation, d + FURTHEST] += 1
            continue
        elsewhere += 1
        # both positions are equally likely in their bins
        bins = [(2 * s.at + s.width) // (2 * BIN) for s in (a, b)]
        ahead = (bins[1] - bins[0]) * (1 if a.strand == "+" else -1)
        apart[orientation] += np.maximum(0, 1 - np.abs(DISTANCES / BIN - ahead)) / BIN
    allowed = np.abs(DISTANCES) >= nearest
    elsewhere -= apart[:, ~allowed].sum()
    share = (apart + 1 / (2 * (2 * LENGTH - 1))) / (elsewhere + 1)
    return observed, np.where(allowed, sharing * share, 0), sharing


@pytest.mark.parametrize("seed", range(3))
def test_observed_and_expected_are_those_of_all_pairs(tmp_path: Path, seed: int) -> None:
    sites = sites_at(np.random.default_rng(seed))
    (found,) = find_spacings(read_sites(tmp_path, sites, "AB"), LENGTH, OVERLAP)
    observed, expected, sharing = slow_twin(sites)
    assert found.n_pairs == sharing and found.observed.sum() > 15
    assert found.observed.tolist() == observed.tolist()
    assert found.expected == pytest.approx(expected)
    assert found.favoured is None  # they were placed independently


@pytest.mark.parametrize(
    ("strand", "ahead", "expected"),
    [("+", 24, (24, False)), ("-", 24, (24, True)), ("+", -35, (-35, False))],
)
def test_a_fixed_distance_is_found(
    tmp_path: Path, strand: str, ahead: int, expected: tuple[int, bool]
) -> None:
    """B is always as far from A, in the direction in which A reads; both are on either strand."""
    rng = np.random.default_rng(1)
    sites = []
    for w in range(30):
        at, plus = int(rng.integers(-80, 80)), bool(rng.integers(2))
        own = "+" if plus else "-"
        other = own if strand == "+" else "-+"["-+".index(own) ^ 1]
        sites.append(Site("A", "chr1", 1000 * w, at, 10, own))
        sites.append(Site("B", "chr1", 1000 * w, at + (ahead if plus else -ahead), 10, other))
    (found,) = find_spacings(read_sites(tmp_path, sites, "AB"), LENGTH, OVERLAP)
    assert found.favoured is not None
    assert (found.favoured.distance, found.favoured.opposite) == expected
    assert found.favoured.observed == 30 and found.favoured.expected < 1
    assert found.favoured.q_value < 1e-20
    assert found.n_pairs == 30 == found.observed.sum()


def test_seen_from_the_other_motif(tmp_path: Path) -> None:
    """The same table with the motifs named the other way round gives the turned distances."""
    sites = sites_at(np.random.default_rng(5))
    sites += [Site("A", "chr3", 1000 * w, 0) for w in range(20)]
    sites += [Site("B", "chr3", 1000 * w, 30) for w in range(20)]
    (one,) = find_spacings(read_sites(tmp_path, sites, "AB"), LENGTH, OVERLAP)
    (other,) = find_spacings(read_sites(tmp_path, sites, "BA"), LENGTH, OVERLAP)
    turned = one.turned()
    assert one.favoured is not None and turned.favoured is not None and other.favoured is not None
    # half bases are rounded down as either motif reads, so that they may differ by one
    assert abs(turned.favoured.distance - other.favoured.distance) <= 1
    assert turned.favoured.distance == -one.favoured.distance
    assert turned.observed.sum() == other.observed.sum()
    assert one.turned().turned().observed.tolist() == one.observed.tolist()


def test_fixed_positions_of_all_windows_are_no_distance(tmp_path: Path) -> None:
    """Both motifs are at the same places of all windows, as in designed sequences."""
    sites = [Site("A", "chr1", 1000 * w, -40) for w in range(40)]
    sites += [Site("B", "chr1", 1000 * w, 20) for w in range(40)]
    (found,) = find_spacings(read_sites(tmp_path, sites, "AB"), LENGTH, OVERLAP)
    assert found.observed.max() == 40 and found.favoured is None


def test_calls_that_exclude_each_other_are_left_out(tmp_path: Path) -> None:
    sites = [Site("A", "chr1", 1000 * w, w, 10) for w in range(20)]
    sites += [Site("B", "chr1", 1000 * w, w + 3, 10) for w in range(20)]
    (found,) = find_spacings(read_sites(tmp_path, sites, "AB"), LENGTH, OVERLAP)
    assert found.n_pairs == 0 and not found.observed.any() and not found.expected.any()
    assert found.favoured is None


def test_motifs_that_never_meet_have_no_distances(tmp_path: Path) -> None:
    sites = [Site("A", "chr1", 1000, 0), Site("B", "chr1", 2000, 0), Site("B", "chr1", 1000, 200)]
    assert find_spacings(read_sites(tmp_path, sites, "AB"), LENGTH, OVERLAP) == []
    assert find_spacings(read_sites(tmp_path, [], "AB"), LENGTH, OVERLAP) == []


def test_long_windows_are_compared_by_bins_alone(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    sites = [
        Site(motif, "chr1", 10**6 * w, int(rng.integers(-2000, 2000)))
        for w in range(60)
        for motif in "AAAABBBB"
    ]
    (found,) = find_spacings(read_sites(tmp_path, sites, "AB"), 100_000, OVERLAP)
    assert found.n_pairs >= 900 and found.favoured is None
    assert found.expected.sum() == pytest.approx(found.observed.sum(), rel=0.2)
