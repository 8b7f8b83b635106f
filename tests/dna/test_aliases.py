"""Tables of contig aliases, as UCSC and NCBI publish them, and those of users."""

import gzip
from pathlib import Path

import pytest

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.contigs import match_contigs
from deeplift_genomics.errors import InputError

UCSC = """\
# ucsc\tassembly\tensembl\tgenbank\trefseq
chr22\t22\t22\tCM000684.2\tNC_000022.11
chrM\tMT\tMT\tJ01415.2\tNC_012920.1
chrUn_KI270302v1\tHSCHRUN_RANDOM_CTG1\t\tKI270302.1\tNT_187396.1
chr1_KI270706v1_random\tHSCHR1_CTG1_UNLOCALIZED\t\tKI270706.1\tNT_187361.1
"""
OLD_UCSC = """\
#alias\tchrom\tsource
22\tchr22\tensembl
NC_000022.11\tchr22\trefseq
KI270302.1\tchrUn_KI270302v1\tgenbank
CM000684.2\tchr22\tgenbank
NT_187361.1\tchr1_KI270706v1_random\trefseq
NC_012920.1\tchrM\trefseq
"""
NCBI = """\
# Assembly name:  GRCh38.p14
# Sequence-Name\tSequence-Role\tAssigned-Molecule\tAssigned-Molecule-Location/Type\t\
GenBank-Accn\tRelationship\tRefSeq-Accn\tAssembly-Unit\tSequence-Length\tUCSC-style-name
22\tassembled-molecule\t22\tChromosome\tCM000684.2\t=\tNC_000022.11\tPrimary\t50818468\tchr22
HSCHR1_CTG1_UNLOCALIZED\tunlocalized-scaffold\t1\tChromosome\tKI270706.1\t=\tNT_187361.1\t\
Primary\t175055\tchr1_KI270706v1_random
HSCHR1_CTG2_UNLOCALIZED\tunlocalized-scaffold\t1\tChromosome\tKI270707.1\t<>\tna\tPrimary\t\
32032\tna
HSCHRUN_RANDOM_CTG1\tunplaced-scaffold\tna\tna\tKI270302.1\t=\tNT_187396.1\tPrimary\t2274\t\
chrUn_KI270302v1
MT\tassembled-molecule\tMT\tMitochondrion\tJ01415.2\t=\tNC_012920.1\tnon-nuclear\t16569\tchrM
"""
REPORT = """\
Assembly Accession\tChromosome name\tGenBank seq accession\tRefSeq seq accession\tSequence name\t\
UCSC style name
GCF_000001405.40\t22\tCM000684.2\tNC_000022.11\t22\tchr22
GCF_000001405.40\tMT\tJ01415.2\tNC_012920.1\tMT\tchrM
GCF_000001405.40\tUn\tKI270302.1\tNT_187396.1\tHSCHRUN_RANDOM_CTG1\tchrUn_KI270302v1
GCF_000001405.40\t1\tKI270706.1\tNT_187361.1\tHSCHR1_CTG1_UNLOCALIZED\tchr1_KI270706v1_random
"""
# as in UCSC's database: without heading, and several sources in one cell
DUMP = OLD_UCSC.partition("\n")[2].replace("\tensembl", "\tassembly,ensembl")
OWN = "NC_000022.11\tchr22\nKI270302.1\tchrUn_KI270302v1\nNT_187361.1\tchr1_KI270706v1_random\n"
OWN += "NC_012920.1\tMT\n"


@pytest.mark.parametrize(
    "data",
    [
        *map(str.encode, (UCSC, OLD_UCSC, OLD_UCSC[1:], DUMP, NCBI, REPORT, OWN, OWN + OWN)),
        gzip.compress(UCSC.encode(), mtime=0),
        OWN.encode("utf-16"),
        *(OWN.replace("\n", end).encode("utf-8-sig") for end in ("\r\n", "\r")),
    ],
)
def test_names_of_ncbi_ensembl_and_ucsc(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(data)
    aliases = read_aliases(path)
    refseq = ["NC_000022.11", "NC_012920.1", "NT_187361.1"]
    names = ["22", "chr22", "chrM", "chr1_KI270706v1_random", "chr7", "NC_000022.11"]
    assert match_contigs(names, refseq, aliases) == {
        "22": "NC_000022.11",
        "chr22": "NC_000022.11",
        "chrM": "NC_012920.1",
        "chr1_KI270706v1_random": "NT_187361.1",
        "NC_000022.11": "NC_000022.11",
    }
    assert match_contigs(["KI270302.1"], ["chrUn_KI270302v1"], aliases)


def test_the_table_decides_where_a_convention_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "hg19.tsv"
    path.write_text("chrM\tNC_001807.4\nchrMT\tMT\tNC_012920.1\n")
    aliases = read_aliases(path)
    assert match_contigs(["chrM"], ["MT"]) == {"chrM": "MT"}
    assert match_contigs(["chrM"], ["MT"], aliases) == {}
    assert match_contigs(["chrMT"], ["MT"], aliases) == {"chrMT": "MT"}
    assert match_contigs(["chrM"], ["NC_001807.4"], aliases) == {"chrM": "NC_001807.4"}


def test_a_heading_that_has_one_known_name_only(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text("#sequence-name\tmine\nNC_000022.11\t22\n")
    aliases = read_aliases(tmp_path / "own.tsv")
    assert match_contigs(["chr22"], ["NC_000022.11"], aliases) == {"chr22": "NC_000022.11"}


@pytest.mark.parametrize("rows", [("0\tchr1", "1\tchr2"), ("1\tchr2", "2\tchr1")])
def test_row_numbers_are_no_names(tmp_path: Path, rows: tuple[str, str]) -> None:
    path = tmp_path / "names.tsv"
    path.write_text(f"{rows[0]}\tNC_1\n{rows[1]}\tNC_2\n")
    with pytest.raises(InputError, match="has row numbers in column 1"):
        read_aliases(path)
    for number, name in (("1", "chr1"), ("1", "CM1\t1"), ("7", "chr2")):
        path.write_text(f"{number}\t{name}\n2\tNC_2\n")
        assert read_aliases(path).line(number) == 1


def test_cells_without_a_name_and_comments_at_the_end(tmp_path: Path) -> None:
    rows = NCBI.replace("\tchr22", "\t<NA>").replace("\tJ01415.2", "\tNone") + "# end\n"
    (tmp_path / "report.txt").write_text(rows.replace("CM000684.2", "NaN").replace("na\n", "NaN\n"))
    contigs = ["NC_000022.11", "NC_012920.1"]
    found = match_contigs(["22", "MT"], contigs, read_aliases(tmp_path / "report.txt"))
    assert list(found.values()) == contigs


def test_names_that_collide(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("chr1\t1\nchr2\t2\nchr3\t1\n")
    with pytest.raises(InputError, match=r"the name '1' in line 1 and in line 3"):
        read_aliases(path)
    path.write_text("chr1\tNC_1\nchr2\tNC_2\n")
    with pytest.raises(InputError, match=r"G has the contigs 'chr1' and 'NC_1', which are one"):
        match_contigs(["1"], ["chr1", "NC_1"], read_aliases(path), "G")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no row with two names"),
        (b"#ucsc\tncbi\n", "no row with two names"),
        (b"chr1 1\nchr2 2\n", "no row with two names"),
        (b"chr1\t\xff\n", "not text in UTF-8"),
        (b"PK\x03\x04 and more of it", "compressed with zip"),
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "names.tsv").write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_aliases(tmp_path / "names.tsv")
