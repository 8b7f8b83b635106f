"""The memory of a process whose windows, steps, samples or mutants are tenfold.

Run as ``python -m benchmarks.methods.memory MODEL results/SAMPLE/windows.h5``. Each case takes two
processes, one of few and one of many. The goal is that the most memory does not grow.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from typing import Any, NamedTuple

from benchmarks.methods.cost import Case, prepare
from deeplift_genomics.models.load import load_model
from deeplift_genomics.windows.file import read_windows

FEW_REFERENCES = 2


class Grown(NamedTuple):
    """A case in two sizes: options of the method, and the number of windows."""

    method: str
    few: dict[str, Any]
    many: dict[str, Any]
    windows: tuple[int, int] = (1, 1)


# what grows -> the case
CASES: dict[str, Grown] = {
    "windows, deeplift": Grown("deeplift", {}, {}, (2, 20)),
    "windows, integrated_gradients": Grown(
        "integrated_gradients", {"steps": 5}, {"steps": 5}, (2, 20)
    ),
    "steps, integrated_gradients": Grown("integrated_gradients", {"steps": 20}, {"steps": 200}),
    "samples, expected_gradients": Grown("expected_gradients", {"samples": 20}, {"samples": 200}),
    "samples, smoothgrad": Grown("smoothgrad", {"samples": 20}, {"samples": 200}),
    "samples, kernel_shap": Grown("kernel_shap", {"samples": 100}, {"samples": 1000}),
    "mutants, in_silico_mutagenesis": Grown(
        "in_silico_mutagenesis", {"span": [100, 140]}, {"span": [50, 450]}
    ),
    "baselines, randomized_path_integration": Grown(
        "randomized_path_integration",
        {"baselines": 2, "steps": 5},
        {"baselines": 20, "steps": 5},
    ),
}


def main() -> None:
    """Print the memory of all cases, or measure one."""
    parser = argparse.ArgumentParser(prog="benchmarks.methods.memory", description=__doc__)
    parser.add_argument("model")
    parser.add_argument("windows", help="a file windows.h5 of a run")
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    parser.add_argument("--many", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case:
        print(json.dumps(measured_here(given.model, given.windows, given.case, given.many)))
        return
    for name, (few, many) in growth(given.model, given.windows).items():
        print(f"{name:40} {few:6.0f} MB {many:6.0f} MB {many / few:6.2f}")


def growth(model: str, windows: str) -> dict[str, list[float]]:
    """Return the most memory of each case, in MB, of few and of many."""
    base = [sys.executable, "-m", "benchmarks.methods.memory", model, windows, "--case"]
    found = {}
    for name in CASES:
        both = [[*base, name], [*base, name, "--many"]]
        texts = [
            subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
            for command in both
        ]
        found[name] = [float(json.loads(text.splitlines()[-1])) for text in texts]
    return found


def measured_here(path: str, windows_path: str, case: str, many: bool) -> float:
    """Explain the windows of a case, and return the most memory of this process in MB."""
    grown = CASES[case]
    number, options = grown.windows[many], grown.many if many else grown.few
    windows = read_windows(windows_path, slice(0, number))
    targets = ["counts", "profile"]
    run = prepare(load_model(path), targets, Case(grown.method, FEW_REFERENCES, options), windows)
    for row in range(len(windows.codes)):
        run(row)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
