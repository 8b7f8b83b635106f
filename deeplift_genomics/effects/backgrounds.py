"""Backgrounds: dinucleotide shuffles of the sample's own windows."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.shuffle import shuffle_codes
from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.file import number_of_windows, read_rows


class ShuffledWindows(NamedTuple):
    """Shuffled windows, with the controls of the windows that they were made from.

    Attributes
    ----------
    codes
        (M, L) int8.
    controls
        Input name -> (M, ...).
    rows
        Row of the windows file, (M,).
    """

    codes: NDArray[np.int8]
    controls: dict[str, NDArray]
    rows: NDArray[np.int64]


def draw_backgrounds(path: str | Path, number: int, seed: int) -> ShuffledWindows:
    """Return shuffles of windows that are drawn without replacement.

    With fewer windows than backgrounds, every window is shuffled as often as the others, or once
    more.

    Raises
    ------
    InputError
        If the windows file cannot be read, or has no window.
    """
    n = number_of_windows(path)
    if n == 0:
        raise InputError(f"{path} has no window to make backgrounds from.")
    random = np.random.default_rng(seed)
    rounds = [random.permutation(n) for _ in range(-(-number // n))] if n < number else []
    rows = np.concatenate(rounds)[:number] if rounds else random.choice(n, number, replace=False)
    windows, controls = read_rows(path, rows.tolist())
    shuffled = [
        # a window that comes again is shuffled in another way
        shuffle_codes(window[None], i // n + 1, seed)[0, i // n]
        for i, window in enumerate(windows)
    ]
    return ShuffledWindows(np.stack(shuffled), controls, rows.astype(np.int64))
