"""Controls: the values of files that fill the control inputs."""

import math
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np
import pyBigWig
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.windows.controls import control_writer, plan_controls
from deeplift_genomics.windows.file import Windows, read_windows, write_windows

NAN = math.nan
# contig -> values from base 0; NaN has no value
PLUS = {"22": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "X": [NAN, NAN, 0.5, 0.25]}
MINUS = {"22": [10, NAN, 30, 40, NAN, 60, 70, 80, 90, 100], "X": [1, 1, 1, 1]}


def bigwig(path: Path, contigs: Mapping[str, list[float]]) -> Path:
    file = pyBigWig.open(str(path), "w")
    file.addHeader([(name, len(values)) for name, values in contigs.items()])
    for name, values in contigs.items():
        at = [i for i, value in enumerate(values) if not math.isnan(value)]
        file.addEntries(
            [name] * len(at), at, ends=[i + 1 for i in at], values=[float(values[i]) for i in at]
        )
    file.close()
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [bigwig(tmp_path / "plus.bw", PLUS), bigwig(tmp_path / "minus.bw", MINUS)]


def windows_at(places: list[tuple[str, int]], length: int) -> Windows:
    number = len(places)
    text = np.array(["."] * number, dtype=object)
    start = np.array([place for _, place in places], dtype=np.int64)
    return Windows(
        chrom=np.array([chrom for chrom, _ in places], dtype=object),
        start=start,
        end=start + length,
        summit=start + length // 2,
        name=text,
        strand=text,
        codes=np.zeros((number, length), np.int8),
    )


def stored(
    folder: Path, files: list[Path], inputs: dict, places: list[tuple[str, int]], length: int
) -> Windows:
    windows = windows_at(places, length)
    plan = plan_controls(inputs, files, length)
    write_windows(folder / "windows.h5", windows, control_writer(plan, windows))
    return read_windows(folder / "windows.h5")


@pytest.mark.parametrize(
    ("shape", "n_files", "start", "length", "expected"),
    [
        ((4, 2), 2, 2, 4, [[3, 30], [4, 40], [5, 0], [6, 60]]),
        ((2, 2), 2, 2, 4, [[4, 40], [5, 0]]),  # the central bases
        ((2, 2), 2, 2, 5, [[4, 40], [5, 0]]),
        ((3, 2), 2, 2, 4, [[4, 40], [5, 0], [6, 60]]),  # 1 left and 1 right of the summit
        ((2, 1), 2, 2, 4, [[44], [5]]),  # strands summed
        ((2, 1), 1, 2, 4, [[4], [5]]),
        ((2,), 1, 2, 4, [4, 5]),
        ((2,), 2, 2, 4, [44, 5]),
    ],
)
def test_which_bases_fill_the_profile(
    tmp_path: Path,
    files: list[Path],
    shape: tuple[int, ...],
    n_files: int,
    start: int,
    length: int,
    expected: list,
) -> None:
    inputs = {"control_profile": shape}
    found = stored(tmp_path, files[:n_files], inputs, [("22", start)], length)
    assert found.controls["control_profile"].dtype == np.float32
    np.testing.assert_array_equal(found.controls["control_profile"], np.array([expected]))


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        # with a profile its bases are summed, here 44 + 5 and 40 + 0
        ({"profile": (2, 2), "n": (2,)}, [math.log(1 + 9), math.log(1 + 40)]),
        ({"profile": (2, 2), "n": (1,)}, [math.log(1 + 49)]),
        ({"profile": (2, 1), "n": (2,)}, [math.log(1 + 9), math.log(1 + 40)]),
        # without one the whole window
        ({"n": (2,)}, [math.log(1 + 18), math.log(1 + 130)]),
        ({"n": (1,)}, [math.log(1 + 148)]),
        ({"log_counts": (1, 2)}, [[math.log(1 + 18), math.log(1 + 130)]]),
    ],
)
def test_the_log_of_the_counts(
    tmp_path: Path, files: list[Path], inputs: dict, expected: list
) -> None:
    found = stored(tmp_path, files, inputs, [("22", 2)], 4)
    np.testing.assert_allclose(found.controls[list(inputs)[-1]], [expected], rtol=1e-6)


def test_missing_values_are_zero_and_counted(tmp_path: Path, files: list[Path]) -> None:
    # the regions call "22" and "X" chr22 and chrX; the file has no chrY, and X ends after 4 bases
    places = [("chr22", 3), ("chrX", 2), ("chrY", 5), ("chr22", 0)]
    found = stored(tmp_path, files, {"profile/all": (4, 2)}, places, 4)
    expected = [
        [[4, 40], [5, 0], [6, 60], [7, 70]],
        [[0.5, 1], [0.25, 1], [0, 0], [0, 0]],
        [[0, 0]] * 4,
        [[1, 10], [2, 0], [3, 30], [4, 40]],
    ]
    np.testing.assert_array_equal(found.controls["profile/all"], expected)
    assert found.control_attributes["profile/all"] == {
        "input": "profile/all",
        "files": "plus.bw, minus.bw",
        "digests": f"{digest(files[0])}, {digest(files[1])}",
        "filled": "values at the whole window, each file",
        "n_missing": 1 + 4 + 8 + 1,
        "n_empty": 1,
    }


def test_warnings_of_another_assembly(
    tmp_path: Path, files: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    stored(tmp_path, files[:1], {"n": (1,)}, [("22", 3), ("X", 2), ("chrY", 5)], 4)
    assert "plus.bw lacks contigs of the regions; their values count as zero: chrY" in caplog.text
    assert "1 windows reach beyond the contigs of plus.bw" in caplog.text
    assert "1 of 3 windows have no value but zero in plus.bw" in caplog.text


@pytest.mark.parametrize("n", [1, 1023, 1024, 2500])
def test_any_number_of_windows_in_any_order(tmp_path: Path, files: list[Path], n: int) -> None:
    rng = np.random.default_rng(n)
    starts = rng.integers(0, 7, n)
    places = [("22", int(start)) for start in starts]
    found = stored(tmp_path, files, {"profile": (2, 2), "n": (2,)}, places, 4)
    plus, minus = np.array(PLUS["22"]), np.nan_to_num(np.array(MINUS["22"]))
    both = np.stack([plus, minus], axis=1)
    expected = np.stack([both[start + 1 : start + 3] for start in starts])
    np.testing.assert_array_equal(found.controls["profile"], expected)
    np.testing.assert_allclose(found.controls["n"], np.log(1 + expected.sum(axis=1)), rtol=1e-6)
    part = read_windows(tmp_path / "windows.h5", slice(n // 2, n))
    np.testing.assert_array_equal(part.controls["profile"], expected[n // 2 :])
    again = digest(tmp_path / "windows.h5")
    stored(tmp_path, files, {"profile": (2, 2), "n": (2,)}, places, 4)
    assert digest(tmp_path / "windows.h5") == again


@pytest.mark.parametrize(
    ("inputs", "n_files", "said"),
    [
        ({}, 2, "the model has no control input"),
        ({"profile": (4, 3)}, 2, "takes 3 strands, but 2 bigWig files are given"),
        ({"profile": (4, 2), "n": (2,)}, 1, "takes 2 strands, but 1 bigWig file is given"),
        ({"n": (3,)}, 2, "Control inputs: n (3). Files, strands in order: plus.bw, minus.bw"),
        ({"profile_0": (4, 2), "profile_1": (4, 2)}, 2, "2 control inputs for profile"),
        ({"a": (2,), "b": (2,)}, 2, "2 control inputs for counts"),
        ({"odd": (4, 2, 2)}, 2, "neither a profile"),
        ({"odd": (2, 4)}, 2, "neither a profile"),
        ({"profile": (9, 2)}, 2, "takes 9 bases, more than the window's 8"),
    ],
)
def test_inputs_that_do_not_fit(files: list[Path], inputs: dict, n_files: int, said: str) -> None:
    with pytest.raises(InputError) as error:
        plan_controls(inputs, files[:n_files], 8)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "bigWig file not found"),
        (b"", "is no bigWig file"),
        (b"chr1\t0\t10\t1.0\n" * 20, "is no bigWig file"),
        (40, "was cut short"),
        (70, "was cut short"),  # libBigWig would crash the process
        (0.5, "was cut short"),
        (0.95, "was cut short"),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: bytes | float | None, said: str) -> None:
    path = tmp_path / "damaged.bw"
    if content is not None:
        values = np.random.default_rng(0).random(5000)
        whole = bigwig(tmp_path / "whole.bw", {"chr1": values.tolist()}).read_bytes()
        if isinstance(content, float):
            content = int(content * len(whole))
        path.write_bytes(content if isinstance(content, bytes) else whole[:content])
    with pytest.raises(InputError, match=said):
        plan_controls({"n": (1,)}, [path], 8)


def test_values_that_no_reads_have(tmp_path: Path) -> None:
    path = bigwig(tmp_path / "minus.bw", {"22": [-1, -2, -3, -4]})
    with pytest.raises(InputError, match="negative values"):
        stored(tmp_path, [path], {"n": (1,)}, [("22", 0)], 4)
    assert not (tmp_path / "windows.h5").exists()
    found = stored(tmp_path, [path], {"profile": (4, 1)}, [("22", 0)], 4)
    np.testing.assert_array_equal(found.controls["profile"], [[[-1], [-2], [-3], [-4]]])
    path = bigwig(tmp_path / "log.bw", {"22": [1, math.inf, 3, 4]})
    with pytest.raises(InputError, match="infinite values"):
        stored(tmp_path, [path], {"profile": (4, 1)}, [("22", 0)], 4)


def test_contigs_of_another_genome(tmp_path: Path, files: list[Path]) -> None:
    with pytest.raises(InputError, match="no contig in common"):
        stored(tmp_path, files, {"n": (1,)}, [("chrIV", 0)], 4)


def test_a_windows_file_without_controls_has_none(tmp_path: Path) -> None:
    write_windows(tmp_path / "windows.h5", windows_at([("22", 0)], 4))
    assert read_windows(tmp_path / "windows.h5").controls == {}
    with h5py.File(tmp_path / "windows.h5") as file:
        assert "controls" not in file
