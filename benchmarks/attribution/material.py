"""What is explained: networks with windows and references, in a folder each."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.attribution.network import Network
from benchmarks.attribution.team import ROOT
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.dna.shuffle import shuffle_codes
from deeplift_genomics.windows.file import Windows, read_windows, write_windows
from deeplift_genomics.windows.from_regions import make_windows

REFERENCES = 20
LOADED = 10  # windows that contestants hold in memory
YARDSTICK = "BPNet of 2,114 bp"
REAL = {
    "ZNF143 BPNet, 500 bp": "znf143_bpnet.h5",
    "ChromBPNet Tn5 bias model, 2,114 bp": "chrombpnet_bias_gm12878.h5",
}


@dataclass(frozen=True)
class Material:
    """A network in a folder: model, network.json, weights, arrays, windows.h5."""

    name: str
    folder: Path
    model: Path

    @property
    def windows(self) -> Path:
        """The windows as a file, for the subcommand."""
        return self.folder / "windows.h5"

    @property
    def network(self) -> Network:
        """Its layers."""
        return Network.read(self.folder / "network.json")


def make_yardstick(folder: Path, windows: int) -> Material:
    """The yardstick, with random weights and random sequences."""
    folder.mkdir()
    codes = np.random.default_rng(0).integers(0, 4, (windows, 2114)).astype(np.int8)
    start = np.arange(windows, dtype=np.int64) * 2114
    text = np.array([f"random_{i}" for i in range(windows)], dtype=object)
    made = Windows(
        np.full(windows, "random", dtype=object),
        start,
        start + 2114,
        start + 1057,
        text,
        np.full(windows, ".", dtype=object),
        codes,
        {"window_length": 2114, "fasta": "none", "regions": "none", "n_regions": windows},
    )
    write_windows(folder / "windows.h5", made)
    _write_arrays(folder, codes)
    _run_keras(folder)
    return Material(YARDSTICK, folder, folder / "model.keras")


def make_real(folder: Path) -> list[Material]:
    """The real models on CTCF peaks; none where the data are absent."""
    data = Path(os.environ.get("DEEPLIFT_GENOMICS_TEST_DATA", ROOT / ".." / "shared" / "data"))
    if not data.is_dir():
        print("real models not found; set DEEPLIFT_GENOMICS_TEST_DATA", file=sys.stderr)
        return []
    made = []
    for name, file in REAL.items():
        place = folder / Path(file).stem
        place.mkdir()
        model = place / "model.h5"
        model.symlink_to((data / "models" / file).resolve())
        length = 500 if "znf143" in file else 2114
        make_windows(
            data / "regions" / "ctcf_hg19_chr22.narrowPeak",
            data / "genome" / "hg19_chr22_1-22000000.fa.gz",
            length,
            place / "windows.h5",
            dropped_path=place / "dropped.tsv",
            max_unknown=0.0,
        )
        _write_arrays(place, read_windows(place / "windows.h5").codes)
        _run_keras(place, model)
        made.append(Material(name, place, model))
    return made


def _write_arrays(folder: Path, codes: NDArray[np.int8]) -> None:
    codes = codes[:LOADED]
    np.save(folder / "sequences.npy", one_hot(codes, np.int8))
    np.save(folder / "references.npy", one_hot(shuffle_codes(codes, REFERENCES, 1), np.int8))


def _run_keras(folder: Path, *model: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.attribution.keras_side"]
    command += map(str, (folder, *model))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"Keras could not write the network:\n{done.stderr[-2000:]}")
