"""The search for the sequence among a model's inputs, and for what the others are given.

Shapes tell which inputs could hold bases. If there are several, the user says what each of the
others is (`settings.input_forms`): nothing that could be a sequence is a control without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.models.fixed_sequence import FixedSequence, read_fixed
from deeplift_genomics.models.input_advice import (
    no_sequence,
    open_control,
    open_length,
    several_sequences,
)
from deeplift_genomics.models.inputs import Found, Inputs
from deeplift_genomics.models.layouts import EITHER, layout_of, length_of, with_length
from deeplift_genomics.models.model import Input, show
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.settings.input_forms import CONTROL, FASTA, REVERSE, InputForm, parse_form

_NO_OPTIONS = LoadOptions()


@dataclass(frozen=True)
class Question:
    """The inputs of a model as found, and what the user says of them.

    `keras` is the package by which the user can rebuild the model, "" for a SavedModel;
    `structured` tells whether the model takes a list or dict of inputs, even if it is of one;
    `heads` are its outputs, as far as they are known before it is traced.
    """

    model: str
    found: Sequence[Found]
    options: LoadOptions = _NO_OPTIONS
    keras: str = ""
    structured: bool = False
    heads: Sequence[Input] = ()


def find_inputs(asked: Question) -> Inputs:
    """Find the sequence among the inputs of a model, and what the other inputs are given.

    Raises
    ------
    ModelError
        If no input or several could be the sequence, or a size is open; all inputs are listed.
    InputError
        If the options do not fit the inputs, or a FASTA file cannot be used.
    """
    found, forms = list(asked.found), _forms(asked)
    fits = {i: layout for i, item in enumerate(found) if (layout := layout_of(item.shape))}
    could = [i for i in fits if i not in forms]
    # a single base is no sequence beside a longer one
    could = [i for i in could if found[i].shape != (1, 4)] or could
    if not could:
        raise ModelError(no_sequence(asked, [found[i].name for i in forms]))
    if len(could) > 1:
        raise ModelError(several_sequences(asked, could, list(forms.values())))
    (position,) = could
    with_bases = [i for i, form in forms.items() if form.kind != CONTROL]
    layouts = {i: fits[i] for i in sorted([position, *with_bases])}
    _refuse_either(asked, layouts)
    found[position] = _with_window_length(asked, position, layouts[position])
    fixed = _fix(found, layouts, forms)
    reverses = _reverse(asked.model, found, layouts, forms)
    for i, item in enumerate(found):
        if i not in layouts:
            found[i] = _as_control(asked, item, forms.get(i))
    return Inputs(tuple(found), position, layouts, reverses, fixed)


def _forms(asked: Question) -> dict[int, InputForm]:
    """Return the form of each input that the user names, by position."""
    names = [item.name for item in asked.found]
    forms = {}
    for name, text in asked.options.inputs.items():
        form = parse_form(text)
        if name not in names:
            raise InputError(f"{asked.model} has no input {name!r}; it has: {', '.join(names)}.")
        position = names.index(name)
        shape = asked.found[position].shape
        if form.kind != CONTROL and layout_of(shape) is None:
            raise InputError(
                f"{asked.model}: input {name} {show(shape)} cannot hold bases, so it cannot be "
                f"given {text!r}. Leave it out: it is a control."
            )
        others = [other for other in names if other != name]
        if form.kind == REVERSE and form.value not in others:
            raise InputError(
                f"{asked.model}: {name}={text} names no other input; there are: "
                f"{', '.join(others) or 'none'}."
            )
        forms[position] = form
    return forms


def _refuse_either(asked: Question, layouts: Mapping[int, str]) -> None:
    """Raise ModelError for an input of shape (4, 4)."""
    for i in (i for i, layout in layouts.items() if layout == EITHER):
        raise ModelError(
            f"{asked.model}: input {asked.found[i].name} {show(asked.found[i].shape)} could hold "
            "positions along either axis. A sequence of another length than 4 is needed."
        )


def _with_window_length(asked: Question, position: int, layout: str) -> Found:
    """Return the sequence input with the length of the windows."""
    item, length = asked.found[position], asked.options.window_length
    own = length_of(item.shape, layout)
    if length is None:
        if own is None:
            raise ModelError(open_length(asked, position))
        return item
    if not isinstance(length, int | np.integer) or length < 1:
        raise InputError(f"The window length is {length!r}; expected a number of bases.")
    if own not in (None, length):
        raise InputError(
            f"{asked.model} takes windows of {own} bp, but the window length is given as {length}. "
            "Leave it out: it is for models whose length is open."
        )
    return replace(item, shape=with_length(item.shape, layout, int(length)))


def _fix(
    found: list[Found], layouts: Mapping[int, str], forms: Mapping[int, InputForm]
) -> dict[int, FixedSequence]:
    """Read the sequences of FASTA files, whose lengths become those of the inputs in `found`."""
    fixed = {}
    for i, form in forms.items():
        if form.kind == FASTA:
            item = found[i]
            fixed[i] = read_fixed(form.value, item.name, length_of(item.shape, layouts[i]))
            shape = with_length(item.shape, layouts[i], len(fixed[i].codes))
            found[i] = replace(item, shape=shape)
    return fixed


def _reverse(
    model: str,
    found: list[Found],
    layouts: Mapping[int, str],
    forms: Mapping[int, InputForm],
) -> dict[int, int]:
    """Return the input of which each reverse complement is; open lengths become the same."""
    names, reverses = [item.name for item in found], {}
    for i, form in forms.items():
        if form.kind != REVERSE:
            continue
        other = names.index(form.value)
        if other not in layouts or (other in forms and forms[other].kind == REVERSE):
            what = "a reverse complement itself" if other in layouts else "no sequence"
            raise InputError(
                f"{model}: {names[i]}={REVERSE}:{form.value}, but {form.value} is {what}. Name the "
                "sequence."
            )
        own, wanted = (length_of(found[j].shape, layouts[j]) for j in (i, other))
        if wanted is None or own not in (None, wanted):
            raise InputError(
                f"{model}: {names[i]} has {own} bp and {form.value} {wanted} bp, so the one cannot "
                "be the reverse complement of the other."
            )
        found[i] = replace(found[i], shape=with_length(found[i].shape, layouts[i], wanted))
        reverses[i] = other
    return reverses


def _as_control(asked: Question, item: Found, form: InputForm | None) -> Found:
    """Return a control without open sizes."""
    length = form.value if form else ""
    if item.shape.count(None) == (1 if length else 0):
        return replace(item, shape=tuple(int(length) if s is None else s for s in item.shape))
    if length:
        raise InputError(
            f"{asked.model}: {item.name}=control:{length} gives a length, but the shape "
            f"{show(item.shape)} has not one open size. Write {item.name}=control."
        )
    raise ModelError(open_control(asked, item))
