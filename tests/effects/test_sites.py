"""Instances that are replaced: drawn from their table, with all others of the same windows."""

from pathlib import Path

import pytest

from deeplift_genomics.effects.ablation import Places, Site
from deeplift_genomics.effects.sites import draw_sites, taken_of
from deeplift_genomics.windows.file import read_places
from tests.effects.models import instances_file, windows_file

# windows of 100 bp begin at 0, 100, 200, 300
PLACES = [(10, "A"), (110, "A"), (150, "B"), (196, "A"), (210, "A"), (310, "A"), (340, "C")]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Places]:
    windows = windows_file(tmp_path / "windows.h5", 4, 100)
    table = instances_file(tmp_path / "i.tsv", [("chr1", at, at + 8, m) for at, m in PLACES])
    place = read_places(windows)
    return table, windows, Places(place.chrom.tolist(), place.start, place.length)


def test_all_instances_are_drawn_if_they_are_few(files: tuple[Path, Path, Places]) -> None:
    table, _, places = files
    found = draw_sites(table, places, ["B", "A", "D"], most=9, seed=1)
    assert found == {
        "B": [Site(1, 50, 58)],
        "A": [Site(0, 10, 18), Site(1, 10, 18), Site(2, 10, 18), Site(3, 10, 18)],  # 196 leaves
        "D": [],
    }
    assert draw_sites(table, places, ["A"], most=0, seed=1) == {"A": []}


def test_some_are_drawn_whatever_their_order(
    files: tuple[Path, Path, Places], tmp_path: Path
) -> None:
    table, _, places = files
    drawn = {seed: draw_sites(table, places, ["A"], most=2, seed=seed)["A"] for seed in range(20)}
    assert all(len(set(some)) == 2 and some == sorted(some) for some in drawn.values())
    assert len({tuple(some) for some in drawn.values()}) > 3
    rows = [("chr1", at, at + 8, motif) for at, motif in [*PLACES[::-1], (10, "A")]]
    other = instances_file(tmp_path / "other.tsv", rows)
    for seed, some in drawn.items():
        assert draw_sites(other, places, ["A"], most=2, seed=seed)["A"] == some


def test_all_instances_of_the_drawn_windows_are_taken(files: tuple[Path, Path, Places]) -> None:
    table, windows, _ = files
    taken = taken_of(table, windows, {"B": [Site(1, 50, 58)], "A": [Site(2, 10, 18)]})
    assert taken == {1: [(10, 18), (50, 58), (96, 104)], 2: [(-4, 4), (10, 18)]}
    assert taken_of(table, windows, {"A": []}) == {}
