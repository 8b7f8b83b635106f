"""Contributions along the genome: the window that gives a base its value."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import h5py
import numpy as np
import pyBigWig
import pytest

from deeplift_genomics.errors import DiskError, InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.scores import tracks
from deeplift_genomics.scores.file import OF_DEEPLIFT, rows_of_shard
from deeplift_genomics.scores.merge import merge_shards
from deeplift_genomics.scores.streamed import write_streamed
from deeplift_genomics.scores.tracks import mean, nearest_centre, write_track
from deeplift_genomics.scores.writer import write_shard
from tests.limits import largest_file

NONE = np.nan


def joined(
    join: Callable, starts: Sequence[int], rows: Sequence[Sequence[float]], size: int
) -> list[float]:
    """Return the track of one contig of `size` bases."""
    track = np.full(size, NONE)
    values = (np.array(row, dtype=np.float32) for row in rows)
    for begin, stretch in join(np.array(starts), values, len(rows[0])):
        assert np.isnan(track[begin : begin + len(stretch)]).all(), "a base has two values"
        track[begin : begin + len(stretch)] = stretch
    return track.tolist()


@pytest.mark.parametrize(
    ("starts", "rows", "expected"),
    [
        # apart, and side by side
        ([0, 6], ["1111", "2222"], "1111..2222"),
        ([1, 5], ["1111", "2222"], ".11112222."),
        # centres at 2 and 4: base 3 is as near to both
        ([0, 2], ["1111", "2222"], "111222...."),
        # centres at 2 and 5
        ([0, 3], ["1111", "2222"], "1111222..."),
        # centres at 2, 3, 4: the middle window is nearest at one base
        ([0, 1, 2], ["1111", "2222", "3333"], "111233...."),
        ([5], ["1234"], ".....1234."),
    ],
)
def test_nearest_centre(starts: list[int], rows: list[str], expected: str) -> None:
    found = joined(nearest_centre, starts, [[float(x) for x in row] for row in rows], 10)
    shown = "".join("." if np.isnan(value) else str(int(value)) for value in found)
    assert shown == expected


def slow(starts: Sequence[int], rows: np.ndarray, size: int, policy: str) -> list[float]:
    """Return the track base by base, as the words of the policy say."""
    length = rows.shape[1]
    track = []
    for base in range(size):
        holding = [i for i, start in enumerate(starts) if start <= base < start + length]
        values = [rows[i, base - starts[i]] for i in holding]
        if not holding:
            track.append(NONE)
        elif policy == "mean":
            track.append(np.mean(values, dtype=np.float64))
        else:
            far = [(abs(base - (starts[i] + length // 2)), -starts[i]) for i in holding]
            track.append(values[far.index(min(far))])
    return track


@pytest.mark.parametrize("length", [1, 4, 7])
@pytest.mark.parametrize(("policy", "join"), [("centre", nearest_centre), ("mean", mean)])
def test_both_policies_are_what_they_say(policy: str, join: Callable, length: int) -> None:
    rng = np.random.default_rng(length)
    for _ in range(50):
        starts = sorted(rng.choice(40, size=8, replace=False).tolist())
        rows = rng.normal(size=(8, length)).astype(np.float32)
        expected = slow(starts, rows, 50, policy)
        np.testing.assert_allclose(joined(join, starts, rows, 50), expected, rtol=1e-6)


@pytest.fixture
def score_file(tmp_path: Path) -> tuple[Path, dict[str, list[int]]]:
    """Write windows of 10 bases in no order on three contigs, one of them up to its end."""
    rng = np.random.default_rng(1)
    places = [(name, int(s)) for name in ("chr1", "chr10", "chr2") for s in range(0, 91, 7)]
    places += [("chr1", 90)]
    order = rng.permutation(len(places))
    n, length = len(places), 10
    start = np.array([places[i][1] for i in order])
    rows = {
        "hyp_scores": rng.normal(size=(n, length, 4)).astype(np.float32),
        "input_seqs": np.eye(4, dtype=np.int8)[rng.integers(0, 4, (n, length))],
        "coords_chrom": np.array([places[i][0] for i in order], dtype=object),
        "coords_start": start,
        "coords_end": start + length,
        "name": np.array([f"peak{i}" for i in order], dtype=object),
        "strand": np.full(n, ".", dtype=object),
        "summit": start + length // 2,
        "target": np.zeros(n),
        "reference_target": np.zeros((n, 1)),
        "residual": np.zeros((n, 1)),
        "standard_error": np.zeros((n, length)),
    }
    lengths = '{"chr1": 100, "chr10": 120, "chr2": 110}'
    shards = [tmp_path / f"{i}.h5" for i in range(2)]
    for i, path in enumerate(shards):
        part = rows_of_shard(n, i, 2)
        place = {"shard": i, "n_shards": 2, "first_row": part.start}
        size = part.stop - part.start
        attributes = {"counts": {"contig_lengths": lengths}}
        more = {"attributes": attributes, "place": place, "optional": OF_DEEPLIFT}
        with write_shard(path, size, length, 1, **more) as writers:
            writers["counts"].append({name: values[part] for name, values in rows.items()})
    merge_shards(shards, "counts", tmp_path / "scores.h5")
    return tmp_path / "scores.h5", rows


@pytest.mark.parametrize("policy", ["centre", "mean"])
def test_a_track_of_windows_in_no_order(
    score_file: tuple[Path, dict], tmp_path: Path, policy: str
) -> None:
    path, rows = score_file
    output = tmp_path / "track.bw"
    written = write_track(path, output, policy)
    contributions = (rows["hyp_scores"] * rows["input_seqs"]).sum(axis=-1)
    total = 0
    with pyBigWig.open(str(output)) as track:
        assert track.chroms() == {"chr1": 100, "chr10": 120, "chr2": 110}
        for name, size in track.chroms().items():
            of_contig = np.flatnonzero(rows["coords_chrom"] == name)
            of_contig = of_contig[np.argsort(rows["coords_start"][of_contig])]
            starts = rows["coords_start"][of_contig].tolist()
            expected = slow(starts, contributions[of_contig], size, policy)
            np.testing.assert_allclose(track.values(name, 0, size), expected, rtol=1e-5)
            total += np.count_nonzero(~np.isnan(expected))
    assert written == total
    again = tmp_path / "again.bw"
    write_track(path, again, policy)
    assert digest(again) == digest(output)


@pytest.mark.parametrize("policy", ["centre", "mean"])
def test_a_track_of_many_bases_has_the_same_values(
    score_file: tuple[Path, dict], tmp_path: Path, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another library writes it, and the same bytes each time."""
    paths = [tmp_path / f"{name}.bw" for name in ("small", "large", "again")]
    written = write_track(score_file[0], paths[0], policy)
    monkeypatch.setattr(tracks, "ZOOMED", 0)
    assert [write_track(score_file[0], path, policy) for path in paths[1:]] == [written] * 2
    assert digest(paths[1]) == digest(paths[2]) != digest(paths[0])
    with pyBigWig.open(str(paths[0])) as small, pyBigWig.open(str(paths[1])) as large:
        assert small.chroms() == large.chroms()
        for name, size in small.chroms().items():
            np.testing.assert_array_equal(small.values(name, 0, size), large.values(name, 0, size))


def test_a_track_of_many_bases_has_zoom_levels(tmp_path: Path) -> None:
    """A browser asks for bins of thousands of bases, and gets them without reading the values."""
    values = np.random.default_rng(0).normal(size=120_000).astype(np.float32)
    pieces = [
        ("chr1", 10_000 + first, values[first : first + 500]) for first in range(0, 120_000, 500)
    ]
    assert write_streamed(tmp_path / "a.bw", {"chr1": 200_000}, pieces) == len(values)
    with pyBigWig.open(str(tmp_path / "a.bw")) as file:
        assert file.header()["nLevels"] >= 1
        for kind, expected in (("max", values.max()), ("min", values.min()), ("mean", 0)):
            (found,) = file.stats("chr1", 0, 200_000, type=kind, exact=False)
            assert found == pytest.approx(expected, abs=0.01)


def test_faults_while_a_track_of_many_bases_is_written(
    score_file: tuple[Path, dict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would pass over both: an error of what is written, and a full disk."""
    monkeypatch.setattr(tracks, "ZOOMED", 0)
    path = tmp_path / "odd.h5"
    shutil.copy(score_file[0], path)
    with h5py.File(path, "a") as file:
        file["hyp_scores"][1, 2, 3] = np.inf
    with pytest.raises(InputError, match="holds scores that are not finite"):
        write_track(path, tmp_path / "track.bw", "centre")
    with largest_file(500), pytest.raises(DiskError, match=r"Cannot write .*track\.bw"):
        write_track(score_file[0], tmp_path / "track.bw", "centre")
    assert [item.name for item in tmp_path.glob("*track*")] == []


def test_an_unknown_policy(score_file: tuple[Path, dict], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'max' is not known; there are centre, mean"):
        write_track(score_file[0], tmp_path / "track.bw", "max")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_scores_that_are_not_finite(
    score_file: tuple[Path, dict], tmp_path: Path, value: float
) -> None:
    """pyBigWig writes such scores, and crashes the process when it reads them."""
    path = tmp_path / "odd.h5"
    shutil.copy(score_file[0], path)
    with h5py.File(path, "a") as file:
        file["hyp_scores"][1, 2, 3] = value
    with pytest.raises(InputError, match="holds scores that are not finite"):
        write_track(path, tmp_path / "track.bw", "centre")
    assert not (tmp_path / "track.bw").exists()


def test_windows_beyond_their_contigs(score_file: tuple[Path, dict], tmp_path: Path) -> None:
    path = tmp_path / "odd.h5"
    shutil.copy(score_file[0], path)
    with h5py.File(path, "a") as file:
        file["coords_start"][1] = -1
    with pytest.raises(InputError, match="windows leave their contigs"):
        write_track(path, tmp_path / "track.bw", "centre")
    with h5py.File(path, "a") as file:
        file.attrs["contig_lengths"] = "[1]"
    with pytest.raises(InputError, match="its contig_lengths cannot be read"):
        write_track(path, tmp_path / "track.bw", "centre")
