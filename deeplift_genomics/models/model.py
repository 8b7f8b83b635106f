"""A trained model, as the rest of the package sees it: a frozen graph, its inputs and heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.compiled import Compiled

if TYPE_CHECKING:
    from deeplift_genomics.graph.frozen import FrozenGraph


COMPUTED = "computed in float32, or in float64 if asked for, with the same weights"


@dataclass(frozen=True)
class Input:
    """An input: its name and its shape without the batch axis."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class MadeInput(Input):
    """An input that the frozen graph makes itself: `what` says of which bases.

    `file` and `digest` are those of the FASTA file that holds them, if any.
    """

    what: str
    file: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Head:
    """An output of a model.

    Attributes
    ----------
    name, shape
        Its name, and its shape without the batch axis.
    kind
        "profile", "counts", "logits" or "tracks".
    tensor
        The explained tensor: the output itself, or, with an `activation`, the input of that.
    activation
        "sigmoid", "softmax" or None.
    ends_in
        Types of the last operations before the explained tensor, except moves and averages.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    tensor: str
    activation: str | None = None
    ends_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """A model ready to be explained; made by `load_model` or `from_keras`.

    The frozen graph takes the sequence as (N, L, 4), whatever `layout` the model's own input has,
    and the controls. It makes the inputs `made` itself.
    `library` is the package that made the graph: keras, tf_keras or, for a SavedModel, tensorflow.
    `compiled` keeps the functions that were compiled for the model last; one made of it by
    `dataclasses.replace` starts without any.
    """

    name: str
    digest: str
    sequence: Input
    controls: tuple[Input, ...]
    heads: tuple[Head, ...]
    frozen: FrozenGraph = field(repr=False)
    layout: str = "(L, 4)"
    made: tuple[MadeInput, ...] = ()
    library: str = "keras"
    compiled: Compiled = field(default_factory=Compiled, init=False, repr=False, compare=False)

    @property
    def window_length(self) -> int:
        """Length of the sequence input (bp)."""
        return self.sequence.shape[0]

    def describe(self) -> str:
        """Describe inputs and heads in a few lines."""
        turned = "" if self.layout == "(L, 4)" else f", which the model takes as {self.layout}"
        lines = [f"model   {self.name}", f"window  {self.window_length} bp"]
        lines += [f"input   {self.sequence.name} {show(self.sequence.shape)}: sequence{turned}"]
        lines += [f"input   {item.name} {show(item.shape)}: control" for item in self.controls]
        if self.frozen.types != ("float32",):
            lines += [f"numbers {', '.join(self.frozen.types)} in the model; here {COMPUTED}"]
        lines += [f"input   {item.name} {show(item.shape)}: {item.what}" for item in self.made]
        for head in self.heads:
            before = f", explained before its {head.activation}" if head.activation else ""
            if not before and having("probability") & set(head.ends_in):
                before = ", not logits: it ends in a sigmoid or softmax"
            lines.append(f"head    {head.name} {show(head.shape)}: {head.kind}{before}")
        return "\n".join(lines)


def show(shape: Sequence[int | None]) -> str:
    """Return a shape as text, like (500, 4); open sizes are None."""
    return f"({', '.join(map(str, shape))})"
