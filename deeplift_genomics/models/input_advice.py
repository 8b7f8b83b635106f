"""What is said of a model whose sequence or lengths cannot be told, and what its user can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from deeplift_genomics.models.layouts import EITHER, layout_of, length_of
from deeplift_genomics.models.model import show
from deeplift_genomics.settings.input_forms import CONTROL, REVERSE, InputForm

_WHERE = "in the sample sheet's column {0}, by --{1} or by dg.LoadOptions({0}={2})"
_INPUTS = _WHERE.format("inputs", "inputs", "{...}")
_LENGTH = _WHERE.format("window_length", "window-length", "...")
# words in the name of a sequence input, by which the advice names the likelier one first
_SEQUENCE_WORDS = ("seq", "dna", "onehot", "one_hot")


class Shaped(Protocol):
    """An input with a name and a shape without the batch axis."""

    @property
    def name(self) -> str: ...
    @property
    def shape(self) -> tuple[int | None, ...]: ...


class Asked(Protocol):
    """The part of `find_inputs.Question` that messages need."""

    @property
    def model(self) -> str: ...
    @property
    def found(self) -> Sequence[Shaped]: ...
    @property
    def keras(self) -> str: ...
    @property
    def structured(self) -> bool: ...
    @property
    def heads(self) -> Sequence[Shaped]: ...


def no_sequence(asked: Asked, taken: Sequence[str]) -> str:
    """Return the message for a model of which no input is left to be the sequence."""
    listed = _inputs_and_heads(asked)
    if taken:
        return (
            f"{asked.model}: no input is left to be the sequence that is explained, beside those "
            f"given: {', '.join(taken)}. Take the sequence out of the inputs given. {listed}"
        )
    return (
        f"{asked.model} has no input of shape (L, 4), the one-hot sequence (A C G T, channels "
        "last), nor (4, L) or (L, 4, 1) or another order of these axes. Put layers before it that "
        f"make its input from (L, 4), and save both as one model. {listed}"
    )


def several_sequences(asked: Asked, could: Sequence[int], forms: Sequence[InputForm]) -> str:
    """Return the message for a model with several inputs that could be the sequence."""
    of = {form.value for form in forms if form.kind == REVERSE}
    first, *others = sorted(
        (asked.found[i] for i in could), key=lambda item: (item.name not in of, not _named(item))
    )
    return (
        f"{asked.model} has more than one input that could be the one-hot sequence: "
        f"{', '.join(asked.found[i].name for i in could)}. One is explained; say what the other "
        f"is, {_INPUTS}. To explain {first.name} (or the other, with the names exchanged), write "
        f"{'; '.join(_readings(item, first) for item in others)}. " + _inputs_and_heads(asked)
    )


def _readings(item: Shaped, first: Shaped) -> str:
    """Return the texts that say what an input is beside the one that is explained."""
    lengths = {_length(x.shape) for x in (item, first)}
    backwards = f"{item.name}={REVERSE}:{first.name} if it is the reverse complement of the same "
    backwards += "window, "
    return (
        f"{backwards if None in lengths or len(lengths) == 1 else ''}"
        f"{item.name}=FILE.fa if it is a second sequence, to be held fixed at the one in that "
        f"file, or {item.name}={CONTROL} if it holds no bases"
    )


def _length(shape: tuple[int | None, ...]) -> int | None:
    layout = layout_of(shape)
    return 4 if layout in (None, EITHER) else length_of(shape, layout)


def open_length(asked: Asked, position: int) -> str:
    """Return the message for a sequence input of open length."""
    item = asked.found[position]
    return (
        f"{asked.model}: the length of input {item.name} is open, {show(item.shape)}. "
        f"{_inputs_and_heads(asked)} Give the length of the windows (bp) {_LENGTH}."
        f"{_rebuilding(asked)}"
    )


def open_control(asked: Asked, item: Shaped) -> str:
    """Return the message for a control of open length."""
    return (
        f"{asked.model}: the shape of input {item.name} is open, {show(item.shape)}. "
        f"{_inputs_and_heads(asked)} Give its length, {item.name}={CONTROL}:LENGTH, {_INPUTS}."
        f"{_rebuilding(asked)}"
    )


def _rebuilding(asked: Asked) -> str:
    """Return the lines that save a Keras model with fixed lengths, here of 1000."""
    if not asked.keras:  # a SavedModel, which any length suits, or a class of the user's
        return ""
    inputs = ", ".join(
        f"{asked.keras}.Input({tuple(1000 if s is None else s for s in item.shape)}, "
        f"name={item.name!r})"
        for item in asked.found
    )
    if asked.structured:
        keep = asked.keras == "keras"
        inputs = f"keras.tree.pack_sequence_as(model.input, [{inputs}])" if keep else f"[{inputs}]"
    return (
        " Or save the model with a fixed length, such as 1000, and the same weights:\n"
        f"  fixed = {asked.keras}.models.clone_model(\n"
        f"      model, input_tensors={inputs})\n"
        "  fixed.set_weights(model.get_weights())\n"
        "  fixed.save('fixed.keras')"
    )


def _named(item: Shaped) -> bool:
    return any(word in item.name.lower() for word in _SEQUENCE_WORDS)


def _inputs_and_heads(asked: Asked) -> str:
    """Return what the model has: the user can choose heads before the sequence is told."""
    heads = f" Its heads are: {_listed(asked.heads)}." if asked.heads else ""
    return f"Its inputs are: {_listed(asked.found)}.{heads}"


def _listed(found: Sequence[Shaped]) -> str:
    return ", ".join(f"{item.name} {show(item.shape)}" for item in found) or "none"
