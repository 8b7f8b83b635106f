"""One run of TF-MoDISco on synthetic scores, shared by the tests of what follows from it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.motifs.discovery import find_motifs
from deeplift_genomics.settings.sections import Motifs
from tests.make_scores import Truth, make_score_file

PLANTED = (("GATA", "AGATAAGA"), ("TAL", "CAGATGTT"))


@dataclass(frozen=True)
class MotifRun:
    """Scores with an activating GATA and a repressing TAL site in each of 200 windows."""

    scores: Path
    fasta: Path
    motifs: Path
    truth: Truth


@pytest.fixture(scope="session")
def motif_run(tmp_path_factory: pytest.TempPathFactory) -> MotifRun:
    folder = tmp_path_factory.mktemp("motif_run")
    run = MotifRun(folder / "scores.h5", folder / "genome.fa", folder / "motifs.h5", [])
    truth = make_score_file(run.scores, planted=PLANTED, effects=(1, -0.7), fasta=run.fasta)
    find_motifs(run.scores, run.motifs, Motifs())
    run.truth.extend(truth)
    return run


@pytest.fixture(scope="session")
def empty_run(tmp_path_factory: pytest.TempPathFactory) -> MotifRun:
    """A run on so few windows that there can be no motif."""
    folder = tmp_path_factory.mktemp("empty_run")
    run = MotifRun(folder / "scores.h5", folder / "genome.fa", folder / "motifs.h5", [])
    run.truth.extend(make_score_file(run.scores, n=9, planted=PLANTED, fasta=run.fasta))
    find_motifs(run.scores, run.motifs, Motifs())
    return run


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
