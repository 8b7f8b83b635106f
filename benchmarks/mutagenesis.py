"""A benchmark of in-silico mutagenesis: 400 bases of a window of a real BPNet, on one thread.

Run as ``python -m benchmarks.mutagenesis``. Turns alternate with those of Keras' ``predict`` on the
same 1,200 mutants, at its best batch size, in one process; the peer tangermeme takes the counts of
the same network in PyTorch, in a process of its own. Times are of CPU, so that other work on the
machine matters less. The goals are 1.5 times the speed of ``predict``, and that of tangermeme.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

START, END = 50, 450
SIZES = (32, 64, 128)  # of a batch, of which the others' fastest counts
ROUNDS = 5
FASTER = 1.5


def seconds(run: Callable[[], object]) -> float:
    """Return the CPU time of a run."""
    before = time.process_time()
    run()
    return time.process_time() - before


def of_ours_and_keras(folder: Path) -> dict[str, list[float]]:
    """Return the times of each round, in turns."""
    import tf_keras

    from deeplift_genomics.attribution.explain import Explainer
    from deeplift_genomics.graph.device import use_threads
    from deeplift_genomics.models.load import load_model
    from deeplift_genomics.settings.methods import choose

    use_threads(1)
    path, window = folder / "model.h5", np.load(folder / "sequences.npy")[:1]
    keras_model = tf_keras.models.load_model(path, compile=False)
    mutants = np.repeat(window, 3 * (END - START), axis=0).astype(np.float32)
    explainer = Explainer(
        load_model(path),
        ["counts"],
        0,
        rules="rescale",
        tolerance=1e-3,
        float64=False,
        chosen=choose("in_silico_mutagenesis", {"span": [START, END]}),
    )
    none = np.zeros((1, 0, *window.shape[1:]))
    runs: dict[str, Callable[[], object]] = {"ours": lambda: explainer(window, none, {}, ["0"])}
    for size in SIZES:
        runs[f"predict, batches of {size}"] = partial(
            keras_model.predict, mutants, batch_size=size, verbose=0
        )
    return in_turns(runs)


def of_tangermeme(folder: Path) -> dict[str, list[float]]:
    """Return the times of each round, of its quick and its plain way."""
    import torch
    from tangermeme.saturation_mutagenesis import saturation_mutagenesis

    from benchmarks.attribution import twin

    torch.set_num_threads(1)
    model = twin.load(folder)["counts"]
    window = np.load(folder / "sequences.npy")[:1].astype(np.float32).swapaxes(1, 2)
    x = torch.from_numpy(np.ascontiguousarray(window))
    given = {"start": START, "end": END, "device": "cpu", "hypothetical": True}
    runs: dict[str, Callable[[], object]] = {}
    for fast in (True, False):
        for size in SIZES:
            name = f"tangermeme, {'fast' if fast else 'plain'}, batches of {size}"
            runs[name] = partial(
                saturation_mutagenesis, model, x, batch_size=size, fast=fast, **given
            )
    return in_turns(runs)


def in_turns(runs: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Run all once, and then measure them in turns."""
    for run in runs.values():
        run()
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            found[name].append(seconds(run))
    return found


def main() -> None:
    """Print the median and the range of all, and whether the goals are reached."""
    from benchmarks.attribution.environments import python_of
    from benchmarks.attribution.material import make_real
    from benchmarks.attribution.team import ROOT, environment

    with tempfile.TemporaryDirectory() as name:
        folder = make_real(Path(name))[0].folder
        found: dict[str, list[float]] = {}
        for python, what in ((sys.executable, "ours"), (python_of("tangermeme"), "tangermeme")):
            command = [str(python), "-m", "benchmarks.mutagenesis", what, str(folder)]
            done = subprocess.run(
                command, stdout=subprocess.PIPE, text=True, check=True, env=environment(1), cwd=ROOT
            )
            found |= json.loads(done.stdout.splitlines()[-1])
    for name, times in found.items():
        print(
            f"{name:>40}: median {statistics.median(times):.2f} s, "
            f"range {min(times):.2f} to {max(times):.2f} over {ROUNDS} rounds"
        )
    medians = {name: statistics.median(times) for name, times in found.items()}
    for peer, goal in (("predict", FASTER), ("tangermeme", 1.0)):
        best = min(value for name, value in medians.items() if name.startswith(peer))
        times = best / medians["ours"]
        print(f"{times:.1f} times as fast as {peer}; goal {goal}, {'not ' * (times < goal)}reached")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        measure = {"ours": of_ours_and_keras, "tangermeme": of_tangermeme}[sys.argv[1]]
        print(json.dumps(measure(Path(sys.argv[2]))))
