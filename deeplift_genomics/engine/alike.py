"""Targets that are alike: they differ in whole numbers alone, and share one compiled walk.

The numbers, such as that of a head's unit, are an input of the compiled batch. Each chunk of
references is forwarded once, and a loop inside the batch walks back once for each row of numbers.
So another target costs its walk, and no building.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.chunks import IN_TILES, TOGETHER
from deeplift_genomics.engine.narrow import Position
from deeplift_genomics.engine.propagate import Seeds
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.device import shapes_of, values_of
from deeplift_genomics.graph.frozen import FrozenGraph

# (windows, references, *controls) -> target -> name of array -> array
BatchFunction = Callable[..., dict[str, dict[str, NDArray[np.floating]]]]
Found = dict[str, dict[str, tf.Tensor]]
# (windows, references, name of control -> control) -> target -> name of array -> array
Compute = Callable[[tf.Tensor, tf.Tensor, Mapping[str, tf.Tensor]], Found]

# name of the input with the numbers of a block of targets; no input of a graph has blanks
NUMBERS = "numbers of targets"
# numbers on the sequences of the references that the walks of a block may keep: 32 MB of float32
KEPT = 8_000_000
# many walks share a chunk's forward pass, and cropped ones are small: more references at once are
# faster, as long as what a forward pass computes is not more than 800 MB of float32
MOST_BASES, MOST_FORWARD = 50_000, 200_000_000


@dataclass(frozen=True)
class Alike:
    """Targets that differ in whole numbers alone.

    Attributes
    ----------
    targets
        Their names.
    numbers : (T, ...)
        The numbers of each, int32.
    tensors
        Names of the tensors that they explain.
    seeds
        Takes the numbers of one target, as a tensor, and returns its seeds.
    position
        Takes these, too, and returns the one position on which the seeds are not 0, if it is one.
    """

    targets: Sequence[str]
    numbers: NDArray[np.int32]
    tensors: Sequence[str]
    seeds: Callable[[tf.Tensor], Seeds]
    position: Callable[[tf.Tensor], Position | None] = lambda _: None


@dataclass(frozen=True)
class Targets:
    """The targets of a job: those that have a walk `apart`, and groups of those that are alike."""

    apart: Mapping[str, Seeds]
    alike: Sequence[Alike] = ()

    @property
    def sinks(self) -> list[str]:
        """Names of the tensors that they explain, each once, in alphabetical order."""
        apart = {tensor for seeds in self.apart.values() for tensor in seeds}
        return sorted(apart.union(*(group.tensors for group in self.alike)))


class Compile(Protocol):
    """A compiler of what one function computes, with numbers of that shape as a further input."""

    def __call__(
        self, *, compute: Compute, numbers: tuple[int, ...] | None = None
    ) -> BatchFunction:
        """Return the compiled function."""


def compile_targets(
    compile_one: Compile,
    targets: Targets,
    *,
    apart: Compute,
    alike: Callable[[Alike], Compute],
    kept: int,
) -> BatchFunction:
    """Compile one function for all targets apart, and one for each group of those that are alike.

    Parameters
    ----------
    apart
        What computes the former.
    alike
        From a group to what computes a block of it: arrays whose first axis counts its targets.
    kept
        Numbers that are kept for each target until its block is done, which bounds the block.
    """
    parts = [compile_one(compute=apart)] if targets.apart else []
    for group in targets.alike:
        size = block_size(len(group.targets), kept)
        run = compile_one(compute=alike(group), numbers=(size, *group.numbers.shape[1:]))
        parts.append(_in_blocks(run, group, size))

    def call(*arrays: NDArray) -> dict[str, dict[str, NDArray[np.floating]]]:
        found = {}
        for run in parts:
            found.update(run(*arrays))
        return found

    return call


def together(frozen: FrozenGraph, length: int) -> int:
    """Return how many bases of references are computed together for targets that are alike."""
    if frozen.minimal:
        return IN_TILES
    of_base = max(1, values_of(shapes_of(frozen)) // max(1, length))
    return max(TOGETHER, min(MOST_BASES, MOST_FORWARD // of_base))


def block_size(targets: int, kept: int) -> int:
    """Return how many targets are computed in one call: blocks are as equal as possible.

    With 20 references of 2,114 bp, ``block_size(160, 20 * 2114 * 4)`` is 40: four blocks.
    """
    most = max(1, KEPT // max(1, kept))
    blocks = -(-targets // most)
    return -(-targets // blocks)


def _in_blocks(run: BatchFunction, group: Alike, size: int) -> BatchFunction:
    """Return a function that computes `size` targets in one call of `run`, until it has all."""

    def call(*arrays: NDArray) -> dict[str, dict[str, NDArray[np.floating]]]:
        found = {}
        for first in range(0, len(group.targets), size):
            rows = group.numbers[first : first + size]
            short = size - len(rows)  # the shape of a block is fixed: its last target fills it
            filled = np.concatenate([rows, np.repeat(rows[-1:], short, axis=0)])
            (of_block,) = run(*arrays, filled).values()
            for i, target in enumerate(group.targets[first : first + size]):
                found[target] = {name: values[i] for name, values in of_block.items()}
        return found

    return call
