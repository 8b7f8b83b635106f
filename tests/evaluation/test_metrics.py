"""Each metric against a slow literal twin."""

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from deeplift_genomics.attribution.shares import SHARES, number_of
from deeplift_genomics.errors import InputError
from deeplift_genomics.evaluation.chosen import choose_rows
from deeplift_genomics.evaluation.curves import (
    OF_ERASER,
    faithfulness,
    summary_of,
)
from deeplift_genomics.evaluation.moved import shifted, turned
from deeplift_genomics.evaluation.ranking import central, order_of, spearman
from deeplift_genomics.evaluation.stability import reference_numbers
from deeplift_genomics.evaluation.truth import read_sites, truth_numbers
from deeplift_genomics.windows.file import Windows, write_windows

LENGTH, DRAWS = 40, 3
RNG = np.random.default_rng(5)


def one_hot(codes: np.ndarray) -> np.ndarray:
    return np.eye(4, dtype=np.float32)[codes]


def test_curves_equal_replacing_base_by_base() -> None:
    weights = RNG.normal(size=(LENGTH, 4))
    window = one_hot(RNG.integers(0, 4, LENGTH))
    references = one_hot(RNG.integers(0, 4, (DRAWS, LENGTH)))

    def target(sequence: np.ndarray) -> float:
        return float(np.tanh((weights * sequence).sum() / 5))

    def change(mutants: np.ndarray) -> np.ndarray:
        return np.array([target(mutant) - target(window) for mutant in mutants])

    orders = np.stack([RNG.permutation(LENGTH) for _ in range(DRAWS)])
    found = faithfulness(change, window, references, orders)
    for at, share in enumerate(SHARES):
        falls, left, rises = [], [], []
        for order, reference in zip(orders, references, strict=True):
            without, only = window.copy(), reference.copy()
            for position in order[: round(share * LENGTH) or int(share > 0)]:
                without[position] = reference[position]
                only[position] = window[position]
            falls.append(target(window) - target(without))
            left.append(target(window) - target(only))
            rises.append(target(only) - target(reference))
        assert found["deletion"][at] == pytest.approx(np.mean(falls))
        assert found["left"][at] == pytest.approx(np.mean(left))
        assert found["insertion"][at] == pytest.approx(np.mean(rises))
    numbers = summary_of(found)
    eraser = [dict(zip(SHARES, found["deletion"], strict=True))[share] for share in OF_ERASER]
    assert numbers["comprehensiveness"] == pytest.approx(np.mean(eraser))
    fall, steps = found["deletion"], list(pairwise(SHARES))
    area = sum((b - a) * (fall[i] + fall[i + 1]) / 2 for i, (a, b) in enumerate(steps))
    assert numbers["aopc"] == pytest.approx(area)
    assert number_of(0.01, 40) == 1 and number_of(0, 40) == 0 and number_of(1, 40) == 40


def test_the_highest_contribution_comes_first_and_ties_are_random() -> None:
    values = np.array([0.0, 3.0, np.nan, -1.0, 5.0])
    orders = [order_of(values, np.random.default_rng(seed)).tolist() for seed in range(20)]
    assert {tuple(order[:2]) for order in orders} == {(4, 1)} and {o[4] for o in orders} == {3}
    assert {tuple(order[2:4]) for order in orders} == {(0, 2), (2, 0)}


def test_spearman_equals_scipy_and_knows_what_has_no_rank() -> None:
    one, other = RNG.integers(0, 5, 30).astype(float), RNG.normal(size=30)
    assert spearman(one, other) == pytest.approx(spearmanr(one, other).statistic)
    holes = np.where(np.arange(30) < 10, np.nan, one)
    assert spearman(holes, other) == pytest.approx(spearmanr(one[10:], other[10:]).statistic)
    assert np.isnan(spearman(np.zeros(30), other)) and np.isnan(spearman(one[:1], other[:1]))
    assert (central(10, 4), central(10, 40)) == (slice(3, 7), slice(0, 10))


def areas(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Return auROC by counting pairs, and average precision by going down the ranking."""
    pairs = list(product(scores[labels], scores[~labels]))
    auroc = np.mean([1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs])
    average, recall = 0.0, 0.0
    for cut in sorted(set(scores), reverse=True):
        taken = scores >= cut
        precision, now = labels[taken].mean(), (labels & taken).sum() / labels.sum()
        average, recall = average + precision * (now - recall), now
    return float(auroc), average


def test_truth_equals_counting_pairs() -> None:
    values, spans = RNG.normal(size=LENGTH), [(4, 8), (20, 26)]
    values[5] *= 10
    labels = np.isin(np.arange(LENGTH), [*range(4, 8), *range(20, 26)])
    found = truth_numbers(values, spans)
    assert (found["base_auroc"], found["base_auprc"]) == pytest.approx(areas(abs(values), labels))
    # stretches of 5 beside the sites: 0-4 holds base 4, so the first begins at 8
    stretches = [(8, 13), (13, 18), (26, 31), (31, 36)]
    means = np.array([abs(values[a:b]).mean() for a, b in (*spans, *stretches)])
    expected = areas(means, np.arange(6) < 2)
    assert (found["site_auroc"], found["site_auprc"]) == pytest.approx(expected)
    assert truth_numbers(np.ones(6), [(0, 6)]) == {}
    known = np.where(np.arange(LENGTH) < 20, values, np.nan)
    found = truth_numbers(known, spans)
    expected = areas(abs(values[:20]), labels[:20])
    assert (found["base_auroc"], found["base_auprc"]) == pytest.approx(expected)


def windows_file(folder: Path, **attributes: str) -> Path:
    """Write two windows of 20 bp, at 100 and 500 of the contig 1."""
    texts = {name: np.array(["1", "1"], object) for name in ("chrom", "name", "strand")}
    start = np.array([100, 500])
    windows = Windows(
        **texts, start=start, end=start + 20, summit=start + 10,
        codes=np.zeros((2, 20), np.int8), attributes={"window_length": 20, **attributes},
    )  # fmt: skip
    write_windows(folder / "windows.h5", windows)
    return folder / "windows.h5"


def test_sites_are_placed_within_windows(tmp_path: Path) -> None:
    windows = windows_file(tmp_path, contig_names='{"1": "chr1"}')
    bed = tmp_path / "sites.bed"
    bed.write_text(
        "chr1\t95\t103\nchr1\t119\t130\nchr1\t120\t500\nchr1\t500\t506\nchr2\t100\t105\n"
    )
    sites = read_sites(bed, windows)
    assert sites == (5, {0: [(0, 3), (19, 20)], 1: [(0, 6)]})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("NC_1\t100\t105\n", "names the contigs NC_1, and the windows of .* are on 1: the sites"),
        ("1\t300\t305\n", "has 1 sites, and none of them is within the windows"),
        ("1\t300\n", "sites.bed"),
    ],
)
def test_sites_of_another_genome_are_refused(tmp_path: Path, line: str, message: str) -> None:
    bed = tmp_path / "sites.bed"
    bed.write_text(line)
    with pytest.raises(InputError, match=message):
        read_sites(bed, windows_file(tmp_path))


def test_windows_are_moved_and_turned_with_their_controls() -> None:
    codes = np.array([[0, 1, 2, 3, 4]], np.int8)
    controls = {"track": np.arange(10.0).reshape(1, 5, 2), "count": np.array([[7.0]])}
    moved, of_moved = shifted(codes, controls, 2)
    assert moved.tolist() == [[2, 3, 4, 4, 4]]
    assert of_moved["track"][0].tolist() == [[4, 5], [6, 7], [8, 9], [0, 0], [0, 0]]
    assert of_moved["count"] is controls["count"]
    other, of_other = turned(codes, controls)
    assert other.tolist() == [[4, 0, 1, 2, 3]]
    assert of_other["track"][0].tolist() == [[9, 8], [7, 6], [5, 4], [3, 2], [1, 0]]


def test_the_error_of_references_is_that_of_drawing_them() -> None:
    n, drawn = 2000, RNG.normal(loc=2, size=(2000, 3))
    mean, error = drawn.mean(axis=0), drawn.std(axis=0, ddof=1) / np.sqrt(n)
    points, needed = reference_numbers(mean, error, n) or ({}, 0)
    means = drawn.reshape(200, 10, 3).mean(axis=1)
    of_ten = np.sqrt(np.square(means - mean).sum(axis=1).mean()) / np.linalg.norm(mean)
    assert points[10] == pytest.approx(of_ten, rel=0.1)
    assert points[10] * np.sqrt(10 / needed) == pytest.approx(0.01)
    assert reference_numbers(mean, error * np.nan, 1) is None
    assert reference_numbers(mean * 0, error, n) is None


def test_rows_are_spread_over_the_file_and_drawn_by_the_seed() -> None:
    rows = choose_rows(100, 10, seed=1)
    assert sorted(row // 10 for row in rows) == list(range(10))
    assert rows.tolist() != sorted(rows) and rows.tolist() != choose_rows(100, 10, seed=2).tolist()
    assert sorted(choose_rows(3, 10, seed=1)) == [0, 1, 2]
