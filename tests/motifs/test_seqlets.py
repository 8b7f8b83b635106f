"""Seqlets: every line agrees with the genome and the planted motifs."""

import shutil
from pathlib import Path

import h5py
import pyfaidx
import pytest

from deeplift_genomics.dna.sequence import codes_of, decode, reverse_complement
from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.colours import colours_of
from deeplift_genomics.motifs.patterns import read_motifs
from deeplift_genomics.motifs.seqlets import write_seqlets
from deeplift_genomics.scores.file import read_scores
from tests.motif_runs import MotifRun

NAMES = ["chrom", "start", "end", "pattern", "score", "strand", "thickStart", "thickEnd", "itemRgb"]
NAMES += ["sequence", "contribution", "region"]
HEADER = "#" + "\t".join(NAMES)


@pytest.fixture(scope="module")
def lines(motif_run: MotifRun, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    output = tmp_path_factory.mktemp("seqlets") / "seqlets.bed"
    number = write_seqlets(motif_run.motifs, motif_run.scores, output)
    header, *rest = output.read_text().splitlines()
    assert header == HEADER
    assert len(rest) == number
    return [line.split("\t") for line in rest]


def columns(lines: list[list[str]], *names: str) -> list[tuple[str, ...]]:
    """Return some columns of each line."""
    places = [NAMES.index(name) for name in names]
    return [tuple(line[place] for place in places) for line in lines]


def test_every_seqlet_is_there_once(lines: list[list[str]], motif_run: MotifRun) -> None:
    expected = {
        (f"peak_{row}", pattern.name, decode(codes))
        for pattern in read_motifs(motif_run.motifs)
        for row, codes in zip(pattern.row, codes_of(pattern.sequence), strict=True)
    }
    assert set(columns(lines, "region", "pattern", "sequence")) == expected
    assert len(lines) == len(expected) == len(set(map(tuple, lines)))


def test_bases_are_those_of_the_genome(lines: list[list[str]], motif_run: MotifRun) -> None:
    with pyfaidx.Fasta(str(motif_run.fasta)) as genome:
        places = columns(lines, "chrom", "start", "end", "strand", "sequence")
        for chrom, start, end, strand, sequence in places:
            bases = genome[chrom][int(start) : int(end)].seq
            assert sequence == (bases if strand == "+" else reverse_complement(bases))
    assert {line[5] for line in lines} == {"+", "-"}
    assert {line[0] for line in lines} == {"chr1", "chr2", "chr10"}


def test_planted_sites_are_covered(lines: list[list[str]], motif_run: MotifRun) -> None:
    scores = read_scores(motif_run.scores)
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for chrom, start, end, name, *_ in lines:
        spans.setdefault((chrom, name), []).append((int(start), int(end)))
    covered = [
        any(
            first <= scores.start[row] + start and scores.start[row] + end <= last
            for first, last in spans[scores.chrom[row], {"GATA": "pos_0", "TAL": "neg_0"}[name]]
        )
        for row, start, end, _, name in motif_run.truth
    ]
    assert len(covered) == 400
    assert sum(covered) > 0.9 * 400


def test_scores_are_relative_to_the_largest(lines: list[list[str]]) -> None:
    rows = columns(lines, "contribution", "score", "pattern")
    largest = max(abs(float(contribution)) for contribution, _, _ in rows)
    for contribution, score, pattern in rows:
        assert int(score) == pytest.approx(1000 * abs(float(contribution)) / largest, abs=0.51)
        assert (float(contribution) > 0) == pattern.startswith("pos")
        assert len(contribution.lstrip("-0.").replace(".", "")) <= 6
    assert max(int(score) for _, score, _ in rows) == 1000


def test_browsers_find_what_they_expect_in_the_first_nine_columns(lines: list[list[str]]) -> None:
    """A browser takes columns 7 to 9 for the thick part and the colour, whatever they are.

    With twelve columns it takes the tenth for the number of exons, unless that is no number.
    """
    assert not any(line[9][0].isdigit() for line in lines)
    for start, end, thick_start, thick_end in columns(lines, "start", "end", *NAMES[6:8]):
        assert (start, end) == (thick_start, thick_end)
    assert set(columns(lines, "pattern", "itemRgb")) == set(colours_of(["pos_0", "neg_0"]).items())


def test_lines_are_sorted(lines: list[list[str]]) -> None:
    keys = [(line[0], int(line[1]), int(line[2])) for line in lines]
    assert keys == sorted(keys)


def test_same_bytes_again(motif_run: MotifRun, tmp_path: Path) -> None:
    for name in ("a.bed", "b.bed"):
        write_seqlets(motif_run.motifs, motif_run.scores, tmp_path / name)
    assert (tmp_path / "a.bed").read_bytes() == (tmp_path / "b.bed").read_bytes()


def test_no_pattern_leaves_the_header(empty_run: MotifRun, tmp_path: Path) -> None:
    assert write_seqlets(empty_run.motifs, empty_run.scores, tmp_path / "none.bed") == 0
    assert (tmp_path / "none.bed").read_text() == HEADER + "\n"


def test_scores_of_another_run(motif_run: MotifRun, empty_run: MotifRun, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"was made with fasta_digest = '.*', but .* with '"):
        write_seqlets(motif_run.motifs, empty_run.scores, tmp_path / "x.bed")
    other = tmp_path / "other.h5"
    shutil.copy(empty_run.scores, other)
    with h5py.File(motif_run.scores) as file, h5py.File(other, "r+") as copy:
        copy.attrs["fasta_digest"] = file.attrs["fasta_digest"]
    with pytest.raises(InputError, match=r"n_windows = 200, but .* with 9\. Give the score"):
        write_seqlets(motif_run.motifs, other, tmp_path / "x.bed")
    assert not (tmp_path / "x.bed").exists()
