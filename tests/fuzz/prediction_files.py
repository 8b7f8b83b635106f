"""Fuzz targets: the readers of predictions, and the merge of their shards."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from deeplift_genomics.alleles_page.page import write_page
from deeplift_genomics.files.sealed import write_seal
from deeplift_genomics.report.output_maps import drawn_maps
from deeplift_genomics.report.render import Plots
from deeplift_genomics.scores.outputs import write_outputs
from deeplift_genomics.scores.prediction_merge import merge_predictions
from deeplift_genomics.scores.predictions import read_predictions, read_values
from deeplift_genomics.scores.read_fit import read_fit
from tests.alleles_page.made import write_made
from tests.fuzz.hdf5_files import _mutated
from tests.fuzz.runner import Target
from tests.scores.prediction_files import bpnet, measured, shards, windows_file
from tests.scores.test_outputs import made_map

N = 20


def predictions() -> Target:
    """Return the target of predictions beside a signal."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, windows = shards(folder, bpnet(N), 1), windows_file(folder, N)
        merge_predictions(made, windows, folder / "joined.h5", signal=measured(folder)[0])
        content = (folder / "joined.h5").read_bytes()

    def make(rng: random.Random, folder: Path) -> None:
        _mutated(rng, folder / "predictions.h5", content)

    def read(folder: Path) -> None:
        path = folder / "predictions.h5"
        for track in read_predictions(path, slice(3, 9)):
            assert track.predicted is None or track.predicted.ndim == 3
        for value in read_values(path, [4, 1]):
            assert value.predicted.ndim == 2
        for fit in read_fit(path):
            assert fit.counts is None or len(fit.counts.predicted) == len(fit.counts.observed)

    return Target(make, read)


def predicted() -> Target:
    """Return the target of shards that are joined, of which half of the cases seal one anew."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contents = [path.read_bytes() for path in shards(folder, bpnet(N), 2)]
        windows = windows_file(folder, N).read_bytes()

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "0.h5").write_bytes(contents[0])
        _mutated(rng, folder / "1.h5", contents[1])
        if rng.random() < 0.5:
            write_seal(folder / "1.h5")
        (folder / "windows.h5").write_bytes(windows)

    def read(folder: Path) -> None:
        paths = [folder / f"{number}.h5" for number in range(2)]
        merge_predictions(paths, folder / "windows.h5", folder / "joined.h5")

    return Target(make, read)


def outputs() -> Target:
    """Return the target of maps of loci."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "outputs.h5"
        write_outputs(path, [made_map(), made_map(3)], {"seed": 1})
        content = path.read_bytes()

    def make(rng: random.Random, folder: Path) -> None:
        _mutated(rng, folder / "outputs.h5", content)

    def read(folder: Path) -> None:
        drawn_maps(folder / "outputs.h5", Plots())

    return Target(make, read)


def alleles() -> Target:
    """Return the target of both alleles of variants."""
    with tempfile.TemporaryDirectory() as name:
        content = write_made(Path(name) / "alleles.h5").read_bytes()

    def make(rng: random.Random, folder: Path) -> None:
        _mutated(rng, folder / "alleles.h5", content)

    def read(folder: Path) -> None:
        write_page(folder / "alleles.h5", folder / "out" / "alleles.html")

    return Target(make, read)
