"""Changes of a prediction in words that a reader without the model's units understands.

A log-count is a logarithm of reads, so a change of it is a factor. A target may be the sum of the
logarithms of two strands; the factor of a strand is then the exponential of half the change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isclose, isfinite, prod

from deeplift_genomics.errors import InputError
from deeplift_genomics.models.info import HeadInfo
from deeplift_genomics.settings.target_names import TargetName, parse_target_name

ODDS = "predicted odds of the class"
PLURAL = {ODDS}
# at the end of a head they make reads of logarithms, or may do so
_READS = {"Exp", "Softplus", "Relu", "Elu"}
# kinds of measure in the tables of effects
TARGET, OUTPUT, SHAPE = "target", "output", "shape"


@dataclass(frozen=True)
class Scale:
    """What a change of a number means.

    Attributes
    ----------
    what
        What changes, as "predicted signal".
    logs
        Number of logarithms of which the number is the sum, by which a change is divided before it
        is made a factor; None if the number is no logarithm.
    unit
        Unit of a change that is no factor, as "in units of the output".
    """

    what: str
    logs: float | None
    unit: str

    def fold(self, change: float) -> float | None:
        """Return the factor by which `what` changes; None if a change is no factor.

        >>> round(Scale("predicted signal", 2, "").fold(0.911), 3)
        1.577
        """
        if self.logs is None or not isfinite(change):
            return None
        try:
            return exp(change / self.logs)
        except OverflowError:
            return None

    def in_words(self, change: float) -> str:
        """Return a change as a verb with its size: what `what` does.

        >>> Scale("predicted signal", 1, "").in_words(-0.53)
        'falls by 41%'
        >>> Scale("predicted signal", 2, "").in_words(0.911)
        'rises 1.58-fold'
        """
        if not isfinite(change):
            return "changes by an unknown amount"
        fold = self.fold(change)
        falls, rises, changes = (
            ("fall", "rise", "change") if self.what in PLURAL else ("falls", "rises", "changes")
        )
        if fold is None:
            verb = falls if change < 0 else rises
            return f"{verb} by {abs(change):.2g} {self.unit}".rstrip()
        if 0.995 <= fold <= 1.005:
            return f"hardly {changes} (by less than 0.5%)"
        return f"{falls} by {_percent(1 - fold)}" if fold < 1 else f"{rises} {fold_in_words(fold)}"


def fold_in_words(fold: float) -> str:
    """Return a factor with two digits after the point at most, and fewer for large ones.

    >>> fold_in_words(1.5769), fold_in_words(11.4), fold_in_words(0.083)
    ('1.58-fold', '11-fold', '0.083-fold')
    """
    if fold < 0.1:
        return f"{fold:.2g}-fold"
    return f"{fold:.2f}-fold" if fold < 10 else f"{fold:,.0f}-fold"


def _percent(share: float) -> str:
    """Return a share as a percentage, never as all of it where something is left."""
    text = f"{100 * share:.0f}%"
    if text == "100%":
        return "more than 99%"
    return text if share >= 0.01 else f"{100 * share:.1f}%"


def scale_of(target: str, heads: Sequence[HeadInfo], unit: str = "") -> Scale:
    """Return what a change of a target means.

    Counts are logarithms: of the reads of a strand, or added up over two; but not if the head ends
    in a function that makes reads of them, such as softplus. The difference of two
    counts is the logarithm of a ratio. A logit before a sigmoid is the logarithm of odds. Nothing
    else is a logarithm.

    Parameters
    ----------
    target
        The target, as written in the sample sheet.
    heads
        The heads of the model.
    unit
        Unit of a change that is no factor.
    """
    try:
        terms = parse_target_name(target).terms
    except InputError:
        return Scale(f"value of {target}", None, unit)
    if [(factor, name.kind) for factor, name in terms] == [(1, "logit")]:
        return _scale_of_logit(terms[0][1], heads, unit)
    logs = [(factor, _logs(name, heads)) for factor, name in terms]
    what = "predicted signal" if len(terms) == 1 else f"value of {target}"
    if any(number is None for _, number in logs):
        counted = any(_makes_reads(name, heads) for _, name in terms)
        return Scale(what, None, "in units of the output" if counted else unit)
    up = sum(factor * number for factor, number in logs if number and factor > 0)
    down = -sum(factor * number for factor, number in logs if number and factor < 0)
    if not down:
        return Scale("predicted signal", up, unit)
    if isclose(up, down):
        return Scale("predicted ratio of signals", up, unit)
    return Scale(what, None, unit)


def scale_of_measure(
    measure: str, head: str, *, target: str, heads: Sequence[HeadInfo], unit: str = ""
) -> Scale:
    """Return what a change in a row of the effects means.

    Parameters
    ----------
    measure, head
        The row's measure (`TARGET`, `OUTPUT` or `SHAPE`), and its head.
    target, heads, unit
        As in `scale_of`.
    """
    if measure == TARGET:
        return scale_of(target, heads, unit)
    if measure == SHAPE:
        return Scale("share of the predicted profile that moves", None, "of all reads")
    found = next((item for item in heads if item.name == head), None)
    if found is not None and found.kind == "counts" and not _READS & set(found.ends_in):
        return Scale("predicted signal", 1.0, "in log counts")
    return Scale(f"output of the head {head}", None, "in units of the output")


def _scale_of_logit(name: TargetName, heads: Sequence[HeadInfo], unit: str) -> Scale:
    """Return what a change of a logit means: of odds, if a sigmoid follows it."""
    head = _head(name, "logits", heads)
    if head is not None and head.explained_before == "sigmoid":
        return Scale(ODDS, 1.0, unit)
    return Scale(f"score for class {name.index}", None, unit)


def _logs(name: TargetName, heads: Sequence[HeadInfo]) -> float | None:
    """Return the number of logarithms that a target adds up, None if it is no log-count."""
    head = _head(name, "counts", heads)
    if name.kind != "counts" or head is None or _makes_reads(name, heads):
        return None
    if name.index is not None:
        return 1.0
    return None if None in head.shape else float(prod(size or 0 for size in head.shape))


def _makes_reads(name: TargetName, heads: Sequence[HeadInfo]) -> bool:
    """Return whether a target of counts is of a head that gives reads, or may do so."""
    head = _head(name, "counts", heads)
    return name.kind == "counts" and head is not None and bool(_READS & set(head.ends_in))


def _head(name: TargetName, kind: str, heads: Sequence[HeadInfo]) -> HeadInfo | None:
    """Return the head that a target explains: the one that it names, or the only one of a kind."""
    if name.head is not None:
        return next((head for head in heads if head.name == name.head), None)
    return next((head for head in heads if head.kind == kind), None)
