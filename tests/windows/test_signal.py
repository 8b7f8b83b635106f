"""The measured signal at the windows, from little bigWig files."""

import logging
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.file import WindowPlaces
from deeplift_genomics.windows.signal import Signal, files_of_tasks
from tests.windows.test_controls import bigwig

NONE = float("nan")
PLACES = WindowPlaces(np.array(["chr2", "1", "chr2"], object), np.array([0, 2, 3]), 6)
# window 0 is chr2:0-6, window 1 is chr1:2-8, window 2 is chr2:3-9, one base beyond the contig
PLUS = {"chr1": [1, 2, 3, 4, 5, 6, 7, 8], "chr2": [0, 9, NONE, 7, 6, 5, 4, NONE]}
MINUS = {"chr1": [-1, -2, -3, -4, -5, -6, -7, -8], "chr2": [-1, NONE, -3, -4, 0, -6, -7, -8]}


def read(paths: list[Path], offset: int = 1, width: int = 4) -> np.ndarray:
    with Signal(paths, PLACES) as signal:
        found = signal.read(slice(0, 3), offset, width, range(len(paths)))
        signal.finish()
    return found


def test_reads_at_bases(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    paths = [bigwig(tmp_path / "plus.bw", PLUS), bigwig(tmp_path / "minus.bw", MINUS)]
    with caplog.at_level(logging.INFO):
        found = read(paths)
    assert found.tolist() == [
        [[9, 0, 7, 6], [0, 3, 4, 0]],
        [[4, 5, 6, 7], [4, 5, 6, 7]],
        [[6, 5, 4, 0], [0, 6, 7, 8]],
    ]
    assert "minus.bw holds negative numbers, as minus strands often do; their magnitude" in (
        caplog.text
    )
    assert "plus.bw: 2 of 12 bases had no value and count as zero" in caplog.text
    assert "plus.bw holds negative" not in caplog.text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0, 1, -1, 0, 0, 0], r"both\.bw holds values of both signs, from -1 to 1"),
        ([0, float("inf"), 0, 0, 0, 0], r"both\.bw holds infinite values"),
    ],
)
def test_what_are_no_reads(tmp_path: Path, values: list[float], message: str) -> None:
    path = bigwig(tmp_path / "both.bw", {"chr2": [0.0] * 9, "1": [0, 0, *values]})
    with pytest.raises(InputError, match=message):
        read([path], offset=0, width=6)


def test_a_file_of_other_contigs(tmp_path: Path) -> None:
    path = bigwig(tmp_path / "other.bw", {"scaffold_1": [1.0] * 9})
    with pytest.raises(InputError, match=r"bigWig file .*other\.bw have no contig in common"):
        read([path])


def test_no_read_at_any_window(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = bigwig(tmp_path / "empty.bw", {"chr2": [0.0, 0, 0, 0, 0, 0, 0, 0, 0]})
    assert not read([path]).any()
    assert "empty.bw has no read at any window" in caplog.text


ONE = "Expected 1 file, or 2 with the strands in order. Join files that belong together"


@pytest.mark.parametrize(
    ("tasks", "n_files", "expected"),
    [
        ([("profile", 2)], 2, [(0, 1)]),
        ([("profile", 2)], 1, [(0,)]),
        ([("profile", 2)], 3, f"has 3 bigWig files, and the targets explain profile.*{ONE}"),
        ([("profile", 1)], 1, [(0,)]),
        ([("profile", 1)], 2, "the targets explain profile .1 strand.. Expected 1 file. Join"),
        ([("a", 2), ("b", 2)], 4, [(0, 1), (2, 3)]),
        ([("a", 2), ("b", 2)], 2, [(0,), (1,)]),
        ([("a", 2), ("b", 2)], 1, "has 1 bigWig file, .*Expected 2 files, or 4 with the strands"),
        ([("t[3]", 1), ("t[7]", 1)], 2, [(0,), (1,)]),
        ([("logits[0]", 0), ("logits[2]", 0)], 1, [(0,), (0,)]),
        ([("logits[0]", 0)], 2, [(0, 1)]),
        ([("a", 2), ("logits[0]", 0)], 1, "Expected 2 files, or 3 with the strands"),
    ],
)
def test_which_files_a_task_is_compared_with(
    tasks: list[tuple[str, int]], n_files: int, expected: list[tuple[int, ...]] | str
) -> None:
    if isinstance(expected, str):
        with pytest.raises(InputError, match=expected):
            files_of_tasks(tasks, n_files)
    else:
        assert files_of_tasks(tasks, n_files) == expected
