"""FASTA files: compression does not matter, no file is left behind, mistakes are reported."""

import gzip
import logging
import tempfile
from pathlib import Path

import numpy as np
import pytest
from Bio import bgzf

from deeplift_genomics.dna import genome as genome_module
from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.errors import InputError

FASTA = (
    ">chr1 a description\nACGTACGTAC\nacgtnNRYac\nGG\n\n"
    ">2\nTTTT\n>empty\n>HLA*01:02\tx\nCCCCC\nCCCCC\n"
)
DOS = FASTA.replace("\n\n", "\n").replace("\n", "\r\n")
CONTIGS = {
    "chr1": "ACGTACGTACACGTNNNNACGG",
    "2": "TTTT",
    "empty": "",
    "HLA*01:02": "CCCCCCCCCC",
}


def write_plain(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def write_gzip(path: Path, data: bytes) -> None:
    path.write_bytes(gzip.compress(data))


def write_bgzip(path: Path, data: bytes) -> None:
    with bgzf.open(path, "wb") as writer:
        writer.write(data)


@pytest.fixture
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new folder that TMPDIR points to."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.mark.parametrize("fasta", [FASTA, DOS])
@pytest.mark.parametrize("write", [write_plain, write_gzip, write_bgzip])
@pytest.mark.parametrize("name", ["genome.fa", "genome.fa.gz", "genome.bz2", "no suffix"])
def test_every_packing_gives_the_same_bases(
    tmp_path: Path, temporary_folder: Path, write, name: str, fasta: str
) -> None:
    folder = tmp_path / "shared genomes"
    folder.mkdir()
    write(folder / name, fasta.encode())
    with open_genome(folder / name) as genome:
        assert genome.lengths == {contig: len(bases) for contig, bases in CONTIGS.items()}
        assert {contig: decode(genome.contig(contig).codes) for contig in CONTIGS} == CONTIGS
        assert genome.contig("chr1").ambiguous.tolist() == [16, 17]
        assert genome.contig("2").ambiguous.tolist() == []
        # the index is in TMPDIR, and no file is beside the user's
        assert [path.suffix for path in temporary_folder.glob("*/*.fai")] == [".fai"]
        assert [path.name for path in folder.iterdir()] == [name]
    assert list(temporary_folder.iterdir()) == []
    assert [path.name for path in folder.iterdir()] == [name]


@pytest.mark.parametrize("piece", [1, 3, 4, 7, 10, 11, 1000])
def test_contigs_read_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(genome_module, "_PIECE", piece)
    (tmp_path / "a.fa").write_text(FASTA)
    with open_genome(tmp_path / "a.fa") as genome:
        assert decode(genome.contig("chr1").codes) == CONTIGS["chr1"]
        assert genome.contig("chr1").ambiguous.tolist() == [16, 17]


def test_a_stale_index_beside_the_file_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "a.fa").write_text(FASTA)
    (tmp_path / "a.fa.fai").write_text("chr1\t4\t28\t10\t11\n")
    with open_genome(tmp_path / "a.fa") as genome:
        assert list(genome.lengths) == list(CONTIGS)
    assert (tmp_path / "a.fa.fai").read_text() == "chr1\t4\t28\t10\t11\n"


@pytest.mark.parametrize("write", [write_plain, write_gzip, write_bgzip])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_odd_bytes_in_descriptions_are_no_reason_to_refuse(
    tmp_path: Path, temporary_folder: Path, write, end: str
) -> None:
    text = FASTA.replace("\n\n", "\n").replace("a description", "Universit\u00e9 \u2122")
    write(tmp_path / "a.fa", text.replace("\n", end).encode("cp1252"))
    with open_genome(tmp_path / "a.fa") as genome:
        assert {contig: decode(genome.contig(contig).codes) for contig in CONTIGS} == CONTIGS


@pytest.mark.parametrize("write", [write_plain, write_gzip, write_bgzip])
def test_the_mark_of_utf_8_is_no_part_of_a_name(tmp_path: Path, write) -> None:
    write(tmp_path / "a.fa", FASTA.encode("utf-8-sig"))
    with open_genome(tmp_path / "a.fa") as genome:
        assert decode(genome.contig("chr1").codes) == CONTIGS["chr1"]


RANDOM = np.random.default_rng(0).choice(list(b"ACGT"), 200_000).astype(np.uint8).tobytes()
LONG = b">chr1\n" + b"\n".join(RANDOM[i : i + 50] for i in range(0, len(RANDOM), 50)) + b"\n"


def cut_bgzip() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_bgzip(Path(folder) / "a", LONG)
        return (Path(folder) / "a").read_bytes()[:-28]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not FASTA"),
        (gzip.compress(b"", mtime=0), "is not FASTA"),
        (b"ACGT\nACGT\n", "is not FASTA"),
        (b"chr1\t10\t20\n", "is not FASTA"),
        (b">\nACGT\n", "is not FASTA"),
        (b">chr1\n>chr2\n", "no sequence"),
        (b">chr1\rACGT\rACGT\r", "no sequence"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "is not text"),
        (b">chr\xe9\nACGT\n", "is not text"),
        (b">chr1\xff a\nACGT\n", "is not text"),
        (b">chr\x001\nACGT\n", "is not text"),
        (b">chr1\nACGT\n>chr2\nAC\n>chr1 again\nACGT\n", 'twice (Duplicate key "chr1")'),
        (b">chr1\nACGT\nAC\nACGT\n", "lines of equal length"),
        (b">chr1\nACGT\n\nACGT\n", "lines of equal length"),
        (b">chr1\n\nACGT\n", "lines of equal length"),
        # indexing accepts this file; reading the contig does not
        (b">chr1\nAC\nACGTACGTACGTACGTACGT\n>chr2\nACGTACGTACGTACGT\n", "lines of equal length"),
        (b">chr1\nACGT\nACQT\n", "contig chr1 holds 'Q' at position 6"),
        (b">chr1\nACGU\n", "holds 'U' at position 3"),
        (b">chr1\nAC GT\n", "holds ' ' at position 2"),
        (">chr1\nAC\u00e9T\n".encode(), "chr1"),
        (gzip.compress(LONG, mtime=0)[:30_000], "is cut short"),
        (gzip.compress(LONG, mtime=0)[:-1], "is cut short"),
        (cut_bgzip(), "is cut short"),
        (
            gzip.compress(LONG, mtime=0)[:20_000]
            + b"\0" * 99
            + gzip.compress(LONG, mtime=0)[20_099:],
            "damaged gzip",
        ),
        (b"PK\x03\x04" + LONG, "compressed with zip"),
    ],
)
@pytest.mark.parametrize("piece", [3, 1 << 24])
def test_mistakes(
    tmp_path: Path,
    temporary_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    said: str,
    piece: int,
) -> None:
    monkeypatch.setattr(genome_module, "_PIECE", piece)
    path = tmp_path / "a.fa"
    path.write_bytes(data)

    def read_all() -> None:
        with open_genome(path) as genome:
            for contig in genome.lengths:
                genome.contig(contig)

    with pytest.raises(InputError) as caught:
        read_all()
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert str(temporary_folder) not in str(caught.value)
    assert list(temporary_folder.iterdir()) == []


@pytest.mark.parametrize("piece", [*range(1, 30), 1 << 24])
def test_a_long_last_line_is_read_rightly_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """pyfaidx's index cannot describe such a line; some pieces of it are read rightly, some not."""
    monkeypatch.setattr(genome_module, "_PIECE", piece)
    (tmp_path / "a.fa").write_text(">chr1\nACGT\nAACCGGTTACGTACGTTGCA")
    with open_genome(tmp_path / "a.fa") as genome:
        try:
            bases = decode(genome.contig("chr1").codes)
        except InputError as error:
            assert piece < 24
            assert "lines of equal length" in str(error)
        else:
            assert bases == "ACGTAACCGGTTACGTACGTTGCA"


def test_a_missing_file() -> None:
    with (
        pytest.raises(InputError, match=r"FASTA file not found: none\.fa"),
        open_genome("none.fa"),
    ):
        pass


def test_no_room_for_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.fa").write_text(FASTA)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with (
        pytest.raises(InputError, match="Set TMPDIR to a folder with room"),
        open_genome(tmp_path / "a.fa"),
    ):
        pass


def test_no_noise(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.fa").write_text(FASTA)
    with caplog.at_level(logging.INFO), open_genome(tmp_path / "a.fa") as genome:
        genome.contig("chr1")
    assert caplog.records == []
