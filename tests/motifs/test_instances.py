"""Instances: every line agrees with the genome and the planted motifs."""

import shutil
from pathlib import Path

import h5py
import pyfaidx
import pytest

from deeplift_genomics.dna.sequence import codes_of, decode, reverse_complement
from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.instances import write_instances
from deeplift_genomics.motifs.patterns import read_motifs
from deeplift_genomics.scores.file import read_scores
from tests.motifs.conftest import MotifRun

HEADER = "#chrom\tstart\tend\tpattern\tscore\tstrand\tregion\tcontribution\tsequence"


@pytest.fixture(scope="module")
def lines(motif_run: MotifRun, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    output = tmp_path_factory.mktemp("instances") / "instances.bed"
    number = write_instances(motif_run.motifs, motif_run.scores, output)
    header, *rest = output.read_text().splitlines()
    assert header == HEADER
    assert len(rest) == number
    return [line.split("\t") for line in rest]


def test_every_seqlet_is_there_once(lines: list[list[str]], motif_run: MotifRun) -> None:
    expected = {
        (f"peak_{row}", pattern.name, decode(codes))
        for pattern in read_motifs(motif_run.motifs)
        for row, codes in zip(pattern.row, codes_of(pattern.sequence), strict=True)
    }
    found = {(region, name, sequence) for _, _, _, name, _, _, region, _, sequence in lines}
    assert found == expected
    assert len(lines) == len(expected) == len(set(map(tuple, lines)))


def test_bases_are_those_of_the_genome(lines: list[list[str]], motif_run: MotifRun) -> None:
    with pyfaidx.Fasta(str(motif_run.fasta)) as genome:
        for chrom, start, end, _, _, strand, _, _, sequence in lines:
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
    largest = max(abs(float(line[7])) for line in lines)
    for line in lines:
        assert int(line[4]) == pytest.approx(1000 * abs(float(line[7])) / largest, abs=0.51)
        assert (float(line[7]) > 0) == line[3].startswith("pos")
        assert len(line[7].lstrip("-0.").replace(".", "")) <= 6
    assert max(int(line[4]) for line in lines) == 1000


def test_lines_are_sorted(lines: list[list[str]]) -> None:
    keys = [(line[0], int(line[1]), int(line[2])) for line in lines]
    assert keys == sorted(keys)


def test_same_bytes_again(motif_run: MotifRun, tmp_path: Path) -> None:
    for name in ("a.bed", "b.bed"):
        write_instances(motif_run.motifs, motif_run.scores, tmp_path / name)
    assert (tmp_path / "a.bed").read_bytes() == (tmp_path / "b.bed").read_bytes()


def test_no_pattern_leaves_the_header(empty_run: MotifRun, tmp_path: Path) -> None:
    assert write_instances(empty_run.motifs, empty_run.scores, tmp_path / "none.bed") == 0
    assert (tmp_path / "none.bed").read_text() == HEADER + "\n"


def test_scores_of_another_run(motif_run: MotifRun, empty_run: MotifRun, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"was made with fasta_digest = '.*', but .* with '"):
        write_instances(motif_run.motifs, empty_run.scores, tmp_path / "x.bed")
    other = tmp_path / "other.h5"
    shutil.copy(empty_run.scores, other)
    with h5py.File(motif_run.scores) as file, h5py.File(other, "r+") as copy:
        copy.attrs["fasta_digest"] = file.attrs["fasta_digest"]
    with pytest.raises(InputError, match=r"n_windows = 200, but .* with 9\. Give the score"):
        write_instances(motif_run.motifs, other, tmp_path / "x.bed")
    assert not (tmp_path / "x.bed").exists()
