"""The networks to explain, each with its windows and references in a folder."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.attribution.cases import BIAS, Case
from benchmarks.attribution.cases import ZNF143 as ZNF143_CASE
from benchmarks.attribution.network import Network
from benchmarks.attribution.team import ROOT
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.dna.shuffle import shuffle_codes
from deeplift_genomics.windows.file import Windows, read_windows, write_windows
from deeplift_genomics.windows.from_regions import make_windows

REFERENCES = 20
LOADED = 10  # windows that contestants hold in memory
ZNF143 = ZNF143_CASE.title
REAL = {case.title: case for case in (ZNF143_CASE, BIAS)}
PEAKS = "ctcf_hg19_chr22.narrowPeak"


@dataclass(frozen=True)
class Material:
    """A folder with a network: model, network.json, weights, arrays, windows.h5."""

    name: str
    folder: Path
    model: Path
    references: int = REFERENCES

    @property
    def windows(self) -> Path:
        """Path of the windows file, for the subcommand."""
        return self.folder / "windows.h5"

    @property
    def network(self) -> Network:
        """Layers of the network."""
        return Network.read(self.folder / "network.json")


def make(case: Case, folder: Path, windows: int = LOADED) -> Material | None:
    """Write the material of a case, with windows for the subcommand.

    Return None where the data of a real model are absent.
    """
    if not case.file:
        return make_random(case, folder / case.name, windows)
    found = make_real(folder, [case.title])
    return found[0] if found else None


def make_random(case: Case, folder: Path, windows: int) -> Material:
    """Write a model with random weights, and random sequences."""
    folder.mkdir()
    length, number = case.length, max(windows, LOADED)
    codes = np.random.default_rng(0).integers(0, 4, (number, length)).astype(np.int8)
    start = np.arange(windows, dtype=np.int64) * length
    text = np.array([f"random_{i}" for i in range(windows)], dtype=object)
    made = Windows(
        np.full(windows, "random", dtype=object),
        start,
        start + length,
        start + length // 2,
        text,
        np.full(windows, ".", dtype=object),
        codes[:windows],
        {"window_length": length, "fasta": "none", "regions": "none", "n_regions": windows},
    )
    write_windows(folder / "windows.h5", made)
    _write_arrays(folder, codes, case.references)
    _run_keras(folder, case.name)
    return Material(case.title, folder, folder / "model.keras", case.references)


def make_real(folder: Path, names: Iterable[str] = tuple(REAL)) -> list[Material]:
    """Write real models with CTCF peaks; return none where the data are absent."""
    data = Path(os.environ.get("DEEPLIFT_GENOMICS_TEST_DATA", ROOT / ".." / "shared" / "data"))
    if not data.is_dir():
        print("real models not found; set DEEPLIFT_GENOMICS_TEST_DATA", file=sys.stderr)
        return []
    made = []
    for name in names:
        case = REAL[name]
        place = folder / Path(case.file).stem
        model = data / "models" / case.file
        genome = data / "genome" / "hg19_chr22_1-22000000.fa.gz"
        made.append(
            write(name, place, model, data / "regions" / PEAKS, genome=genome, length=case.length)
        )
    return made


def write(
    name: str, place: Path, model: Path, regions: Path, *, genome: Path, length: int
) -> Material:
    """Write a model, as a link, with windows of `length` bases of a genome, into a new folder."""
    place.mkdir()
    linked = place / f"model{model.suffix}"
    linked.symlink_to(model.resolve())
    make_windows(
        regions,
        genome,
        length,
        place / "windows.h5",
        dropped_path=place / "dropped.tsv",
        max_unknown=0.0,
    )
    _write_arrays(place, read_windows(place / "windows.h5").codes, REFERENCES)
    _run_keras(place, linked)
    return Material(name, place, linked)


def _write_arrays(folder: Path, codes: NDArray[np.int8], references: int) -> None:
    codes = codes[:LOADED]
    np.save(folder / "sequences.npy", one_hot(codes, np.int8))
    np.save(folder / "references.npy", one_hot(shuffle_codes(codes, references, 1), np.int8))


def _run_keras(folder: Path, model: Path | str) -> None:
    command = [sys.executable, "-m", "benchmarks.attribution.keras_side", str(folder), str(model)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Keras could not write the network:\n{done.stderr[-2000:]}")
