"""Warnings: each is told for the numbers that ask for it, and for no others."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.record.warnings import WARNINGS, Numbers, read_numbers, warnings_of
from deeplift_genomics.windows.dropped import Dropped, DroppedRegion, write_dropped
from tests.make_scores import make_score_file

SOUND = Numbers(
    {
        "controls": "none",
        "target": "counts",
        "reference_kind": "dinucleotide_shuffle",
        "window_length": 500,
        "min_seqlets": 100,
        "n_seqlets_positive": 250,
        "n_seqlets_positive_used": 250,
        "n_seqlets_negative": 0,
        "n_seqlets_negative_used": 0,
    },
    n_regions=100,
    n_windows=100,
    above=0.97,
    difference=1.06,
)


def with_attributes(numbers: Numbers = SOUND, **attributes: object) -> Numbers:
    return replace(numbers, attributes={**numbers.attributes, **attributes})


OTHER_ASSEMBLY = replace(SOUND, above=0.74, difference=0.32)
CASES = {
    "given": (
        with_attributes(
            given_scores="a.h5", given_by="ChromBPNet", not_known="model, references", method=""
        ),
        "Contributions were not computed here, but read from a.h5, of ChromBPNet. Not known: model",
    ),
    "losses": (replace(SOUND, lost={"leaves the contig": 11}), "11 of 100 regions were dropped"),
    "summits": (
        with_attributes(n_on_summits=90, summit_position=0.2),
        "The summits of 90 regions are at 20% of their length on average",
    ),
    "overlap": (replace(SOUND, n_overlapping=11), "11 of 100 windows share more than half"),
    "controls": (
        with_attributes(controls="profile = values at the whole window, the file; counts = 0"),
        "The control input counts of the model is filled with zero",
    ),
    "empty controls": (
        with_attributes(control_n_empty=11, control_files="plus.bw"),
        "11 of 100 windows have no value but zero in plus.bw",
    ),
    "shuffles": (OTHER_ASSEMBLY, "for 74% of them the model predicts more than for the mean"),
    "seqlets": (
        with_attributes(n_seqlets_negative=99),
        "Seqlets too few to be clustered: 99 that lower the target.",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_a_warning_is_told_alone(name: str) -> None:
    numbers, begin = CASES[name]
    (sentence,) = warnings_of(numbers)
    assert begin in sentence
    assert warnings_of(numbers, name) == [sentence]


@pytest.mark.parametrize(
    "numbers",
    [
        SOUND,
        replace(SOUND, lost={"leaves the contig": 10}),
        replace(SOUND, n_overlapping=10),
        # the bases in which motifs are searched for decide, once they are known
        with_attributes(replace(SOUND, n_overlapping=100), n_overlapping=10, window=400),
        with_attributes(n_on_summits=90, summit_position=0.45),
        replace(SOUND, above=0.8),
        with_attributes(control_n_empty=10, control_files="plus.bw"),
        with_attributes(
            replace(SOUND, above=0.3, lost={"too many unknown bases": 60}), tile_stride=1
        ),
        with_attributes(OTHER_ASSEMBLY, target="profile"),
        with_attributes(OTHER_ASSEMBLY, target="logit[0]"),
        with_attributes(OTHER_ASSEMBLY, reference_kind="zeros"),
        replace(OTHER_ASSEMBLY, n_windows=19),
        with_attributes(controls="counts = log(1 + sum over the whole window), the file"),
    ],
)
def test_nothing_is_told_without_a_reason(numbers: Numbers) -> None:
    assert warnings_of(numbers) == []


def test_the_advice_on_seqlets_is_the_setting() -> None:
    both = with_attributes(n_seqlets_positive=7, n_seqlets_positive_used=0, n_seqlets_negative=3)
    (sentence,) = warnings_of(both)
    assert "7 that raise and 3 that lower the target" in sentence
    assert "motifs.min_seqlets = 100 asks for more than 100 of one sign" in sentence


def test_numbers_are_those_of_the_files(tmp_path: Path) -> None:
    make_score_file(tmp_path / "scores.h5", 30, 200, within=150)
    with h5py.File(tmp_path / "scores.h5", "a") as file:
        file["target"][:] = np.where(np.arange(30) < 12, 2.0, 0.5)
        file["reference_target"][:] = 1.0
        file["coords_chrom"][:] = "chr1"
        file["summit"][:] = 1000 * np.arange(30)
        file["summit"][1] = 50
    gone = [DroppedRegion("chr1", 1, 2, "a", "leaves the contig", "-", line) for line in range(9)]
    gone.append(DroppedRegion("chr1", 1, 2, "a", "repeats an earlier window", "-", 9))
    write_dropped(tmp_path / "dropped.tsv", Dropped(gone))
    found = read_numbers(tmp_path / "scores.h5", dropped_path=tmp_path / "dropped.tsv")
    assert found.lost == {"leaves the contig": 9}
    assert (found.n_regions, found.n_windows, found.n_overlapping) == (40, 30, 2)
    assert found.above == pytest.approx(0.4)
    assert found.difference == pytest.approx(0.1)
