"""Genes: the nearest TSS, from the annotation that each source writes."""

import gzip
import logging
import re
from pathlib import Path

import pytest

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.gene_lines import look_at_genes
from deeplift_genomics.dna.genes import Gene, Genes, read_genes
from deeplift_genomics.errors import InputError

CONTIGS = {"chr1": 10_000, "chr2": 10_000, "chrM": 500}


def line(kind: str, span: str, attributes: str, *, contig: str = "chr1", strand: str = "+") -> str:
    start, end = span.split("-")
    return "\t".join([contig, "source", kind, start, end, ".", strand, ".", attributes]) + "\n"


ENSEMBL = (
    "#!genome-build GRCh38.p14\n"
    + line("gene", "101-900", 'gene_id "ENSG01"; gene_version "5"; gene_name "A;1"; ', contig="1")
    + line("exon", "51-100", 'gene_id "ENSG01"; transcript_id "T1"; gene_name "A;1";', contig="1")
    + line("gene", "2001-3000", 'gene_id "ENSG02"; gene_version "1";', contig="1", strand="-")
)
GENCODE = (
    "##description: evidence-based annotation\n"
    + line("gene", "101-900", 'gene_id "ENSG01.5"; gene_type "x"; gene_name "A;1"; level 2;')
    + line("gene", "2001-3000", 'gene_id "ENSG02"; gene_name "ENSG02"; level 3;', strand="-")
)
REFSEQ = (
    "#gtf-version 2.2\n"
    + line("gene", "101-900", 'gene_id "A;1"; transcript_id ""; db_xref "GeneID:1"; gene "A;1"; ')
    + line("transcript", "101-900", 'gene_id "A;1"; transcript_id "NR_1"; gene "A;1"; ')
    + line("gene", "2001-3000", 'gene_id "ENSG02_1"; transcript_id ""; gene "ENSG02"; ', strand="-")
    + line("exon", "7001-7100", 'gene_id ""; transcript_id "unassigned_transcript_1"; ')
)
STRINGTIE = (
    "# stringtie reads.bam -G reference.gtf\n# StringTie version 2.2.1\n"
    + line("transcript", "201-900", 'gene_id "STRG.1"; transcript_id "STRG.1.1"; cov "2.5";')
    + line("exon", "201-300", 'gene_id "STRG.1"; transcript_id "STRG.1.1"; exon_number "1";')
    + line("transcript", "101-400", 'gene_id "STRG.1"; transcript_id "2"; ref_gene_name "A;1";')
    + line("exon", "2901-3000", 'gene_id "ENSG02"; transcript_id "3"; exon_number "1";', strand="-")
    + line("exon", "2001-2100", 'gene_id "ENSG02"; transcript_id "3"; exon_number "2";', strand="-")
    + line("transcript", "4001-5000", 'gene_id "STRG.3"; transcript_id "4";', strand=".")
)
ENSEMBL_GFF3 = (
    "##gff-version 3\n"
    + line("chromosome", "1-10000", "ID=chromosome:1", contig="1")
    + line("gene", "101-900", "ID=gene:ENSG01;Name=A%3B1;biotype=x;gene_id=ENSG01", contig="1")
    + line("mRNA", "51-900", "ID=transcript:T1;Parent=gene:ENSG01;Name=A-201", contig="1")
    + line("exon", "51-100", "Parent=transcript:T1;Name=ENSE01", contig="1")
    + line("ncRNA_gene", "2001-3000", "ID=gene:ENSG02;biotype=lncRNA", contig="1", strand="-")
    + "###\n##FASTA\n>1\nACGT\n"
)
NCBI_GFF3 = (
    "##gff-version 3\n"
    + line("region", "1-10000", "ID=NC_1:1..10000;Name=1;gbkey=Src")
    + line("gene", "101-900", "ID=gene-A;Name=A%3B1;gbkey=Gene;gene=A%3B1")
    + line("mRNA", "51-900", "ID=rna-NM_1;Parent=gene-A;Name=NM_1;gene=A%3B1")
    + line("pseudogene", "2001-3000", "ID=gene-LOC2;Name=ENSG02", strand="-")
)
GFFREAD = (
    "# gffread annotation.gtf\n##gff-version 3\n"
    + line("transcript", "101-900", "ID=T1;geneID=G1;gene_name=A%3B1")
    + line("exon", "101-900", "Parent=T1")
    + line("transcript", "2001-3000", "ID=T2;geneID=ENSG02", strand="-")
)
UCSC = (
    line("transcript", "101-900", 'gene_id "A;1"; transcript_id "NM_1";  gene_name "A;1";')
    + line("5UTR", "101-110", 'gene_id "A;1"; transcript_id "NM_1"; gene_name "A;1";')
    + line("transcript", "2001-3000", 'gene_id "ENSG02"; transcript_id "NM_2";', strand="-")
    + line("transcript", "7001-7100", 'gene_id "A;1"; transcript_id "NM_1_dup1";')
)
SOURCES = {
    "ensembl": ENSEMBL,
    "gencode": GENCODE,
    "refseq": REFSEQ,
    "stringtie": STRINGTIE,
    "ensembl gff3": ENSEMBL_GFF3,
    "ncbi gff3": NCBI_GFF3,
    "gffread": GFFREAD,
    "ucsc": UCSC,
}


@pytest.fixture(params=["plain", "gzipped"])
def packed(request: pytest.FixtureRequest) -> bool:
    return request.param == "gzipped"


def write(folder: Path, text: str, *, packed: bool = False) -> Path:
    path = folder / "genes.txt"  # the name tells nothing
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return path


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_names_the_same_genes(tmp_path: Path, source: str, packed: bool) -> None:
    path = write(tmp_path, SOURCES[source], packed=packed)
    look_at_genes(path)
    genes = read_genes(path, CONTIGS)
    assert genes.nearest("chr1", 90) == ("A;1", -10)
    assert genes.nearest("chr1", 3050) == ("ENSG02", -51)
    assert genes.nearest("chr1", 2900) == ("ENSG02", 99)
    far = ("A;1", -1000) if source == "ucsc" else ("ENSG02", -3001)
    assert genes.nearest("chr1", 6000) == far
    assert genes.nearest("chr2", 90) is None


def test_of_two_equally_near_the_left_one_counts() -> None:
    genes = Genes(
        [
            Gene("chr1", 100, 300, "+", "left"),
            Gene("chr1", 150, 201, "-", "right"),
            Gene("chr1", 180, 201, "-", "after right"),
        ]
    )
    assert genes.nearest("chr1", 150) == ("left", 50)
    assert genes.nearest("chr1", 151) == ("after right", 49)
    assert genes.nearest("chr1", 100) == ("left", 0)
    assert genes.nearest("chr1", 0) == ("left", -100)
    assert genes.nearest("chr1", 9999) == ("after right", -9799)


def test_contigs_go_by_the_table_of_names(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = line("gene", "101-900", 'gene_id "A";', contig="NC_000001.11")
    text += line("gene", "101-900", 'gene_id "B";', contig="NW_2")
    (tmp_path / "names").write_text("chr1\tNC_000001.11\n")
    with caplog.at_level(logging.WARNING):
        genes = read_genes(write(tmp_path, text), CONTIGS, read_aliases(tmp_path / "names"))
    assert genes.nearest("chr1", 100) == ("A", 0)
    assert "1 of 2 genes are left out, because the genome does not have" in caplog.text
    assert "(NW_2)" in caplog.text
    with pytest.raises(InputError, match="no contig in common") as caught:
        read_genes(write(tmp_path, text), CONTIGS)
    assert "contig_aliases" in str(caught.value)  # the advice, which was followed above


def test_genes_without_strand_are_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    read_genes(write(tmp_path, STRINGTIE), CONTIGS)
    assert "1 of 3 genes are left out, because without a strand they have" in caplog.text


def test_a_gene_may_cross_the_origin_of_a_circle(tmp_path: Path) -> None:
    text = line("gene", "451-550", "ID=gene-D;Name=D", contig="MT", strand="-")
    assert read_genes(write(tmp_path, text), CONTIGS).nearest("chrM", 60) == ("D", -11)


GENE = line("gene", "101-900", 'gene_id "A";')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no gene"),
        ("##gff-version 3\n", "names no gene"),
        (line("exon", "1-9", "Parent=T1"), "names no gene.*gene_id or gene_name of its gene"),
        (line("gene", "1-9", 'note "x";'), "names no gene"),
        ("chr1\t100\t200\tA\t0\t+\n", "line 1 has 6 columns: 'chr1.*Expected GTF or GFF3"),
        (GENE.replace("\t", " "), "line 1 has 1 columns"),
        (GENE + "chr1\tx\tgene\t5\n", "line 2 has 4 columns"),
        (line("gene", "0-9", 'gene_id "A";'), "line 1: start '0' and end '9' are no span"),
        (line("gene", "10-9", 'gene_id "A";'), "no span"),
        (line("gene", "1.0-9", 'gene_id "A";'), "no span"),
        (line("gene", "1-9", "A"), "line 1: column 9 holds no attributes"),
        (line("gene", "1-9", 'gene_id "A";', strand="?"), "no gene has a strand"),
        (GENE + line("gene", "10001-10010", 'gene_id "B";'), "B begins at 10001, but chr1"),
        ("\0", "line 1: not text"),
        (GENE + "x" * (1 << 20), "line 2 has 1048576 bytes or more"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_genes(write(tmp_path, text), CONTIGS)


def test_a_first_look_finds_what_is_no_annotation(tmp_path: Path) -> None:
    path = write(tmp_path, "chr1\t100\t200\tA\t0\t+\n")
    message = re.escape(f"Gene annotation {path}, line 1 has 6 columns")
    with pytest.raises(InputError, match=message):
        look_at_genes(path)
    path.write_bytes(GENE.encode("utf-16"))
    with pytest.raises(InputError, match="not text in UTF-8"):
        look_at_genes(path)
    path.write_bytes(gzip.compress(GENE.encode())[:-9])
    with pytest.raises(InputError, match="cut short"):
        look_at_genes(path)
    with pytest.raises(InputError, match="not found"):
        look_at_genes(tmp_path / "none")
