"""Loci: which instances come first, and where their inserts are."""

from pathlib import Path

import numpy as np

from deeplift_genomics.design.loci import MOST, find_loci, is_apart
from deeplift_genomics.effects.ablation import Places
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.table import INSTANCES

PLACES = Places(["chr1"] * 5, np.arange(5) * 100, 100)
Row = tuple[int, int, str, float]  # start, end, motif, contribution


def table(path: Path, rows: list[Row]) -> Path:
    """Write a table of instances on chr1."""
    write_table(
        path,
        INSTANCES,
        [
            ("chr1", start, end, motif, "pos_0", "+", 1.0, 1.0, size)
            + ("A" * (end - start), f"r{start}", 0, "", "", None)
            for start, end, motif, size in rows
        ],
    )
    return path


def starts(folder: Path, length: int = 40, **targets: list[Row]) -> list[int]:
    """Return the starts of the loci of the motif A, best first."""
    tables = {name: table(folder / f"{name}.tsv", rows) for name, rows in targets.items()}
    return [locus.start for locus in find_loci(tables, PLACES, length)["A"].usable]


def test_the_strongest_come_first_whatever_their_sign(tmp_path: Path) -> None:
    rows = [(45, 55, "A", -1.0), (145, 155, "A", -3.0), (245, 255, "A", -2.0)]
    assert starts(tmp_path, x=rows) == [145, 245, 45]


def test_those_of_more_targets_come_before_stronger_ones(tmp_path: Path) -> None:
    x, y = [(45, 55, "A", 1.0), (145, 155, "A", 9.0)], [(46, 56, "A", 0.01)]
    assert starts(tmp_path, x=x, y=y)[:2] == [45, 46]


def test_targets_of_other_scales_count_alike(tmp_path: Path) -> None:
    x = [(45, 55, "A", 100.0), (145, 155, "A", 60.0)]
    y = [(45, 55, "A", 0.2), (145, 155, "A", 1.0)]
    assert starts(tmp_path, x=x, y=y) == [145, 45]


def test_those_alone_on_their_bases_come_first(tmp_path: Path) -> None:
    x = [(45, 55, "A", 9.0), (145, 155, "A", 1.0)]
    y = [(45, 55, "A", 9.0), (54, 60, "B", 0.1), (155, 160, "B", 5.0)]
    assert starts(tmp_path, x=x, y=y) == [145, 45]
    loci = find_loci({"x": tmp_path / "x.tsv", "y": tmp_path / "y.tsv"}, PLACES, 40)
    assert [sorted(locus.others) for locus in loci["A"].usable] == [[], ["B"]]
    assert sorted(loci["A"].usable[1].support) == ["x", "y"]


def test_those_near_the_centre_come_first(tmp_path: Path) -> None:
    assert starts(tmp_path, x=[(5, 15, "A", 9.0), (130, 140, "A", 1.0)]) == [130, 5]
    assert starts(tmp_path, x=[(15, 25, "A", 9.0), (130, 140, "A", 1.0)]) == [130, 15]


def test_inserts_are_centred_or_moved_into_the_window(tmp_path: Path) -> None:
    rows = [(2, 12, "A", 1.0), (145, 155, "A", 2.0), (290, 300, "A", 3.0)]
    found = find_loci({"x": table(tmp_path / "x.tsv", rows)}, PLACES, 40)["A"].usable
    placed = {locus.start: (locus.first, locus.core, locus.off_centre) for locus in found}
    assert placed == {2: (0, (2, 12), 13), 145: (130, (15, 25), 0), 290: (260, (30, 40), 15)}
    (whole,) = find_loci({"x": table(tmp_path / "y.tsv", rows[:1])}, PLACES, 100)["A"].usable
    assert (whole.first, whole.core) == (0, (2, 12))


def test_loci_are_apart_in_windows_and_bases(tmp_path: Path) -> None:
    places = Places(["chr1"] * 3, np.array([0, 30, 200]), 100)
    rows = [(40, 50, "A", 3.0), (90, 100, "A", 2.0), (240, 250, "A", 1.0)]
    found = find_loci({"x": table(tmp_path / "x.tsv", rows)}, places, 60)["A"].usable
    a, b, c = sorted(found, key=lambda locus: locus.start)
    assert (a.site.row, b.site.row, c.site.row) == (0, 1, 2)
    assert not is_apart(b, [a], 60) and is_apart(b, [a], 40) and is_apart(c, [a, b], 60)


def test_what_cannot_be_used_is_counted(tmp_path: Path) -> None:
    rows = [(40, 90, "A", 1.0), (95, 105, "A", 1.0), (900, 910, "A", 1.0)]
    found = find_loci({"x": table(tmp_path / "x.tsv", rows)}, PLACES, 40)["A"]
    assert found.usable == []
    assert dict(found.reasons) == {
        "the instance is longer than the insert of 40 bp": 1, "the instance is in no window": 2,
    }  # fmt: skip


def test_only_the_strongest_are_kept(tmp_path: Path) -> None:
    places = Places(["chr1"], np.array([0]), 100_000)
    rows = [(20 * i, 20 * i + 9, "A", float(i)) for i in range(3 * MOST)]
    found = find_loci({"x": table(tmp_path / "x.tsv", rows)}, places, 40)["A"].usable
    assert sorted(locus.start for locus in found) == [row[0] for row in rows[-MOST:]]
