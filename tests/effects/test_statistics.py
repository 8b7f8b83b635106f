"""Intervals and ranks: against scipy, by hand, and on numbers among which nothing stands out."""

import numpy as np
import pytest
from scipy import stats

from deeplift_genomics.effects.statistics import EFFECT, NO_EFFECT, TOO_FEW, bootstrap, rank

BOTH = np.array([False])


def test_the_interval_is_that_of_scipy() -> None:
    values = np.random.default_rng(0).gamma(2, size=(80, 3))
    found = bootstrap(values, 1)
    peer = stats.bootstrap((values,), np.mean, method="percentile", rng=2).confidence_interval
    np.testing.assert_allclose(found.mean, values.mean(axis=0))
    np.testing.assert_allclose([found.low, found.high], [peer.low, peer.high], rtol=0.03)


@pytest.mark.parametrize(("values", "expected"), [([], [np.nan] * 3), ([2.5], [2.5] * 3)])
def test_the_interval_of_few_values(values: list[float], expected: list[float]) -> None:
    found = bootstrap(np.array(values).reshape(-1, 1), 1)
    np.testing.assert_array_equal(np.ravel(found), expected)


@pytest.mark.parametrize(
    ("value", "one_sided", "better", "verdict"),
    [
        (10.0, False, 0, EFFECT),
        (-10.0, False, 0, EFFECT),
        (10.0, True, 0, EFFECT),
        (-10.0, True, 199, NO_EFFECT),  # a distance that is small says nothing
        (0.995, False, 2, NO_EFFECT),  # -1 and 1 are further from the mean
        (0.0, False, 199, NO_EFFECT),
    ],
)
def test_ranks_by_hand(value: float, one_sided: bool, better: int, verdict: str) -> None:
    scrambled = np.linspace(-1, 1, 199)[:, None]  # in steps of about 0.01
    found = rank(np.array([value]), scrambled, one_sided=np.array([one_sided]))
    assert found.p_value[0] == found.p_adjusted[0] == pytest.approx((1 + better) / 200, abs=0.011)
    assert found.verdict == [verdict]


def test_equal_numbers_are_as_extreme() -> None:
    found = rank(np.array([0.1 + 0.2]), np.full((99, 1), 0.3), one_sided=BOTH)
    assert found.p_value[0] == 1


def test_too_few_scrambled_inserts_give_no_verdict() -> None:
    assert rank(np.array([9.0]), np.zeros((98, 1)), one_sided=BOTH).verdict == [TOO_FEW]
    assert rank(np.array([9.0]), np.zeros((99, 1)), one_sided=BOTH).verdict == [EFFECT]
    assert rank(np.array([9.0]), np.zeros((0, 1)), one_sided=BOTH).p_value[0] == 1


@pytest.mark.parametrize("k", [1, 40])
def test_numbers_like_all_others_seldom_have_an_effect(k: int) -> None:
    """Of motifs that are scrambled ones themselves, any of whose k numbers may stand out."""
    rng = np.random.default_rng(3)
    n = 1000
    found = 0
    for _ in range(n):
        values = rng.standard_t(2, size=(201, k)) + rng.standard_t(2, size=(201, 1))
        ranked = rank(values[0], values[1:], one_sided=np.arange(k) % 2 == 1)
        assert (ranked.p_value <= ranked.p_adjusted).all()
        found += EFFECT in ranked.verdict
    assert 0.002 * n <= found <= 0.02 * n  # 1% is expected
