"""A run on sequences without a genome, and peaks of one beside them, from the sheet to the page."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.scores.file import read_scores
from tests.workflow.conftest import Snakemake, copy_scenario, jobs_of, write_project

N = 16


@pytest.fixture(scope="module")
def complex_run(tmp_path_factory: pytest.TempPathFactory, snakemake: Snakemake) -> Path:
    """Return the results of sequences and of peaks, together."""
    folder = copy_scenario("complex", tmp_path_factory.mktemp("complex") / "run")
    jobs = jobs_of(snakemake(folder, "--dry-run").stdout)
    assert (jobs["report"], jobs["predictions"], jobs["tracks"]) == (2, 2, 1)
    done = snakemake(folder, "--cores", 2)
    assert done.returncode == 0, done.stdout
    return folder / "results"


def test_sequences_are_explained_as_windows_with_their_bases_are(
    demo: Path, complex_run: Path
) -> None:
    windows = read_scores(demo / "counts.scores.h5", slice(0, N))
    results = complex_run / "oligos"
    scores = read_scores(results / "counts.scores.h5")
    assert np.array_equal(scores.sequences, windows.sequences)
    assert np.array_equal(scores.hypothetical, windows.hypothetical)
    assert scores.chrom.tolist() == scores.name.tolist() == [f"oligo_{i}" for i in range(N)]
    assert "4 bases; the model reads 500" in (results / "dropped.tsv").read_text()
    page = (results / "report.html").read_text()
    assert "</span> sequences, this page tells" in page
    assert not list(results.glob("*.bw"))


def test_samples_share_a_run(complex_run: Path) -> None:
    assert (complex_run / "provenance.json").exists()
    assert (complex_run / "hub" / "hub.txt").exists()
    peaks = complex_run / "peaks"
    made = ("igv.xml", "outputs.h5", "predictions.h5", "profile.scores.h5")
    for name in made:
        assert (peaks / name).exists(), name
    assert {path.parent.name for path in complex_run.glob("*/report.html")} == {"oligos", "peaks"}


def test_regions_without_a_genome_are_refused_before_anything_runs(
    tmp_path: Path, snakemake: Snakemake
) -> None:
    row = "a\tresources/demo/model.keras\t\tresources/demo/regions.narrowPeak\tcounts"
    done = snakemake(write_project(tmp_path / "run", [row]), "--dry-run")
    assert done.returncode == 1
    assert "name their genome in the sheet's column 'fasta'" in done.stdout
    assert "Traceback" not in done.stdout
