"""Samples whose pages the tests look at, made once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.motifs.known import Database, read_database
from deeplift_genomics.report import matched
from deeplift_genomics.settings.motif_sections import Annotation
from tests.report.example import Page
from tests.report.sample import MadeSample, make_sample


@pytest.fixture(scope="session", autouse=True)
def _known_motifs() -> Iterator[None]:
    """Read the known motifs once for all pages."""

    @cache
    def of_text(text: str) -> Database:
        return read_database(Annotation.model_validate_json(text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matched, "read_database", lambda found: of_text(found.model_dump_json()))
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> MadeSample:
    """Write a sample with two targets, three motifs and seven dropped regions."""
    return make_sample(tmp_path_factory.mktemp("sample"), title="A title", assay="ChIP-seq")


@pytest.fixture(scope="session")
def page(sample: MadeSample) -> Page:
    """Make its page."""
    return sample.page()[1]


@pytest.fixture
def folds(sample: MadeSample, tmp_path: Path) -> MadeSample:
    """Copy the sample, with scores of three folds of which one has a large residual."""
    copy = sample.copy(tmp_path / "folds")

    def change(file: h5py.File) -> None:
        n = len(file["target"])
        file["fold_agreement"] = np.linspace(0, 1, n, dtype=np.float32)
        file["fold_target"] = np.zeros((n, 3), np.float32)
        file["worst_residual"] = file["residual"][:]
        file["worst_residual"][7, 1] = -0.5

    copy.edit(change, "scores")
    return copy
