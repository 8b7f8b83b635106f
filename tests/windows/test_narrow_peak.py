"""The windows as narrowPeak: a row each, in their order, with the centre as the summit."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.windows import narrow_peak
from deeplift_genomics.windows.file import Windows, write_windows
from deeplift_genomics.windows.narrow_peak import write_narrow_peak


@pytest.mark.parametrize("piece", [1, 2, 100])
@pytest.mark.parametrize("length", [4, 5])
def test_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int, length: int) -> None:
    monkeypatch.setattr(narrow_peak, "_ROWS", piece)
    start = np.array([7, 0, 3])
    windows = Windows(
        chrom=np.array(["chr2", "1", "chr2"], dtype=object),
        start=start,
        end=start + length,
        summit=start + length // 2,
        name=np.array(["a b", "é", "chr2:3-8"], dtype=object),
        strand=np.array(["+", "-", "."], dtype=object),
        codes=np.zeros((3, length), np.int8),
        attributes={"window_length": length},
    )
    write_windows(tmp_path / "w.h5", windows)
    write_narrow_peak(tmp_path / "w.h5", tmp_path / "w.narrowPeak")
    assert (tmp_path / "w.narrowPeak").read_text(encoding="utf-8") == (
        f"chr2\t7\t{7 + length}\ta b\t0\t+\t0\t-1\t-1\t2\n"
        f"1\t0\t{length}\té\t0\t-\t0\t-1\t-1\t2\n"
        f"chr2\t3\t{3 + length}\tchr2:3-8\t0\t.\t0\t-1\t-1\t2\n"
    )
