"""Indexes beside a genome: believed if they fit, whatever their time; the hints work."""

import gzip
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from Bio import bgzf
from pyfaidx import Faidx

from deeplift_genomics.dna.fai import contig_lengths, require_fitting
from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.errors import InputError
from tests.dna.twobit_files import write_twobit

FASTA = ">chr1 one\nACGTACGTAC\nGT\n>chr2\nACGTACGTAC\nGTACGTACGT\n\n>3\nACG\n"
LENGTHS = {"chr1": 12, "chr2": 20, "3": 3}


def indexed(path: Path, text: str = FASTA) -> Path:
    path.write_text(text)
    Faidx(str(path)).file.close()
    return path


@pytest.mark.parametrize(
    "text", [FASTA, FASTA.replace("\n\n", "\n").replace("\n", "\r\n"), FASTA[:-1]]
)
def test_lengths_of_an_index(tmp_path: Path, text: str) -> None:
    assert contig_lengths(indexed(tmp_path / "a.fa", text)) == LENGTHS


def test_a_genome_with_an_empty_contig(tmp_path: Path) -> None:
    fasta = indexed(tmp_path / "a.fa", ">none\n" + FASTA.replace(">3", ">4\n>3"))
    assert contig_lengths(fasta) == {"none": 0, "4": 0} | LENGTHS


def test_an_index_that_is_older_only_by_its_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fasta = indexed(tmp_path / "a.fa")
    os.utime(f"{fasta}.fai", (1, 1))
    with caplog.at_level(logging.WARNING):
        assert contig_lengths(fasta) == LENGTHS
    assert "a.fa.fai is older than" in caplog.text


@pytest.mark.parametrize(
    "other",
    [
        FASTA.replace("chr2", "chr9"),  # another name
        FASTA.replace("ACGTACGTAC\nGT\n>", "ACGTACGTAC\nGTA\n>"),  # a longer contig
        FASTA + ">chr4\nACGT\n",  # another contig at the end
        FASTA[: -len(">3\nACG\n")],  # one less
        FASTA.replace("ACGTACGTAC\nGT\n", "ACGTAC\nGTACGT\n"),  # other lines
        FASTA.replace(" one", " a longer description"),
        "",
    ],
)
def test_an_index_of_another_genome(tmp_path: Path, other: str) -> None:
    fasta = indexed(tmp_path / "a.fa")
    fasta.write_text(other)
    with pytest.raises(InputError, match=r"a\.fa\.fai does not fit .*samtools faidx"):
        contig_lengths(fasta)


@pytest.mark.parametrize(
    "text", ["", "chr1\n", "chr1\tten\t6\t10\t11\n", "chr1\t-5\t6\t10\t11\n", "chr1\t12\t6\n"]
)
def test_what_is_no_index(tmp_path: Path, text: str) -> None:
    fasta = indexed(tmp_path / "a.fa")
    Path(f"{fasta}.fai").write_text(text)
    with pytest.raises(InputError, match="is no index of a FASTA file"):
        contig_lengths(fasta)


def test_lengths_compared_with_the_genome_itself(tmp_path: Path) -> None:
    fasta = indexed(tmp_path / "a.fa")
    with open_genome(fasta) as genome:
        require_fitting(contig_lengths(fasta), genome.lengths, fasta)
        for wrong, said in (
            ({**LENGTHS, "chr2": 21}, "contig chr2 the index says 21 bases, the genome says 20"),
            ({"chr1": 12, "3": 3}, "contig chr2 the index lacks it"),
            ({**LENGTHS, "4": 4}, "contig 4 the index says 4 bases, the genome lacks it"),
        ):
            with pytest.raises(InputError, match=said):
                require_fitting(wrong, genome.lengths, fasta)


def test_plain_gzip_names_what_works(tmp_path: Path) -> None:
    packed = tmp_path / "a.fa.gz"
    packed.write_bytes(gzip.compress(FASTA.encode()))
    with pytest.raises(InputError) as caught:
        contig_lengths(packed)
    advice = re.search(r"For example: (gunzip .*); samtools faidx (\S+)\. Then", str(caught.value))
    assert advice and "bgzip" in str(caught.value), caught.value
    subprocess.run(advice[1], shell=True, check=True)
    faidx = [sys.executable, "-c", "import sys, pyfaidx; pyfaidx.Faidx(sys.argv[1])", advice[2]]
    subprocess.run(faidx, check=True)
    assert contig_lengths(advice[2]) == LENGTHS
    assert contig_lengths(packed) == LENGTHS  # the index beside the unpacked copy


def test_bgzip_has_an_index(tmp_path: Path) -> None:
    packed = tmp_path / "a.fa.gz"
    with bgzf.open(packed, "wb") as writer:
        writer.write(FASTA.encode())
    with pytest.raises(InputError, match=r"Make it with: samtools faidx \S*a.fa.gz"):
        contig_lengths(packed)
    Faidx(str(packed)).file.close()
    assert contig_lengths(packed) == LENGTHS


def test_a_2bit_file_needs_none(tmp_path: Path) -> None:
    write_twobit(tmp_path / "a.2bit", {"chr1": "ACGT"})
    assert contig_lengths(tmp_path / "a.2bit") == {"chr1": 4}
