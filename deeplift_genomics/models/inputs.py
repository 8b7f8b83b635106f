"""The inputs of a model: the sequence, its layout, and what the other inputs are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deeplift_genomics.models.fixed_sequence import FixedSequence
from deeplift_genomics.models.layouts import length_of, turned
from deeplift_genomics.models.model import Input, MadeInput


@dataclass(frozen=True)
class Found:
    """An input in the model's own form: name, shape without the batch axis, and type."""

    name: str
    shape: tuple[int | None, ...]
    dtype: Any


@dataclass(frozen=True)
class Inputs:
    """The inputs of a model, in its own order; the other attributes go by their positions.

    Attributes
    ----------
    found
        All inputs, without open sizes.
    position
        Position of the sequence.
    layouts
        Position -> layout, of the inputs that hold bases.
    reversed
        Position of an input -> position of the input whose reverse complement it is.
    fixed
        Position of an input -> the sequence at which it is held.
    """

    found: tuple[Found, ...]
    position: int
    layouts: Mapping[int, str]
    reversed: Mapping[int, int] = field(default_factory=dict)
    fixed: Mapping[int, FixedSequence] = field(default_factory=dict)

    @property
    def layout(self) -> str:
        """The layout in which the model takes the sequence."""
        return self.layouts[self.position]

    @property
    def taken(self) -> dict[int, Input]:
        """The inputs of the frozen graph by position: the sequence as (L, 4), and the controls."""
        inputs = {}
        for i, item in enumerate(self.found):
            if i == self.position:
                inputs[i] = Input(item.name, (length_of(_sizes(item), self.layout) or 0, 4))
            elif i not in self.reversed and i not in self.fixed:
                inputs[i] = Input(item.name, _sizes(item))
        return inputs

    @property
    def sequence(self) -> Input:
        """The sequence, as (L, 4)."""
        return self.taken[self.position]

    @property
    def controls(self) -> tuple[Input, ...]:
        """The inputs that hold no bases."""
        return tuple(item for i, item in self.taken.items() if i != self.position)

    @property
    def made(self) -> tuple[MadeInput, ...]:
        """The inputs that the frozen graph makes itself, sorted by name."""
        inputs = []
        for i, other in self.reversed.items():
            what = f"reverse complement of {self.found[other].name}"
            inputs.append(MadeInput(self.found[i].name, _sizes(self.found[i]), what))
        for i, fixed in self.fixed.items():
            what = f"held fixed at {fixed.record} of {fixed.file}"
            item = self.found[i]
            inputs.append(MadeInput(item.name, _sizes(item), what, fixed.file, fixed.digest))
        return tuple(sorted(inputs, key=lambda item: item.name))

    def as_model_takes(self, tensors: Sequence[Any]) -> list[Any]:
        """Return all inputs in the layouts and types of the model, from tensors of those `taken`.

        A reverse complement is made inside the graph, so that the multipliers of both inputs add up
        on the sequence.
        """
        from deeplift_genomics.dna.sequence import one_hot
        from deeplift_genomics.graph.backend import tf

        given = dict(zip(self.taken, tensors, strict=True))
        for i, fixed in self.fixed.items():
            bases = tf.constant(one_hot(fixed.codes, "float32")[None])
            given[i] = tf.tile(bases, (tf.shape(given[self.position])[0], 1, 1))
        for i, other in self.reversed.items():
            given[i] = tf.reverse(given[other], (1, 2))  # A C G T backwards is T G C A
        for i, layout in self.layouts.items():
            given[i] = turned(given[i], layout)
        return [tf.cast(given[i], item.dtype) for i, item in enumerate(self.found)]


def _sizes(item: Found) -> tuple[int, ...]:
    return tuple(int(size or 0) for size in item.shape)
