"""Files of BPReveal and CREsted predict what these programs predicted, and are explained."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.attribution.suggestions import suggest
from deeplift_genomics.attribution.trial import try_out
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.settings.config import Config
from tests.models.helpers import predict

FILES = Path(__file__).parent / "files"
BPREVEAL = LoadOptions(custom_objects="deeplift_genomics.lambdas:bpreveal")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("programs")
    for program in ("bpreveal", "crested"):
        with zipfile.ZipFile(FILES / f"{program}.zip") as file:
            file.extractall(found / program)
    return found


@pytest.mark.parametrize(
    ("path", "targets"),
    [
        (
            "bpreveal/solo.keras",
            "profile:solo_profile_patchcap profile:solo_profile_sox2 "
            "counts:solo_logcounts_patchcap counts:solo_logcounts_sox2",
        ),
        (
            "bpreveal/combined.keras",
            "profile:combined_add_profile_patchcap profile:combined_add_profile_sox2 "
            "counts:combined_logcounts_patchcap counts:combined_logcounts_sox2",
        ),
        ("crested/dilated_cnn.keras", "output:dense_out[0] output:dense_out[2]"),
        ("crested/simple_convnet.keras", "output:dense_out[0] output:dense_out[2]"),
        ("crested/deeptopic_cnn.keras", "logit[0] logit[2]"),
        ("crested/legnet.keras", "output:head[0] output:head[2]"),
        ("crested/borzoi", "track[0] track[3]"),
    ],
)
def test_predicted_as_there_and_explained(folder: Path, path: str, targets: str) -> None:
    program, _, name = path.partition("/")
    told = json.loads((folder / program / "expected.json").read_text())
    model = load_model(folder / path, BPREVEAL if program == "bpreveal" else LoadOptions())
    codes = [["ACGT".index(base) for base in sequence] for sequence in told["sequences"]]
    found = predict(model, one_hot(np.array(codes), "float32"))
    values = (
        told[name].items() if isinstance(told[name], dict) else zip(found, told[name], strict=True)
    )
    for head, expected in values:
        np.testing.assert_allclose(found[head], expected, rtol=1e-4, atol=1e-5)
    texts = [text for item in suggest(model) for text in item.texts]
    assert texts == targets.split()
    trial = try_out(model, texts, Config(), {})
    assert (trial.error, list(trial.values)) == (None, texts)
    assert all(tried.share < 1e-4 and tried.contributes for tried in trial.values.values())


def test_the_layer_of_bpreveal_must_be_named(folder: Path) -> None:
    with pytest.raises(ModelError, match="CountsLogSumExp"):
        load_model(folder / "bpreveal" / "combined.keras")
