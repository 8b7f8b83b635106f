"""Fixtures: the cluster, and runs of the demo on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.runs import Cluster
from tests.cluster.slurm import Slurm, why_not

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put these tests last: they take longest, mostly waiting."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    if reason := why_not():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with Slurm(tmp_path_factory.mktemp("slurm")) as running:
        yield running


@pytest.fixture(scope="session")
def cluster(slurm: Slurm) -> Cluster:
    return Cluster(slurm)
