"""What the programs' sides share: the question in a folder, and the scores that answer it."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers_of_methods.cases import CASES, SHUFFLES, Case


@dataclass(frozen=True)
class Request:
    """How many windows of a folder to score, with up to how many samples, and which cases."""

    windows: int
    most: int
    labels: list[str]

    def write(self, folder: Path) -> None:
        """Write the request into the folder."""
        (folder / "request.json").write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, folder: Path) -> "Request":
        """Read the request of a folder."""
        return cls(**json.loads((folder / "request.json").read_text()))


@dataclass(frozen=True)
class Question:
    """A case with its options, and the windows (N, L, 4) with shuffles (N, R, L, 4) of a folder."""

    folder: Path
    case: Case
    options: Mapping[str, Any]
    number: int

    @cached_property
    def windows(self) -> NDArray:
        """The windows."""
        return np.load(self.folder / "sequences.npy")[: self.number].astype(float)

    @cached_property
    def references(self) -> NDArray | None:
        """The references of the case, (N, R, L, 4)."""
        shuffles = np.load(self.folder / "references.npy")[: self.number].astype(float)
        return {
            "": None,
            "shuffles": shuffles[:, :SHUFFLES],
            "shuffle": shuffles[:, :1],
            "zeros": np.zeros_like(self.windows[:, None]),
        }[self.case.references]

    def of_segments(self, scores: NDArray) -> NDArray:
        """Spread scores of segments evenly over their bases.

        `scores` are (N, L), with the score of a segment at each of its bases.
        """
        return scores / self.case.options["segment"]


Explain = Callable[[Question], NDArray]


class Methods(dict[str, Explain]):
    """The cases that a program has, with functions that return scores as ours are."""

    def named(self, *labels: str) -> Callable[[Explain], Explain]:
        """Enter a function for cases."""

        def enter(function: Explain) -> Explain:
            self.update(dict.fromkeys(labels, function))
            return function

        return enter


def answer(program: str, methods: Mapping[str, Explain], packages: tuple[str, ...]) -> None:
    """Write PROGRAM.npz and PROGRAM.json: a name for each case and level, and versions.

    Scores that PROGRAM.npz has are kept: an interrupted run goes on where it stopped.
    """
    folder = Path(sys.argv[1])
    request, path = Request.read(folder), folder / f"{program}.npz"
    found = dict(np.load(path)) if path.exists() else {}
    for label in request.labels:
        levels = CASES[label].levels(request.most) if label in methods else {}
        for level, options in levels.items():
            if f"{label}/{level}" not in found:
                question = Question(folder, CASES[label], options, request.windows)
                found[f"{label}/{level}"] = methods[label](question)
                np.savez(path, **found)
                print(f"{program}: {label} {level}", file=sys.stderr, flush=True)
    versions = {package: version(package) for package in packages}
    (folder / f"{program}.json").write_text(json.dumps(versions))
