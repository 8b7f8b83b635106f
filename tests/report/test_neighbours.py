"""What is told of a motif and the others of its windows."""

import json
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.instances.spacing import find_spacings
from deeplift_genomics.instances.statistics import Statistics
from deeplift_genomics.instances.summary import bins_of
from deeplift_genomics.instances.together import find_together
from deeplift_genomics.report.neighbours import SHOWN, neighbours_of
from deeplift_genomics.report.render import Plots
from tests.instances.small_tables import Site, read_sites

NAMES = ("A", "B", "C")


def statistics(folder: Path, sites: list[Site], names: tuple[str, ...] = NAMES) -> Statistics:
    """Count and compare instances in 60 windows, without a score file."""
    columns = read_sites(folder, sites, names)
    pairs = find_together(columns, 60), find_spacings(columns, 500, 0.5)
    return Statistics(bins_of(500), [], [], *pairs)


@pytest.fixture
def found(tmp_path: Path) -> Statistics:
    """A in 30 windows; B 30 bases downstream of it, on the other strand; C in 30 other windows."""
    rng = np.random.default_rng(4)
    sites = []
    for w in range(30):
        at, plus = int(rng.integers(-80, 80)), bool(w % 2)
        sites.append(Site("A", "chr1", 1000 * w, at, strand="+" if plus else "-"))
        other = at + (30 if plus else -30)
        sites.append(Site("B", "chr1", 1000 * w, other, strand="-" if plus else "+"))
        sites.append(Site("C", "chr2", 1000 * w, at))
    return statistics(tmp_path, sites)


def test_a_favoured_distance_is_told_as_either_motif_reads(found):
    """Facing each other, each of the two is downstream of the other."""
    for number, other in ((0, "B"), (1, "A")):
        plots = Plots()
        _, told = neighbours_of(number, NAMES, found, plots)
        row = next(row for row in told if row["name"] == other)
        assert row["distance"] == "30 bases downstream, in the opposite orientation"
        assert (row["favoured"].observed, row["near"]) == (30, 30)
        assert row["verdict"] == "more often than by chance"
        assert (row["n_both"], row["expected"], row["ratio"]) == (30, 15, 2)
        drawn = json.loads(str(plots.as_json()))[row["plot"].name]
        same, opposite = drawn["counts"]
        assert sum(same) == 0 and sum(opposite) == 30 == max(opposite)
        start = drawn["start"] + drawn["step"] * opposite.index(30)
        assert start <= 30 < start + drawn["step"]
        assert "30 bases downstream" in row["plot"]


def test_motifs_that_never_meet(found):
    _, told = neighbours_of(2, NAMES, found, Plots())
    assert [row["verdict"] for row in told] == ["less often than by chance"] * 2
    assert all(row["n_both"] == row["near"] == 0 for row in told)
    assert all(row["plot"] == row["distance"] == "" and not row["favoured"] for row in told)


def test_few_of_many_motifs_are_told_of(tmp_path):
    names = tuple("ABCDEFGHIJ")
    sites = [
        Site(name, "chr1", 1000 * w, 40 * i - 200)
        for i, name in enumerate(names)
        for w in range(10 + i)
    ]
    plots = Plots()
    left_out, told = neighbours_of(0, names, statistics(tmp_path, sites, names), plots)
    assert (left_out, len(told)) == (9 - SHOWN, SHOWN)
    assert len(json.loads(str(plots.as_json()))) <= SHOWN
    values = [row["q_value"] for row in told]
    assert values == sorted(values)
