"""Files of instances: what is in them, and that other programs read the same from each."""

import gzip
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import pyBigWig
import pysam
import pytest

import deeplift_genomics as dg
from deeplift_genomics.errors import DiskError, InputError
from deeplift_genomics.files.atomic import atomic_paths, digest
from deeplift_genomics.instances.bigbed import AUTO_SQL, write_bigbed
from deeplift_genomics.instances.browser import HEADING, Place, write_bed
from deeplift_genomics.instances.files import Annotation, Outputs, write_instances
from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.motifs.colours import colours_of
from deeplift_genomics.settings.choices import SEQUENCES
from tests.make_scores import make_score_file

LABELS = ["GATA", "a long name", "été"]
COLOURS = colours_of(LABELS)


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve windows of 100 bases on three contigs, which overlap each other by half."""
    path = tmp_path_factory.mktemp("scores") / "scores.h5"
    make_score_file(path, n=12, planted=(("GATA", "AGATAAGA"),))
    with h5py.File(path, "r+") as file:
        file["coords_chrom"][:] = ["chr1"] * 4 + ["chr10"] * 4 + ["chr2"] * 4
        file["coords_start"][:] = [0, 50, 100, 500] * 3
        file["coords_end"][:] = file["coords_start"][:] + 100
        file.attrs["contig_lengths"] = '{"chr1": 700, "chr10": 700, "chr2": 700000000}'
        file["summit"][:] = file["coords_start"][:] + 50
    return path


def instance(place: str, strand: str, motif: int, row: int, similarity: float = 0.5) -> Instance:
    """Return an instance of the pattern of this number, at a place such as chr1:10-20."""
    chrom, _, span = place.partition(":")
    start, end = map(int, span.split("-"))
    return Instance(
        chrom=chrom,
        start=start,
        end=end,
        strand=strand,
        pattern=f"pos_{motif}",
        motif=LABELS[motif],
        row=row,
        match=0.75,
        similarity=similarity,
        contribution=1 / 3,
        sequence="ACGT",
    )


INSTANCES = [
    instance("chr1:40-50", "+", 0, 0),
    instance("chr1:55-65", "+", 0, 0, similarity=-0.1),
    instance("chr1:70-80", "-", 1, 0, similarity=0.9996),
    instance("chr1:80-91", "+", 2, 1),
    instance("chr1:520-530", "+", 0, 3),
    instance("chr10:10-20", "+", 1, 4),
    instance("chr2:99-110", "-", 0, 9),
]


def outputs_in(folder: Path) -> Outputs:
    names = ("tsv", "bed.gz", "bed.gz.tbi", "bb")
    return Outputs(*(folder / f"counts.instances.{name}" for name in names))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def written(scores: Path, tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    outputs = outputs_in(tmp_path_factory.mktemp("written"))
    assert write_instances(iter(INSTANCES), outputs, scores, labels=LABELS) == len(INSTANCES)
    return outputs


def test_the_table_says_what_is_around(written: Outputs) -> None:
    assert written.table.read_text().splitlines()[0] == "# instances version 1"
    table = dg.read_instances(written.table)
    assert table.start.tolist() == [one.start for one in INSTANCES]
    assert table.contribution.tolist() == [0.333333] * 7
    assert table.region.tolist() == [f"peak_{one.row}" for one in INSTANCES]
    assert table.summit_distance.tolist() == [-5, 10, 25, -15, -25, -35, 4]
    others = ["a long name;été", "a long name;été", "GATA;été", "GATA;a long name", "", "", ""]
    assert table.others.tolist() == others
    assert set(table.gene) == {""} and table.gene_distance.isna().all()


def test_genes_are_those_of_the_annotation(scores: Path, tmp_path: Path) -> None:
    gene = '{}\tx\tgene\t{}\t{}\t.\t{}\t.\tgene_id "{}"; gene_name "{}";\n'
    rows = [("1", 31, 90, "+", "G1", "LEFT"), ("1", 81, 101, "-", "G2", "RIGHT")]
    (tmp_path / "genes").write_bytes(gzip.compress("".join(gene.format(*r) for r in rows).encode()))
    outputs = outputs_in(tmp_path)
    write_instances(INSTANCES, outputs, scores, annotation=Annotation(tmp_path / "genes"))
    table = dg.read_instances(outputs.table)
    assert table.gene.tolist() == ["LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "", ""]
    assert table.gene_distance.tolist()[:5] == [15, 30, 25, 15, -425]
    assert table.gene_distance.isna().tolist() == [False] * 5 + [True] * 2


def test_all_files_have_the_same_nine_columns(written: Outputs) -> None:
    expected = [
        "chr1\t40\t50\tGATA\t500\t+\t40\t50\t{0}",
        "chr1\t55\t65\tGATA\t0\t+\t55\t65\t{0}",
        "chr1\t70\t80\ta_long_name\t1000\t-\t70\t80\t{1}",
        "chr1\t80\t91\tété\t500\t+\t80\t91\t{2}",
        "chr1\t520\t530\tGATA\t500\t+\t520\t530\t{0}",
        "chr10\t10\t20\ta_long_name\t500\t+\t10\t20\t{1}",
        "chr2\t99\t110\tGATA\t500\t-\t99\t110\t{0}",
    ]
    lines = [line.format(*COLOURS.values()) for line in expected]
    assert gzip.decompress(written.bed.read_bytes()).decode() == HEADING + "\n".join(lines) + "\n"
    with pysam.TabixFile(str(written.bed), encoding="utf-8") as tabix:
        assert tabix.contigs == ["chr1", "chr10", "chr2"]
        assert list(tabix.fetch("chr1", 60, 81)) == lines[1:4]
        assert list(tabix.fetch("chr2", 0, 99)) == []
    with pyBigWig.open(str(written.bigbed)) as bigbed:
        found = [
            f"{chrom}\t{start}\t{end}\t{rest}"
            for chrom in bigbed.chroms()
            for start, end, rest in bigbed.entries(chrom, 0, 600)
        ]
    assert found == lines


def test_the_bigbed_declares_its_columns(written: Outputs) -> None:
    """Browsers show names and colours only of columns that are declared (bytes 32 to 35)."""
    with pyBigWig.open(str(written.bigbed)) as bigbed:
        assert bigbed.SQL() == AUTO_SQL
        assert bigbed.header()["nBasesCovered"] == 72
    heading = written.bigbed.read_bytes()[32:36]
    assert heading == bytes([9, 0, 9, 0])
    columns = [line.split(b";")[0].split()[1].decode() for line in AUTO_SQL.splitlines()[3:-1]]
    assert columns[3:] == HEADING.split()[3:]


def test_no_instance_leaves_valid_files(scores: Path, tmp_path: Path) -> None:
    outputs = outputs_in(tmp_path)
    assert write_instances(iter(()), outputs, scores, labels=LABELS) == 0
    assert len(dg.read_instances(outputs.table)) == 0
    assert gzip.decompress(outputs.bed.read_bytes()).decode() == HEADING
    with pysam.TabixFile(str(outputs.bed)) as tabix:
        assert tabix.contigs == [] and list(tabix.header) == [HEADING.rstrip("\n")]
    with pyBigWig.open(str(outputs.bigbed)) as bigbed:
        assert bigbed.isBigBed() and bigbed.SQL() == AUTO_SQL
        assert bigbed.header()["nBasesCovered"] == bigbed.header()["sumData"] == 0
        assert not any(bigbed.entries(chrom, 0, 100) for chrom in bigbed.chroms())
    assert outputs.bigbed.read_bytes()[32:36] == bytes([9, 0, 9, 0])


def test_same_bytes_again(written: Outputs, scores: Path, tmp_path: Path) -> None:
    outputs = outputs_in(tmp_path)
    write_instances(iter(INSTANCES), outputs, scores, labels=LABELS)
    for one, other in zip(outputs, written, strict=True):
        assert digest(one) == digest(other)
    # and a motif keeps its colour where others are missing
    write_instances(INSTANCES[-1:], outputs, scores, labels=LABELS)
    assert gzip.decompress(outputs.bed.read_bytes()).decode().strip().endswith(COLOURS["GATA"])


def test_an_index_of_long_contigs(scores: Path, tmp_path: Path) -> None:
    far = INSTANCES[-1]._replace(start=600_000_000, end=600_000_010)
    outputs = outputs_in(tmp_path)._replace(bigbed=None)
    write_instances([far], outputs, scores)
    assert gzip.decompress(outputs.tabix.read_bytes()).startswith(b"CSI\1")
    with pysam.TabixFile(str(outputs.bed)) as tabix:
        assert len(list(tabix.fetch("chr2", 600_000_005, 600_000_006))) == 1


def test_sequences_are_contigs_of_their_own(scores: Path, tmp_path: Path) -> None:
    shutil.copy(scores, tmp_path / "scores.h5")
    with h5py.File(tmp_path / "scores.h5", "r+") as file:
        file.attrs["regions_format"] = SEQUENCES
        file.attrs["contig_lengths"] = "{}"
        length = file["hyp_scores"].shape[1]
    outputs, one = outputs_in(tmp_path), INSTANCES[0]._replace(start=2, end=6)
    write_instances([one], outputs, tmp_path / "scores.h5")
    with pyBigWig.open(str(outputs.bigbed)) as bigbed:
        assert bigbed.chroms()[one.chrom] == length
        assert [entry[:2] for entry in bigbed.entries(one.chrom, 0, length)] == [(2, 6)]


@pytest.mark.parametrize("place", ["chr1:700-710", "chr1:695-701", "chr1:10-10", "chrX:1-9"])
def test_places_outside_the_genome_are_refused(scores: Path, tmp_path: Path, place: str) -> None:
    with pytest.raises(InputError, match=f"damaged: {place} in its windows is not in the genome"):
        write_instances([instance(place, "+", 0, 3)], outputs_in(tmp_path), scores)
    assert names_in(tmp_path) == []


def test_a_name_of_two_columns_is_refused(scores: Path, tmp_path: Path) -> None:
    shutil.copy(scores, tmp_path / "scores.h5")
    with h5py.File(tmp_path / "scores.h5", "r+") as file:
        file["name"][3] = "peak\t3"
    with pytest.raises(InputError, match=r"damaged: a region's name has several lines or columns"):
        write_instances(INSTANCES, outputs_in(tmp_path / "out"), tmp_path / "scores.h5")
    assert not (tmp_path / "out").exists()


def test_files_are_of_one_run_or_not_there(scores: Path, tmp_path: Path) -> None:
    """An error in the midst leaves the old files; new ones take their place together."""
    outputs = outputs_in(tmp_path)
    for path in outputs:
        path.write_text("old")

    def broken() -> Iterator[Instance]:
        yield INSTANCES[0]
        assert [path.read_text() for path in outputs] == ["old"] * 4
        raise InputError("a shard is damaged")

    with pytest.raises(InputError, match="a shard is damaged"):
        write_instances(broken(), outputs, scores)
    assert {path.read_text() for path in outputs} == {"old"}
    write_instances(INSTANCES, outputs, scores)
    assert names_in(tmp_path) == sorted(path.name for path in outputs)
    assert outputs.tabix.stat().st_mtime_ns >= outputs.bed.stat().st_mtime_ns


def write_one(kind: str, path: Path, places: list[Place]) -> None:
    """Write one kind of file, as `write_instances` does."""
    with atomic_paths(path, path.with_suffix(".tbi")) as (data, index):
        if kind == "bed.gz":
            write_bed(data, index, places)
        else:
            write_bigbed(data, {"chr1": 10**8}, places)


@pytest.mark.parametrize("room", [100, 8_192, 50_000, 150_000, 250_000])
@pytest.mark.parametrize("kind", ["bed.gz", "bb"])
def test_a_full_disk_is_named(
    tmp_path: Path, kind: str, room: int, capfd: pytest.CaptureFixture
) -> None:
    """Libraries that write BED and bigBed say nothing of the reason, or nothing at all."""
    rng = np.random.default_rng(0)
    names = rng.integers(10**9, size=(30_000, 2)).tolist()
    rests = (f"{one}\t{other}" for one, other in names)
    places = [Place("chr1", i * 9, i * 9 + 5, rest) for i, rest in enumerate(rests)]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(DiskError, match=rf"Cannot write .*/a\.{kind}: File too large\."):
            write_one(kind, tmp_path / f"a.{kind}", places)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert names_in(tmp_path) == []
    assert capfd.readouterr().err == ""


def test_errors_of_whoever_makes_the_places_are_raised(tmp_path: Path) -> None:
    """The library that writes bigBed passes over them."""

    def broken() -> Iterator[Place]:
        yield Place("chr1", 1, 5, "a")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_bigbed(tmp_path / "a.bb", {"chr1": 10}, broken())
