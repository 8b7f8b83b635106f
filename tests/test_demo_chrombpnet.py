"""The demo's small ChromBPNet: its files are of ChromBPNet's form, and it learnt the motifs."""

import json
from functools import cache
from pathlib import Path

import h5py
import numpy as np
import pytest
from memelite.io import read_meme
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.options import LoadOptions
from tests.conftest import ROOT
from tests.models.helpers import predict

DEMO = ROOT / "resources" / "demo"
FOLDER = DEMO / "chrombpnet"
WINDOW, OUTPUT = 500, 300
JOINED = LoadOptions(
    lambdas={"logcount_predictions": "deeplift_genomics.lambdas:logsumexp"},
)


@cache
def backgrounds() -> NDArray[np.int8]:
    return np.random.default_rng(0).integers(0, 4, (16, WINDOW)).astype(np.int8)


def heads(path: Path, codes: NDArray[np.int8]) -> list[NDArray[np.float32]]:
    """Return the logits of the profile (N, OUTPUT) and the log-counts (N, 1)."""
    options = JOINED if path.stem == "chrombpnet" else LoadOptions()
    return list(predict(load_model(path, options), one_hot(codes, np.float32)).values())


def test_the_files_are_small_and_of_keras_2() -> None:
    for name in ("bias.h5", "chrombpnet.h5", "chrombpnet_nobias.h5"):
        with h5py.File(FOLDER / name) as file:
            assert file.attrs["keras_version"].startswith("2."), name
            assert "optimizer_weights" not in file, name
        assert (FOLDER / name).stat().st_size < 200_000, name
    with h5py.File(FOLDER / "chrombpnet.h5") as file:
        layers = json.loads(file.attrs["model_config"])["config"]["layers"]
    assert [layer["name"] for layer in layers if layer["class_name"] == "Lambda"] == [
        "logcount_predictions"
    ]


def test_the_whole_is_the_sum_of_its_parts() -> None:
    bias, without, both = (
        heads(FOLDER / f"{name}.h5", backgrounds())
        for name in ("bias", "chrombpnet_nobias", "chrombpnet")
    )
    assert both[0].shape == (16, OUTPUT) and both[1].shape == (16, 1)
    np.testing.assert_allclose(both[0], bias[0] + without[0], atol=1e-4)
    np.testing.assert_allclose(both[1], np.logaddexp(bias[1], without[1]), atol=1e-4)


@pytest.mark.parametrize("factor", ["CTCF", "SPI1", "FOS::JUN", "NRF1"])
def test_a_motif_raises_the_counts_without_the_bias(factor: str) -> None:
    motifs = {name.split()[0]: pfm for name, pfm in read_meme(str(DEMO / "motifs.meme")).items()}
    consensus = encode("".join("ACGT"[row] for row in motifs[factor].argmax(axis=0)))
    rng = np.random.default_rng(1)
    inserted, scrambled = backgrounds().copy(), backgrounds().copy()
    first = (WINDOW - len(consensus)) // 2
    inserted[:, first : first + len(consensus)] = consensus
    scrambled[:, first : first + len(consensus)] = rng.permutation(consensus)
    counts = [
        heads(FOLDER / "chrombpnet_nobias.h5", codes)[1][:, 0]
        for codes in (backgrounds(), inserted, scrambled)
    ]
    rise, control = counts[1] - counts[0], counts[2] - counts[0]
    assert rise.mean() > 0.8
    assert abs(control.mean()) < 0.25 * rise.mean()


def test_the_bias_prefers_what_the_enzyme_prefers() -> None:
    """Its profile is higher in the middle of the enzyme's site than elsewhere."""
    codes = backgrounds().copy()
    codes[:, 246:255] = encode("GATCAGATC")  # fits GNTYWRANC
    middle = 250 - (WINDOW - OUTPUT) // 2
    profile = heads(FOLDER / "bias.h5", codes)[0]
    assert (profile[:, middle] > np.quantile(profile, 0.95, axis=1)).mean() > 0.8


def test_performance_is_good() -> None:
    found = json.loads((FOLDER / "performance.json").read_text())
    assert found["chrombpnet.h5"]["counts_r"] > 0.85
    assert found["chrombpnet.h5"]["profile_r"] > 0.8
    assert found["chrombpnet.h5"]["profile_r"] > found["chrombpnet_nobias.h5"]["profile_r"]
    assert abs(found["bias.h5"]["counts_r"]) < 0.5
