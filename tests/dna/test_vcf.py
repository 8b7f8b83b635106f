"""Files of variants as people write them, and every mistake that is refused."""

import gzip
from pathlib import Path

import pytest

from deeplift_genomics.dna.vcf import Variant, look_at_variants, read_variants
from deeplift_genomics.errors import InputError
from tests.dna.test_bed import bgzipped

HEADER = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
)
REST = "\t50\tPASS\tAC=1;X=a b\tGT\t0|1\n"
ROW = f"chr1\t100\trs7\tA\tT{REST}"
SIMPLE = [("chr1", 99, "rs7", "A", "T")]


def read(path: Path, text: str | bytes) -> list[Variant]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_variants(path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADER + ROW, SIMPLE),
        (ROW, SIMPLE),
        ((HEADER + ROW).replace("\n", "\r\n"), SIMPLE),
        ("\ufeff" + HEADER + ROW.rstrip("\n"), SIMPLE),
        (HEADER + "\n" + ROW + "\n\n", SIMPLE),
        (HEADER + "chr1\t100\trs7\ta\tt\n", SIMPLE),
        ("chr1 100 rs7 A T\n", SIMPLE),
        (gzip.compress((HEADER + ROW).encode()), SIMPLE),
        (bgzipped((HEADER + ROW).encode()), SIMPLE),
        (HEADER.encode() + ROW.encode().replace(b"X=a b", b"X=\xe9"), SIMPLE),
        (
            HEADER + "1\t5\t.\tAC\tA,<DEL>,*\n",
            [("1", 4, "", "AC", alt) for alt in ("A", "<DEL>", "*")],
        ),
        (HEADER + "1\t5\t.\tA\t.\n", [("1", 4, "", "A", ".")]),
        (HEADER + "1\t5\t.\tA\tA[chr2:7[\n", [("1", 4, "", "A", "A[chr2:7[")]),
        (HEADER + "1\t0\t.\tA\tC\n", [("1", -1, "", "A", "C")]),
        # tables of spreadsheets and R
        ("chrom\tpos\tref\talt\nchr1\t100\tA\tT\n", [("chr1", 99, "", "A", "T")]),
        ("rsid\tALT\tREF\tPosition\tChr\nrs7\tT\tA\t100\tchr1\n", SIMPLE),
        ('"chr"\t"pos"\t"id"\t"ref"\t"alt"\n"chr1"\t100\t"rs7"\t"A"\t"T"\n', SIMPLE),
        ("#chrom\tpos\tref\talt\nchr1\t1,000.0\tA\tT\n", [("chr1", 999, "", "A", "T")]),
        ("chrom\tpos\tref\talt\tid\nchr1\t100\tA\tT\n", [("chr1", 99, "", "A", "T")]),
    ],
)
def test_what_people_write_is_read(tmp_path: Path, text: str | bytes, expected: list) -> None:
    found = read(tmp_path / "a.vcf", text)
    assert [tuple(one[1:]) for one in found] == expected


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    found = read(tmp_path / "a.vcf", HEADER + ROW + "\n" + ROW)
    assert [one.line for one in found] == [4, 6]
    assert str(found[0]) == "chr1:100:A>T" and found[0].position == 100


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no variant. Expected VCF"),
        (HEADER, "holds no variant. Expected VCF"),
        (HEADER + "chr1\t100\trs7\tA\n", "line 4 has 4 columns, not 5: 'chr1"),
        ("chr1,100,rs7,A,T\n", "line 1 has 1 column, not 5: 'chr1,100,rs7,A,T'. It has commas"),
        ("chrom,pos,ref,alt,x\n", "It has commas where tabs are expected. Expected VCF"),
        (HEADER + ROW.replace("100", "1e3"), "line 4: the position '1e3' is no whole number"),
        ("chr1\t99\t100\tA\tT\nname\tx\ty\tz\tw\n", "line 2: the position 'x' is no whole"),
        ("contig\tstart\tend\tref\talt\n", "line 1: the position 'start' is no whole number"),
        (HEADER + ROW.replace("\tA\t", "\t\t"), "line 4 names no chromosome or no REF"),
        (b"BCF\x02\x02" + bytes(20), "is BCF, VCF's binary form. Write it as text: bcftools"),
        ("chr1\t1\t.\tA\tT\rchr1\t2\t.\tA\tT\r", "its lines end with carriage returns only"),
        (b"\xff\xfe" + "chr1\t1\t.\tA\tT\n".encode("utf-16-le"), "line 1 is not text in UTF-8"),
        (gzip.compress((HEADER + ROW).encode())[:-9], "is cut short"),
        (b"PK\x03\x04" + bytes(40), "is compressed with zip"),
    ],
)
def test_what_is_no_vcf_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=r"^VCF file ") as caught:
        read(tmp_path / "a.vcf", text)
    assert message in str(caught.value)


def test_only_the_first_variant_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text(ROW + "nothing\n")
    look_at_variants(tmp_path / "a.vcf")
    with pytest.raises(InputError, match="not found"):
        look_at_variants(tmp_path / "b.vcf")
