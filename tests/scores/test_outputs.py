"""The file of maps: what is written is read, and what is damaged is refused."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics import read_outputs
from deeplift_genomics.errors import InputError
from deeplift_genomics.scores.outputs import OutputMap, write_outputs


def made_map(positions: int = 6, length: int = 40, **values: object) -> OutputMap:
    """Make a map in which base 10 + p contributes p + 1 to position p, and base 30 -1 to all."""
    arrays = {
        "positions": np.arange(3, 3 + positions),
        "hyp_scores": np.zeros((positions, length, 4), np.float32),
        "input_seqs": np.eye(4, dtype=np.int8)[np.arange(length) % 4],
        "target": np.arange(positions, dtype=np.float32),
        "reference_target": np.zeros((positions, 2), np.float32),
        "residual": np.full((positions, 2), -1e-6, np.float32),
    }
    for p in range(positions):
        arrays["hyp_scores"][p, 10 + p] = p + 1
        arrays["hyp_scores"][p, 30] = -1
    given = {"locus": "peak_1", "head": "profile", "label": "profile", "contig": "chr1"}
    given |= {"start": 1000, "row": 2, "offset": 4, "bin_width": 1, "arrays": arrays}
    return OutputMap(**(given | values))


def test_maps_come_back_as_they_were(tmp_path: Path) -> None:
    maps = [made_map(), made_map(3, locus="chr1:1,010", label="tasks[2]", bin_width=4)]
    assert write_outputs(tmp_path / "outputs.h5", iter(maps), {"seed": 1}) == 2
    for one, other in zip(read_outputs(tmp_path / "outputs.h5"), maps, strict=True):
        for name in ("locus", "head", "label", "contig", "start", "row", "offset", "bin_width"):
            assert getattr(one, name) == getattr(other, name)
        for name, values in other.arrays.items():
            np.testing.assert_array_equal(one.arrays[name], values)
        assert one.contributions.shape == (len(other.arrays["positions"]), 40)
        assert one.contributions[2, 12] == 3


def test_nothing_is_left_of_maps_that_fail(tmp_path: Path) -> None:
    def maps():
        yield made_map()
        raise InputError("no more")

    with pytest.raises(InputError, match="no more"):
        write_outputs(tmp_path / "outputs.h5", maps(), {})
    assert not [*tmp_path.iterdir()]


def test_damaged_maps_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "outputs.h5"
    write_outputs(path, [made_map()], {})
    with h5py.File(path, "r+") as file:
        del file["maps/0/target"]
        file["maps/0"]["target"] = np.zeros(5)
    with pytest.raises(InputError, match="target"):
        read_outputs(path)
    with h5py.File(path, "r+") as file:
        del file["maps/0/target"]
        file["maps/0"]["target"] = np.zeros(6)
        del file["maps/0"].attrs["contig"]
    with pytest.raises(InputError, match="contig"):
        read_outputs(path)
