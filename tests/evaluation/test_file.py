"""The evaluation files: written and read back; damage is told."""

from pathlib import Path

import h5py
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import read_table
from deeplift_genomics.scores.evaluations import EVALUATION, read_evaluation
from deeplift_genomics.settings.metrics import METRICS, PARTS
from tests.evaluation.made import ATTRIBUTES, METHODS, rows, write_made


def test_an_evaluation_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = read_evaluation(write_made(tmp_path))
    expected = list(rows())
    assert list(found.table.columns) == list(EVALUATION.columns)
    assert found.table["method"].tolist() == [row[1] for row in expected]
    assert found.table["mean"].tolist() == [row[6] for row in expected]
    assert list(found.methods) == list(METHODS)
    assert found.methods["grad_cam"]["gives"] == "positions"
    assert ATTRIBUTES.items() <= found.attributes.items()
    assert set(found.table["metric"]) == set(METRICS)
    table = read_table(tmp_path / "evaluation.tsv", EVALUATION)
    assert table["level"].tolist() == found.table["level"].tolist()
    assert table["low"].astype(float).tolist() == pytest.approx(
        found.table["low"].tolist(), rel=1e-5
    )


def test_a_damaged_evaluation_is_refused(tmp_path: Path) -> None:
    path = write_made(tmp_path)
    with h5py.File(path, "r+") as file:
        file.attrs["methods"] = "["
    with pytest.raises(InputError, match=r"does not name its methods\. Delete it and run again"):
        read_evaluation(path)
    with h5py.File(path, "r+") as file:
        del file["low"]
    with pytest.raises(InputError, match="dataset /low is missing"):
        read_evaluation(path)


def test_every_metric_is_of_a_part() -> None:
    assert {metric.part for metric in METRICS.values()} == set(PARTS)
