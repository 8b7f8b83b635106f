"""Settings and fixtures that all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# here, as a process can hold one browser only, whichever rooms' tests it runs
from tests.browser.chromium import browser  # noqa: F401 (fixture)
from tests.motif_runs import edited, empty_run, motif_run  # noqa: F401 (fixtures)

ROOT = Path(__file__).resolve().parents[1]

# machines are noisy: the time of an example means nothing
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real models, genomes and peaks, which are not part of the project."""
    folder = Path(os.environ.get("DEEPLIFT_GENOMICS_TEST_DATA", ROOT / ".." / "shared" / "data"))
    if not folder.is_dir():
        message = f"real test data not found at {folder}; set DEEPLIFT_GENOMICS_TEST_DATA"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder.resolve()
