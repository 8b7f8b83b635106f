"""References a few at a time give the same scores as all at once."""

import numpy as np
import pytest

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.engine import chunks
from deeplift_genomics.models.freezing import from_keras
from tests.attribution.test_precision import every_layer, windows_and_references


@pytest.mark.parametrize(
    ("windows", "references", "length", "expected"),
    [
        (1, 20, 2114, 4),
        (1, 20, 1000, 10),
        (1, 20, 500, 20),
        (4, 20, 500, 5),
        (1, 20, 100_000, 1),
        (1, 7, 2114, 1),
        (1, 1, 2114, 1),
    ],
)
def test_chunk_size(windows: int, references: int, length: int, expected: int) -> None:
    assert chunks.chunk_size(windows, references, length) == expected


@pytest.mark.parametrize("rules", ["rescale", "reveal_cancel", "genomics_default"])
def test_scores_do_not_depend_on_the_size_of_chunks(
    monkeypatch: pytest.MonkeyPatch, rules: str
) -> None:
    length = 40
    model = from_keras(every_layer(length))
    windows, references = windows_and_references(length, 3, 6)
    whole = attribute(model, windows, references, rules=rules, batch_size=2)
    for together in (1, 2 * 2 * length, 3 * 2 * length):
        monkeypatch.setattr(chunks, "TOGETHER", together)
        parts = attribute(model, windows, references, rules=rules, batch_size=2)
        for target, scores in whole.items():
            scale = np.abs(scores.hypothetical).max()
            np.testing.assert_allclose(
                parts[target].hypothetical, scores.hypothetical, rtol=0, atol=1e-5 * scale
            )
            np.testing.assert_allclose(
                parts[target].reference_target, scores.reference_target, rtol=1e-5, atol=1e-6
            )
