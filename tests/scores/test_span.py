"""Scores of some bases of each window: every reader of scores knows which were not computed."""

import json
import re
import shutil
from pathlib import Path

import h5py
import numpy as np
import pyBigWig
import pytest

from deeplift_genomics.comparison.regions import correlate as compare
from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.errors import InputError
from deeplift_genomics.instances.scan import scan_windows
from deeplift_genomics.motifs.discovery import find_motifs
from deeplift_genomics.report.agreement import correlate
from deeplift_genomics.report.examples import ExampleLocus
from deeplift_genomics.report.locus_numbers import read_contributions
from deeplift_genomics.report.strongest import strongest
from deeplift_genomics.scores.file import observed, read_scores
from deeplift_genomics.scores.folds import agreement
from deeplift_genomics.scores.tracks import write_track
from deeplift_genomics.settings.choices import OVERLAPS
from deeplift_genomics.settings.motif_sections import Instances
from deeplift_genomics.settings.sections import Motifs
from tests.make_scores import CHROMOSOMES, make_score_file
from tests.motif_runs import MotifRun

START, END = 100, 400  # of windows of 500


def with_span(path: Path, output: Path, start: int = START, end: int = END) -> Path:
    """Copy a score file without the scores of bases outside a span."""
    shutil.copy(path, output)
    with h5py.File(output, "r+") as file:
        scores = file["hyp_scores"][:]
        scores[:, :start] = scores[:, end:] = np.nan
        file["hyp_scores"][:] = scores
        file.attrs["scored_start"], file.attrs["scored_end"] = start, end
    return output


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("span") / "whole.h5"
    make_score_file(path, n=9)
    with h5py.File(path, "r+") as file:
        file.attrs["contig_lengths"] = json.dumps(dict.fromkeys(CHROMOSOMES, 9999))
    return path


@pytest.fixture(scope="module")
def part(whole: Path) -> Path:
    return with_span(whole, whole.with_name("part.h5"))


def test_sums_leave_them_out_and_the_file_says_nan(whole: Path, part: Path) -> None:
    with h5py.File(whole) as a, h5py.File(part) as b:
        found, expected = observed(b, slice(2, 5)), observed(a, slice(2, 5))
    assert not found[:, :START].any() and not found[:, END:].any()
    np.testing.assert_array_equal(found[:, START:END], expected[:, START:END])
    assert np.isnan(read_scores(part).hypothetical[:, :START]).all()


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_tracks_have_no_value_there(whole: Path, part: Path, tmp_path: Path, overlap: str) -> None:
    tracks = []
    for path in (whole, part):
        output = tmp_path / f"{path.stem}.bw"
        assert write_track(path, output, overlap) == 9 * (500 if path == whole else END - START)
        tracks.append(pyBigWig.open(str(output)))
    scores = read_scores(part)
    for chrom, start in zip(scores.chrom, scores.start.tolist(), strict=True):
        all_of, found = (np.array(track.values(chrom, start, start + 500)) for track in tracks)
        assert np.isnan(found[:START]).all() and np.isnan(found[END:]).all()
        np.testing.assert_array_equal(found[START:END], all_of[START:END])


def test_motifs_ask_for_scores_of_their_window(part: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"bases 100 to 400 .* motifs.window takes 50 to 450") as e:
        find_motifs(part, tmp_path / "motifs.h5", Motifs())
    window, span = re.findall(r"motifs.window to (\d+)|span to \[(.*)\]", str(e.value))[::-1]
    find_motifs(part, tmp_path / "motifs.h5", Motifs(window=int(window[0])))  # as it advises
    larger = with_span(part, tmp_path / "larger.h5", *map(int, span[1].split(", ")))
    with h5py.File(larger, "r+") as file:
        file["hyp_scores"][:, 50:450] = 0
    find_motifs(larger, tmp_path / "motifs.h5", Motifs())
    narrow = with_span(part, tmp_path / "narrow.h5", 240, 260)
    with pytest.raises(InputError, match=r"set span to \[50, 450\]\.$"):
        find_motifs(narrow, tmp_path / "motifs.h5", Motifs())


def test_instances_are_those_of_the_bases_with_scores(motif_run: MotifRun, tmp_path: Path) -> None:
    some = with_span(motif_run.scores, tmp_path / "part.h5", 200, 300)
    found = []
    for path in (motif_run.scores, some):
        scan_windows(
            path, motif_run.motifs, tmp_path / "calls.h5", settings=Instances(), part=(0, 1)
        )
        with h5py.File(tmp_path / "calls.h5") as file:
            names = sorted(name for name in file if file[name].shape == file["row"].shape)
            found.append(set(zip(*(file[name][:].tolist() for name in names), strict=True)))
    assert found[1] and len(found[1]) < len(found[0])


def test_the_page_counts_what_was_computed(whole: Path, part: Path) -> None:
    assert correlate(part, part).median == pytest.approx(1)
    assert correlate(whole, part).median == pytest.approx(1)
    regions = compare(whole, part, "scores").regions
    assert [region.correlation for region in regions] == [pytest.approx(1)] * 9
    assert {region.end - region.start for region in regions} == {END - START}
    assert all(np.isfinite(item.letters).all() for item in strongest(part, 450))
    shown = Locus("chr1", 100, 600)
    (values,) = read_contributions(part, [ExampleLocus(0, shown, shown, "region")])
    with h5py.File(part) as file:
        np.testing.assert_array_equal(values, observed(file, slice(0, 1))[0])


def test_folds_agree_on_what_was_computed() -> None:
    folds = np.random.default_rng(0).normal(size=(2, 3, 50)).astype("f4")
    expected = agreement(folds[:, :, 10:30])
    folds[:, :, :10] = folds[:, :, 30:] = np.nan
    np.testing.assert_array_equal(agreement(folds), expected)


@pytest.mark.parametrize("place", [(3, START, 1), (3, END - 1, 0)])
def test_nan_among_scores_is_damage(part: Path, tmp_path: Path, place: tuple[int, ...]) -> None:
    damaged = tmp_path / "damaged.h5"
    shutil.copy(part, damaged)
    with h5py.File(damaged, "r+") as file:
        file["hyp_scores"][place[0], place[1]] = np.nan
    with pytest.raises(InputError, match="not finite"):
        write_track(damaged, tmp_path / "track.bw", "centre")
    with pytest.raises(InputError, match="not finite"):
        find_motifs(damaged, tmp_path / "motifs.h5", Motifs(window=300))
