"""The search for matches: the PFM of a CWM, correlation, q-values, and what is no match."""

import numpy as np
import pytest

from deeplift_genomics.motifs.known import Database, Known, database_of
from deeplift_genomics.motifs.patterns import Pattern, core
from deeplift_genomics.motifs.search import Hit, Part, correlation, pfm_of_cwm, search
from tests.motifs.made_patterns import flat, information, made_database, pattern_of, turned

DATABASE = made_database()


def found(
    pattern: Pattern, database: Database = DATABASE, q: float = 0.05, r: float = 0.7
) -> list[Hit]:
    (hits,) = search([Part(pattern, *core(pattern))], database, max_q=q, min_correlation=r)
    return hits


@pytest.mark.parametrize("sign", [1, -1])
def test_a_derived_pfm_has_the_information_of_the_pfm(sign: int) -> None:
    pattern = pattern_of(DATABASE.matrices[3], sign=sign)
    derived = pfm_of_cwm(pattern)
    np.testing.assert_allclose(derived.sum(axis=1), 1)
    assert information(derived).sum() == pytest.approx(information(pattern.ppm).sum(), rel=1e-6)
    strong = np.abs(pattern.cwm).sum(axis=1) > 1
    assert strong.sum() > 4
    assert (derived.argmax(axis=1) == pattern.ppm.argmax(axis=1))[strong].all()


def test_a_derived_pfm_by_its_formula() -> None:
    pattern = pattern_of(DATABASE.matrices[3])
    derived = np.log(pfm_of_cwm(pattern))
    # differences of the logarithms are one multiple of those of the contributions
    over = pattern.cwm - pattern.cwm[:, :1]
    ratios = (derived - derived[:, :1])[np.abs(over) > 1e-3] / over[np.abs(over) > 1e-3]
    np.testing.assert_allclose(ratios, ratios[0])


X = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0]])
CORRELATIONS = [
    (X, X, 0, 1.0),
    (X, X, 1, -1 / 3),  # C beside A
    (X, X, 2, 0.0),  # no base in common
    (X, X[:1], 0, 1.0),
    (X, flat(2), 0, 0.0),
    (np.concatenate([flat(3), X]), X, 3, 1.0),
    (np.concatenate([flat(3), X]), np.concatenate([flat(3), turned(X)]), 0, -1 / 3),
]


@pytest.mark.parametrize(("one", "other", "offset", "expected"), CORRELATIONS)
def test_correlations(one: np.ndarray, other: np.ndarray, offset: int, expected: float) -> None:
    assert correlation(one, other, offset) == pytest.approx(expected)
    assert correlation(other, one, -offset) == pytest.approx(expected)


def test_a_correlation_within_a_span() -> None:
    both = np.concatenate([X, turned(X)])
    same = np.concatenate([X, X])
    assert correlation(both, same, 0, slice(0, 2)) == pytest.approx(1)
    assert correlation(both, same, 0, slice(2, 4)) < 0


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_known_motif_is_found_where_it_is(sign: int, reverse: bool) -> None:
    matrix = DATABASE.matrices[5]
    best = found(pattern_of(turned(matrix) if reverse else matrix, sign=sign))[0]
    assert (best.matrix, best.offset, best.reverse) == (5, 9, reverse)
    assert best.overlap == len(matrix)
    assert best.p < 1e-8


def test_q_values_are_those_of_the_whole_database() -> None:
    hits = found(pattern_of(DATABASE.matrices[5]), q=1, r=-1)
    n = len(DATABASE.matrices)
    assert len(hits) == n
    p = np.array([hit.p for hit in hits])
    assert (np.diff(p) >= 0).all()  # best first
    expected = np.minimum.accumulate((p * n / np.arange(1, n + 1))[::-1])[::-1]
    np.testing.assert_allclose([hit.q for hit in hits], np.minimum(expected, 1))


def test_limits_leave_out_hits() -> None:
    pattern = pattern_of(DATABASE.matrices[5])
    every = found(pattern, q=1, r=-1)
    assert found(pattern, q=every[2].q, r=-1) == [hit for hit in every if hit.q <= every[2].q]
    assert found(pattern, r=1.0) == []


def test_a_part_is_placed_in_its_pattern() -> None:
    pattern = pattern_of(DATABASE.matrices[5], flat(4), DATABASE.matrices[6])
    begin = 9 + len(DATABASE.matrices[5]) + 4
    (hits,) = search(
        [Part(pattern, begin - 2, len(pattern))], DATABASE, max_q=0.05, min_correlation=0.7
    )
    assert (hits[0].matrix, hits[0].offset) == (6, begin)


def test_unrelated_patterns_have_no_match() -> None:
    rng = np.random.default_rng(11)
    matrices = [rng.dirichlet([0.2] * 4, size=12) for _ in range(60)]
    parts = [Part(p, *core(p)) for p in map(pattern_of, matrices)]
    named = [bool(hits) for hits in search(parts, DATABASE, max_q=0.05, min_correlation=0.7)]
    assert np.mean(named) <= 0.1


def test_runs_without_a_preference_are_no_match() -> None:
    """A pattern of weak bases fits a long motif of weak bases, as its p-value says, by chance."""
    rng = np.random.default_rng(1)
    weak = [Known(f"w{i}", f"w{i}", "", rng.dirichlet([30] * 4, size=33)) for i in range(3)]
    database = database_of([*DATABASE.motifs, *weak])
    pattern = pattern_of(rng.dirichlet([30] * 4, size=25), sites=1000)
    by_p_value = found(pattern, database, r=-1)
    assert {database.motifs[database.place[hit.matrix][0][0]].id[0] for hit in by_p_value} == {"w"}
    assert found(pattern, database) == []


def test_nothing_to_search() -> None:
    assert search([], DATABASE, max_q=0.05, min_correlation=0.7) == []
