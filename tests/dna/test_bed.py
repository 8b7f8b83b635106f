"""Region files: every form is read, and every mistake is reported."""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import tempfile
import time
import tracemalloc
from pathlib import Path

import pytest
from Bio import bgzf
from hypothesis import given
from hypothesis import strategies as st

from deeplift_genomics.dna.bed import Regions, read_regions
from deeplift_genomics.dna.region_lines import count_regions
from deeplift_genomics.errors import InputError

BED3 = "chr1\t10\t20\n"
BED6 = "chr1\t10\t21\tpeak_a\t500\t-\n"
BED12 = "chr1\t10\t20\ta\t0\t+\t10\t20\t0,0,0\t1\t10\t0\n"
NARROWPEAK = "chr1\t10\t20\t.\t500\t.\t4.5\t-1\t2.5\t3\n"
NO_SUMMIT = "chr1\t10\t20\tb\t500\t.\t4.5\t-1\t2.5\t-1\n"


def rows(regions: Regions) -> list[tuple]:
    return list(
        zip(
            regions.chrom,
            regions.start.tolist(),
            regions.end.tolist(),
            regions.centre.tolist(),
            regions.name,
            regions.strand,
            regions.line.tolist(),
            strict=True,
        )
    )


def bgzipped(data: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.gz"
        with bgzf.open(path, "wb") as writer:
            writer.write(data)
        return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.bed", BED3, [("chr1", 10, 20, 15, "chr1:10-20", ".", 1)]),
        ("a.bed", BED6, [("chr1", 10, 21, 15, "peak_a", "-", 1)]),
        ("a.bed", BED12, [("chr1", 10, 20, 15, "a", "+", 1)]),
        ("a.bed", "chr1\t0\t1\t\t0\t*\n", [("chr1", 0, 1, 0, "chr1:0-1", ".", 1)]),
        ("a.bed", "chr1\t10\t20", [("chr1", 10, 20, 15, "chr1:10-20", ".", 1)]),
        ("a.bed", "chr1 10   20 n 0 +\n", [("chr1", 10, 20, 15, "n", "+", 1)]),
        ("a.bed", "chr1\t10\t20\ttwo words\n", [("chr1", 10, 20, 15, "two words", ".", 1)]),
        ("a.bed", "chr1\t10\t20\t\u00e9\u4e2d\n", [("chr1", 10, 20, 15, "\u00e9\u4e2d", ".", 1)]),
        ("a.bed", "\ufeff" + BED3, [("chr1", 10, 20, 15, "chr1:10-20", ".", 1)]),
        ("a.bed", "chr1\t10\t20\r\n\r\n", [("chr1", 10, 20, 15, "chr1:10-20", ".", 1)]),
        ("a.bed", "track1\t10\t20\n", [("track1", 10, 20, 15, "track1:10-20", ".", 1)]),
        (
            "a.bed",
            'browser position chr1:1-9\ntrack name="x"\n# comment\n\n  \n' + BED3 + "#\n" + BED6,
            [
                ("chr1", 10, 20, 15, "chr1:10-20", ".", 6),
                ("chr1", 10, 21, 15, "peak_a", "-", 8),
            ],
        ),
        # a BED of ten columns is narrowPeak if columns 7 to 10 are such numbers
        ("a.bed", NARROWPEAK, [("chr1", 10, 20, 13, "chr1:10-20", ".", 1)]),
        ("a.bed", NO_SUMMIT, [("chr1", 10, 20, 15, "b", ".", 1)]),
        ("a.bed", NARROWPEAK[:-2] + "3.0\n", [("chr1", 10, 20, 13, "chr1:10-20", ".", 1)]),
        (
            "a.bed",  # pandas writes both as floats where the column had a gap
            NARROWPEAK[:-2] + "3.0\n" + NO_SUMMIT[:-1] + ".0\n",
            [("chr1", 10, 20, 13, "chr1:10-20", ".", 1), ("chr1", 10, 20, 15, "b", ".", 2)],
        ),
        # the name of a file does not count
        ("a.narrowPeak", BED3, [("chr1", 10, 20, 15, "chr1:10-20", ".", 1)]),
        ("a.bed", "chrom\tstart\tend\n" + BED3, [("chr1", 10, 20, 15, "chr1:10-20", ".", 2)]),
        (
            "a.narrowPeak",
            "track type=narrowPeak\n" + NARROWPEAK + NO_SUMMIT,
            [
                ("chr1", 10, 20, 13, "chr1:10-20", ".", 2),
                ("chr1", 10, 20, 15, "b", ".", 3),
            ],
        ),
        # with more columns, as `bedtools intersect` adds, the summit stays in column 10
        (
            "a.narrowPeak",
            NARROWPEAK[:-1] + "\tchr2\t5\n",
            [("chr1", 10, 20, 13, "chr1:10-20", ".", 1)],
        ),
        (
            "a.narrowPeak",
            NARROWPEAK.replace("4.5", "NA"),
            [("chr1", 10, 20, 13, "chr1:10-20", ".", 1)],
        ),
    ],
)
def test_every_form_is_read(tmp_path: Path, name: str, text: str, expected: list[tuple]) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert rows(read_regions(path)) == expected
    assert count_regions(path) == len(expected)


@pytest.mark.parametrize("name", ["a.narrowPeak.gz", "a.narrowPeak", "a.narrowPeak.bgz"])
@pytest.mark.parametrize("compress", [gzip.compress, bgzipped, bytes])
def test_compression_is_told_by_content_not_by_name(tmp_path: Path, name: str, compress) -> None:
    path = tmp_path / name
    path.write_bytes(compress(NARROWPEAK.replace("4.5", "NA").encode() * 20_000))
    regions = read_regions(path)
    assert len(regions) == count_regions(path) == 20_000
    assert set(regions.centre.tolist()) == {13}


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("a.bed", BED3 + "chr1\t20\t20\n", 2, "start 20 is not below end 20"),
        ("a.bed", "chr1\t30\t20\n", 1, "start 30 is not below end 20"),
        ("a.bed", "# x\n" + BED3 + "\nchr1\t-5\t20\n", 4, "start (column 2) is negative (-5)"),
        ("a.bed", "chr1\t5\t-20\n", 1, "end (column 3) is negative (-20)"),
        ("a.bed", "region\tfrom\tto\n" + BED3, 1, "start (column 2) is 'from'"),
        ("a.bed", BED3 + "chrom\tstart\tend\n", 2, "start (column 2) is 'start'"),
        ("a.bed", "chr1\t10\tabc\n", 1, "end (column 3) is 'abc'"),
        ("a.bed", "chr1\t1e3\t2000\n", 1, "'1e3'"),
        ("a.bed", "chr1\t1_0\t2000\n", 1, "'1_0'"),
        ("a.bed", "chr1\t\u0661\t2000\n", 1, "start (column 2)"),
        ("a.bed", "chr1\t10\t" + "9" * 5000 + "\n", 1, "end (column 3)"),
        ("a.bed", "chr1\t\t2000\n", 1, "start (column 2) is ''"),
        ("a.bed", "\t10\t20\n", 1, "column 1 is empty"),
        ("a.bed", BED3 + "chr1\t10\n", 2, "2 column(s); expected at least 3"),
        ("a.bed", "chr1\n", 1, "1 column(s)"),
        ("a.bed", "chr1,10,20\n", 1, "1 column(s)"),
        ("a.bed", "chr1\t10\t20\rchr1\t30\t40\r", 1, "Unix line ends"),
        ("a.bed", "chr1\t10\t20\ta\x00b\n", 1, "not text"),
        ("a.bed", NARROWPEAK + BED3, 2, "but line 1 is narrowPeak with a summit"),
        ("a.bed", BED3 + NARROWPEAK, 1, "one form per file"),
        ("a.bed", NARROWPEAK + BED12, 2, "one form per file"),
        ("a.narrowPeak", NARROWPEAK + NARROWPEAK[:-2] + "x\n", 2, "one form per file"),
        ("a.narrowPeak", NARROWPEAK[:-2] + "-2\n", 1, "column 10 is '-2' in a region of 10 bases"),
        ("a.narrowPeak", NARROWPEAK[:-2] + "10\n", 1, "column 10 is '10' in a region of 10 bases"),
    ],
)
def test_mistakes_in_a_line(tmp_path: Path, name: str, text: str, line: int, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    with pytest.raises(InputError) as caught:
        read_regions(path)
    message = str(caught.value)
    assert re.search(rf"{re.escape(str(path))}, line {line}:", message)
    assert said in message
    assert "xpected" in message
    assert repr(text.split("\n")[line - 1][:12])[1:-1] in message
    assert len(message) < 800


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def tarred(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("chr1.bed")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


MANY = b"".join(b"chr%d\t%d\t%d\n" % (i % 7, i * i, i * i + i) for i in range(1, 20_000))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no region"),
        (b"# heading\rchr1\t1\t5\rchr1\t7\t9\r", "Are line ends carriage returns?"),
        (b"# only\n\ntrack name=x\nbrowser hide all\n", "holds no region"),
        (gzip.compress(b"", mtime=0), "holds no region"),
        (truncated(gzip.compress(MANY, mtime=0)), "is cut short"),
        (gzip.compress(MANY, mtime=0)[:-4], "is cut short"),
        (bgzipped(MANY)[:-28], "is cut short"),  # between two blocks: gzip itself sees no fault
        (truncated(bgzipped(MANY)), "is cut short"),
        (
            gzip.compress(MANY, mtime=0)[:2000]
            + b"\xff" * 50
            + gzip.compress(MANY, mtime=0)[2050:],
            "damaged gzip",
        ),
        (gzip.compress(BED3.encode(), mtime=0) + b"rubbish", "damaged gzip"),
        (b"\x1f\x8b rubbish that is no gzip", "damaged gzip"),
        (bz2.compress(MANY), "compressed with bzip2"),
        (lzma.compress(MANY), "compressed with xz"),
        (b"PK\x03\x04rubbish", "compressed with zip"),
        (tarred(MANY), "an archive of files (tar). Unpack it: tar -xf"),
        (gzip.compress(tarred(MANY), mtime=0), "an archive of files (tar)"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "line 1: not text"),
        (b"chr1\t1\t5\nchr\xe9\t1\t5\n", "line 2: not text"),
        (BED3.encode("utf-16"), "line 1: not text"),
    ],
)
@pytest.mark.parametrize("read", [read_regions, count_regions])
def test_mistakes_in_a_file(tmp_path: Path, data: bytes, said: str, read) -> None:
    path = tmp_path / "a.bed"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("read", [read_regions, count_regions])
def test_a_missing_file_and_a_folder(tmp_path: Path, read) -> None:
    with pytest.raises(InputError, match=r"Regions file not found: .*none\.bed"):
        read(tmp_path / "none.bed")
    with pytest.raises(InputError, match="Regions file is not a file"):
        read(tmp_path)


def test_contigs_of_many_regions_share_one_string(tmp_path: Path) -> None:
    (tmp_path / "a.bed").write_text(BED3 * 3)
    chrom = read_regions(tmp_path / "a.bed").chrom
    assert chrom[0] is chrom[1] is chrom[2]


def test_300_000_regions_take_seconds(tmp_path: Path) -> None:
    path = tmp_path / "a.narrowPeak"
    path.write_text(NARROWPEAK * 300_000)
    started = time.process_time()
    assert len(read_regions(path)) == 300_000
    assert time.process_time() - started < 15  # about 1 on an idle core


field = st.one_of(
    st.sampled_from(["chr1", "10", "20", "-1", "0", "3", "4.5", ".", "+", "", " ", "track", "#"]),
    st.text(max_size=5),
)
lines = st.lists(field, max_size=13).flatmap(
    lambda fields: st.sampled_from(["\t", " "]).map(lambda separator: separator.join(fields))
)
files = st.one_of(
    st.binary(max_size=200),
    st.lists(lines, max_size=5).map(lambda ls: "\n".join(ls).encode("utf-8", "replace")),
    st.binary(max_size=60).map(gzip.compress),
    st.binary(max_size=60).map(lambda data: b"\x1f\x8b\x08" + data),
)


@given(data=files, name=st.sampled_from(["a.bed", "a.narrowPeak"]))
def test_anything_is_read_or_refused(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            regions = read_regions(path)
        except InputError as error:
            assert str(path) in str(error)
            return
        assert len(regions) == count_regions(path) > 0
        assert (regions.start >= 0).all()
        assert (regions.start <= regions.centre).all()
        assert (regions.centre < regions.end).all()
        assert set(regions.strand) <= {"+", "-", "."}
        assert all(regions.chrom) and all(regions.name)
        assert not any("\t" in text or "\n" in text for text in [*regions.chrom, *regions.name])


def test_a_line_that_would_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.bed.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(300):
            file.write(bytes([65]) * (1 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="line 1 has 1048576 bytes or more"):
            read_regions(path)
        assert tracemalloc.get_traced_memory()[1] < 100e6
    finally:
        tracemalloc.stop()
