"""Patterns: order, core, consensus and information content."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.motifs.patterns import Pattern, read_motifs, trimmed
from tests.motif_runs import MotifRun

# base by base: A, mostly C, a little more G than others, all alike, T
PPM = np.array([[1, 0, 0, 0], [0.1, 0.7, 0.1, 0.1], [0.2, 0.2, 0.4, 0.2], [0.25] * 4, [0, 0, 0, 1]])


def pattern(size: list[float], ppm: np.ndarray | None = None) -> Pattern:
    """A pattern whose CWM has one letter per position, and a seqlet on each strand."""
    width = len(size)
    ppm = np.full((width, 4), [1.0, 0, 0, 0]) if ppm is None else ppm
    cwm = np.zeros((width, 4))
    cwm[:, 0] = size
    return Pattern(
        name="pos_0",
        sign=1,
        ppm=ppm,
        cwm=cwm,
        hypothetical_cwm=2 * cwm,
        row=np.array([3, 4]),
        start=np.array([100, 200]),
        end=np.array([100, 200]) + width,
        is_revcomp=np.array([False, True]),
        sequence=np.ones((2, width, 4), dtype=np.int8),
        contribution=np.array([1.0, 2.0]),
    )


def test_core_is_cut_on_the_strand_of_each_seqlet() -> None:
    size = [0, 0, 0, 0.29, 0.3, -1, 0.1, 0.3, 0, 0.2]  # the core is [4, 8)
    core = trimmed(pattern(size), flank=0)
    assert core.cwm[:, 0].tolist() == [0.3, -1, 0.1, 0.3]
    assert core.hypothetical_cwm[:, 0].tolist() == [0.6, -2, 0.2, 0.6]
    assert (len(core), core.ppm.shape, core.sequence.shape) == (4, (4, 4), (2, 4, 4))
    # 2 bases are cut after the core: they come first on the minus strand
    assert core.start.tolist() == [104, 202]
    assert core.end.tolist() == [108, 206]


@pytest.mark.parametrize(("flank", "span"), [(0, (4, 8)), (1, (3, 9)), (2, (2, 10)), (5, (0, 10))])
def test_flanks_end_with_the_pattern(flank: int, span: tuple[int, int]) -> None:
    core = trimmed(pattern([0, 0, 0, 0, 1, 1, 1, 1, 0, 0]), flank=flank)
    assert (core.start[0] - 100, core.end[0] - 100) == span


def test_information_content() -> None:
    bits = pattern([1.0] * 5, PPM).information_content()
    # 2 - entropy: of 0.7 and three of 0.1 it is 1.3568, of 0.4 and three of 0.2 it is 1.9219
    np.testing.assert_allclose(bits, [2, 0.6432, 0.0781, 0, 2], atol=5e-5)


def test_consensus() -> None:
    assert pattern([1.0] * 5, PPM).consensus == "AcnnT"
    assert pattern([0, 1.0, 1.0, 1.0, 1.0], PPM).consensus == "cnnT"


def test_order_is_by_number(motif_run: MotifRun, tmp_path: Path) -> None:
    path = tmp_path / "many.h5"
    shutil.copy(motif_run.motifs, path)
    with h5py.File(path, "r+") as file:
        group = file["pos_patterns"]
        for index in range(1, 12):
            group.copy("pattern_0", f"pattern_{index}")
    names = [f"pos_{index}" for index in range(12)] + ["neg_0"]
    assert [found.name for found in read_motifs(path)] == names


def test_unknown_bases_do_not_count_as_frequencies(motif_run: MotifRun, tmp_path: Path) -> None:
    path = tmp_path / "unknown.h5"
    shutil.copy(motif_run.motifs, path)
    with h5py.File(path, "r+") as file:
        file["pos_patterns/pattern_0/sequence"][:2] = [[0.5, 0.25, 0, 0], [0, 0, 0, 0]]
    ppm = read_motifs(path)[0].ppm
    np.testing.assert_allclose(ppm[:2], [[2 / 3, 1 / 3, 0, 0], [0.25] * 4])
