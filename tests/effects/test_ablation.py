"""Ablation: what a window loses without an instance, and without as many other bases."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.dna.sequence import encode
from deeplift_genomics.effects.ablation import Ablation, Places, Site, ablate, control_of
from deeplift_genomics.effects.ablation_part import TOO_FEW, _rows, compare, smallest_p_value
from deeplift_genomics.effects.heads import Measure
from deeplift_genomics.effects.meter import Meter
from deeplift_genomics.effects.statistics import EFFECT
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.windows.file import Windows, write_windows
from tests.effects.models import motif
from tests.effects.test_spacing import LEFT, LENGTH, detector


def windows_with_sites(path: Path) -> list[Site]:
    """Write six windows with a motif each; return where it stands."""
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 4, (6, LENGTH)).astype(np.int8)
    sites = [Site(row, 10 * row + 5, 10 * row + 5 + len(LEFT)) for row in range(6)]
    for site in sites:
        codes[site.row, site.start : site.end] = encode(LEFT)
    names = np.array([f"r{i}" for i in range(6)], dtype=object)
    strand, chrom = np.full(6, ".", dtype=object), np.full(6, "chr1", dtype=object)
    start = np.arange(6) * 1000
    windows = Windows(
        chrom, start, start + LENGTH, start + LENGTH // 2, names, strand, codes,
        {"window_length": LENGTH},
    )  # fmt: skip
    write_windows(path, windows)
    return sites


def test_the_motif_is_lost_and_other_bases_are_not(tmp_path: Path) -> None:
    path = tmp_path / "windows.h5"
    sites = windows_with_sites(path)
    taken = {site.row: [(site.start, site.end)] for site in sites}
    model = detector(LEFT)
    meter = Meter(Predictor([from_keras(model)]), ["counts"])
    (found,) = ablate(meter, path, {"A": sites}, taken, draws=4, seed=1)
    assert found.motif == "A" and found.change.shape == (6, len(meter.measures))
    assert (found.change[:, 0] < -1.2).all()  # a whole motif gives 1.5
    assert (np.abs(found.control[:, 0]) < 0.2).all()
    # in another order, and some of them, alike
    (again,) = ablate(meter, path, {"A": sites[3:]}, taken, draws=4, seed=1)
    np.testing.assert_allclose(again.change, found.change[3:], atol=1e-6)
    np.testing.assert_allclose(again.control, found.control[3:], atol=1e-6)


def test_a_window_full_of_instances_has_no_control(tmp_path: Path) -> None:
    path = tmp_path / "windows.h5"
    sites = windows_with_sites(path)[:2]
    meter = Meter(Predictor([from_keras(detector(LEFT))]), ["counts"])
    taken = {0: [(0, LENGTH)], 1: [(sites[1].start, sites[1].end)]}
    (found,) = ablate(meter, path, {"A": sites}, taken, draws=2, seed=1)
    assert np.isnan(found.control[0]).all() and np.isfinite(found.control[1]).all()
    (none,) = ablate(meter, path, {"A": []}, {}, draws=2, seed=1)
    assert none.change.shape == (0, len(meter.measures))


@pytest.mark.parametrize(
    ("taken", "possible"),
    [
        ([], range(7)),
        ([(0, 3)], range(3, 7)),
        ([(4, 6)], [0, 6]),
        ([(-5, 2), (8, 30)], range(2, 5)),
        ([(3, 7)], []),
    ],
)
def test_stretches_without_an_instance(taken: list, possible: range | list) -> None:
    found: set[Site | None] = {control_of(Site(0, 2, 6), taken, 10, seed) for seed in range(60)}
    assert found - {None} == {Site(0, at, at + 4) for at in possible}
    assert (None in found) == (not possible)


def test_an_instance_is_in_the_window_whose_centre_is_nearest() -> None:
    places = Places(["chr1", "chr1", "chr2"], np.array([140, 100, 100]), 100)
    assert places.site("chr1", 150, 160) == Site(1, 50, 60)
    assert places.site("chr1", 190, 200) == Site(0, 50, 60)
    assert places.site("chr1", 230, 240) == Site(0, 90, 100)
    assert places.site("chr1", 232, 242) is None
    assert places.site("chr3", 150, 160) is None


@pytest.mark.parametrize("pairs", [1, 5, 9, 14])
def test_no_p_value_is_smaller_than_the_smallest(pairs: int) -> None:
    change = -np.arange(1.0, pairs + 1)
    assert compare(change, np.zeros(pairs), "target") == pytest.approx(smallest_p_value(pairs))


def test_the_verdict_needs_as_many_instances_as_the_measures_ask_for() -> None:
    for number, measures, verdict in ((9, 1, EFFECT), (9, 3, TOO_FEW), (10, 3, EFFECT)):
        change = -np.arange(1.0, number + 1)[:, None].repeat(measures, axis=1)
        found = Ablation("M", change, np.zeros_like(change))
        named = [Measure("counts", i, "output") for i in range(measures)]
        rows = list(_rows(motif(LEFT), named, found, seed=1))
        assert verdict in rows[0]
