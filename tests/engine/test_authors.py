"""Agreement with the numbers of the paper's authors' own code; see authors/README.md."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics import attribute, load_model
from tests.engine.authors.make_inputs import windows_and_references

EXPECTED = np.load(Path(__file__).parent / "authors" / "expected.npz")


@pytest.mark.parametrize("rules", ["rescale", "reveal_cancel", "genomics_default"])
@pytest.mark.parametrize("kind", ["flat", "shuffled"])
def test_scores_agree_with_the_authors(shared_data: Path, kind: str, rules: str) -> None:
    model = load_model(shared_data / "simulation" / "talgata.keras")
    windows, references = windows_and_references(shared_data / "simulation")
    if kind == "flat":
        references = np.broadcast_to(np.float32([0.3, 0.2, 0.2, 0.3]), (len(windows), 1, 200, 4))
    targets = [f"logit[{task}]" for task in range(3)]
    found = attribute(model, windows, references, targets, rules=rules)
    for task, target in enumerate(targets):
        expected = EXPECTED[f"{kind}/{rules}/{task}"]
        error = np.abs(found[target].hypothetical - expected).max() / np.abs(expected).max()
        assert error < 1e-5
        predicted = 1 / (1 + np.exp(-found[target].target))
        np.testing.assert_allclose(predicted, EXPECTED["predictions"][:, task], atol=1e-5)
