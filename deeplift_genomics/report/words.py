"""The report's words and numbers, for readers who run no models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.target_names import PROFILE_KINDS, TargetName, parse_target_name


@dataclass(frozen=True)
class TargetWords:
    """A target in words: its name, a title, the question it answers, its meaning and its unit."""

    text: str
    title: str
    question: str
    meaning: str
    unit: str


def target_words(attributes: Mapping[str, Any]) -> TargetWords:
    """Words for the target that a score file's attributes name.

    A target of a kind that has no words here is described by its name alone.
    """
    text = str(attributes.get("target", "target"))
    head = str(attributes["head"]) if "head" in attributes else None
    try:
        name = parse_target_name(text)
    except InputError:
        name = None
    kind = None if name is None else name.kind
    if name is None or kind not in _WORDS:
        return TargetWords(
            text=text,
            title=text,
            question=f"Which letters of the DNA drive the model's output “{text}”?",
            meaning=f"The value of the model that was explained, named “{text}”{_of_head(head)}.",
            unit="units of the target",
        )
    return _WORDS[kind](name, head)


def _title(name: TargetName, word: str | None = None) -> str:
    """The kind of target, with the head and column where they were chosen among several."""
    column = "" if name.index is None or word else f"[{name.index}]"
    return (word or name.kind) + column + (f" ({name.head})" if name.head else "")


def _of_column(name: TargetName) -> str:
    return (
        "" if name.index is None else f" Of the head's columns it is number {name.index}, from 0."
    )


def _of_head(head: str | None) -> str:
    return "" if head is None else f" (the model's output “{head}”)"


def _counts(name: TargetName, head: str | None) -> TargetWords:
    return TargetWords(
        text=name.text,
        title=_title(name),
        question="Which letters of the DNA drive the number of reads?",
        meaning="The number of reads that the model expects in the whole region, on a logarithmic "
        "scale: how strong the signal is, wherever in the region it lies. If the model predicts "
        f"two strands, their logarithms are added{_of_head(head)}." + _of_column(name),
        unit="log counts",
    )


def _profile(name: TargetName, head: str | None) -> TargetWords:
    return TargetWords(
        text=name.text,
        title=_title(name),
        question="Which letters of the DNA shape the signal along the region?",
        meaning="The shape of the signal: how the model spreads the reads along the region, "
        f"however many there are. It says where the signal lies, not how strong it is"
        f"{_of_head(head)}.{_of_column(name)}"
        + ("" if name.kind == "profile" else f" It is summed up in the way named {name.kind}."),
        unit="profile logits",
    )


def _logit(name: TargetName, head: str | None) -> TargetWords:
    return TargetWords(
        text=name.text,
        title=_title(name, f"class {name.index}"),
        question=f"Which letters of the DNA drive the model's answer for class {name.index}?",
        meaning=f"The model's score for class {name.index} of its answers, counted from 0: the "
        "higher it is, the surer the model is that the region belongs to the class. It is the "
        f"value just before it is turned into a probability{_of_head(head)}.",
        unit="logits",
    )


def _output(name: TargetName, head: str | None) -> TargetWords:
    return TargetWords(
        text=name.text,
        title=f"{name.head}[{name.index}]",
        question=f"Which letters of the DNA drive the model's output {name.head}[{name.index}]?",
        meaning=f"Number {name.index}, counted from 0, of what the model gives as “{name.head}”, "
        "as it is.",
        unit="units of the output",
    )


_WORDS = {
    "counts": _counts,
    **dict.fromkeys(PROFILE_KINDS, _profile),
    "logit": _logit,
    "output": _output,
}


def reference_words(attributes: Mapping[str, Any], n_references: int) -> str:
    """What a region was compared with, e.g. “20 shuffled versions of the region”."""
    one = n_references == 1
    kind = str(attributes.get("reference_kind", ""))
    if kind == "dinucleotide_shuffle":
        versions = "one shuffled version" if one else f"{n_references:,} shuffled versions"
        return (
            f"{versions} of the same region, made of the same pairs of neighbouring bases in "
            "another order, so that its motifs are gone"
        )
    sequences = "one reference sequence" if one else f"{n_references:,} reference sequences"
    return sequences + (f" (of the kind “{kind}”)" if kind else "")


def number(value: float) -> Markup:
    """A number for reading, inside a ``data`` element that holds it in full.

    >>> str(number(12345))
    '<data value="12345">12,345</data>'
    >>> str(number(-0.00001234))
    '<data value="-1.234e-05">−1.23 × 10<sup>−5</sup></data>'
    """
    return Markup('<data value="{}">{}</data>').format(value, _readable(value))


def _readable(value: float) -> Markup:
    if isinstance(value, int | np.integer):
        return escape(f"{value:,}".replace("-", "−"))
    if not isfinite(value):
        return escape("not defined")
    mantissa, exponent = f"{value:.2e}".split("e")
    if value == 0 or -4 <= int(exponent) < 5:
        digits = max(0, 2 - int(exponent))
        return escape(f"{value:,.{digits}f}".replace("-", "−"))
    power = str(int(exponent)).replace("-", "−")
    return Markup("{} × 10<sup>{}</sup>").format(mantissa.replace("-", "−"), power)
