"""TF-MoDISco on synthetic scores: what is found, what is written, what is said when nothing is."""

import logging
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.dna.sequence import reverse_complement
from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.discovery import SEQLET_CORE, SEQLET_FLANK, find_motifs
from deeplift_genomics.motifs.patterns import read_motif_attributes, read_motifs, trimmed
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.settings.sections import SHORTEST_MOTIF_WINDOW, Motifs
from tests.make_scores import make_score_file
from tests.motif_runs import PLANTED, MotifRun

Edit = Callable[..., Path]
MODISCO = Path(sys.executable).parent / "modisco"


def orientations(motif: str) -> set[str]:
    return {motif, reverse_complement(motif)}


def test_planted_motifs_are_the_patterns(motif_run: MotifRun) -> None:
    positive, negative = read_motifs(motif_run.motifs)
    assert (positive.name, positive.sign) == ("pos_0", 1)
    assert (negative.name, negative.sign) == ("neg_0", -1)
    assert positive.consensus in orientations("AGATAAGA")
    assert negative.consensus in orientations("CAGATGTT")
    assert positive.mean_contribution == pytest.approx(1.0, abs=0.05)
    assert negative.mean_contribution == pytest.approx(-0.7, abs=0.05)


def test_seqlets_lie_at_the_planted_places(motif_run: MotifRun) -> None:
    for pattern, (name, motif) in zip(read_motifs(motif_run.motifs), PLANTED, strict=True):
        core = trimmed(pattern, flank=0)
        flip = pattern.consensus != motif
        found = {
            (row, start, end, "-" if is_revcomp != flip else "+", name)
            for row, start, end, is_revcomp in zip(
                core.row, core.start, core.end, core.is_revcomp, strict=True
            )
        }
        truth = {site for site in motif_run.truth if site[4] == name}
        assert found <= truth
        assert len(found) == pattern.n_seqlets > 0.9 * len(truth)


def test_seqlets_are_those_of_the_score_file(motif_run: MotifRun) -> None:
    scores = read_scores(motif_run.scores)
    for pattern in read_motifs(motif_run.motifs):
        assert set(pattern.is_revcomp) == {False, True}
        for index, row in enumerate(pattern.row):
            place = slice(pattern.start[index], pattern.end[index])
            step = -1 if pattern.is_revcomp[index] else 1
            sequence = scores.sequences[row, place][::step, ::step]
            np.testing.assert_array_equal(pattern.sequence[index], sequence)
            contribution = scores.contributions[row, place].sum(dtype=np.float64)
            assert pattern.contribution[index] == pytest.approx(contribution, rel=1e-5)
        np.testing.assert_allclose(pattern.sequence.mean(axis=0), pattern.ppm)


def test_attributes_are_kept_and_added(motif_run: MotifRun) -> None:
    attributes = read_motif_attributes(motif_run.motifs)
    scores = read_scores(motif_run.scores).attributes
    assert {key for key in scores if attributes[key] != scores[key]} == {"deeplift_genomics_type"}
    expected = {
        "deeplift_genomics_type": "motifs",
        "format_version": 1,
        "window": 400,
        "window_size": 400,
        "window_offset": 50,
        "n_windows": 200,
        "max_seqlets": 20000,
        "seqlet_fdr": 0.05,
        "n_leiden": 2,
        "min_seqlets": 100,
        "motifs_seed": 1,
        "modisco_lite_version": "3.0.0",
        "note": "",
    }
    assert {key: attributes[key] for key in expected} == expected
    assert attributes["n_seqlets_positive"] == attributes["n_seqlets_positive_used"] >= 190


def test_same_bytes_again_whatever_the_threads(motif_run: MotifRun, tmp_path: Path) -> None:
    again = tmp_path / "again.h5"
    find_motifs(motif_run.scores, again, Motifs(), threads=2)
    assert again.read_bytes() == motif_run.motifs.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.h5"]


def test_results_are_those_of_tfmodisco(motif_run: MotifRun) -> None:
    from modiscolite.tfmodisco import TFMoDISco

    scores = read_scores(motif_run.scores)
    order = np.random.default_rng(1).permutation(len(scores))
    results = TFMoDISco(
        one_hot=scores.sequences[order, 50:450].astype(np.float32),
        hypothetical_contribs=scores.hypothetical[order, 50:450],
        sliding_window_size=20,
        flank_size=5,
        target_seqlet_fdr=0.05,
        n_leiden_runs=2,
    )
    theirs = [pattern for patterns in results for pattern in patterns]
    for mine, pattern in zip(read_motifs(motif_run.motifs), theirs, strict=True):
        np.testing.assert_array_equal(mine.cwm, pattern.contrib_scores)
        np.testing.assert_array_equal(mine.hypothetical_cwm, pattern.hypothetical_contribs)
        seqlets = [(order[s.example_idx], s.start + 50, s.is_revcomp) for s in pattern.seqlets]
        assert seqlets == list(zip(mine.row, mine.start, mine.is_revcomp, strict=True))


def test_modisco_runs_on_the_score_file_unchanged(motif_run: MotifRun, tmp_path: Path) -> None:
    output = tmp_path / "out.h5"
    command = [MODISCO, "motifs", "-i", motif_run.scores, "-n", "2000", "-o", output]
    subprocess.run(command, check=True, capture_output=True)
    with h5py.File(output) as file:
        for group, motif in (("pos_patterns", "AGATAAGA"), ("neg_patterns", "CAGATGTT")):
            frequencies = file[group]["pattern_0"]["sequence"][:]
            text = "".join("ACGT"[base] for base in frequencies.argmax(axis=1))
            assert any(site in text for site in orientations(motif))


def test_modisco_reads_the_result(motif_run: MotifRun, empty_run: MotifRun) -> None:
    for path, names in (
        (motif_run.motifs, ["pos_patterns.pattern_0", "neg_patterns.pattern_0"]),
        (empty_run.motifs, []),
    ):
        command = [MODISCO, "meme", "-i", path, "-t", "PFM"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert re.findall(r"^MOTIF (\S+)", text, re.MULTILINE) == names


def test_seqlet_limit_favours_no_chromosome(motif_run: MotifRun, tmp_path: Path) -> None:
    limit = 90  # seqlets; the 67 windows of chr1 alone hold more, and come first in the file
    find_motifs(motif_run.scores, tmp_path / "few.h5", Motifs(max_seqlets=limit))
    attributes = read_motif_attributes(tmp_path / "few.h5")
    assert attributes["n_seqlets_positive_used"] == limit
    assert attributes["n_seqlets_positive"] > 3 * limit
    chrom = read_scores(motif_run.scores).chrom
    for pattern in read_motifs(tmp_path / "few.h5"):
        counts = [(chrom[pattern.row] == name).sum() for name in ("chr1", "chr2", "chr10")]
        assert min(counts) > limit / 10


def test_longer_window_than_there_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_score_file(tmp_path / "scores.h5", n=12, length=121, within=60)
    with caplog.at_level(logging.WARNING):
        find_motifs(tmp_path / "scores.h5", tmp_path / "motifs.h5", Motifs(window=400))
    assert "400 bp is longer" in caplog.text
    attributes = read_motif_attributes(tmp_path / "motifs.h5")
    # an odd window counts as the even one below it, as in modisco-lite
    assert (attributes["window"], attributes["window_offset"]) == (120, 0)


def test_odd_window_and_length(tmp_path: Path) -> None:
    make_score_file(tmp_path / "scores.h5", n=12, length=121, within=60)
    find_motifs(tmp_path / "scores.h5", tmp_path / "motifs.h5", Motifs(window=101))
    attributes = read_motif_attributes(tmp_path / "motifs.h5")
    assert (attributes["window"], attributes["window_offset"]) == (100, 10)


def test_too_few_windows(empty_run: MotifRun) -> None:
    assert read_motifs(empty_run.motifs) == []
    note = read_motif_attributes(empty_run.motifs)["note"]
    assert re.fullmatch(
        r"Only \d+ positive and \d+ negative seqlets were found; "
        r"motifs need more than 100 of one sign\. "
        r"Give more regions, or a smaller motifs\.min_seqlets\.",
        note,
    )


def test_no_window(tmp_path: Path) -> None:
    make_score_file(tmp_path / "scores.h5", n=0)
    assert find_motifs(tmp_path / "scores.h5", tmp_path / "motifs.h5", Motifs()) == 0
    assert read_motifs(tmp_path / "motifs.h5") == []
    note = read_motif_attributes(tmp_path / "motifs.h5")["note"]
    assert note == "There is no window in which motifs could be looked for."


ONES = np.ones((200, 500, 4), dtype=np.float32)
NOISE = np.random.default_rng(0).normal(size=(200, 500, 4)).astype(np.float32)


@pytest.mark.parametrize(
    ("scores", "note"),
    [
        (ONES * 0, "All contributions are zero"),
        (ONES, "all of one sign or nearly all the same"),
        (-ONES, "all of one sign or nearly all the same"),
        (np.abs(NOISE), "all of one sign or nearly all the same"),
        (-np.abs(NOISE), "all of one sign or nearly all the same"),
        (NOISE, "too few of them are alike"),
    ],
    ids=["zero", "one", "minus one", "positive", "negative", "noise"],
)
def test_scores_without_motifs(edited: Edit, tmp_path: Path, scores: np.ndarray, note: str) -> None:
    assert find_motifs(edited(hyp_scores=scores), tmp_path / "motifs.h5", Motifs()) == 0
    assert read_motifs(tmp_path / "motifs.h5") == []
    assert note in read_motif_attributes(tmp_path / "motifs.h5")["note"]


def test_seqlets_all_the_same(edited: Edit, tmp_path: Path) -> None:
    """No seqlet is nearer to some than to others, so that none is left to cluster."""
    scores, sequences = ONES * 0, np.zeros((200, 500, 4), dtype=np.int8)
    sequences[:, :, 0] = 1
    scores[:, 240:250], scores[:, 150:160] = 1, -1
    assert (
        find_motifs(edited(hyp_scores=scores, input_seqs=sequences), tmp_path / "m.h5", Motifs())
        == 0
    )
    attributes = read_motif_attributes(tmp_path / "m.h5")
    assert attributes["n_seqlets_positive_used"] >= 200
    assert "too few of them are alike" in attributes["note"]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_scores_that_are_not_finite(edited: Edit, tmp_path: Path, value: float) -> None:
    scores = np.zeros((200, 500, 4), dtype=np.float32)
    scores[7, 300, 2] = value
    with pytest.raises(InputError, match=r"not finite, first in row 7 \(chr1:3950-4450\)"):
        find_motifs(edited(hyp_scores=scores), tmp_path / "motifs.h5", Motifs())
    assert not (tmp_path / "motifs.h5").exists()


def test_the_shortest_window_has_room_for_one_seqlet() -> None:
    assert SHORTEST_MOTIF_WINDOW == SEQLET_CORE + 2 * SEQLET_FLANK


def test_windows_too_short_for_a_seqlet(tmp_path: Path) -> None:
    make_score_file(tmp_path / "scores.h5", n=12, length=20)
    with pytest.raises(InputError, match="windows of 20 bp; TF-MoDISco needs at least 30"):
        find_motifs(tmp_path / "scores.h5", tmp_path / "motifs.h5", Motifs())


def test_files_of_another_type(motif_run: MotifRun, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'motifs', but a file of type 'scores'"):
        find_motifs(motif_run.motifs, tmp_path / "motifs.h5", Motifs())
    with pytest.raises(InputError, match="'scores', but a file of type 'motifs'"):
        read_motifs(motif_run.scores)
    with pytest.raises(InputError, match="not found"):
        read_motifs(tmp_path / "none.h5")
    cut = tmp_path / "cut.h5"
    cut.write_bytes(motif_run.motifs.read_bytes()[:-5000])
    with pytest.raises(InputError, match="cut short"):
        read_motifs(cut)
