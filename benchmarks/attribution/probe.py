"""Single measurements of ours, each in a process of its own on one core.

Run as ``python -m benchmarks.attribution.probe NAME ARGUMENTS``; it prints a JSON object.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

TASKS = 160
WEIGHTS = (50, 100)  # units of the wide layer; the first has 12.8 million weights
FLATTENED = 2000 * 128


def again(folder: str, rounds: str) -> dict[str, Any]:
    """Time `attribute()` on a known model between runs of an Explainer on the same windows."""
    from deeplift_genomics.attribution.explain import Explainer, attribute
    from deeplift_genomics.graph.device import use_threads
    from deeplift_genomics.models.load import load_model

    use_threads(1)
    place, targets = Path(folder), ("counts", "profile")
    windows = np.load(place / "sequences.npy")[:2].astype(np.float32)
    references = np.load(place / "references.npy")[:2].astype(np.float32)
    model = load_model(place / "model.keras")
    number = references.shape[1]
    given: dict[str, Any] = {"rules": "rescale", "tolerance": 1e-3, "float64": False}
    explainer = Explainer(model, targets, number, **given)

    def by_explainer() -> None:
        for i in range(len(windows)):
            explainer(windows[i : i + 1], references[i : i + 1], {}, [f"window {i}"])

    def by_call() -> None:
        attribute(model, windows, references, targets)

    by_explainer()
    by_call()
    before, ratios = _seconds(by_explainer), []
    for _ in range(int(rounds)):
        called, after = _seconds(by_call), _seconds(by_explainer)
        ratios.append(called / statistics.mean((before, after)))
        before = after
    return {"ratio": ratios}


def weights(units: str) -> dict[str, Any]:
    """Measure the memory of `attribute()` on a wide dense layer after a flatten."""
    from benchmarks.attribution.worker import peak_memory
    from deeplift_genomics.attribution.explain import attribute
    from deeplift_genomics.graph.backend import keras
    from deeplift_genomics.models.freezing import from_keras

    layers = keras.layers
    sequence = keras.Input((2000, 4), name="sequence")
    y = layers.Conv1D(128, 9, padding="same", activation="relu")(sequence)
    y = layers.Dense(int(units), activation="relu")(layers.Flatten()(y))
    model = keras.Model(sequence, layers.Dense(1, name="counts")(y))
    x = np.eye(4, dtype=np.float32)[np.random.default_rng(0).integers(0, 4, (1, 2000))]
    attribute(from_keras(model), x, x[:, None, ::-1], ["counts"])
    return {"units": int(units), "peak": peak_memory()}


def tasks() -> dict[str, Any]:
    """Time 160 outputs of a small classifier: 3 windows with 4 references."""
    from deeplift_genomics.attribution.explain import attribute
    from deeplift_genomics.graph.backend import keras
    from deeplift_genomics.models.freezing import from_keras

    layers = keras.layers
    sequence = keras.Input((200, 4), name="sequence")
    x = layers.Conv1D(16, 9, activation="relu")(sequence)
    x = layers.Flatten()(layers.MaxPooling1D(10)(x))
    output = layers.Dense(400, activation="sigmoid", name="tasks")(x)
    model = from_keras(keras.Model(sequence, output))
    draw = np.random.default_rng(0)
    one_hot = np.eye(4, dtype=np.float32)
    windows = one_hot[draw.integers(0, 4, (3, 200))]
    references = one_hot[draw.integers(0, 4, (3, 4, 200))]
    names = [f"output:tasks[{i}]" for i in range(TASKS)]
    return {"seconds": _seconds(lambda: attribute(model, windows, references, names))}


def positions(folder: str, few: str, many: str) -> dict[str, Any]:
    """Time output positions of the profile of a BPNet: CPU seconds for each one more."""
    from deeplift_genomics.attribution.explain import attribute
    from deeplift_genomics.graph.device import use_threads
    from deeplift_genomics.models.load import load_model

    use_threads(1)
    place = Path(folder)
    window = np.load(place / "sequences.npy")[:1].astype(np.float32)
    references = np.load(place / "references.npy")[:1].astype(np.float32)
    model = load_model(place / "model.keras")

    def cpu(number: int) -> float:
        # around the middle, the first of them anew for each number
        names = [f"output:profile[{500 - number // 2 + i}]" for i in range(number)]
        start = time.process_time()
        attribute(model, window, references, names)
        return time.process_time() - start

    cpu(1)
    a, b = cpu(int(few)), cpu(int(many))
    return {"positions": [int(few), int(many)], "each": (b - a) / (int(many) - int(few))}


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


PROBES = {"again": again, "weights": weights, "tasks": tasks, "positions": positions}

if __name__ == "__main__":
    print(json.dumps(PROBES[sys.argv[1]](*sys.argv[2:])))
