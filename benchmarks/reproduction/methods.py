"""The methods that the paper compares, each as it is called, and their scores of windows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics import attribute
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.model import Model

SHUFFLES, SEED = 20, 1
# what a method compares a window with -> kind and number of references
REFERENCES = {"flat": ("flat", 1), "shuffled": ("dinucleotide_shuffle", SHUFFLES)}


@dataclass(frozen=True)
class Compared:
    """A method that is compared, with the arguments of `attribute` that choose it.

    A method without references multiplies by the input, or, as in the paper, by what the input
    has more than the flat reference.
    """

    title: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    references: bool = True

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the method compares a window with."""
        return tuple(REFERENCES) if self.references else ("none", "flat")


STEPS = 10  # of integrated gradients; the authors' notebook takes as many intervals


def compared_with(steps: int) -> tuple[Compared, ...]:
    """Return the methods that are compared, integrated gradients with so many steps.

    Its quadrature may miss where a path crosses a threshold, so what its sum may lack is not
    limited here.
    """
    integrated = {
        "method": "integrated_gradients",
        "options": {"steps": steps, "tolerance": 10},
    }
    return (
        Compared("gradient × input", {"method": "gradient_x_input"}, references=False),
        Compared(
            "guided backpropagation × input", {"method": "guided_backpropagation"}, references=False
        ),
        Compared("integrated gradients", integrated),
        Compared("Rescale", {"rules": "rescale"}),
        Compared("RevealCancel", {"rules": "reveal_cancel"}),
        Compared("genomics-default", {"rules": "genomics_default"}),
    )


COMPARED = compared_with(STEPS)


@dataclass(frozen=True)
class Scored:
    """Scores by one method and kind of reference.

    Attributes
    ----------
    method, references
        Title of the method; "none", "flat" or "shuffled".
    values
        Contributions, summed over the four bases, (targets, N, L).
    seconds
        Time per window.
    """

    method: str
    references: str
    values: NDArray[np.floating]
    seconds: float


def score(
    model: Model,
    codes: NDArray[np.int8],
    targets: Sequence[str],
    batch_size: int,
) -> Iterator[Scored]:
    """Yield the scores of windows, given as codes (N, L), by each method and kind of reference."""
    windows = one_hot(codes, np.float32)
    made = {kind: make_references(codes, *REFERENCES[kind], SEED) for kind in REFERENCES}
    for compared in COMPARED:
        for kind in compared.kinds:
            start = time.perf_counter()
            found = attribute(
                model,
                windows,
                made[kind] if compared.references else None,
                targets,
                batch_size=batch_size,
                **compared.arguments,
            )
            seconds = (time.perf_counter() - start) / len(codes)
            print(f"{compared.title}, {kind}: {1000 * seconds:.0f} ms per window", flush=True)
            by_target = [found[name].contributions for name in targets]
            if kind == "flat" and not compared.references:
                more = windows - made[kind][:, 0]
                by_target = [found[name].hypothetical * more for name in targets]
            values = np.stack([values.sum(axis=-1) for values in by_target])
            yield Scored(compared.title, kind, values, seconds)
