"""The windows file: read as it was written, in part or whole, or refused."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.file import Windows, number_of_windows, read_windows, write_windows
from deeplift_genomics.windows.from_regions import cut_windows


def same(one: Windows, other: Windows) -> bool:
    return one.attributes == other.attributes and all(
        np.array_equal(getattr(one, key), getattr(other, key))
        and getattr(one, key).dtype == getattr(other, key).dtype
        for key in ("chrom", "start", "end", "summit", "name", "strand", "codes")
    )


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    regions = "".join(f"chr1\t{start}\t{start + 2}\tpeak \u00e9{start}\n" for start in range(1, 10))
    (tmp_path / "a.bed").write_text(regions)
    (tmp_path / "a.fa").write_text(">chr1\nACGTACGTACACGTNNNNACGGTCA\n")
    return cut_windows(tmp_path / "a.bed", tmp_path / "a.fa", 4, 0.05)[0]


def test_a_windows_file_is_read_as_written(tmp_path: Path, windows: Windows) -> None:
    write_windows(tmp_path / "w.h5", windows)
    read = read_windows(tmp_path / "w.h5")
    assert same(read, windows)
    assert {type(value) for value in read.attributes.values()} == {str, int, float}
    assert all(type(name) is str for name in [*read.name, *read.chrom, *read.strand])
    assert number_of_windows(tmp_path / "w.h5") == len(windows) == 9


@pytest.mark.parametrize(
    "rows", [slice(None), slice(2, 5), slice(7, 100), slice(-2, None), slice(4, 4), slice(20, 30),
             slice(5, 2)]
)  # fmt: skip
def test_a_slice_of_rows(tmp_path: Path, windows: Windows, rows: slice) -> None:
    write_windows(tmp_path / "w.h5", windows)
    read = read_windows(tmp_path / "w.h5", rows)
    assert read.name.tolist() == windows.name[rows].tolist()
    assert read.start.tolist() == windows.start[rows].tolist()
    assert read.codes.tolist() == windows.codes[rows].tolist()
    assert read.codes.shape == (len(windows.name[rows]), 4)
    assert read.attributes == windows.attributes


def test_rows_with_a_step_are_refused(tmp_path: Path, windows: Windows) -> None:
    write_windows(tmp_path / "w.h5", windows)
    with pytest.raises(ValueError, match="every 2th"):
        read_windows(tmp_path / "w.h5", slice(0, 8, 2))


def test_the_layout_of_a_windows_file(tmp_path: Path, windows: Windows) -> None:
    many = Windows(
        **{key: np.tile(getattr(windows, key), 400) for key in ("chrom", "start", "end")},
        **{key: np.tile(getattr(windows, key), 400) for key in ("summit", "name", "strand")},
        codes=np.tile(windows.codes, (400, 250)),
    )
    write_windows(tmp_path / "w.h5", many)
    with h5py.File(tmp_path / "w.h5") as file:
        assert dict(file.attrs) == {"deeplift_genomics_type": "windows", "format_version": 1}
        codes = file["codes"]
        assert codes.shape == (3600, 1000)
        assert codes.chunks == (1048, 1000)
        assert (codes.compression, codes.compression_opts, codes.shuffle) == ("gzip", 1, True)
        assert h5py.check_string_dtype(file["name"].dtype) == ("utf-8", None)
    assert same(read_windows(tmp_path / "w.h5"), many)


def test_equal_windows_give_equal_bytes(tmp_path: Path, windows: Windows) -> None:
    write_windows(tmp_path / "1.h5", windows)
    turned = dict(reversed(windows.attributes.items()))
    write_windows(tmp_path / "2.h5", Windows(**{**windows.__dict__, "attributes": turned}))
    assert (tmp_path / "1.h5").read_bytes() == (tmp_path / "2.h5").read_bytes()


def test_names_of_very_many_contigs_fit(tmp_path: Path, windows: Windows) -> None:
    """HDF5 keeps short attributes in a header of 64 kB; some genomes have 100,000 contigs."""
    names = json.dumps({f"chrUn_{number}": f"Un_{number}" for number in range(20_000)})
    write_windows(tmp_path / "w.h5", Windows(**{**windows.__dict__, "attributes": {"n": names}}))
    assert read_windows(tmp_path / "w.h5").attributes == {"n": names}


def test_no_windows_at_all_can_be_kept(tmp_path: Path, windows: Windows) -> None:
    write_windows(tmp_path / "w.h5", windows)
    none = read_windows(tmp_path / "w.h5", slice(0, 0))
    write_windows(tmp_path / "none.h5", none)
    assert same(read_windows(tmp_path / "none.h5"), none)
    assert number_of_windows(tmp_path / "none.h5") == 0


@pytest.mark.parametrize("read", [read_windows, number_of_windows])
def test_windows_files_that_are_none(tmp_path: Path, windows: Windows, read) -> None:
    path = tmp_path / "w.h5"
    with pytest.raises(InputError, match=r"Windows file not found: .*w\.h5"):
        read(path)
    write_windows(path, windows)
    data = path.read_bytes()
    for size in (0, 4, 100, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:size])
        with pytest.raises(InputError, match=r"w\.h5 is (cut short|not HDF5).*elete it and run"):
            read(path)
    path.write_text("chr1\t1\t2\n" * 1000)
    with pytest.raises(InputError, match="not HDF5"):
        read(path)
    for key, value, said in [
        ("deeplift_genomics_type", "scores", "holds 'scores', but a file of type 'windows'"),
        ("format_version", 2, "format version 2; this release reads 1"),
    ]:
        path.write_bytes(data)
        with h5py.File(path, "a") as file:
            file.attrs[key] = value
        with pytest.raises(InputError, match=said):
            read(path)
    path.write_bytes(data)
    with h5py.File(path, "a") as file:
        del file["codes"]
    with pytest.raises(InputError, match="elete it"):
        read(path)


def test_a_damaged_chunk_is_no_window(tmp_path: Path, windows: Windows) -> None:
    path = tmp_path / "w.h5"
    write_windows(path, windows)
    with h5py.File(path) as file:
        place = file["codes"].id.get_chunk_info(0).byte_offset
    data = bytearray(path.read_bytes())
    data[place : place + 8] = b"\xff" * 8
    path.write_bytes(data)
    with pytest.raises(InputError, match="elete it"):
        read_windows(path)


def test_an_output_that_cannot_be_written(tmp_path: Path, windows: Windows) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Cannot write"):
        write_windows(tmp_path / "file" / "w.h5", windows)
