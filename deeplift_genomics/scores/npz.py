"""NumPy archives (.npz) written a part at a time: memory does not grow with their arrays."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from deeplift_genomics.files.atomic import atomic_path, writing

_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the same arrays give the same bytes


@dataclass(frozen=True)
class Parts:
    """An array in parts: its shape and type, and the parts along the first axis."""

    shape: tuple[int, ...]
    dtype: DTypeLike
    parts: Iterator[NDArray]


def write_npz(path: Path, arrays: Mapping[str, Parts]) -> None:
    """Write arrays by name, as `numpy.savez_compressed` does.

    Raises
    ------
    DiskError
        If the file cannot be completed.
    """
    with (
        atomic_path(path) as temporary,
        writing(temporary),
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name, array in arrays.items():
            dtype = np.dtype(array.dtype)
            item = zipfile.ZipInfo(f"{name}.npy", _NO_DATE)
            item.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(item, "w", force_zip64=True) as file:
                header = {
                    "descr": np.lib.format.dtype_to_descr(dtype),
                    "fortran_order": False,
                    "shape": array.shape,
                }
                np.lib.format.write_array_header_1_0(file, header)
                for part in array.parts:
                    file.write(np.ascontiguousarray(part, dtype=dtype).tobytes())
