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
from deeplift_genomics.errors import ModelError
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


def counts_seed(x: tf.Tensor, x0: tf.Tensor) -> Seed:
    """Sum of all units: the seed is 1 on each."""
    return Seed(tf.ones_like(x0), tf.reduce_sum(_flat(x), axis=1), tf.reduce_sum(_flat(x0), axis=1))


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
    return Seed(
        tf.reshape(seed, x0.shape),
        tf.reduce_sum(weights * centred, axis=1),
        tf.reduce_sum(weights * centred0, axis=1),
    )


def logit_seed(index: int) -> SeedFunction:
    """One unit: the seed is 1 on it and 0 elsewhere."""

    def seed(x: tf.Tensor, x0: tf.Tensor) -> Seed:
        unit = tf.one_hot(tf.fill((x0.shape[0],), index), _flat(x0).shape[1], dtype=x0.dtype)
        return Seed(tf.reshape(unit, x0.shape), _flat(x)[:, index], _flat(x0)[:, index])

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
    return {text: _find_target(model, parse_target_name(text)) for text in texts}


def _find_target(model: Model, name: TargetName) -> Target:
    kind, make_seed = _KINDS[name.kind]
    listed = "; ".join(f"{head.name} {head.shape}: {head.kind}" for head in model.heads)
    if name.head is not None:
        by_name = {head.name: head for head in model.heads}
        if name.head not in by_name:
            close = get_close_matches(name.head, by_name, n=1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise ModelError(
                f"Target {name.text!r}: {model.name} has no head {name.head!r}.{meant} "
                f"Its heads are: {listed}."
            )
        heads = [by_name[name.head]]
    else:
        heads = [head for head in model.heads if head.kind == kind]
        # a head that says so comes before one that only has the shape
        heads = [head for head in heads if name.kind in head.name.lower()] or heads
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
    size = math.prod(head.shape)
    if name.index is not None and name.index >= size:
        raise ModelError(
            f"Target {name.text!r}: head {head.name} has {size} units, numbered from 0."
        )
    return Target(name, head, make_seed(name))
