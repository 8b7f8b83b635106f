"""Sequences without a genome: taken as they are, or dropped with a reason."""

import gzip
from pathlib import Path

import pytest

from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.windows.dropped import (
    Dropped,
    DroppedRegion,
    NoWindowsError,
    TooManyDroppedError,
    read_dropped,
)
from deeplift_genomics.windows.file import Windows, read_windows
from deeplift_genomics.windows.from_sequences import make_sequences
from tests.windows.test_file import same

OLIGOS = (
    ">ref|1 chr1:5-15 described\nACGTACGTAC\n>alt|1\nacgtTcgtac\n"
    ">wrapped\nACGTA\nCGTAR\n>same as ref|1\nACGTACGTAC\n"
)


def make(
    folder: Path, content: bytes | str, length: int = 10, **more: float
) -> tuple[Windows, Dropped]:
    path = folder / "oligos.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    more = {"max_unknown": 0.1, **more}
    dropped = folder / "dropped.tsv"
    windows = make_sequences(path, length, folder / "w.h5", dropped_path=dropped, **more)
    assert same(read_windows(folder / "w.h5"), windows)
    return windows, read_dropped(dropped)


@pytest.mark.parametrize(
    "pack",
    [
        str.encode,
        lambda text: gzip.compress(text.encode()),
        lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),  # as Windows' editors write
        lambda text: (
            ("; made by hand\n" + text).replace("ACGTA\n", "ACG\nTA \n").encode()
        ),  # uneven lines, a blank
    ],
)
def test_every_record_is_a_window(tmp_path: Path, pack) -> None:
    windows, dropped = make(tmp_path, pack(OLIGOS))
    assert [decode(codes) for codes in windows.codes] == [
        "ACGTACGTAC", "ACGTTCGTAC", "ACGTACGTAN", "ACGTACGTAC",
    ]  # fmt: skip
    assert windows.chrom.tolist() == windows.name.tolist() == ["ref|1", "alt|1", "wrapped", "same"]
    assert set(windows.start) == {0} and set(windows.end) == {10} and set(windows.summit) == {5}
    assert len(dropped) == 0
    assert windows.attributes == {
        "fasta": "",
        "fasta_digest": "",
        "regions": "oligos.txt",
        "regions_digest": digest(tmp_path / "oligos.txt"),
        "regions_format": "fasta",
        "merge_within": 0,
        "window_length": 10,
        "max_unknown": 0.1,
        "n_regions": 4,
        "n_dropped": 0,
        "n_ambiguous_bases": 1,
        "contig_names": "{}",
        "contig_lengths": "{}",
    }


def test_what_cannot_be_explained_is_dropped_with_its_line(tmp_path: Path) -> None:
    records = ">short\nACGT\n>good\nACGTACGTAC\n>long\nACGTA\nCGTAC\nA\n>unknown\nNNACGTACGT\n"
    windows, dropped = make(tmp_path, records, max_dropped=0.75)
    assert windows.name.tolist() == ["good"]
    assert dropped.records == [
        DroppedRegion("short", 0, 4, "short", "not of the model's length",
                      "4 bases; the model reads 10", 1),
        DroppedRegion("long", 0, 11, "long", "not of the model's length",
                      "11 bases; the model reads 10", 5),
        DroppedRegion("unknown", 0, 10, "unknown", "too many unknown bases",
                      "0.2 unknown, at most 0.1", 9),
    ]  # fmt: skip
    assert windows.attributes["n_dropped"] == 3
    with pytest.raises(TooManyDroppedError, match=r"3 of 4 sequences of .* without adapters"):
        make(tmp_path, records, max_dropped=0.5)


def test_all_of_another_length(tmp_path: Path) -> None:
    with pytest.raises(NoWindowsError) as caught:
        make(tmp_path, OLIGOS + ">x\nA\n", length=12)
    message = str(caught.value)
    assert "The model reads 12 bases, and they have 10 (4 of them), 1 (1 of them)" in message
    assert len(read_dropped(tmp_path / "dropped.tsv")) == 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("chr1\t5\t15\n", "does not begin with >, so this is no FASTA"),
        ("chr1\t5\t15\n", "name their genome in the sheet's column 'fasta'"),
        ("", "holds no sequence"),
        ("\n\n", "holds no sequence"),
        (OLIGOS.encode("utf-16"), "is text in UTF-16; save it as UTF-8"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "a spreadsheet program's own file"),
        (">a\nACGUACGUAC\n", "holds 'U' at position 3"),
        (">a\nMKVLAAGICQ\n", "holds 'L' at position 3"),
        (">a\nACGTACGTAC\n>b\nA\n>a\nACGTACGTAA\n", "lines 1 and 5: two records have the name 'a'"),
        (">oligo 1\nACGTACGTAC\n>oligo 2\nACGTACGTAA\n", "'oligo', which ends at the first blank"),
        (">#7\nACGTACGTAC\n", "line 1: a record has the name '#7'"),
        (">a\nACGTACGTAC\n>track\nACGTACGTAA\n", "line 3: a record has the name 'track'"),
        (gzip.compress(OLIGOS.encode(), mtime=0)[:-9], "is cut short"),
    ],
)
def test_mistakes(tmp_path: Path, content: bytes | str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        make(tmp_path, content)
    assert words in str(caught.value)
    assert not (tmp_path / "w.h5").exists()
