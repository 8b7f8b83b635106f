"""A run on sequences without a genome, from the sheet to the report."""

from pathlib import Path

import numpy as np

from deeplift_genomics.dna.sequence import codes_of, decode
from deeplift_genomics.scores.file import read_scores
from tests.workflow.conftest import Snakemake, jobs_of, write_project

N = 16


def test_sequences_are_explained_as_windows_with_their_bases_are(
    demo: Path, tmp_path: Path, snakemake: Snakemake
) -> None:
    windows = read_scores(demo / "counts.scores.h5", slice(0, N))
    records = [
        f">oligo_{i} of a library\n{decode(codes).lower()}\n"
        for i, codes in enumerate(codes_of(windows.sequences))
    ]
    folder = write_project(
        tmp_path / "run", ["oligos\tresources/demo/model.keras\t\toligos.fa\tcounts"]
    )
    (folder / "oligos.fa").write_text("".join([*records, ">short\nACGT\n"]))
    assert "tracks" not in jobs_of(snakemake(folder, "--dry-run").stdout)
    done = snakemake(folder, "--cores", 2)
    assert done.returncode == 0, done.stdout
    results = folder / "results" / "oligos"
    scores = read_scores(results / "counts.scores.h5")
    assert np.array_equal(scores.hypothetical, windows.hypothetical)
    assert scores.chrom.tolist() == scores.name.tolist() == [f"oligo_{i}" for i in range(N)]
    assert "4 bases; the model reads 500" in (results / "dropped.tsv").read_text()
    page = (results / "report.html").read_text()
    assert "</span> sequences, this page tells" in page
    assert not list(results.glob("*.bw"))
    assert (folder / "results" / "provenance.json").exists()


def test_regions_without_a_genome_are_refused_before_anything_runs(
    tmp_path: Path, snakemake: Snakemake
) -> None:
    row = "a\tresources/demo/model.keras\t\tresources/demo/regions.narrowPeak\tcounts"
    done = snakemake(write_project(tmp_path / "run", [row]), "--dry-run")
    assert done.returncode == 1
    assert "name their genome in the sheet's column 'fasta'" in done.stdout
    assert "Traceback" not in done.stdout
