"""Cutoffs: seqlets that only resemble a pattern do not lower them."""

import itertools

import numpy as np
import pytest

from deeplift_genomics.instances.cutoffs import cutoffs_of, match_by_chance
from deeplift_genomics.settings.motif_sections import Instances


@pytest.mark.parametrize("p", [0.2, 0.01, 0.001, 1e-9])
def test_the_match_by_chance_is_that_of_all_sequences(p: float) -> None:
    rng = np.random.default_rng(1)
    cwm = rng.integers(-100, 400, (5, 4)) / 1000
    cwm /= cwm.max(axis=1).sum()
    cwm = np.rint(cwm * 1000) / 1000  # no rounding, so that both are exact
    matches = np.sort([sum(letters) for letters in itertools.product(*cwm)])[::-1]
    found = match_by_chance(cwm, p)
    assert np.mean(matches >= found - 1e-9) <= p
    below = matches[matches < found - 1e-9].max()
    assert np.mean(matches >= below - 1e-9) > p


# match, similarity, contribution
CLEAN = [(0.80 + i / 1000, 0.60 + i / 1000, 1.0 + i / 100) for i in range(100)]
WEAK = [(0.85, 0.65, 0.01)] * 10  # as often by TF-MoDISco's own null model
OTHER = [(0.30, 0.10, 2.0)] * 3  # another motif, aligned to this one


@pytest.mark.parametrize(
    ("seqlets", "settings", "cutoffs"),
    [
        (CLEAN, {"weakest": 0, "worst": 0}, (0.80, 0.60, 0.6)),
        (CLEAN, {"weakest": 0, "worst": 0.01}, (0.80, 0.60, 0.6)),
        (CLEAN, {"weakest": 0, "worst": 0.05}, (0.804, 0.604, 0.6)),
        # the two weakest hold 1.21 of 98, and the better ones are judged
        (CLEAN, {"weakest": 0.0135, "worst": 0}, (0.802, 0.602, 0.602 * 1.02)),
        (CLEAN + WEAK, {}, (0.80, 0.60, 0.6)),
        (CLEAN + OTHER, {}, (0.80, 0.60, 0.6)),
        (CLEAN + WEAK + OTHER, {}, (0.80, 0.60, 0.6)),
        # short cores, whose best sequence is not rare: the better half counts
        ([(0.5, 0.4, 1.0), (0.6, 0.3, 2.0), (0.6, 0.5, 2.0)], {}, (0.6, 0.3, 0.6)),
        ([(0.9, 0.2, 1.0)], {}, (0.9, 0.2, 0.2)),
        ([(0.9, 0.0, 0.0), (0.9, 0.0, 1.0)], {}, (0.9, 0.0, 0.0)),  # nothing is explained
    ],
)
def test_cutoffs(
    seqlets: list[tuple[float, ...]], settings: dict[str, float], cutoffs: tuple[float, ...]
) -> None:
    found = cutoffs_of(np.array(seqlets), 0.7, Instances.model_validate(settings))
    np.testing.assert_allclose(found, cutoffs)
