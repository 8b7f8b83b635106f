"""Tiles of a whole genome: their places, their number, and those that are dropped."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.dna.contigs import Aliases
from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.dropped import (
    EXCLUDED,
    SHORT_CONTIG,
    UNKNOWN_BASES,
    NoWindowsError,
    read_dropped,
)
from deeplift_genomics.windows.file import read_windows
from deeplift_genomics.windows.from_genome import make_tiles, tile_starts
from deeplift_genomics.windows.tiling import Tiling, count_tiles

FASTA = """\
>chr1
ACGTACGTAC
GTACGNNNNN
NNNNNACGTA
>chr2
ACGTACGTAC
GTA
>short
ACGT
"""


LENGTHS = {"chr1": 30, "chr2": 13, "short": 4}


@pytest.fixture
def genome(tmp_path: Path) -> Path:
    path = tmp_path / "genome.fa"
    path.write_text(FASTA)
    index = "chr1\t30\t6\t10\t11\nchr2\t13\t45\t10\t11\nshort\t4\t67\t4\t5\n"
    Path(f"{path}.fai").write_text(index)
    return path


@pytest.mark.parametrize(
    ("size", "length", "stride", "expected"),
    [
        (20, 10, 10, [0, 10]),
        (25, 10, 10, [0, 10, 15]),
        (25, 10, 5, [0, 5, 10, 15]),
        (10, 10, 3, [0]),
        (30, 4, 10, [0, 10, 20, 26]),
        (9, 10, 10, []),
    ],
)
def test_where_tiles_lie(size: int, length: int, stride: int, expected: list[int]) -> None:
    assert tile_starts(size, length, stride).tolist() == expected


def cut(genome: Path, tmp_path: Path, tiling: Tiling, length: int = 5) -> tuple[list, list]:
    windows, dropped = tmp_path / "windows.h5", tmp_path / "dropped.tsv"
    try:
        n = make_tiles(genome, tiling, length, windows, dropped_path=dropped, max_unknown=0.05)
    finally:
        found = [(d.chrom, d.start, d.end, d.reason) for d in read_dropped(dropped)]
    tiles = read_windows(windows)
    assert len(tiles) == n
    assert (tiles.end - tiles.start == length).all()
    assert (tiles.summit - tiles.start == length // 2).all()
    taken = [name for name in LENGTHS if name not in tiling.leave_out]
    taken = [name for name in taken if name in (tiling.contigs or LENGTHS)]
    n_tiles = sum(len(tile_starts(LENGTHS[name], length, tiling.stride)) for name in taken)
    assert tiles.attributes["n_regions"] == n_tiles
    assert tiles.attributes["n_dropped"] == n_tiles - n == read_dropped(dropped).n_windows
    lines = "".join(FASTA.split(">chr1")[1].split(">chr2")[0].split())
    for chrom, start, codes in zip(tiles.chrom, tiles.start, tiles.codes, strict=True):
        if chrom == "chr1":
            assert "".join("ACGTN"[c] for c in codes) == lines[start : start + length]
    return [(str(c), int(s)) for c, s in zip(tiles.chrom, tiles.start, strict=True)], found


def test_tiles_of_a_genome(genome: Path, tmp_path: Path) -> None:
    tiles, dropped = cut(genome, tmp_path, Tiling(5))
    assert tiles == [("chr1", s) for s in (0, 5, 10, 25)] + [("chr2", s) for s in (0, 5, 8)]
    assert dropped == [
        ("chr1", 15, 25, "too many unknown bases"),  # two neighbours
        ("short", 0, 4, "contig shorter than a window"),
    ]


def test_the_list_holds_the_number_of_tiles(genome: Path, tmp_path: Path) -> None:
    cut(genome, tmp_path, Tiling(2))
    dropped = read_dropped(tmp_path / "dropped.tsv")
    assert [(record.detail, record.n_windows) for record in dropped] == [
        ("7 tiles", 7),
        ("0 tiles, 4 bases", 0),
    ]
    assert dropped.counts() == {UNKNOWN_BASES: 7, SHORT_CONTIG: 0}
    assert dropped.stretches() == {UNKNOWN_BASES: 1, SHORT_CONTIG: 0}
    cut(genome, tmp_path, Tiling(10))
    assert read_dropped(tmp_path / "dropped.tsv").records[0].detail == "1 tile"


def test_contigs_and_excluded_regions(genome: Path, tmp_path: Path) -> None:
    exclude = tmp_path / "exclude.bed"
    exclude.write_text("1\t2\t3\n2\t8\t9\n")
    tiles, dropped = cut(genome, tmp_path, Tiling(5, leave_out=("short",), exclude=exclude))
    assert tiles == [("chr1", s) for s in (5, 10, 25)] + [("chr2", 0)]
    assert ("chr1", 0, 5, "overlaps an excluded region") in dropped
    assert ("chr2", 5, 13, "overlaps an excluded region") in dropped
    tiles, _ = cut(genome, tmp_path, Tiling(5, contigs=("chr2",)))
    assert {chrom for chrom, _ in tiles} == {"chr2"}


def test_an_excluded_region_within_another(genome: Path, tmp_path: Path) -> None:
    exclude = tmp_path / "exclude.bed"
    exclude.write_text("chr2\t0\t12\nchr2\t1\t2\n")
    tiles, _ = cut(genome, tmp_path, Tiling(5, exclude=exclude))
    assert [start for chrom, start in tiles if chrom == "chr2"] == []


def test_an_excluded_contig_under_two_names(genome: Path, tmp_path: Path) -> None:
    exclude = tmp_path / "exclude.bed"
    exclude.write_text("chr2\t0\t1\n2\t12\t13\n")
    tiles, _ = cut(genome, tmp_path, Tiling(5, exclude=exclude))
    assert [start for chrom, start in tiles if chrom == "chr2"] == [5]


def test_no_tile_at_all(genome: Path, tmp_path: Path) -> None:
    short = r"was dropped: .*, short:0-4 \(contig shorter than a window; 0 tiles, 4 bases\)"
    with pytest.raises(NoWindowsError, match=short):
        cut(genome, tmp_path, Tiling(5), length=50)
    assert not (tmp_path / "windows.h5").exists()


def test_the_number_of_tiles_is_known_before(genome: Path, tmp_path: Path) -> None:
    for stride in (1, 3, 5, 7):
        for length in (stride, stride + 4):
            windows = tmp_path / "windows.h5"
            n = make_tiles(
                genome,
                Tiling(stride),
                length,
                windows,
                dropped_path=tmp_path / "dropped.tsv",
                max_unknown=1,
            )
            assert n <= count_tiles(genome, Tiling(stride)) <= n + 3 * (length // stride + 1)
    assert count_tiles(genome, Tiling(5, contigs=("chr2",))) == 3


def test_what_is_refused(genome: Path) -> None:
    with pytest.raises(InputError, match="no contig 'chr9'"):
        count_tiles(genome, Tiling(5, contigs=("chr9",)))
    with pytest.raises(InputError, match="stride of tiles is 0; expected 1"):
        Tiling(0)
    with pytest.raises(InputError, match=r"No contig of .* is left"):
        count_tiles(genome, Tiling(5, leave_out=("chr1", "chr2", "short")))
    index = Path(f"{genome}.fai")
    index.write_text("chr1 30\n")
    with pytest.raises(InputError, match="is no index"):
        count_tiles(genome, Tiling(5))
    index.unlink()
    with pytest.raises(InputError, match="samtools faidx"):
        count_tiles(genome, Tiling(5))


def test_blocks_give_the_tiles_of_one_piece(
    genome: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = cut(genome, tmp_path, Tiling(2))
    monkeypatch.setattr("deeplift_genomics.windows.cutting._ROWS", 2)
    assert cut(genome, tmp_path, Tiling(2)) == whole
    assert np.unique([start for _, start in whole[0]]).size > 4


def test_a_decimal_limit_means_what_it_says(tmp_path: Path) -> None:
    """29 of 100 is allowed by 0.29, though 0.29 * 100 is a little less than 29."""
    (tmp_path / "a.fa").write_text(">1\n" + "N" * 29 + "A" * 71)
    n = make_tiles(
        tmp_path / "a.fa",
        Tiling(100),
        100,
        tmp_path / "w.h5",
        dropped_path=tmp_path / "dropped.tsv",
        max_unknown=0.29,
    )
    assert n == 1


@pytest.mark.parametrize(
    ("length", "max_unknown", "said"),
    [(0, 0.05, "Window length .* not 0"), (5, 5, "fraction from 0 to 1, not 5")],
)
def test_arguments_out_of_bounds(
    genome: Path, tmp_path: Path, length: int, max_unknown: float, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        make_tiles(
            genome,
            Tiling(5),
            length,
            tmp_path / "w.h5",
            dropped_path=tmp_path / "dropped.tsv",
            max_unknown=max_unknown,
        )


def test_an_index_that_does_not_fit_is_noticed_when_tiles_are_cut(
    genome: Path, tmp_path: Path
) -> None:
    packed = tmp_path / "packed.fa.gz"
    packed.write_bytes(gzip.compress(genome.read_bytes()))
    Path(f"{packed}.fai").write_text("chr1\t30\t6\t10\t11\nchr2\t13\t45\t10\t11\n")
    assert count_tiles(packed, Tiling(5)) == 9  # cannot be known before the file is unpacked
    with pytest.raises(InputError, match=r"does not fit .* of contig short the index lacks it"):
        make_tiles(
            packed,
            Tiling(5),
            5,
            tmp_path / "windows.h5",
            dropped_path=tmp_path / "dropped.tsv",
            max_unknown=0,
        )


def test_names_of_tiles_by_convention_and_by_table(genome: Path, tmp_path: Path) -> None:
    aliases = Aliases([(1, ["chr1", "NC_1"]), (2, ["chr2", "NC_2"])])
    exclude = tmp_path / "gaps.bed"
    exclude.write_text("NC_2\t0\t5\n")
    tiling = Tiling(5, ("NC_2", "1"), ("chr1",), exclude, aliases)
    windows, dropped = tmp_path / "windows.h5", tmp_path / "dropped.tsv"
    assert count_tiles(genome, tiling) == 3
    assert make_tiles(genome, tiling, 5, windows, dropped_path=dropped, max_unknown=0) == 2
    assert read_windows(windows).chrom.tolist() == ["chr2"] * 2
    assert [(record.chrom, record.reason) for record in read_dropped(dropped)] == [
        ("chr2", EXCLUDED)
    ]
