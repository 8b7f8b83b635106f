"""Backgrounds: whose shuffles they are, with which controls."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.effects.backgrounds import draw_backgrounds
from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.file import read_windows
from tests.effects.models import windows_file


def pairs(codes: np.ndarray) -> np.ndarray:
    return np.bincount(codes[:-1] * 5 + codes[1:], minlength=25)


@pytest.mark.parametrize("number", [3, 8, 20])
def test_backgrounds_are_shuffles_of_windows(number: int, tmp_path: Path) -> None:
    bias = np.arange(8, dtype=np.float32)[:, None]
    path = windows_file(tmp_path / "windows.h5", 8, 50, bias=bias)
    windows, found = read_windows(path), draw_backgrounds(path, number, 1)
    assert found.codes.shape == (number, 50)
    uses = np.bincount(found.rows, minlength=8)
    assert uses.max() - uses.min() <= 1 and uses.sum() == number
    assert len({codes.tobytes() for codes in found.codes}) == number
    np.testing.assert_array_equal(found.controls["bias"], bias[found.rows])
    for codes, row in zip(found.codes, found.rows, strict=True):
        np.testing.assert_array_equal(pairs(codes), pairs(windows.codes[row]))
        assert (codes != windows.codes[row]).any()
    assert (draw_backgrounds(path, number, 2).codes != found.codes).any()


def test_no_window_no_background(tmp_path: Path) -> None:
    path = windows_file(tmp_path / "windows.h5", 0, 50)
    with pytest.raises(InputError, match="has no window to make backgrounds from"):
        draw_backgrounds(path, 3, 1)
