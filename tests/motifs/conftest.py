"""Edited copies of the shared score file."""

import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.motif_runs import MotifRun


@pytest.fixture
def edited(motif_run: MotifRun, tmp_path: Path) -> Callable[..., Path]:
    """A function that copies the score file with datasets replaced by others of their shape."""

    def edit(**datasets: np.ndarray) -> Path:
        path = tmp_path / "edited.h5"
        shutil.copy(motif_run.scores, path)
        with h5py.File(path, "r+") as file:
            for name, values in datasets.items():
                file[name][:] = values
        return path

    return edit
