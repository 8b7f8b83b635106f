"""The files of one run, made once for all tests of the report."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.motifs.logos import draw_logos
from deeplift_genomics.windows.dropped import write_dropped
from tests.make_scores import make_score_file
from tests.report.example import DROPPED, EFFECTS, PLANTED, write_motifs


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Write the input of a report: two positive patterns, a negative one, seven dropped regions."""
    folder = tmp_path_factory.mktemp("run")
    paths = {
        "scores_path": folder / "counts.h5",
        "motifs_path": folder / "counts.modisco.h5",
        "logos_folder": folder / "logos",
        "dropped_path": folder / "dropped.tsv",
    }
    truth = make_score_file(paths["scores_path"], 40, 500, PLANTED, seed=3, effects=EFFECTS)
    with h5py.File(paths["scores_path"], "a") as file:
        file.attrs["n_dropped"] = len(DROPPED)
    # not every window's CTCF was found, so that the patterns differ in number
    found = [place for place in truth if place[4] != "CTCF" or place[0] % 3]
    write_motifs(paths["motifs_path"], paths["scores_path"], found)
    draw_logos(paths["motifs_path"], paths["logos_folder"])
    write_dropped(paths["dropped_path"], DROPPED)
    return paths


@pytest.fixture
def folds(run: dict, tmp_path: Path) -> dict:
    """Write scores of three folds, one of which has a large residual, for the same run."""
    scores = tmp_path / "folds.h5"
    shutil.copy(run["scores_path"], scores)
    with h5py.File(scores, "a") as file:
        n = len(file["target"])
        file["fold_agreement"] = np.linspace(0, 1, n, dtype=np.float32)
        file["fold_target"] = np.zeros((n, 3), np.float32)
        file["worst_residual"] = file["residual"][:]
        file["worst_residual"][7, 1] = -0.5
    return {**run, "scores_path": scores}
