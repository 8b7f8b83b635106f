"""Forward on windows and references, and back with multipliers.

The windows are forwarded once and shared by their references; every target walks back on its own
through the operations that both passes have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from deeplift_genomics.engine.path import GraphCopy, PathOperation, live_path, random_operations
from deeplift_genomics.engine.reveal_cancel import RevealCancel
from deeplift_genomics.engine.rules import Step, find_rule, known_rule
from deeplift_genomics.engine.transposes import Multiplier
from deeplift_genomics.errors import UnsupportedOperationError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph


@dataclass(frozen=True)
class Seed:
    """Where a walk begins, for B windows with R references each.

    `multiplier` (B * R, ...) on the explained tensor, `target` (B * R,) and `reference_target`
    (B * R,): the explained scalar of the window and of the reference, `size` (B * R,): the sum of
    the absolute terms that make it up, to which rounding is proportional.
    """

    multiplier: tf.Tensor
    target: tf.Tensor
    reference_target: tf.Tensor
    size: tf.Tensor


# (value at windows, value at references), both (B * R, ...) -> Seed
SeedFunction = Callable[[tf.Tensor, tf.Tensor], Seed]


@dataclass(frozen=True)
class Plan:
    """The operations from the sequence to all explained tensors, each known to have a rule."""

    frozen: FrozenGraph
    source: str
    path: list[PathOperation]
    rule_names: dict[str, str] = field(default_factory=dict)


def plan(frozen: FrozenGraph, sequence_input: str, sinks: Sequence[str]) -> Plan:
    """Find the path from the sequence to the tensors `sinks` and a rule for each operation on it.

    Raises
    ------
    UnsupportedOperationError
        Naming every operation on the path that has no rule, its layer and the reason.
    """
    source = frozen.inputs[sequence_input]
    path = live_path(frozen, source, sinks)
    rule_names, refused = {}, defaultdict(list)
    for item in path:
        operation = frozen.graph.get_operation_by_name(item.name)
        rule, reason = find_rule(item, operation)
        if rule is None:
            refused[f"{item.type} ({reason})"].append(frozen.layer_of(item.name))
        else:
            rule_names[item.name] = rule.__name__
    for operation in random_operations(frozen, sinks):
        refused[f"{operation.type} (gives other numbers every time)"].append(
            frozen.layer_of(operation.name)
        )
    if refused:
        lines = [
            f"  {what} in {', '.join(dict.fromkeys(layers))}"
            for what, layers in sorted(refused.items())
        ]
        raise UnsupportedOperationError(
            "DeepLIFT has no exact rule for these operations between the sequence and the heads:\n"
            + "\n".join(lines)
            + "\nNothing was computed. Leave out the heads that need them, or add a rule "
            "(CONTRIBUTING.md, 'A rule for a new operation')."
        )
    return Plan(frozen, source, path, rule_names)


class Walk(NamedTuple):
    """What one target's walk gives: multipliers (B * R, L, 4) on the references' input.

    The scalars, (B * R,), are those of its `Seed`.
    """

    multipliers: tf.Tensor
    target: tf.Tensor
    reference_target: tf.Tensor
    size: tf.Tensor


def propagate(
    plan: Plan,
    at_window: GraphCopy,
    windows: tf.Tensor,
    references: tf.Tensor,
    controls: Mapping[str, tf.Tensor],
    seeds: Mapping[str, tuple[str, SeedFunction]],
    sequence_input: str,
    rules: str = "rescale",
) -> dict[str, Walk]:
    """Build the references' forward pass and the walks back in the graph that is being traced.

    Parameters
    ----------
    at_window
        The graph evaluated on the windows, here or in the graph around this one.
    windows, references
        (B, L, 4) and (B * R, L, 4), of fixed shape; the R references of a window in a row.
    controls
        Other inputs, (B, ...), the same for a window and its references.
    seeds
        Target -> (name of the explained tensor, function that makes its seed).
    rules
        "rescale", "reveal_cancel" or "genomics_default".
    """
    frozen, r = plan.frozen, references.shape[0] // windows.shape[0]
    repeated = {name: tf.repeat(value, r, axis=0) for name, value in controls.items()}
    at_reference = GraphCopy(frozen, {sequence_input: references, **repeated}, "reference")
    all_windows = tf.repeat(windows, r, axis=0)
    # linear operations need values for RevealCancel only, which divides them by sign
    need_none = ("linear", "identity") if rules == "rescale" else ()
    if not _batch_leads(plan, at_window, at_reference, (windows.shape[0], r), need_none):
        at_window = GraphCopy(frozen, {sequence_input: all_windows, **repeated}, "window_repeated")
        shared = 1
    else:
        shared = r
    steps = {
        item.name: Step(
            at_window.operation(item.name), at_reference.operation(item.name), item.live, shared
        )
        for item in plan.path
    }
    difference = all_windows - references
    ruled: Ruled = (
        Plain(frozen, steps)
        if rules == "rescale"
        else RevealCancel(
            frozen, plan.path, steps, (plan.source, difference), rules == "genomics_default"
        )
    )
    walks = {}
    for target, (tensor, make_seed) in seeds.items():
        x, x0 = tf.identity(at_window.tensor(tensor)), at_reference.tensor(tensor)
        seed = make_seed(x if shared == 1 else tf.repeat(x, r, axis=0), x0)
        multipliers = _walk_back(plan, ruled, tensor, seed.multiplier)
        if multipliers is None:
            multipliers = tf.zeros_like(references)
        walks[target] = Walk(multipliers, seed.target, seed.reference_target, seed.size)
    return walks


def _batch_leads(
    plan: Plan,
    window: GraphCopy,
    reference: GraphCopy,
    sizes: tuple[int, int],
    need_none: Sequence[str],
) -> bool:
    """Whether the first axis counts sequences wherever a rule needs both values.

    Where a model folds the batch into another axis, a window's value cannot be set beside its
    references' by repeating rows, and the window is forwarded once per reference instead. `sizes`
    are (B, R); the rules named in `need_none` need no values.
    """
    b, r = sizes
    for item in plan.path:
        if plan.rule_names[item.name] in need_none:
            continue
        pairs = zip(
            [*window.operation(item.name).inputs, *window.operation(item.name).outputs],
            [*reference.operation(item.name).inputs, *reference.operation(item.name).outputs],
            strict=True,
        )
        for i, (x, x0) in enumerate(pairs):
            is_input = i < len(window.operation(item.name).inputs)
            if is_input and i not in item.live:
                continue
            if not (x.shape.is_fully_defined() and x0.shape.is_fully_defined()):
                return False
            if x.shape.rank == 0 or x.shape[0] != b or x0.shape[0] != b * r:
                return False
    return True


class Ruled(Protocol):
    """A set of rules over the steps of one pass; multipliers have a form of its own."""

    def start(self, seed: tf.Tensor) -> Any:
        """The multiplier that a walk starts from."""

    def add(self, multipliers: Sequence[Any]) -> Any:
        """The multiplier of a tensor that is used several times."""

    def back(self, item: PathOperation, multipliers: Sequence[Any | None]) -> Sequence[Any | None]:
        """Multipliers of the live inputs, from those of the outputs (None: not used)."""

    def finish(self, multiplier: Any) -> tf.Tensor:
        """Multipliers on the sequence (B * R, L, 4)."""


class Plain:
    """The table's rules, one multiplier for each number."""

    def __init__(self, frozen: FrozenGraph, steps: Mapping[str, Step]) -> None:
        self._frozen, self._steps = frozen, steps

    def start(self, seed: tf.Tensor) -> tf.Tensor:
        return seed

    def add(self, multipliers: Sequence[tf.Tensor]) -> tf.Tensor:
        return tf.add_n(multipliers)

    def back(self, item: PathOperation, multipliers: Sequence[Multiplier]) -> Sequence[Multiplier]:
        rule = known_rule(item, self._frozen)
        return rule(self._steps[item.name], multipliers)

    def finish(self, multiplier: tf.Tensor) -> tf.Tensor:
        return multiplier


def _walk_back(plan: Plan, ruled: Ruled, tensor: str, seed: tf.Tensor) -> tf.Tensor | None:
    """Multipliers on the input from a seed on the tensor of that name; None if none depends."""
    waiting: dict[str, list[Any]] = defaultdict(list, {tensor: [ruled.start(seed)]})
    for item in reversed(plan.path):
        operation = plan.frozen.graph.get_operation_by_name(item.name)
        outputs = [output.name for output in operation.outputs]
        if not any(name in waiting for name in outputs):
            continue
        multipliers = [
            ruled.add(waiting.pop(name)) if name in waiting else None for name in outputs
        ]
        for position, multiplier in zip(item.live, ruled.back(item, multipliers), strict=True):
            if multiplier is not None:
                waiting[operation.inputs[position].name].append(multiplier)
    if plan.source not in waiting:
        return None
    return ruled.finish(ruled.add(waiting[plan.source]))
