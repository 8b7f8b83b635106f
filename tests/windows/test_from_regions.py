"""Windows around regions: their bases, and the regions that are dropped and why."""

import logging
import random
from pathlib import Path

import numpy as np
import pytest
from pyfaidx import Faidx

from deeplift_genomics.dna.region_lines import count_regions
from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.windows import cutting
from deeplift_genomics.windows.dropped import (
    Dropped,
    DroppedRegion,
    NoWindowsError,
    read_dropped,
)
from deeplift_genomics.windows.file import Windows, read_windows
from deeplift_genomics.windows.from_regions import cut_windows, make_windows
from tests.windows.test_file import same

# positions      0         10        20
GENOME = ">chr1\nACGTACGTAC\nacgtnNRYac\nGGTCA\n>2\nTTTTGGGGCC\n>MT\nCATCATCATCAT\n"
CHR1 = "ACGTACGTACACGTNNNNACGGTCA"


def narrowpeak(chrom: str, start: int, end: int, summit: int, name: str = ".") -> str:
    return f"{chrom}\t{start}\t{end}\t{name}\t0\t.\t1\t1\t1\t{summit}\n"


def cut(
    folder: Path, regions: str, length: int, max_unknown: float = 0.05, name: str = "a.bed"
) -> tuple[Windows, Dropped]:
    (folder / name).write_text(regions)
    (folder / "a.fa").write_text(GENOME)
    return cut_windows(folder / name, folder / "a.fa", length, max_unknown)


@pytest.mark.parametrize(
    ("region", "length", "start", "summit", "bases"),
    [
        ("chr1\t4\t6\n", 4, 3, 5, "TACG"),
        ("chr1\t4\t7\n", 4, 3, 5, "TACG"),
        ("chr1\t4\t7\n", 5, 3, 5, "TACGT"),
        ("chr1\t0\t1\n", 1, 0, 0, "A"),
        ("chr1\t24\t25\n", 1, 24, 24, "A"),
        ("chr1\t1\t3\n", 4, 0, 2, "ACGT"),  # touches the contig's first base
        ("chr1\t22\t24\n", 4, 21, 23, "GTCA"),  # and its last
        ("chr1\t0\t25\n", 25, 0, 12, CHR1),
        ("chr1\t8\t12\n", 4, 8, 10, "ACAC"),  # over the end of a line, into lower case
        ("chr1\t2\t1000000\n", 4, None, None, None),
        (narrowpeak("chr1", 0, 20, 5), 4, 3, 5, "TACG"),
        (narrowpeak("chr1", 0, 20, 19), 4, 17, 19, "NACG"),
        (narrowpeak("chr1", 4, 6, -1), 4, 3, 5, "TACG"),
        ("2\t4\t6\n", 10, 0, 5, "TTTTGGGGCC"),
    ],
)
def test_which_bases(
    tmp_path: Path, region: str, length: int, start: int, summit: int, bases: str | None
) -> None:
    if bases is None:
        with pytest.raises(NoWindowsError, match="leaves the contig: 1"):
            cut(tmp_path, region, length)
        return
    windows, dropped = cut(tmp_path, region, length, max_unknown=0.5)
    assert len(dropped) == 0
    assert [decode(codes) for codes in windows.codes] == [bases]
    assert windows.codes.dtype == np.int8
    assert (windows.start[0], windows.end[0], windows.summit[0]) == (start, start + length, summit)


def test_every_reason_for_dropping(tmp_path: Path) -> None:
    regions = (
        "# heading\n"
        "chr1\t4\t6\tfirst\t0\t-\n"
        "chr9\t4\t6\tnowhere\n"
        "chr1\t0\t2\tleft\n"
        "chr1\t23\t25\tright\n"
        "chr1\t14\t16\tunknown\n"
        "chr1\t4\t7\tagain\n"
        "chr2\t4\t6\tlast\t0\t+\n"
        "2\t4\t6\tother name of the same\n"
        "chr1\t14\t16\tunknown again\n"
    )
    windows, dropped = cut(tmp_path, regions, 4)
    assert windows.name.tolist() == ["first", "last"]
    assert windows.chrom.tolist() == ["chr1", "chr2"]
    assert windows.strand.tolist() == ["-", "+"]
    assert [decode(codes) for codes in windows.codes] == ["TACG", "TGGG"]
    assert dropped.records == [
        DroppedRegion("chr9", 4, 6, "nowhere", "contig not in FASTA",
                      "no contig of this name or its usual variants, or more than one", 3),
        DroppedRegion("chr1", 0, 2, "left", "leaves the contig",
                      "window -1-3; contig chr1 has 25 bases", 4),
        DroppedRegion("chr1", 23, 25, "right", "leaves the contig",
                      "window 22-26; contig chr1 has 25 bases", 5),
        DroppedRegion("chr1", 14, 16, "unknown", "too many unknown bases",
                      "window 13-17; 0.75 unknown, at most 0.05", 6),
        DroppedRegion("chr1", 4, 7, "again", "repeats an earlier window",
                      "window 3-7; same as line 2", 7),
        DroppedRegion("2", 4, 6, "other name of the same", "repeats an earlier window",
                      "window 3-7; same as line 8", 9),
        DroppedRegion("chr1", 14, 16, "unknown again", "too many unknown bases",
                      "window 13-17; 0.75 unknown, at most 0.05", 10),
    ]  # fmt: skip
    assert dropped.counts() == {
        "leaves the contig": 2,
        "too many unknown bases": 2,
        "repeats an earlier window": 2,
        "contig not in FASTA": 1,
    }


@pytest.mark.parametrize(
    ("max_unknown", "kept"), [(0, 1), (0.24, 1), (0.25, 2), (0.5, 3), (0.75, 4), (1, 5)]
)
def test_the_limit_itself_is_allowed(tmp_path: Path, max_unknown: float, kept: int) -> None:
    """Windows of 4 bases with 0, 1, 2, 3 and 4 of them unknown."""
    regions = "".join(f"chr1\t{centre}\t{centre + 1}\n" for centre in (12, 13, 14, 15, 16))
    windows, dropped = cut(tmp_path, regions, 4, max_unknown)
    assert [decode(codes) for codes in windows.codes] == [
        "ACGT", "CGTN", "GTNN", "TNNN", "NNNN"
    ][:kept]  # fmt: skip
    assert len(dropped) == 5 - kept


def test_a_decimal_limit_means_what_it_says(tmp_path: Path) -> None:
    """29 of 100 is allowed by 0.29, though 0.29 * 100 is a little less than 29."""
    (tmp_path / "a.fa").write_text(">1\n" + "N" * 29 + "A" * 71)
    (tmp_path / "a.bed").write_text("1\t50\t51\n")
    windows, _ = cut_windows(tmp_path / "a.bed", tmp_path / "a.fa", 100, 0.29)
    assert len(windows) == 1


def test_attributes(tmp_path: Path) -> None:
    regions = "chr1\t16\t17\nchr1\t17\t18\nchrM\t5\t6\nchr2\t0\t1\n1\t0\t1\n"
    windows, dropped = cut(tmp_path, regions, 4, max_unknown=0.75)
    assert [decode(codes) for codes in windows.codes] == ["NNNA", "CATC"]
    assert len(dropped) == 3
    assert windows.attributes == {
        "fasta": "a.fa",
        "fasta_digest": digest(tmp_path / "a.fa"),
        "regions": "a.bed",
        "regions_digest": digest(tmp_path / "a.bed"),
        "window_length": 4,
        "max_unknown": 0.75,
        "n_regions": 5,
        "n_dropped": 3,
        "regions_format": "summits",
        "n_on_summits": 2,
        "n_on_middles": 0,
        "summit_position": 0.5,
        "merge_within": 0,
        "n_ambiguous_bases": 2,  # R and Y of the second; the dropped first has them too
        "contig_names": '{"1": "chr1", "chr2": "2", "chrM": "MT"}',
        "contig_lengths": '{"chr1": 25, "chrM": 12}',
    }


def test_a_contig_of_two_names_has_one_in_the_results(tmp_path: Path) -> None:
    regions = "1\t4\t6\nchr1\t5\t7\n1\t6\t8\nchrM\t5\t6\n"
    windows, dropped = cut(tmp_path, regions, 4)
    assert windows.chrom.tolist() == ["1", "1", "1", "chrM"]
    assert windows.attributes["contig_lengths"] == '{"1": 25, "chrM": 12}'
    assert len(dropped) == 0


MERGED = [
    # start, end, summit, score, signal; at most 5 apart, from the left: 2, 5, 8, 12, 21
    ("chr1", 0, 20, 2, 1, 5.0, "a"),
    ("chr1", 0, 20, 5, 9, 7.5, "b"),
    ("chr1", 0, 20, 8, 1, 7.0, "c"),
    ("chr1", 0, 20, 10, 2, 7.0, "d"),
    ("chr1", 0, 25, 21, 1, 1.0, "e"),
    ("2", 0, 9, 5, 1, 0.5, "f"),
]


def merged(folder: Path, within: int, rows: list[tuple] = MERGED) -> tuple[list[str], Dropped]:
    text = "".join(
        f"{chrom}\t{start}\t{end}\t{name}\t{score}\t.\t{signal}\t2\t3\t{summit}\n"
        for chrom, start, end, summit, score, signal, name in rows
    )
    (folder / "a.bed").write_text(text)
    (folder / "a.fa").write_text(GENOME)
    windows, dropped = cut_windows(folder / "a.bed", folder / "a.fa", 4, 1, merge_within=within)
    assert windows.attributes["merge_within"] == within
    assert windows.attributes["n_on_summits"] == len(windows)
    return windows.name.tolist(), dropped


@pytest.mark.parametrize(
    ("within", "kept"),
    [
        (0, "abcdef"),
        (2, "abcdef"),  # centres exactly as far apart as this are both taken
        (3, "abdef"),  # c and d have one signal, d the larger score
        (4, "bdef"),
        (5, "bdef"),
        (6, "bef"),
        (100, "bf"),
    ],
)
def test_one_of_several_near_regions_is_taken(tmp_path: Path, within: int, kept: str) -> None:
    names, dropped = merged(tmp_path, within)
    assert "".join(names) == kept
    assert {record.reason for record in dropped} <= {"too near to another region"}
    assert len(dropped) == 6 - len(kept)


def test_the_strongest_of_near_regions_is_named(tmp_path: Path) -> None:
    _, dropped = merged(tmp_path, 6)
    assert [(record.name, record.detail) for record in dropped] == [
        ("a", "window 0-4; centre 3 bases from that of line 2"),
        ("c", "window 6-10; centre 3 bases from that of line 2"),
        ("d", "window 8-12; centre 5 bases from that of line 2"),
    ]


def test_of_equals_the_first_is_taken_and_of_bed_the_larger_score(tmp_path: Path) -> None:
    equal = [(*row[:4], 0, -1, row[-1]) for row in MERGED]
    assert merged(tmp_path, 4, equal)[0] == ["a", "c", "e", "f"]
    (tmp_path / "b.bed").write_text("chr1\t4\t6\tlow\t3\nchr1\t5\t7\thigh\t20\n")
    windows, _ = cut_windows(tmp_path / "b.bed", tmp_path / "a.fa", 4, 1, merge_within=2)
    assert windows.name.tolist() == ["high"]


def test_a_repeated_window_has_the_signal_of_its_strongest_region(tmp_path: Path) -> None:
    names, dropped = merged(tmp_path, 4, [*MERGED, ("chr1", 1, 20, 1, 1, 9.0, "a again")])
    assert names == ["a", "d", "e", "f"]
    assert dropped.counts() == {"too near to another region": 2, "repeats an earlier window": 1}


def test_a_window_that_is_dropped_for_its_bases_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.fa").write_text(">1\n" + "A" * 20 + "N" * 4 + "A" * 20)
    (tmp_path / "a.bed").write_text("1\t20\t24\tunknown\t9\n1\t24\t28\tknown\t1\n")
    windows, _ = cut_windows(tmp_path / "a.bed", tmp_path / "a.fa", 4, 0.5, merge_within=50)
    assert windows.name.tolist() == ["known"]
    assert windows.attributes["n_ambiguous_bases"] == 0


def test_renamed_contigs_are_noted_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        cut(tmp_path, "chr2\t4\t6\nchr2\t5\t7\nchrM\t5\t6\n", 4)
    notes = [record for record in caplog.records if "named differently" in record.message]
    assert [note.levelname for note in notes] == ["WARNING"]
    assert "chr2 = 2, chrM = MT" in notes[0].message
    caplog.clear()
    with caplog.at_level(logging.INFO):
        cut(tmp_path, "2\t4\t6\n", 4)
    assert [record.message for record in caplog.records] == [
        "1 of 1 regions became windows",
        "read as bed; centred on summits: 0; on middles: 1",
    ]


def slowly(
    regions: list[tuple[str, int, int]], genome: dict[str, str], length: int, limit: float
) -> tuple[list[str], list[tuple[int, str]]]:
    """Return windows, and line and reason of dropped regions, one region after the other."""
    kept: dict[tuple[str, int], str] = {}
    dropped = []
    for line, (chrom, start, end) in enumerate(regions, start=1):
        left = (start + end) // 2 - length // 2
        bases = genome.get(chrom, "")[max(left, 0) : left + length]
        if chrom not in genome:
            dropped.append((line, "contig not in FASTA"))
        elif left < 0 or left + length > len(genome[chrom]):
            dropped.append((line, "leaves the contig"))
        elif bases.count("N") / length > limit:
            dropped.append((line, "too many unknown bases"))
        elif (chrom, left) in kept:
            dropped.append((line, "repeats an earlier window"))
        else:
            kept[chrom, left] = bases
    return list(kept.values()), dropped


@pytest.mark.parametrize("seed", range(8))
def test_the_same_as_one_region_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(cutting, "_ROWS", 7)
    draw = random.Random(seed)
    genome = {
        f"c{number}": "".join(draw.choices("ACGTN", (5, 5, 5, 5, 2), k=draw.randrange(1, 120)))
        for number in range(6)
    }
    regions = []
    for _ in range(300):
        start = draw.randrange(100)
        regions.append((f"c{draw.randrange(7)}", start, start + draw.randrange(1, 9)))
    (tmp_path / "a.fa").write_text("".join(f">{name}\n{bases}\n" for name, bases in genome.items()))
    (tmp_path / "a.bed").write_text("".join(f"{c}\t{s}\t{e}\n" for c, s, e in regions))
    length = draw.randrange(5, 15)
    windows, dropped = cut_windows(tmp_path / "a.bed", tmp_path / "a.fa", length, 0.1)
    expected_windows, expected_dropped = slowly(regions, genome, length, 0.1)
    assert [decode(codes) for codes in windows.codes] == expected_windows
    assert [(record.line, record.reason) for record in dropped] == expected_dropped
    assert len({reason for _, reason in expected_dropped}) == 4
    for chrom, start, bases in zip(windows.chrom, windows.start, windows.codes, strict=True):
        assert genome[chrom][start : start + length] == decode(bases)


@pytest.mark.parametrize(
    ("regions", "length", "max_unknown", "said"),
    [
        ("chr1\t4\t6\n", 0, 0.05, "Window length .* not 0"),
        ("chr1\t4\t6\n", -4, 0.05, "Window length .* not -4"),
        ("chr1\t4\t6\n", 4.0, 0.05, "Window length .* not 4.0"),
        ("chr1\t4\t6\n", True, 0.05, "Window length .* not True"),
        ("chr1\t4\t6\n", 4, 5, "fraction from 0 to 1, not 5"),
        ("chr1\t4\t6\n", 4, -0.1, "fraction from 0 to 1, not -0.1"),
        ("chr1\t4\t6\n", 4, float("nan"), "fraction from 0 to 1, not nan"),
        ("chr1\t6\t6\n", 4, 0.05, r"a\.bed, line 1: start 6 is not below end 6"),
        (
            "".join(f"scaffold_{number}\t1\t2\n" for number in range(9)),
            4,
            0.05,
            "no contig in common. The first has the contigs scaffold_0, scaffold_1, scaffold_2, "
            "scaffold_3, scaffold_4 and 4 more; the second has chr1, 2, MT",
        ),
        (
            "chr1\t0\t2\nchr1\t24\t25\nchr9\t1\t2\nchr1\t15\t17\n",
            4,
            0.05,
            r"None of the 4 regions of .*a\.bed gives a window of 4 bases .*\(leaves the contig: 2"
            r"; contig not in FASTA: 1; too many unknown bases: 1\)\. The first, line 1: "
            r"window -1-3",
        ),
        ("chr1\t4\t6\n", 26, 0.05, r"leaves the contig: 1"),
    ],
)
def test_mistakes(tmp_path: Path, regions: str, length: int, max_unknown: float, said: str) -> None:
    with pytest.raises(InputError, match=said):
        cut(tmp_path, regions, length, max_unknown)


def test_the_whole_step(tmp_path: Path) -> None:
    (tmp_path / "a.fa").write_text(GENOME)
    (tmp_path / "a.bed").write_text("chr1\t4\t6\nchr1\t0\t1\n")
    out = tmp_path / "results"
    made = make_windows(
        tmp_path / "a.bed",
        tmp_path / "a.fa",
        4,
        out / "windows.h5",
        dropped_path=out / "dropped.tsv",
        max_unknown=0.05,
    )
    assert same(read_windows(out / "windows.h5"), made)
    assert read_dropped(out / "dropped.tsv").counts() == {"leaves the contig": 1}
    assert sorted(path.name for path in out.iterdir()) == ["dropped.tsv", "windows.h5"]


def test_the_list_is_written_when_every_region_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "a.fa").write_text(GENOME)
    (tmp_path / "a.bed").write_text("chr1\t0\t1\n")
    out = tmp_path / "results"
    with pytest.raises(InputError, match="None of the 1 regions"):
        make_windows(
            tmp_path / "a.bed",
            tmp_path / "a.fa",
            4,
            out / "w.h5",
            dropped_path=out / "dropped.tsv",
            max_unknown=0.05,
        )
    assert len(read_dropped(out / "dropped.tsv")) == 1
    assert [path.name for path in out.iterdir()] == ["dropped.tsv"]


# --- real data


def bases_from(fasta: Faidx, contig: str, windows: Windows) -> list[str]:
    return [
        fasta.fetch(contig, int(start) + 1, int(end)).upper()
        for start, end in zip(windows.start, windows.end, strict=True)
    ]


@pytest.fixture(scope="module")
def unpacked(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Faidx]:
    import gzip

    folder = tmp_path_factory.mktemp("genomes")
    genomes = {}
    for name in ("hg19_chr22_1-22000000", "sacCer3_chrIV"):
        packed = shared_data / "genome" / f"{name}.fa.gz"
        (folder / f"{name}.fa").write_bytes(gzip.decompress(packed.read_bytes()))
        genomes[name] = Faidx(str(folder / f"{name}.fa"), as_raw=True)
    return genomes


@pytest.mark.parametrize(("factor", "number"), [("znf143", 51), ("ctcf", 114)])
def test_human_peaks_on_a_contig_of_another_name(
    shared_data: Path, unpacked: dict[str, Faidx], factor: str, number: int
) -> None:
    name = "hg19_chr22_1-22000000"
    peaks = shared_data / "regions" / f"{factor}_hg19_chr22.narrowPeak"
    windows, dropped = cut_windows(peaks, shared_data / "genome" / f"{name}.fa.gz", 500, 0.05)
    assert count_regions(peaks) == len(windows) + len(dropped) == number
    assert set(windows.chrom) == {"chr22"}
    assert windows.attributes["contig_names"] == '{"chr22": "22"}'
    assert [decode(codes) for codes in windows.codes] == bases_from(unpacked[name], "22", windows)
    lines = [line.split("\t") for line in peaks.read_text().splitlines()]
    summits = [int(line[1]) + int(line[9]) for line in lines]
    left_out = {record.line for record in dropped}
    kept = [summit for line, summit in enumerate(summits, start=1) if line not in left_out]
    assert windows.summit.tolist() == kept
    assert (windows.start + 250 == windows.summit).all()
    assert not list((shared_data / "genome").glob("*.fai"))


def test_yeast_peaks_with_a_track_line(shared_data: Path, unpacked: dict[str, Faidx]) -> None:
    peaks = shared_data / "regions" / "atac_sacCer3.narrowPeak"
    fasta = shared_data / "genome" / "sacCer3_chrIV.fa.gz"
    windows, dropped = cut_windows(peaks, fasta, 2114, 0.05)
    lines = peaks.read_text().splitlines()
    on_chr_iv = sum(line.startswith("chrIV\t") for line in lines)
    assert dropped.counts()["contig not in FASTA"] == len(lines) - 1 - on_chr_iv
    assert len(windows) + len(dropped) == len(lines) - 1
    assert len(windows) > 150
    assert windows.codes.shape == (len(windows), 2114)
    expected = bases_from(unpacked["sacCer3_chrIV"], "chrIV", windows)
    assert [decode(codes) for codes in windows.codes] == expected
    assert all(lines[record.line - 1].split("\t")[3] == record.name for record in dropped)
