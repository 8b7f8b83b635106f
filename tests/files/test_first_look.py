"""First looks at files: a child reads them and may crash; the process does not."""

import os
import signal
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.first_look import first_look
from deeplift_genomics.files.hdf5 import check_layout, open_typed, read_attributes, whole_number
from deeplift_genomics.files.hdf5_probe import probe


def well(path: Path) -> None:
    path.read_bytes()


def refuse(path: Path) -> None:
    raise KeyError(f"something in {path.name}")


def die(path: Path) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def spin(path: Path) -> None:
    while True:
        pass


def fill(path: Path) -> None:
    bytearray(1 << 30)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (well, ""),
        (refuse, "'something in file'"),
        (die, "the library that reads such files fails on it (SIGSEGV)"),
        (spin, "the library that reads such files fails on it (SIGXCPU)"),
        (fill, "MemoryError"),
    ],
)
def test_what_becomes_of_the_child_is_said(tmp_path: Path, look, said: str) -> None:
    path = tmp_path / "file"
    path.write_text("text")
    begin = time.monotonic()
    assert first_look(path, look) == said
    assert time.monotonic() - begin < 10


def test_a_file_is_looked_at_once_until_it_changes(tmp_path: Path) -> None:
    path, seen = tmp_path / "file", tmp_path / "seen"
    path.write_text("text")

    def look(path: Path) -> None:
        with seen.open("a") as file:
            file.write("x")

    for text in (None, None, "other text", None):
        if text:
            path.write_text(text)
        assert first_look(path, look) == ""
    assert seen.read_text() == "xx"


def test_claims_beyond_the_file_are_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("scores", (1 << 40, 4), np.float32, chunks=(16, 4))
    with pytest.raises(InputError, match=r"/scores claims 17592186044416 bytes, more than the"):
        probe(tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file.create_dataset("name", (1 << 40,), h5py.string_dtype(), chunks=(16,))
    with pytest.raises(InputError, match=r"/name claims 1099511627776 texts"):
        probe(tmp_path / "b.h5")
    with h5py.File(tmp_path / "c.h5", "w") as file:  # one value only: the best compression
        file.create_dataset("scores", data=np.zeros((4096, 4000)), compression="gzip")
    probe(tmp_path / "c.h5")


LAYOUT = {"a": ("number", "NL4"), "b": ("text", "N"), "c?": ("integer", "N"), "d?": ("truth", "")}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("a", None, r"/group/a is missing; expected number of the shape \(N, L, 4\)"),
        ("a", np.zeros((2, 3)), r"/group/a is of the shape \(2, 3\)"),
        ("a", np.zeros((2, 3, 5)), r"/group/a is of the shape \(2, 3, 5\)"),
        ("a", np.zeros((3, 3, 4)), r"/group/b is of the shape \(2,\); expected text"),
        ("a", b"text", r"/group/a is of the type"),
        ("b", np.zeros(2), r"/group/b is of the type float64; expected text of the shape \(N\)"),
        ("c", np.zeros(2), r"/group/c is of the type float64; expected integer"),
        ("c", np.zeros(1, int), r"/group/c is of the shape \(1,\)"),
        ("c", h5py.Empty("i"), r"/group/c is of the shape None"),
        ("d", 1, r"/group/d is of the type int64; expected truth"),
    ],
)
def test_datasets_of_another_form(tmp_path: Path, name: str, value: object, message: str) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        group = file.create_group("group")
        group["a"], group["b"] = np.zeros((2, 3, 4)), ["x", "y"]
        assert check_layout(group, LAYOUT) == {"N": 2, "L": 3}
        if name in group:
            del group[name]
        if value is not None:
            group[name] = value
        with pytest.raises(InputError, match=message):
            check_layout(group, LAYOUT)
        file["dataset"] = 1
        with pytest.raises(InputError, match="has no group /dataset"):
            check_layout(file["dataset"], LAYOUT)


def test_attributes_of_another_form(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file.attrs["deeplift_genomics_type"], file.attrs["format_version"] = "scores", 1
        file.attrs["n"], file.attrs["list"] = -1, [1, 2]
    with open_typed(path, "scores") as file:
        with pytest.raises(InputError, match=r"its attribute list is '\[1 2\]'; expected a text"):
            read_attributes(file)
        with pytest.raises(InputError, match="its attribute n is '-1'; expected a whole number"):
            whole_number(file, "n")
        with pytest.raises(InputError, match="its attribute m is 'None'"):
            whole_number(file, "m")
        assert whole_number(file, "m", 3) == 3
    for key, value in (("format_version", "one"), ("deeplift_genomics_type", [1, 2])):
        with h5py.File(path, "a") as file:
            file.attrs[key] = value
        with pytest.raises(InputError), open_typed(path, "scores"):
            pass
