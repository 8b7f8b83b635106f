"""Predictions as a file: written in shards, joined, compared with the signal, and read."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import pearsonr, spearmanr

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.scores.fit import SEED, correlations, distances, shapes
from deeplift_genomics.scores.prediction_merge import merge_predictions
from deeplift_genomics.scores.prediction_writer import rounded
from deeplift_genomics.scores.predictions import read_predictions, read_values
from deeplift_genomics.scores.read_fit import read_fit
from tests.scores.prediction_files import (
    LENGTH,
    OFFSET,
    POSITIONS,
    Made,
    N,
    basenji,
    bpnet,
    classifier,
    measured,
    places,
    shards,
    windows_file,
)


def at_windows(reads: dict[str, np.ndarray], offset: int, width: int) -> np.ndarray:
    """Return the reads (N, strands, width) of all windows."""
    return np.array([
        reads[chrom][start + offset : start + offset + width].T
        for chrom, start in zip(*places(), strict=True)
    ])  # fmt: skip


def joined(folder: Path, made: Made, signal: list[Path] | tuple[()] = (), number: int = 1) -> Path:
    output = folder / f"joined.{number}.h5"
    merge_predictions(shards(folder, made, number), windows_file(folder), output, signal=signal)
    return output


@pytest.mark.parametrize("make", [bpnet, basenji, classifier])
def test_the_split_changes_no_byte(tmp_path: Path, make: type) -> None:
    files, _ = measured(tmp_path)
    signal = files if make is bpnet else files[:1]
    found = {digest(joined(tmp_path, make(), signal, number)) for number in (1, 2, 5)}
    assert len(found) == 1
    assert len({digest(joined(tmp_path, make(), (), number)) for number in (1, 3)}) == 1


def test_what_was_predicted_comes_back(tmp_path: Path) -> None:
    made = bpnet()
    path = joined(tmp_path, made, number=3)
    (track,) = read_predictions(path)
    (counts,) = read_values(path, slice(10, 20))
    assert (track.head, track.offset, track.bin_width) == ("profile", OFFSET, 1)
    assert (track.unit, track.observed) == ("reads", None)
    np.testing.assert_allclose(track.predicted, made.tracks[0][1], rtol=2**-9)
    assert counts.predicted.tobytes() == made.values[0][1][10:20].tobytes()
    assert (counts.kind, counts.width, counts.observed) == ("counts", POSITIONS, None)
    some = read_predictions(path, [40, 3, 40])[0].predicted
    assert some is not None and track.predicted is not None
    assert some.tobytes() == track.predicted[[40, 3, 40]].tobytes()
    assert read_fit(path) == []
    with h5py.File(path) as file:
        size = file["tracks/0/predicted"].id.get_storage_size()
        assert size < 2.6 * N * 2 * POSITIONS  # little chunks; 1.5 bytes in large ones
        assert list(file["coords_start"][:]) == list(places()[1])
        assert "n_shards" not in file.attrs and file.attrs["model"] == "m.h5"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (1, 1), (511, 511), (512, 512), (513, 512), (515, 516), (1 / 3, 0.3330078125),
     (-2.7, -2.703125), (3e38, 2.997e38), (1e-40, 1e-40)],
)  # fmt: skip
def test_values_are_rounded(value: float, expected: float) -> None:
    assert rounded(np.array([value]))[0] == pytest.approx(expected, rel=1e-3 if value > 1e30 else 0)


def test_observed_and_predicted_agree_as_a_plain_twin_says(tmp_path: Path) -> None:
    files, reads = measured(tmp_path)
    path = joined(tmp_path, bpnet(), files, 2)
    (track,), (counts,) = read_predictions(path), read_values(path)
    observed = at_windows(reads, OFFSET, POSITIONS)
    assert track.observed is not None and track.predicted is not None
    assert track.observed.tolist() == observed.tolist()
    total = np.log1p(observed.sum(axis=(1, 2)))
    assert counts.observed is not None
    np.testing.assert_allclose(counts.observed, np.log1p(observed.sum(axis=2)), rtol=1e-6)
    (fit,) = read_fit(path)
    assert (fit.label, fit.n_windows) == ("profile", N)
    assert fit.counts is not None and fit.shape is not None and fit.counts.n == N
    assert fit.counts.pearson == pytest.approx(pearsonr(counts.predicted[:, 0], total).statistic)
    assert fit.counts.spearman == pytest.approx(spearmanr(counts.predicted[:, 0], total).statistic)
    np.testing.assert_allclose(fit.counts.observed, total, rtol=1e-6)
    with_reads = observed.sum(axis=(1, 2)) > 0
    assert 0 < fit.shape.n_without_reads == N - with_reads.sum()
    expected = [
        slow_distances(observed, track.predicted, row) for row in np.flatnonzero(with_reads)
    ]
    for found, column in zip(
        (fit.shape.distance, fit.shape.shuffled, fit.shape.average),
        zip(*expected, strict=True),
        strict=True,
    ):
        np.testing.assert_allclose(found, column, rtol=1e-5)
    assert fit.shape.medians[1] == pytest.approx(np.median(fit.shape.shuffled))


def slow_distances(observed: np.ndarray, predicted: np.ndarray, row: int) -> list[float]:
    """Return the three distances of a window, strand by strand."""
    found = []
    shuffled = np.random.default_rng((SEED, row)).permuted(observed[row].astype(float), axis=-1)
    for strand in range(2):
        own = observed[row, strand]
        if not own.sum():
            continue
        others = [x[strand] / x[strand].sum() for i, x in enumerate(observed)
                  if i != row and x[strand].sum()]  # fmt: skip
        against = (predicted[row, strand], shuffled[strand], np.mean(others, axis=0))
        found.append([jensenshannon(own, other, base=2) for other in against])
    return np.mean(found, axis=0).tolist()


def test_one_file_is_the_sum_of_both_strands(tmp_path: Path) -> None:
    files, reads = measured(tmp_path)
    path = joined(tmp_path, bpnet(), files[:1])
    (track,), (fit,) = read_predictions(path), read_fit(path)
    assert track.observed is not None and track.predicted is not None
    observed = at_windows(reads, OFFSET, POSITIONS)[:, :1]
    assert track.observed.tolist() == observed.tolist()
    row = int(np.argmax(observed.sum(axis=(1, 2)) > 0))
    expected = jensenshannon(observed[row, 0], track.predicted[row].sum(axis=0), base=2)
    assert fit.shape is not None
    assert fit.shape.distance[0] == pytest.approx(expected, rel=1e-5)


def test_a_track_is_compared_bin_by_bin(tmp_path: Path) -> None:
    files, reads = measured(tmp_path)
    path = joined(tmp_path, basenji(), files[:1])
    observed = at_windows(reads, 0, LENGTH)[:, 0].reshape(N, 1, -1, 4).sum(axis=-1)
    (track,), (total,), (fit,) = read_predictions(path), read_values(path), read_fit(path)
    assert track.observed is not None and track.predicted is not None
    assert track.observed.tolist() == observed.tolist()
    assert (total.kind, total.unit, total.width) == ("total", "log(1 + sum of the track)", LENGTH)
    predicted = np.log1p(track.predicted.sum(axis=(1, 2)))
    np.testing.assert_allclose(total.predicted[:, 0], predicted, rtol=1e-6)
    assert fit.counts is not None and fit.shape is not None
    seen = np.log1p(observed.sum(axis=(1, 2)))
    assert fit.counts.pearson == pytest.approx(pearsonr(predicted, seen).statistic, rel=1e-5)


def test_a_classifier_shows_the_signal_beside_its_logit(tmp_path: Path) -> None:
    files, reads = measured(tmp_path)
    path = joined(tmp_path, classifier(), files)
    (track,), (value,), (fit,) = read_predictions(path), read_values(path), read_fit(path)
    assert (track.head, track.label, track.predicted) == ("", "signal", None)
    assert track.observed is not None
    observed = at_windows(reads, 0, LENGTH)
    assert track.observed.tolist() == observed.tolist()
    assert fit.shape is None and fit.counts is not None
    total = np.log1p(observed.sum(axis=(1, 2)))
    expected = spearmanr(value.predicted[:, 0], total).statistic
    assert fit.counts.spearman == pytest.approx(expected)


@pytest.mark.parametrize(
    ("x", "y"), [([1.0], [2.0]), ([1, 1, 1], [1, 2, 3]), ([1, 2, 3], [0, 0, 0]), ([], [])]
)
def test_no_correlation_where_one_side_never_changes(x: list[float], y: list[float]) -> None:
    found = correlations(np.array(x), np.array(y))
    assert np.isnan(found["pearson"]) and np.isnan(found["spearman"])


def test_distances_by_hand() -> None:
    observed = np.array([[[4, 0, 0, 0]], [[2, 2, 0, 0]], [[0, 0, 0, 0]]], float)
    predicted = np.array([[[0, 0, 0, 9]], [[1, 1, 0, 0]], [[1, 0, 0, 0]]], float)
    sums = shapes(observed).sum(axis=0)
    found = distances(observed, predicted, first_row=0, sums=sums, numbers=np.array([2]))
    assert found["distance"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(found["distance"][2])
    half = np.sqrt(1.5 - 0.75 * np.log2(3))  # of (1, 0) and (1/2, 1/2), by the formula
    np.testing.assert_allclose(found["average"][:2], [half, half], rtol=1e-6)
    blank = distances(observed, np.zeros((3, 1, 4)), first_row=0, sums=sums, numbers=np.array([1]))
    flat = jensenshannon([1, 0, 0, 0], [1, 1, 1, 1], base=2)
    assert blank["distance"][0] == pytest.approx(flat)
    assert np.isnan(blank["average"]).all()


def test_no_window_and_few_windows(tmp_path: Path) -> None:
    files, _ = measured(tmp_path)
    for n in (0, 1):
        made = bpnet(n)
        output = tmp_path / "few.h5"
        merge_predictions(
            shards(tmp_path, made, 1), windows_file(tmp_path, n), output, signal=files
        )
        (track,), (fit,) = read_predictions(output), read_fit(output)
        assert track.observed is not None and track.observed.shape == (n, 2, POSITIONS)
        assert fit.counts is not None and np.isnan(fit.counts.pearson)


def test_mistakes_are_named(tmp_path: Path) -> None:
    files, _ = measured(tmp_path)
    windows = windows_file(tmp_path)
    output = tmp_path / "out.h5"
    paths = shards(tmp_path, bpnet(), 2)
    with pytest.raises(InputError, match="shards of predictions are not complete: given 2 of 2"):
        merge_predictions(paths[1:], windows, output)
    with pytest.raises(InputError, match="has 3 bigWig files, and the targets explain profile"):
        merge_predictions(paths, windows, output, signal=[*files, files[0]])
    (other,) = shards(tmp_path, bpnet(), 1, fasta="other.fa")
    with pytest.raises(InputError, match=r"was made with fasta = 'other\.fa', but .*windows\.h5"):
        merge_predictions([other], windows, output)
    data = bytearray(paths[0].read_bytes())
    data[-50] ^= 1
    paths[0].write_bytes(data)
    with pytest.raises(InputError, match=r"is damaged: its content has changed.*rm .*1-of-2\.h5"):
        merge_predictions(paths, windows, output)
    assert not output.exists()
