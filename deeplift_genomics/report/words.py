"""The words of the report, and its numbers as text, for readers who run no models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, prod
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from deeplift_genomics.errors import InputError
from deeplift_genomics.models.info import HeadInfo
from deeplift_genomics.scores.given import is_not_known
from deeplift_genomics.settings.choices import MOST_STRANDS
from deeplift_genomics.settings.target_names import (
    PROFILE_KINDS,
    TargetName,
    TargetSum,
    parse_target_name,
)


@dataclass(frozen=True)
class TargetWords:
    """A target in words.

    Attributes
    ----------
    text
        Name of the target.
    title
        The name as a heading.
    question
        The question that the target answers.
    meaning
        Whole sentences that say what value of the model is explained.
    scale
        The unit of contributions, as "in log counts" or "on the model's profile scale".
    """

    text: str
    title: str
    question: str
    meaning: str
    scale: str


def target_words(attributes: Mapping[str, Any], heads: Sequence[HeadInfo] = ()) -> TargetWords:
    """Return words for the target that a score file's attributes name.

    A target of a kind that has no words here is described by its name alone. Of a head among
    `heads`, those of the model, it is said whether two strands are added.
    """
    text = str(attributes.get("target", "target"))
    head = str(attributes["head"]) if "head" in attributes else None
    try:
        name = parse_target_name(text)
    except InputError:
        name = None
    if isinstance(name, TargetSum):
        return _sum(name, heads)
    if name is None or name.kind not in WORDS:
        return TargetWords(
            text=text,
            title=text,
            question=f"Which bases drive the model's output “{text}”?",
            meaning=f"the value of the model named “{text}”.{_of_head(head)}",
            scale="in units of the target",
        )
    return WORDS[name.kind](name, head, heads)


def _title(name: TargetName, word: str | None = None) -> str:
    """Return the kind of target, with the head and column if they are part of its name."""
    column = "" if name.index is None or word else f"[{name.index}]"
    return (word or name.kind) + column + (f" ({name.head})" if name.head else "")


def _of_column(name: TargetName) -> str:
    """Return the sentence that names the column of the head, or nothing."""
    return (
        "" if name.index is None else f" It uses column {name.index} of the head, counted from 0."
    )


def _of_head(head: str | None) -> str:
    """Return the sentence that names the head, or nothing."""
    return "" if head is None else f" The model computes it in its head “{head}”."


def _of_strands(name: TargetName, head: str | None, heads: Sequence[HeadInfo]) -> str:
    """Return the sentence that says that two strands are added, if they are."""
    named = name.head or head
    found = [one for one in heads if (one.name == named if named else one.kind == "counts")]
    two = len(found) == 1 and prod(size or 0 for size in found[0].shape) == MOST_STRANDS
    if not two or name.index is not None:
        return ""
    return " The model predicts it for two strands, whose logarithms are added."


def _counts(name: TargetName, head: str | None, heads: Sequence[HeadInfo]) -> TargetWords:
    return TargetWords(
        text=name.text,
        title=_title(name),
        question="Which bases drive the predicted number of reads?",
        meaning="the number of reads that the model predicts for the whole region, on a "
        "logarithmic scale. It measures how strong the signal is, not where in the region it is."
        f"{_of_strands(name, head, heads)}{_of_head(head)}{_of_column(name)}",
        scale="in log counts",
    )


def _profile(name: TargetName, head: str | None, heads: Sequence[HeadInfo]) -> TargetWords:
    summary = (
        "" if name.kind == "profile" else f" The method “{name.kind}” turns it into one number."
    )
    return TargetWords(
        text=name.text,
        title=_title(name),
        question="Which bases shape the signal along the region?",
        meaning="the shape of the signal, which is how the model distributes the reads along the "
        "region, whatever their number. It measures where the signal is, not how strong it is."
        f"{summary}{_of_head(head)}{_of_column(name)}",
        scale="on the model's profile scale",
    )


def _logit(name: TargetName, head: str | None, heads: Sequence[HeadInfo]) -> TargetWords:
    return TargetWords(
        text=name.text,
        title=_title(name, f"class {name.index}"),
        question=f"Which bases drive the model's score for class {name.index}?",
        meaning=f"the model's score for class {name.index}, counted from 0, before it is turned "
        "into a probability. The higher the score, the more certain the model is that the region "
        f"belongs to the class.{_of_head(head)}",
        scale="on the model's score scale (logits)",
    )


def _track(name: TargetName, head: str | None, heads: Sequence[HeadInfo]) -> TargetWords:
    bins = "all bins of the region"
    if name.bins is not None:
        first, stop = name.bins
        bins = f"bin {first}" if stop == first + 1 else f"the bins {first} to {stop - 1}"
    return TargetWords(
        text=name.text,
        title=_title(name, f"track {name.index}") + (f", {bins}" if name.bins else ""),
        question=f"Which bases drive the predicted signal of track {name.index}?",
        meaning=f"the signal that the model predicts for track {name.index}, added up over {bins}. "
        f"Tracks and bins are counted from 0.{_of_head(head)}",
        scale="in units of the track's signal",
    )


def _sum(name: TargetSum, heads: Sequence[HeadInfo]) -> TargetWords:
    """Return words for a sum or difference of targets, with those of each term."""
    words = [WORDS[term.kind](term, term.head, heads) for _, term in name.terms]
    parts = [
        ("− " if factor < 0 else "+ ")
        + ("" if abs(factor) == 1 else f"{abs(factor):g} × ")
        + f"“{term.text}”"
        for factor, term in name.terms
    ]
    shown = " ".join(parts).removeprefix("+ ")
    question = f"Which bases drive {shown}?"
    if [factor for factor, _ in name.terms] == [1, -1]:
        one, other = (item.text for item in words)
        question = f"Which bases drive the difference between “{one}” and “{other}”?"
    scales = {item.scale for item in words}
    return TargetWords(
        text=name.text,
        title=name.text,
        question=question,
        meaning=". ".join([shown, *(f"Here “{item.text}” is {item.meaning}" for item in words)]),
        scale=scales.pop() if len(scales) == 1 else "in units of the target",
    )


def _output(name: TargetName, head: str | None, heads: Sequence[HeadInfo]) -> TargetWords:
    return TargetWords(
        text=name.text,
        title=f"{name.head}[{name.index}]",
        question=f"Which bases drive the model's output {name.head}[{name.index}]?",
        meaning=f"value {name.index} of the model's head “{name.head}”, counted from 0 and "
        "unchanged.",
        scale="in units of the output",
    )


WORDS = {
    "counts": _counts,
    **dict.fromkeys(PROFILE_KINDS, _profile),
    "logit": _logit,
    "track": _track,
    "output": _output,
}

# kind of reference of which a window has one -> what it is
_SINGLE_REFERENCES = {
    "flat": "one artificial sequence: 30% A, 20% C, 20% G and 30% T at every position.",
    "zeros": "one empty sequence, with no base at any position.",
}


def reference_words(attributes: Mapping[str, Any], n_references: int) -> str:
    """Return what a region was compared with, in a sentence or two without a capital."""
    one = n_references == 1
    if is_not_known(attributes):
        return "references that are not known."
    if not n_references:
        return "nothing: the method asks what a change of the region itself would do."
    kind = str(attributes.get("reference_kind", ""))
    if kind == "dinucleotide_shuffle":
        versions = "one shuffled version" if one else f"each of {n_references:,} shuffled versions"
        return (
            f"{versions} of the same region. Shuffling keeps the numbers of all pairs of "
            "neighbouring bases, but destroys the motifs."
        )
    if kind in _SINGLE_REFERENCES:
        return _SINGLE_REFERENCES[kind]
    sequences = "one sequence" if one else f"each of {n_references:,} sequences"
    return sequences + (f" of the kind “{kind}”." if kind else ".")


def number(value: float, digits: int = 3) -> Markup:
    """Return a number for reading, inside a ``data`` element with all its digits.

    >>> str(number(12345))
    '<data value="12345">12,345</data>'
    >>> str(number(-0.00001234))
    '<data value="-1.234e-05">−1.23 × 10<sup>−5</sup></data>'
    >>> str(number(0.0123, 1))
    '<data value="0.0123">0.01</data>'

    Parameters
    ----------
    value
        A whole number is shown with all its digits.
    digits
        Significant digits that are shown.
    """
    return Markup('<data value="{}">{}</data>').format(value, _readable(value, digits))


def percent(share: float) -> Markup:
    """Return a share as a percentage with two digits at most.

    >>> str(percent(0.1772)), str(percent(0.0049))
    ('<data value="0.1772">18%</data>', '<data value="0.0049">0.5%</data>')
    """
    text = f"{100 * share:.0f}" if abs(share) >= 0.01 or share == 0 else f"{100 * share:.1g}"
    return Markup('<data value="{}">{}%</data>').format(share, text.replace("-", "−"))


def _readable(value: float, digits: int) -> Markup:
    """Return a number with some significant digits, or a whole number with all of them."""
    if isinstance(value, int | np.integer):
        return escape(f"{value:,}".replace("-", "−"))
    if not isfinite(value):
        return escape("not defined")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if value == 0 or -4 <= int(exponent) < 5:
        places = max(0, digits - 1 - int(exponent))
        return escape(f"{value:,.{places}f}".replace("-", "−"))
    power = str(int(exponent)).replace("-", "−")
    return Markup("{} × 10<sup>{}</sup>").format(mantissa.replace("-", "−"), power)


def number_in_text(value: float) -> str:
    """Return a number with two digits for a plain text, without an exponent.

    >>> number_in_text(0.0002031), number_in_text(12.3)
    ('0.0002', '12')
    """
    if not isfinite(value):
        return "an undefined number of"
    return f"{float(f'{value:.2g}'):.12f}".rstrip("0").rstrip(".") or "0"
