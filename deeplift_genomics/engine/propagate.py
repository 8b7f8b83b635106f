"""Forward on windows and references, and back with multipliers.

The windows are forwarded once and shared by their references; every target walks back on its own
through the operations that both passes have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from deeplift_genomics.engine import tf
from deeplift_genomics.engine.graph import FrozenGraph, GraphCopy, PathOperation, live_path
from deeplift_genomics.engine.rules import Step, find_rule, linear
from deeplift_genomics.errors import UnsupportedOperationError


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


@dataclass(frozen=True)
class Walk:
    """What one target's walk gives: multipliers (B * R, L, 4) on the references' input."""

    multipliers: tf.Tensor
    seed: Seed


def propagate(
    plan: Plan,
    windows: tf.Tensor,
    references: tf.Tensor,
    controls: Mapping[str, tf.Tensor],
    seeds: Mapping[str, tuple[str, SeedFunction]],
    sequence_input: str,
) -> dict[str, Walk]:
    """Build the forward and backward passes in the graph that is being traced.

    Parameters
    ----------
    windows, references
        (B, L, 4) and (B * R, L, 4), of fixed shape; the R references of a window in a row.
    controls
        Other inputs, (B, ...), the same for a window and its references.
    seeds
        Target -> (name of the explained tensor, function that makes its seed).
    """
    frozen, r = plan.frozen, references.shape[0] // windows.shape[0]
    repeated = {name: tf.repeat(value, r, axis=0) for name, value in controls.items()}
    at_reference = GraphCopy(frozen, {sequence_input: references, **repeated}, "reference")
    at_window = GraphCopy(frozen, {sequence_input: windows, **controls}, "window")
    if not _batch_leads(plan, at_window, at_reference, windows.shape[0], r):
        all_windows = tf.repeat(windows, r, axis=0)
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
    walks = {}
    for target, (tensor, make_seed) in seeds.items():
        x, x0 = at_window.tensor(tensor), at_reference.tensor(tensor)
        seed = make_seed(x if shared == 1 else tf.repeat(x, r, axis=0), x0)
        walks[target] = Walk(_walk_back(plan, steps, tensor, seed.multiplier, references), seed)
    return walks


def _batch_leads(plan: Plan, window: GraphCopy, reference: GraphCopy, b: int, r: int) -> bool:
    """Whether the first axis counts sequences wherever a rule needs both values.

    Where a model folds the batch into another axis, a window's value cannot be set beside its
    references' by repeating rows, and the window is forwarded once per reference instead.
    """
    for item in plan.path:
        if plan.rule_names[item.name] in (linear.__name__, "identity"):
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


def _walk_back(
    plan: Plan, steps: Mapping[str, Step], tensor: str, seed: tf.Tensor, references: tf.Tensor
) -> tf.Tensor:
    """Multipliers on the input, from a seed on the tensor of that name."""
    waiting: dict[str, list[tf.Tensor]] = defaultdict(list, {tensor: [seed]})
    graph = plan.frozen.graph
    for item in reversed(plan.path):
        outputs = [output.name for output in graph.get_operation_by_name(item.name).outputs]
        if not any(name in waiting for name in outputs):
            continue
        multipliers = [tf.add_n(waiting.pop(name)) if name in waiting else None for name in outputs]
        operation = graph.get_operation_by_name(item.name)
        rule, _ = find_rule(item, operation)
        assert rule is not None  # plan() refused the others
        for position, multiplier in zip(
            item.live, rule(steps[item.name], multipliers), strict=True
        ):
            if multiplier is not None:
                waiting[operation.inputs[position].name].append(multiplier)
    if plan.source not in waiting:
        return tf.zeros_like(references)
    return tf.add_n(waiting[plan.source])
