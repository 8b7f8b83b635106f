"""Targets: the scalar of a head that is explained, and the multipliers a walk starts from.

==========  =====================================================================================
counts      log-counts of the head, strands summed
profile     sum of w * lc, with centred logits lc = l - mean(l), over positions and strands
            together, and weights w = (softmax(lc(window)) + softmax(lc(reference))) / 2 held
            fixed: what ChromBPNet executes
logit[i]    unit i of a classifier's head, before its sigmoid or softmax
==========  =====================================================================================

A target of one head among several of its kind is written ``counts:head_name``. Names and versions
are stored with the scores.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from deeplift_genomics.engine import tf
from deeplift_genomics.engine.propagate import Seed, SeedFunction
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.models import Head, Model
from deeplift_genomics.target_names import TargetName, parse_target_name


@dataclass(frozen=True)
class Target:
    """A named target of a model: which tensor is explained, and how its seed is made."""

    name: TargetName
    head: Head
    seed: SeedFunction
    version: int = 1


def _flat(tensor: tf.Tensor) -> tf.Tensor:
    return tf.reshape(tensor, (tensor.shape[0], -1))


def _weighted(seed: tf.Tensor, weights: tf.Tensor, x: tf.Tensor, x0: tf.Tensor) -> Seed:
    """A walk from `seed`, for the target sum of weights * x; all (B * R, units)."""
    terms, terms0 = weights * x, weights * x0
    size = tf.maximum(*(tf.reduce_sum(tf.abs(values), axis=1) for values in (terms, terms0)))
    return Seed(seed, tf.reduce_sum(terms, axis=1), tf.reduce_sum(terms0, axis=1), size)


def counts_seed(x: tf.Tensor, x0: tf.Tensor) -> Seed:
    """Sum of all units: the seed is 1 on each."""
    return _weighted(tf.ones_like(x0), tf.ones_like(_flat(x0)), _flat(x), _flat(x0))


def profile_seed(x: tf.Tensor, x0: tf.Tensor) -> Seed:
    """Weighted sum of centred logits: the seed is w - mean(w).

    Source: the profile loss of ChromBPNet (Pampari et al. 2024), whose DeepLIFT run averages the
    stopped softmax of window and reference.
    """
    centred, centred0 = (
        _flat(values) - tf.reduce_mean(_flat(values), axis=1, keepdims=True) for values in (x, x0)
    )
    weights = (tf.nn.softmax(centred) + tf.nn.softmax(centred0)) / 2
    seed = weights - tf.reduce_mean(weights, axis=1, keepdims=True)
    return _weighted(tf.reshape(seed, x0.shape), weights, centred, centred0)


def logit_seed(index: int) -> SeedFunction:
    """One unit: the seed is 1 on it and 0 elsewhere."""

    def seed(x: tf.Tensor, x0: tf.Tensor) -> Seed:
        unit = tf.one_hot(tf.fill((x0.shape[0],), index), _flat(x0).shape[1], dtype=x0.dtype)
        return _weighted(tf.reshape(unit, x0.shape), unit, _flat(x), _flat(x0))

    return seed


# kind of target -> (kind of head it explains, its seed)
_KINDS: dict[str, tuple[str, Callable[[TargetName], SeedFunction]]] = {
    "counts": ("counts", lambda name: counts_seed),
    "profile": ("profile", lambda name: profile_seed),
    "logit": ("logits", lambda name: logit_seed(name.index or 0)),
}


def find_targets(model: Model, texts: Sequence[str]) -> dict[str, Target]:
    """Targets by the text the user wrote.

    Raises
    ------
    ModelError
        If the model has no such head; its heads are listed.
    """
    if not texts:
        raise ModelError("No target was named; name at least one, such as 'counts'.")
    found = {}
    for text in texts:
        try:
            name = parse_target_name(text)
        except InputError as error:
            raise ModelError(f"{error} The heads of {model.name} are: {_listed(model)}.") from error
        found[text] = _find_target(model, name)
    return found


def _listed(model: Model) -> str:
    return "; ".join(f"{head.name} {head.shape}: {head.kind}" for head in model.heads)


# what a head must not be, or end in, for a kind of target
_UNSUITED: dict[str, tuple[set[str], set[str]]] = {
    "counts": ({"profile"}, {"Sigmoid", "Softmax"}),
    "profile": ({"counts"}, {"Elu", "Exp", "Relu", "Sigmoid", "Softmax", "Softplus", "Tanh"}),
    "logit": (set(), {"Sigmoid", "Softmax"}),
}


def _check_suits(name: TargetName, head: Head) -> None:
    kinds, ends = _UNSUITED[name.kind]
    if head.kind in kinds:
        raise ModelError(
            f"Target {name.text!r}: head {head.name} {head.shape} looks like a {head.kind} head, "
            f"of which '{name.kind}' makes no sense."
        )
    wrong = ends & set(head.ends_in)
    if wrong:
        raise ModelError(
            f"Target {name.text!r}: head {head.name} ends in {', '.join(sorted(wrong))}, and "
            "what comes before it cannot be told apart. Save the model without it, so that the "
            "head gives logits."
        )


def _find_target(model: Model, name: TargetName) -> Target:
    kind, make_seed = _KINDS[name.kind]
    listed = _listed(model)
    if name.head is not None:
        heads = [head for head in model.heads if head.name == name.head]
        if not heads:
            close = get_close_matches(name.head, [head.name for head in model.heads], n=1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise ModelError(
                f"Target {name.text!r}: {model.name} has no head {name.head!r}.{meant} "
                f"Its heads are: {listed}."
            )
    else:
        heads = [head for head in model.heads if head.kind == kind]
    if not heads:
        raise ModelError(
            f"Target {name.text!r} needs a {kind} head, and {model.name} has none. "
            f"Its heads are: {listed}."
        )
    if len(heads) > 1:
        options = ", ".join(repr(f"{name.kind}:{head.name}") for head in heads)
        raise ModelError(
            f"Target {name.text!r}: {model.name} has {len(heads)} {kind} heads; "
            f"say which: {options}."
        )
    (head,) = heads
    _check_suits(name, head)
    size = math.prod(head.shape)
    if name.index is not None and name.index >= size:
        raise ModelError(
            f"Target {name.text!r}: head {head.name} has {size} units, numbered from 0."
        )
    return Target(name, head, make_seed(name))
