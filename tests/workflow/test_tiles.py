"""A run over a whole genome in tiles, from the sheet to the track."""

from pathlib import Path

import pyBigWig
import pyfaidx

from deeplift_genomics.scores.file import read_scores
from tests.workflow.conftest import Snakemake, copy_scenario, jobs_of


def test_a_tiled_genome(tmp_path: Path, snakemake: Snakemake) -> None:
    folder = copy_scenario("tile", tmp_path / "run")
    index = folder / "genome.fa.fai"
    before = index.read_bytes()
    index.unlink()
    assert "samtools faidx" in snakemake(folder, "--dry-run").stdout
    pyfaidx.Faidx(str(folder / "genome.fa"))
    assert index.read_bytes() == before
    n_shards = jobs_of(snakemake(folder, "--dry-run").stdout)["attribute"]
    assert n_shards == 4
    track = "results/demo/counts.contributions.bw"
    done = snakemake(folder, track)
    assert done.returncode == 0, done.stdout
    scores = read_scores(folder / "results/demo/counts.scores.h5")
    assert set(scores.chrom) == {"chr1"}
    assert (scores.end - scores.start).tolist() == [scores.hypothetical.shape[1]] * len(scores)
    with pyBigWig.open(str(folder / track)) as file:
        size = file.chroms()["chr1"]
        assert file.header()["nBasesCovered"] == size
        values = file.values("chr1", 0, size, numpy=True)
    middle = len(scores) // 2
    length = scores.hypothetical.shape[1]
    centre = int(scores.start[middle]) + length // 2
    expected = scores.contributions[middle].sum(axis=-1)[length // 2]
    assert values[centre] == expected
