"""Forward on windows, and references if there are any, and back with multipliers.

The windows are forwarded once and shared by their references; every target walks back on its own
through the operations that both passes have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol

from deeplift_genomics.engine.evaluated import Evaluated
from deeplift_genomics.engine.narrow import Narrow, Position
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.engine.rule_sets import Pass, Plain, Route, Ruled
from deeplift_genomics.graph.backend import tf


@dataclass(frozen=True)
class Seed:
    """The start of a walk, for B windows with R references each.

    `multiplier` (B * R, ...) on the explained tensor; `target` and `reference_target` (B * R,), the
    explained scalar of the window and of the reference; `size` (B * R,), the sum of the absolute
    terms of that scalar, to which its rounding is proportional.
    """

    multiplier: tf.Tensor
    target: tf.Tensor
    reference_target: tf.Tensor
    size: tf.Tensor


# (value at windows, value at references), both (B * R, ...) -> Seed
SeedFunction = Callable[[tf.Tensor, tf.Tensor], Seed]
# name of each tensor that a target explains -> its seed there; a sum of targets may have several
Seeds = Mapping[str, SeedFunction]


class Walk(NamedTuple):
    """The result of one target's walk: multipliers (B * R, L, 4) on the references' input.

    The scalars, (B * R,), are those of its `Seed`.
    """

    multipliers: tf.Tensor
    target: tf.Tensor
    reference_target: tf.Tensor
    size: tf.Tensor


class WalkBack(Protocol):
    """What builds the walk of a target in the graph that is being traced."""

    def __call__(self, seeds: Seeds, *, at: Position | None = None) -> Walk:
        """Return the walk from the seeds; `at`, the one position on which they are not 0."""


def propagate(
    route: Route,
    at_window: GraphCopy,
    windows: tf.Tensor,
    references: tf.Tensor,
    *,
    controls: Mapping[str, tf.Tensor],
) -> WalkBack:
    """Build the references' forward pass, and return what builds the walk back of a target.

    A walk starts from all seeds of its target; scalars and sizes add up.

    Parameters
    ----------
    at_window
        The graph evaluated on the windows, here or in the graph around this one.
    windows, references
        (B, L, 4) and (B * R, L, 4), of fixed shape; the R references of a window in a row.
    controls
        Other inputs, (B, ...), the same for a window and its references.
    """
    frozen, r = route.frozen, references.shape[0] // windows.shape[0]
    repeated = {name: tf.repeat(value, r, axis=0) for name, value in controls.items()}
    at_reference = GraphCopy(frozen, {route.sequence: references, **repeated}, "reference")
    all_windows = tf.repeat(windows, r, axis=0)
    shared = r
    if not _batch_leads(route, at_window, at_reference, (windows.shape[0], r)):
        at_window = GraphCopy(frozen, {route.sequence: all_windows, **repeated}, "window_repeated")
        shared = 1
    operations = evaluated(route, at_window, at_reference, shared)
    ruled = route.rule_set.start(Pass(route, operations, all_windows - references))

    def values(tensor: str) -> tuple[tf.Tensor, tf.Tensor]:
        x, x0 = tf.identity(at_window.tensor(tensor)), at_reference.tensor(tensor)
        return (x if shared == 1 else tf.repeat(x, r, axis=0)), x0

    return partial(_walk, route, ruled, values)


def evaluated(
    route: Route, at_window: GraphCopy, at_reference: GraphCopy, references: int = 1
) -> dict[str, Evaluated]:
    """Return the operations of the path by name, with the references that share a window's pass."""
    return {
        item.name: Evaluated(
            at_window.operation(item.name),
            at_reference.operation(item.name),
            item.live,
            references,
            route.frozen.minimal.get(item.name),
        )
        for item in route.path
    }


def propagate_alone(route: Route, at_window: GraphCopy, windows: tf.Tensor) -> WalkBack:
    """Return what builds walks back of a method without references, as if a window were its own.

    `at_window` is the graph evaluated on the windows (B, L, 4); see `propagate` for the rest.
    """
    operations = evaluated(route, at_window, at_window)
    ruled = route.rule_set.start(Pass(route, operations, tf.zeros_like(windows)))
    return partial(_walk, route, ruled, lambda tensor: (at_window.tensor(tensor),) * 2)


def _walk(
    route: Route,
    ruled: Ruled,
    values: Callable[[str], tuple[tf.Tensor, tf.Tensor]],
    seeds: Seeds,
    *,
    at: Position | None = None,
) -> Walk:
    """Return the walk of a target, from a tensor's values at windows and references."""
    if at is not None and isinstance(ruled, Plain):
        ruled = Narrow(ruled, at)
    made = {tensor: make_seed(*values(tensor)) for tensor, make_seed in seeds.items()}
    multipliers = walk_back(
        route, ruled, {tensor: seed.multiplier for tensor, seed in made.items()}
    )
    if multipliers is None:
        (_, like) = values(route.source)
        multipliers = tf.zeros_like(like)
    scalars = [(seed.target, seed.reference_target, seed.size) for seed in made.values()]
    return Walk(multipliers, *map(_total, zip(*scalars, strict=True)))


def _total(tensors: Sequence[tf.Tensor]) -> tf.Tensor:
    """Return the sum of some tensors; a single one as it is."""
    return tf.add_n(tensors) if len(tensors) > 1 else tensors[0]


def _batch_leads(
    route: Route, window: GraphCopy, reference: GraphCopy, sizes: tuple[int, int]
) -> bool:
    """Tell whether the first axis counts sequences wherever a rule needs both values.

    Where a model folds the batch into another axis, repeating the rows of a window's value does not
    align it with its references', and the window is forwarded once per reference instead. `sizes`
    are (B, R).
    """
    b, r = sizes
    for item in route.path:
        if route.rules[item.name] in route.rule_set.without_values:
            continue
        at_window, at_reference = window.operation(item.name), reference.operation(item.name)
        pairs = zip(
            [*at_window.inputs, *at_window.outputs],
            [*at_reference.inputs, *at_reference.outputs],
            strict=True,
        )
        for i, (x, x0) in enumerate(pairs):
            if i < len(at_window.inputs) and i not in item.live:
                continue
            if not (x.shape.is_fully_defined() and x0.shape.is_fully_defined()):
                return False
            if x.shape.rank == 0 or x.shape[0] != b or x0.shape[0] != b * r:
                return False
    return True


def walk_back(route: Route, ruled: Ruled, seeds: Mapping[str, tf.Tensor]) -> tf.Tensor | None:
    """Return multipliers on the sequence from seeds on the tensors of those names.

    They are None if no tensor depends on the sequence.
    """
    waiting: dict[str, list[Any]] = defaultdict(list)
    for tensor, seed in seeds.items():
        waiting[tensor].append(ruled.start(seed))
    for item in reversed(route.path):
        operation = route.frozen.graph.get_operation_by_name(item.name)
        outputs = [output.name for output in operation.outputs]
        if not any(name in waiting for name in outputs):
            continue
        multipliers = [
            ruled.add(waiting.pop(name)) if name in waiting else None for name in outputs
        ]
        for position, multiplier in zip(item.live, ruled.back(item, multipliers), strict=True):
            if multiplier is not None:
                waiting[operation.inputs[position].name].append(multiplier)
    if route.source not in waiting:
        return None
    return ruled.finish(ruled.add(waiting[route.source]))
