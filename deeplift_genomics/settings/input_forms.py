"""The notation for a model's inputs beside the sequence: ``NAME=FORM``, separated by commas.

A form is ``control``, with its length where the model leaves it open (``control:1000``);
``reverse_complement_of:NAME``, of another input; or the path of a FASTA file with one sequence, at
which the input is held fixed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.model_names import split_list

CONTROL, REVERSE, FASTA = "control", "reverse_complement_of", "fasta"


@dataclass(frozen=True)
class InputForm:
    """What an input is given.

    Attributes
    ----------
    kind
        `CONTROL`, `REVERSE` or `FASTA`.
    value
        The length of a control, or ""; the name of the other input; or the path.
    """

    kind: str
    value: str


def parse_form(text: str | Path) -> InputForm:
    """Read the form of one input.

    Raises
    ------
    InputError
        If it has another form.
    """
    text = str(text).strip()
    kind, _, value = (part.strip() for part in text.partition(":"))
    if kind == CONTROL and (text == CONTROL or re.fullmatch("[1-9][0-9]{0,8}", value)):
        return InputForm(CONTROL, value)
    if kind == REVERSE and value:
        return InputForm(REVERSE, value)
    # a word without an ending is rather a form misspelt than a file
    if kind in (CONTROL, REVERSE) or not Path(text).suffix:
        raise InputError(
            f"{text!r} is none of control (or control:LENGTH, where the model leaves its length "
            "open), reverse_complement_of:NAME, with the name of another input, and the path of a "
            "FASTA file with an ending, such as promoter.fa"
        )
    return InputForm(FASTA, text)


def parse_inputs(text: str) -> dict[str, str]:
    """Read ``name=form,other=form`` into a dict from input to form.

    Raises
    ------
    InputError
        If it has another form, or names an input twice.
    """
    found: dict[str, str] = {}
    for part in split_list(text):
        name, sign, form = (word.strip() for word in part.partition("="))
        if not (name and sign):
            raise InputError(
                f"{part!r} is not of the form name=form, such as "
                "rc_input=reverse_complement_of:sequence or promoter=promoter.fa"
            )
        if name in found:
            raise InputError(f"the input {name!r} occurs twice in {text!r}")
        parse_form(form)
        found[name] = form
    return found


def inputs_as_text(inputs: Mapping[str, str], rename: Callable[[str], str] = str) -> str:
    """Return inputs as `parse_inputs` reads them, by name; `rename` changes paths."""
    forms = {name: parse_form(text) for name, text in inputs.items()}
    return ",".join(
        f"{name}={rename(form.value) if form.kind == FASTA else inputs[name]}"
        for name, form in sorted(forms.items())
    )


def fasta_files(inputs: Mapping[str, str]) -> list[str]:
    """Return the FASTA files of the inputs, by the inputs' names."""
    forms = (parse_form(text) for _, text in sorted(inputs.items()))
    return [form.value for form in forms if form.kind == FASTA]
