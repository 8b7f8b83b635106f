"""Summits in their regions: their mean place, and the warning if it is odd."""

import logging
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.windows.centres import mean_position, warning_of_summits
from deeplift_genomics.windows.from_regions import make_windows


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        ([], 0.5),
        ([(7, 8, 7)], 0.5),  # of one base
        ([(0, 11, 5)], 0.5),
        ([(10, 21, 10), (10, 21, 20)], 0.5),
        ([(10, 21, 11), (10, 21, 13), (5, 6, 5)], 0.2),
    ],
)
def test_mean_position(regions: list[tuple[int, int, int]], expected: float) -> None:
    start, end, summit = np.array(regions, np.int64).reshape(-1, 3).T
    assert mean_position(start, end, summit) == expected


@pytest.mark.parametrize(
    ("n", "position", "warns"),
    [(20, 0.5, False), (20, 0.36, False), (20, 0.34, True), (20, 0.66, True), (19, 0.1, False)],
)
def test_summits_on_one_side_are_warned_of(n: int, position: float, warns: bool) -> None:
    assert (warning_of_summits(n, position) is not None) == warns


@pytest.mark.parametrize(("slop", "warns"), [(0, False), (200, True)])
def test_regions_made_longer_are_noticed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, slop: int, warns: bool
) -> None:
    """As `bedtools slop` leaves a narrowPeak: start and end moved, column 10 not."""
    draw = np.random.default_rng(1)
    lines = [
        f"1\t{start - slop}\t{start + 300 + slop}\tp\t0\t.\t1\t1\t1\t{draw.integers(100, 200)}\n"
        for start in range(1000, 50_000, 1000)
    ]
    (tmp_path / "a.bed").write_text("".join(lines))
    (tmp_path / "a.fa").write_text(">1\n" + "ACGT" * 20_000 + "\n")
    with caplog.at_level(logging.WARNING):
        make_windows(
            tmp_path / "a.bed",
            tmp_path / "a.fa",
            50,
            tmp_path / "w.h5",
            dropped_path=tmp_path / "d.tsv",
            max_unknown=0,
        )
    assert ("as by bedtools slop" in caplog.text) == warns
