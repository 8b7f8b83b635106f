"""Results of two runs of one sample: the second lacks a motif, has another, and other scores."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.record.provenance import Provenance
from tests.cohort.test_matrix import write_numbers
from tests.cohort.test_unique import make_sample
from tests.make_scores import make_score_file
from tests.motifs.made_motifs import CTCF, GATA, NRF1, Made

N, LENGTH = 12, 60


def write_record(folder: Path, **changes: object) -> None:
    """Write provenance.json of a run of the sample k562; `changes` replace parts of it."""
    row = {"sample": "k562", "heads": "counts,profile", "fasta": "g.fa", "model": "m.keras"}
    config = {"references": {"number": 20}, "clusters": {"across_samples": 0.2}, "results": "r"}
    record = {
        "command": "snakemake",
        "config": config,
        "samples": [row],
        "inputs": {"g.fa": "a" * 64, "m.keras": "b" * 64},
        "versions": {"deeplift-genomics": "0.1.0"},
        "steps": [],
        "outputs": {},
    }
    (folder / "provenance.json").write_text(Provenance(**record | changes).model_dump_json())


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write the results of both runs; return their folders."""
    folder = tmp_path_factory.mktemp("runs")
    runs = folder / "first", folder / "second"
    found = {"first": (CTCF, GATA), "second": (CTCF, NRF1)}
    for run in runs:
        run.mkdir()
        make_sample(run, "k562", [[Made(text, n_seqlets=40) for text in found[run.name]], []])
        names = {"first": ("CTCF", "GATA1"), "second": ("CTCF", "NRF1")}[run.name]
        for target in ("counts", "profile"):
            instances = [(name, 0.5) for name in names] if target == "counts" else []
            write_numbers(run / "k562", "k562", target, instances=instances, effects=[])
    for target in ("counts", "profile"):
        make_score_file(runs[0] / "k562" / f"{target}.scores.h5", n=N, length=LENGTH)
        shutil.copy(runs[0] / "k562" / f"{target}.scores.h5", runs[1] / "k562")
    with h5py.File(runs[1] / "k562" / "counts.scores.h5", "r+") as file:
        noise = np.random.default_rng(1).normal(size=file["hyp_scores"].shape)
        file["hyp_scores"][:] = file["hyp_scores"][:] + 0.02 * noise
        file["hyp_scores"][3] = 0
        file["coords_chrom"][N - 1] = "chr9"
    write_record(runs[0])
    write_record(
        runs[1],
        config={"references": {"number": 5}, "clusters": {"across_samples": 0.2}, "results": "x"},
        inputs={"g.fa": "a" * 64, "m.keras": "c" * 64},
    )
    return runs
