"""Memory of a process that explains a model of many weights: a few copies of them."""

import re
import subprocess
import sys
from pathlib import Path

import keras
import pytest
from keras import layers

from deeplift_genomics.models.files import COPIES, memory_of_weights

# 25.6 million weights, most in a dense layer after a flattened convolution, as DeepSEA has
UNITS, POSITIONS, FILTERS = 100, 2000, 128
SLACK = 60_000_000  # bytes: code, graphs and activations of a larger model

WATCHED = """
import sys
import numpy as np
import deeplift_genomics as dg
from deeplift_genomics.dna.sequence import one_hot

def peak():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])

def explain(path, float64):
    model = dg.load_model(path)
    codes = np.random.default_rng(0).integers(0, 4, (1, model.window_length))
    x = one_hot(codes, np.float32)
    dg.attribute(model, x, x[:, None, ::-1], targets=["counts"], float64=float64)

float64 = sys.argv[3] == "float64"
explain(sys.argv[1], float64)  # TensorFlow has started
before = peak()
explain(sys.argv[2], float64)
print("kB", peak() - before)
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """A small model and one of many weights, in files of each form."""
    folder, found = tmp_path_factory.mktemp("models"), dict[str, list[Path]]()
    for units in (1, UNITS):
        x0 = layers.Input((POSITIONS, 4), name="sequence")
        x = layers.Conv1D(FILTERS, 9, padding="same", activation="relu")(x0)
        small = keras.initializers.Constant(1e-3)
        x = layers.Dense(units, activation="relu", kernel_initializer=small)(layers.Flatten()(x))
        model = keras.Model(x0, layers.Dense(1, name="counts")(x))
        for name in ("model.keras", "model.h5"):
            path = folder / f"{units}_{name}"
            model.save(path)
            found.setdefault(path.suffix, []).append(path)
    return {suffix: (small, large) for suffix, (small, large) in found.items()}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel tells no peak")
@pytest.mark.parametrize(("suffix", "numbers"), [(".keras", "float32"), (".h5", "float64")])
def test_a_model_of_many_weights_takes_a_few_copies(
    models: dict[str, tuple[Path, Path]], suffix: str, numbers: str
) -> None:
    command = [sys.executable, "-c", WATCHED, *map(str, models[suffix]), numbers]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    used = 1024 * int(re.findall(r"kB (\d+)", done.stdout)[-1])
    weights = POSITIONS * FILTERS * UNITS * 4
    double = numbers == "float64"
    assert weights < used < (2 if double else 1) * COPIES * weights + SLACK
    large = models[suffix][1]
    assert used < memory_of_weights([large], float64=double) + SLACK
    assert memory_of_weights([large]) == COPIES * large.stat().st_size
