"""Differences between two paths: what counts, and what is accepted."""

import numpy as np
import pytest

from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.attribution.second_path import Watched, check_confirmed, choose_rows
from deeplift_genomics.errors import SecondPathError
from tests.steps.windows import some_windows


def scores(values: list[float], *, target: float = 1.0, size: float | None = 1.0) -> Scores:
    """Return the scores of a window of As, whose other bases have none."""
    hypothetical = np.zeros((1, len(values), 4), np.float32)
    hypothetical[0, :, 0] = values
    sequences = np.zeros_like(hypothetical)
    sequences[..., 0] = 1
    terms = None if size is None else np.full((1, 2), size)
    return Scores(sequences, np.array([target], np.float32), hypothetical=hypothetical, size=terms)


def compared(own: Scores, other: Scores, bound: float = 0.01) -> tuple[float, ...]:
    watched = [Watched(5, some_windows(1, 2), {"counts": own})]
    found = check_confirmed(watched, [{"counts": other}], bound=bound, bits=64)
    return tuple(found["counts"][0])


def test_rows_depend_on_seed_and_shard_only() -> None:
    assert choose_rows(slice(16, 18), 3, 1) == [16, 17]
    assert choose_rows(slice(0, 0), 3, 1) == []
    chosen = choose_rows(slice(16, 500), 3, 1)
    assert chosen == choose_rows(slice(16, 500), 3, 1) == sorted(chosen)
    assert len({tuple(choose_rows(slice(16, 500), 3, seed)) for seed in range(5)}) == 5
    assert all(16 <= row < 500 for row in chosen)


@pytest.mark.parametrize(
    ("own", "other", "share"),
    [
        (scores([2, 4]), scores([2, 4]), 0),
        (scores([2, 4.02]), scores([2, 4]), 0.005),
        (scores([-4.02, 2]), scores([-4, 2]), 0.005),
        (scores([np.nan, 4]), scores([np.nan, 4]), 0),  # not computed
        (scores([0, 0]), scores([0, 0], size=0.0), 0),
        # what is below 1e-5 of the target's terms is rounding
        (scores([0, 1e-9]), scores([0, 0]), 1e-4),
        (scores([0, 1e-9], size=None), scores([0, 0], size=None), 1e-4),
    ],
)
def test_a_difference_is_a_share_of_the_largest(own: Scores, other: Scores, share: float) -> None:
    assert compared(own, other)[0] == pytest.approx(share, rel=1e-4)


@pytest.mark.parametrize(
    ("own", "other", "message"),
    [
        (
            scores([2, 4.2]),
            scores([2, 4]),
            r"chr1:0-2: the contribution of base 1 \(counted from 0\) is 4.2, and 4 by a second "
            r"path. They differ by 0.05 of the window's largest contribution, 4 .* accepts 0.01",
        ),
        (scores([np.nan, 4]), scores([1, 4]), "base 0 .* is nan, and 1 by"),
        (scores([0, 1]), scores([0, 0], size=0.0), "differ by inf"),
        (
            scores([2, 4], target=1.5),
            scores([2, 4]),
            r"the target is 1.5, and 1 by a second path. They differ by 0.5, and 0.04 is accepted",
        ),
    ],
)
def test_a_larger_difference_is_refused(own: Scores, other: Scores, message: str) -> None:
    with pytest.raises(SecondPathError, match=f"Target 'counts', window {message}|{message}"):
        compared(own, other)
    compared(own, other, bound=np.inf)  # above it, nothing is refused


def test_rounding_of_a_target_of_large_terms_is_accepted() -> None:
    assert compared(scores([2, 4], target=1.5, size=1e5), scores([2, 4], size=1e5))[2] == 0.5
