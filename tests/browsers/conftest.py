"""Results of one sample, as far as genome browsers show them, made without a model."""

import json
from pathlib import Path

import h5py
import pyBigWig
import pytest

from deeplift_genomics.instances.files import Outputs, write_instances
from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.scores.tracks import write_track
from tests.make_scores import CHROMOSOMES, make_score_file

TARGETS = ("counts", "profile")
ROW = {"sample": "k562", "heads": ",".join(TARGETS)}


def instance(chrom: str, start: int, contribution: float) -> Instance:
    """Return an instance of GATA, 10 bp long."""
    return Instance(
        chrom=chrom,
        start=start,
        end=start + 10,
        strand="+",
        pattern="pos_0",
        motif="GATA",
        row=0,
        match=0.9,
        similarity=0.8,
        contribution=contribution,
        sequence="ACGTACGTAC",
    )


INSTANCES = [instance("chr1", 300, 0.5), instance("chr1", 420, -2.0), instance("chr2", 250, 1.0)]


def write_signal(path: Path) -> Path:
    """Write measured signal on chr1."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader([("chr1", 10_000)])
        file.addEntries("chr1", [100], values=[3.0], span=50)
    return path


def write_sample(folder: Path, instances: list[Instance]) -> None:
    """Write the files of a sample's targets into its folder."""
    folder.mkdir(parents=True)
    for target in TARGETS:
        scores = folder / f"{target}.scores.h5"
        make_score_file(scores, n=12, fasta=folder.parents[1] / "genome.fa")
        with h5py.File(scores, "r+") as file:
            file.attrs["contig_lengths"] = json.dumps(dict.fromkeys(CHROMOSOMES, 10_000))
            file.attrs["contig_names"] = "{}"
        write_track(scores, folder / f"{target}.contributions.bw", "centre")
        names = ("tsv", "bed.gz", "bed.gz.tbi", "bb")
        outputs = Outputs(*(folder / f"{target}.instances.{name}" for name in names))
        write_instances(iter(instances), outputs, scores, labels=["GATA"])
    (folder / "windows.narrowPeak").write_text("chr1\t100\t600\tp\t0\t.\t0\t-1\t-1\t250\n")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with genome.fa, signal of both strands, and results/k562."""
    project = tmp_path_factory.mktemp("browsers")
    write_sample(project / "results" / "k562", INSTANCES)
    for strand in ("plus", "minus"):
        write_signal(project / "data of mine" / f"{strand} & more.bw")
    return project
