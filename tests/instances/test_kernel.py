"""The three scores of a place, against the formulas written down slowly."""

import numpy as np
import pytest

from deeplift_genomics.dna.sequence import encode
from deeplift_genomics.instances.kernel import scan_rows, score_seqlets

CORE = np.array([[2.0, 0, 0, 0], [0, 1, -0.5, 0], [0, 0, 0, 1]])  # ACT, with -0.5 for G


def slow_scores(bases: str, values: list[float], cwm: np.ndarray) -> list[float]:
    """Return match, similarity and contribution as the formulas say."""
    match = sum(
        row["ACGT".index(base)] for row, base in zip(cwm, bases, strict=True) if base != "N"
    )
    observed = np.zeros_like(cwm)
    for j, base in enumerate(bases):
        if base != "N":
            observed[j, "ACGT".index(base)] = values[j]
    one, other = observed / np.abs(observed).sum(), cwm / np.abs(cwm).sum()
    shared = np.sign(one * other) * np.minimum(abs(one), abs(other))
    similarity = shared.sum() / np.maximum(abs(one), abs(other)).sum()
    return [match / cwm.max(axis=1).sum(), similarity, sum(values)]


def both_strands(cwm: np.ndarray) -> np.ndarray:
    """Return a core as the kernel takes it, (2, W, 5)."""
    strands = np.stack([cwm, cwm[::-1, ::-1]])
    return np.concatenate([strands, np.zeros((2, len(cwm), 1))], axis=2)


@pytest.mark.parametrize(
    ("bases", "values"),
    [
        ("ACT", [2.0, 1.0, 1.0]),  # as the core itself
        ("ACT", [1.0, 1.0, 4.0]),
        ("AGT", [1.0, -0.25, 0.5]),
        ("ACT", [1.0, -1.0, 0.5]),  # of the other sign
        ("CAT", [0.1, 0.0, 0.5]),
        ("ANT", [1.0, 0.0, 0.5]),
    ],
)
def test_scores_are_those_of_the_formulas(bases: str, values: list[float]) -> None:
    scores, best = np.zeros((1, 3)), CORE.max(axis=1).sum()
    row = np.array([values], dtype=np.float32)
    score_seqlets(encode(bases)[np.newaxis], row, both_strands(CORE), 3, 1, best, scores)
    forward = slow_scores(bases, values, CORE)
    backward = slow_scores(bases, values, CORE[::-1, ::-1])
    wanted = max(forward, backward, key=lambda found: found[1] * found[2])
    np.testing.assert_allclose(scores[0], wanted, rtol=1e-6)
    # a pattern that lowers the target: all contributions are of the other sign
    score_seqlets(encode(bases)[np.newaxis], -row, both_strands(CORE), 3, -1, best, scores)
    np.testing.assert_allclose(scores[0], wanted, rtol=1e-6)


def test_a_place_with_the_cwm_itself_is_perfect() -> None:
    scores = np.zeros((1, 3))
    plain = np.abs(CORE) * (CORE.max(axis=1, keepdims=True) == CORE)
    row = np.array([[9, 2, 1, 1, -9]], dtype=np.float32)
    score_seqlets(encode("GACTG")[np.newaxis], row, both_strands(plain), 3, 1, 4.0, scores)
    assert scores.tolist() == [[1, 1, 4]]


def test_places_of_the_other_sign_explain_nothing() -> None:
    scores = np.zeros((1, 3))
    against = np.array([[-9, -4, -4, 0, 2, 1, 1]], dtype=np.float32)
    score_seqlets(encode("ACTGACT")[np.newaxis], against, both_strands(CORE), 3, 1, 4.0, scores)
    assert scores[0, [0, 2]].tolist() == [1, 4]
    assert scores[0, 1] > 0
    score_seqlets(encode("ACT")[np.newaxis], against[:, :3], both_strands(CORE), 3, 1, 4.0, scores)
    assert scores[0, 1:].tolist() == [0, 0]


def scan(
    sequence: str, values: list[float], cells: tuple[int, int] = (0, 99), sign: int = 1
) -> list[tuple[int, ...]]:
    """Return the places (start, strand) of CORE in a window."""
    places, scores = np.zeros((9, 4), dtype=np.int64), np.zeros((9, 3))
    found = scan_rows(
        encode(sequence)[np.newaxis],
        np.array([values], dtype=np.float32),
        np.array([cells]),
        both_strands(CORE)[np.newaxis],
        np.array([3]),
        np.array([sign]),
        np.array([4.0]),
        np.array([[0.9, 0.5, 1.0]]),
        places,
        scores,
    )
    return [tuple(row) for row in places[:found, [1, 3]].tolist()]


# ACT from 1 on the plus strand; AGT, which is ACT on the minus strand, from 5
BOTH, USED = "GACTTAGTC", [0, 2, 1, 1, 0, 1, 1, 2, 0]


@pytest.mark.parametrize(
    ("values", "cells", "sign", "found"),
    [
        (USED, (0, 99), 1, [(1, 0), (5, 1)]),
        (USED, (0, 99), -1, []),  # a pattern that lowers the target
        ([-value for value in USED], (0, 99), -1, [(1, 0), (5, 1)]),
        ([value / 3.3 for value in USED], (0, 99), 1, []),  # too weak
        ([value / 3.1 for value in USED], (0, 99), 1, [(1, 0), (5, 1)]),  # just enough
        ([0, 0, 0, 4, 0, 0, 0, 0, 0], (0, 99), 1, []),  # unlike the core
        (USED, (5, 12), 1, [(1, 0)]),  # start + end are 5 and 13
        (USED, (6, 13), 1, [(5, 1)]),
        (USED, (6, 12), 1, []),
    ],
)
def test_places_reach_all_cutoffs_and_are_in_the_cell(
    values: list[float], cells: tuple[int, int], sign: int, found: list[tuple[int, int]]
) -> None:
    assert scan(BOTH, values, cells, sign) == found
