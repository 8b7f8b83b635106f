"""A run over a whole genome in tiles, from the sheet to the track."""

import gzip
from pathlib import Path

import pyBigWig
import pyfaidx

from deeplift_genomics.scores.file import read_scores
from tests.conftest import ROOT
from tests.workflow.conftest import DEMO_ROW, Snakemake, jobs_of, write_project


def test_a_tiled_genome(tmp_path: Path, snakemake: Snakemake) -> None:
    fasta = tmp_path / "genome.fa"
    packed = (ROOT / "resources/demo/genome.fa.gz").read_bytes()
    contigs = gzip.decompress(packed).decode().split(">")[1:]
    names = [contig.split(None, 1)[0] for contig in contigs]
    fasta.write_text("".join(f">{contig[:30_000]}\n" for contig in contigs[:2]))
    row = DEMO_ROW.replace("resources/demo/genome.fa.gz", str(fasta))
    row = row.replace("resources/demo/regions.narrowPeak", "tile").replace(
        "counts,profile", "counts"
    )
    tile = "{per_shard: 20, tile: {stride: 400, contigs: [" + names[0] + "]}}"
    folder = write_project(tmp_path / "run", [row], regions=tile, references="{number: 2}")
    done = snakemake(folder, "--dry-run")
    assert "samtools faidx" in done.stdout
    pyfaidx.Faidx(str(fasta))
    n_shards = jobs_of(snakemake(folder, "--dry-run").stdout)["attribute"]
    assert n_shards == 4
    track = "results/demo/counts.contributions.bw"
    done = snakemake(folder, track)
    assert done.returncode == 0, done.stdout
    scores = read_scores(folder / "results/demo/counts.scores.h5")
    assert set(scores.chrom) == {names[0]}
    assert (scores.end - scores.start).tolist() == [scores.hypothetical.shape[1]] * len(scores)
    with pyBigWig.open(str(folder / track)) as file:
        size = file.chroms()[names[0]]
        assert file.header()["nBasesCovered"] == size
        values = file.values(names[0], 0, size, numpy=True)
    middle = len(scores) // 2
    length = scores.hypothetical.shape[1]
    centre = int(scores.start[middle]) + length // 2
    expected = scores.contributions[middle].sum(axis=-1)[length // 2]
    assert values[centre] == expected
