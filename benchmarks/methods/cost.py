"""Seconds per window of every method, side by side with DeepLIFT.

Run as ``python -m benchmarks.methods.cost MODEL results/SAMPLE/windows.h5``. One process times
every method of the table, and the further cases of `FURTHER`, on the same windows: in each round
all of them explain the same window, one after the other, so that other work on the machine falls on
all alike. The ratio to DeepLIFT is the median over rounds of the ratio within a round; compiling,
and a first window, are outside the clock. The goals are those of `GOALS`.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.attribution_section import Attribution
from deeplift_genomics.settings.methods import DEFAULT, METHODS, choose
from deeplift_genomics.windows.file import Windows, read_windows

REFERENCES, ROUNDS = 20, 9


class Case(NamedTuple):
    """A method with its options, and the references of each window, if it takes any."""

    method: str
    references: int = REFERENCES
    options: dict[str, Any] = {}  # noqa: RUF012  # never changed


# label -> what is measured beside the methods at their defaults
FURTHER: dict[str, Case] = {
    "integrated_gradients, 1 reference": Case("integrated_gradients", 1),
    "expected_gradients, 1 sample": Case("expected_gradients", options={"samples": 1}),
}
# label -> largest ratio to DeepLIFT
GOALS = {"gradient": 0.2, "integrated_gradients, 1 reference": 1.2}


def main() -> None:
    """Print seconds per window of each method, and the ratio to DeepLIFT."""
    parser = argparse.ArgumentParser(prog="benchmarks.methods.cost", description=__doc__)
    parser.add_argument("model")
    parser.add_argument("windows", help="a file windows.h5 of a run")
    parser.add_argument("--targets", nargs="+", default=["counts", "profile"])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", nargs="+", help="methods, in place of all; DeepLIFT is added")
    given = parser.parse_args()
    model, windows = load_model(given.model), read_windows(given.windows, slice(0, given.rounds))
    report(measure(model, windows, given.targets, rounds=given.rounds, only=given.only))


def measure(
    model: Model,
    windows: Windows,
    targets: list[str],
    *,
    rounds: int = ROUNDS,
    only: list[str] | None = None,
) -> dict[str, list[float]]:
    """Return the seconds of each round, of each case that the model allows."""
    cases = {name: Case(name) for name in METHODS} | FURTHER
    wanted = {DEFAULT, *(only or METHODS)}
    runs = {}
    for label, case in cases.items():
        if case.method not in wanted:
            continue
        try:
            runs[label] = prepare(model, targets, case, windows)
        except DeepLiftGenomicsError as error:
            print(f"{label}: not for this model: {str(error).splitlines()[0]}")
    seconds: dict[str, list[float]] = {label: [] for label in runs}
    for turn in range(rounds):
        for label, run in runs.items():
            start = time.perf_counter()
            run(turn % len(windows.codes))
            seconds[label].append(time.perf_counter() - start)
    return seconds


def prepare(
    model: Model, targets: list[str], case: Case, windows: Windows
) -> Callable[[int], object]:
    """Return the function that explains one of the windows by a case, compiled."""
    chosen, defaults = choose(case.method, case.options), Attribution()
    number = case.references if chosen.references else 0
    explainer = Explainer(
        model, targets, number, rules=defaults.rules, tolerance=1e3, float64=False, chosen=chosen
    )
    explainer.tolerance = 1e3  # seconds are measured here, and no errors
    sequences = one_hot(windows.codes, "float32")
    references = make_references(windows.codes, "dinucleotide_shuffle", REFERENCES, 0)
    controls = explainer.fill_controls(None, len(sequences))

    def run(row: int) -> object:
        one = slice(row, row + 1)
        some = {name: values[one] for name, values in controls.items()}
        return explainer(sequences[one], references[one, :number], some, [f"window {row}"])

    run(0)
    return run


def ratios(seconds: dict[str, list[float]]) -> dict[str, float]:
    """Return the ratio of each case to DeepLIFT."""
    return {
        label: statistics.median(
            own / default for own, default in zip(times, seconds[DEFAULT], strict=True)
        )
        for label, times in seconds.items()
    }


def report(seconds: dict[str, list[float]]) -> None:
    """Print the table."""
    print(f"{'case':40} {'s / window':>10} {'ratio':>7}  goal")
    for label, ratio in sorted(ratios(seconds).items(), key=lambda item: item[1]):
        goal = GOALS.get(label)
        told = "" if goal is None else f"{goal}: {'reached' if ratio <= goal else 'not reached'}"
        print(f"{label:40} {statistics.median(seconds[label]):10.3f} {ratio:7.2f}  {told}".rstrip())


if __name__ == "__main__":
    main()
