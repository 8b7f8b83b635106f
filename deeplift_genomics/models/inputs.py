"""The inputs of a model: which one is the sequence, and its layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.model import Input, show

# words in the name of a sequence input, in case shapes alone do not tell
_SEQUENCE_WORDS = ("seq", "dna", "onehot", "one_hot")


@dataclass(frozen=True)
class Found:
    """An input in the model's own form: name, shape without the batch axis, and type."""

    name: str
    shape: tuple[int | None, ...]
    dtype: Any


@dataclass(frozen=True)
class Inputs:
    """The inputs of a model, in its own order, with the position and layout of the sequence."""

    found: tuple[Found, ...]
    position: int
    layout: str

    @property
    def sequence(self) -> Input:
        """The sequence, as (L, 4)."""
        return Input(self.found[self.position].name, self.taken[self.position])

    @property
    def controls(self) -> tuple[Input, ...]:
        """All other inputs."""
        return tuple(
            Input(item.name, shape)
            for i, (item, shape) in enumerate(zip(self.found, self.taken, strict=True))
            if i != self.position
        )

    @property
    def taken(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of the frozen graph's inputs: those of the model, but the sequence as (L, 4)."""
        shapes = [tuple(int(size or 0) for size in item.shape) for item in self.found]
        own = shapes[self.position]
        shapes[self.position] = (own[1] if self.layout == "(4, L)" else own[0], 4)
        return tuple(shapes)

    def as_model_takes(self, tensors: Sequence[Any]) -> list[Any]:
        """Return tensors of the shapes `taken` in the layout and the types of the model."""
        from deeplift_genomics.graph.backend import tf

        turned = list(tensors)
        if self.layout == "(4, L)":
            turned[self.position] = tf.transpose(turned[self.position], (0, 2, 1))
        elif self.layout == "(L, 4, 1)":
            turned[self.position] = tf.expand_dims(turned[self.position], -1)
        return [
            tf.cast(tensor, item.dtype) for tensor, item in zip(turned, self.found, strict=True)
        ]


def find_inputs(model: str, found: Sequence[Found]) -> Inputs:
    """Find the sequence among the inputs of `model`, by shape, and by name if several fit.

    Raises
    ------
    ModelError
        If no input or several could be the sequence, or a length is open; all inputs are listed.
    """
    shown = ", ".join(f"{item.name} {show(item.shape)}" for item in found) or "none"
    fits = {i: layout for i, item in enumerate(found) if (layout := _layout(item.shape))}
    named = [i for i in fits if any(word in found[i].name.lower() for word in _SEQUENCE_WORDS)]
    chosen = list(fits) if len(fits) == 1 else named
    if not fits:
        raise ModelError(
            f"{model} has no input of shape (L, 4), the one-hot sequence (A C G T, channels last), "
            f"nor (4, L) or (L, 4, 1). Its inputs are: {shown}."
        )
    if len(chosen) != 1:
        could = ", ".join(found[i].name for i in (named or fits))
        raise ModelError(
            f"{model} has more than one input that could be the one-hot sequence: {could}. Save "
            "the model with 'seq' or 'dna' in the name of that input, and of no other. "
            f"Its inputs are: {shown}."
        )
    position = chosen[0]
    item, layout = found[position], fits[position]
    if layout == "either":
        raise ModelError(
            f"{model}: input {item.name} {show(item.shape)} could hold positions along either "
            "axis. A sequence of another length than 4 is needed."
        )
    if None in item.shape:
        raise ModelError(
            f"{model}: the length of input {item.name} is open, {show(item.shape)}. "
            "Save the model with a fixed length: the windows are cut to it."
        )
    for i, other in enumerate(found):
        if i != position and None in other.shape:
            raise ModelError(
                f"{model}: the shape of input {other.name} is open, {show(other.shape)}. "
                "Save the model with fixed shapes."
            )
    return Inputs(tuple(found), position, layout)


def _layout(shape: tuple[int | None, ...]) -> str | None:
    """Return the layout of a shape as a one-hot sequence, "either", or None if it cannot be one."""
    if shape == (4, 4):
        return "either"
    if len(shape) == 2 and shape[1] == 4:
        return "(L, 4)"
    if len(shape) == 2 and shape[0] == 4 and (shape[1] is None or shape[1] > 4):
        return "(4, L)"
    if len(shape) == 3 and shape[1:] == (4, 1):
        return "(L, 4, 1)"
    return None
