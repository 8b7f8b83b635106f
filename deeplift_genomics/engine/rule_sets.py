"""Sets of rules, and the route from the sequence to the explained tensors by one of them.

Methods that walk back through the graph differ in their rules alone. A method brings a `RuleSet`;
`find_route` looks up the rule of every operation before anything is computed, and `propagate`
walks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from deeplift_genomics.engine.evaluated import Evaluated, Rule
from deeplift_genomics.engine.mixing import check_windows_apart
from deeplift_genomics.engine.path import PathOperation, live_path, random_operations
from deeplift_genomics.engine.transposes import Multiplier
from deeplift_genomics.errors import UnsupportedOperationError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph


class Ruled(Protocol):
    """A set of rules at work on one pass; each set chooses the form of its multipliers."""

    def start(self, seed: tf.Tensor) -> Any:
        """Return the multiplier that a walk starts from."""

    def add(self, multipliers: Sequence[Any]) -> Any:
        """Return the multiplier of a tensor that is used several times."""

    def back(self, item: PathOperation, multipliers: Sequence[Any | None]) -> Sequence[Any | None]:
        """Return multipliers of the live inputs, from those of the outputs (None: not used)."""

    def finish(self, multiplier: Any) -> tf.Tensor:
        """Return the multipliers on the sequence (B * R, L, 4)."""


@dataclass(frozen=True)
class RuleSet:
    """The rules of a method.

    Attributes
    ----------
    method
        The method's title, for messages.
    find
        Takes an operation of the path and the same operation in the frozen graph; returns its rule,
        or None and the reason why there is none.
    start
        Takes a `Pass` and returns the rules at work on it.
    without_values
        Rules that do not look at the values of their operation.
    """

    method: str
    find: Callable[[PathOperation, tf.Operation], tuple[Rule | None, str]]
    start: Callable[[Pass], Ruled]
    without_values: frozenset[Rule] = frozenset()


@dataclass(frozen=True)
class Route:
    """The operations from the sequence to all explained tensors, each with its rule.

    `sequence` is the name of the sequence input; `rules` maps names of operations to rules.
    """

    frozen: FrozenGraph
    sequence: str
    path: list[PathOperation]
    rules: dict[str, Rule]
    rule_set: RuleSet

    @property
    def source(self) -> str:
        """Name of the sequence's tensor."""
        return self.frozen.inputs[self.sequence]


class Pass(NamedTuple):
    """A route evaluated on windows and references.

    `operations` maps names to operations with their values; `difference` (B * R, L, 4) is windows
    less references.
    """

    route: Route
    operations: Mapping[str, Evaluated]
    difference: tf.Tensor


class Plain:
    """A set of rules with one multiplier for each number."""

    def __init__(self, evaluated: Pass) -> None:
        self._rules, self._operations = evaluated.route.rules, evaluated.operations

    def rule(self, item: PathOperation) -> Rule:
        """Return the operation's rule."""
        return self._rules[item.name]

    def operation(self, item: PathOperation) -> Evaluated:
        """Return the operation with its values."""
        return self._operations[item.name]

    def start(self, seed: tf.Tensor) -> tf.Tensor:
        """Return the seed itself."""
        return seed

    def add(self, multipliers: Sequence[tf.Tensor]) -> tf.Tensor:
        """Return the sum."""
        return tf.add_n(multipliers)

    def back(self, item: PathOperation, multipliers: Sequence[Multiplier]) -> Sequence[Multiplier]:
        """Apply the operation's rule."""
        return self._rules[item.name](self._operations[item.name], multipliers)

    def finish(self, multiplier: tf.Tensor) -> tf.Tensor:
        """Return the multiplier itself."""
        return multiplier


# beginnings of the types of operations that are, or serve, a loop
LOOPS = ("While", "StatelessWhile", "TensorList")
_RANDOM = " (gives other numbers every time)"
_INFERENCE = (
    "Dropout and noise do so in training mode. Save the model in inference mode, without "
    "training=True in the call of that layer; or leave out the heads that need it."
)
_LEAVE_OUT = "Leave out the heads that need them, or add a rule (CONTRIBUTING.md, 'An operation')."
_UNROLL = (
    "LSTM, GRU and other recurrent layers compute in a loop, which has no rule; without the "
    "loop they are explained exactly. Unroll them in Python, with the same weights:\n"
    "  new = keras.models.model_from_json(\n"
    "      model.to_json().replace('\"unroll\": false', '\"unroll\": true'))\n"
    "  new.set_weights(model.get_weights())\n"
    "  new.save('unrolled.keras')"
)


def find_route(
    frozen: FrozenGraph, sequence: str, sinks: Sequence[str], rule_set: RuleSet
) -> Route:
    """Find the path from the sequence to the tensors `sinks`, and a rule for each operation on it.

    Raises
    ------
    UnsupportedOperationError
        If an operation on the path has no rule; all such operations are named, with their layers
        and the reasons.
    ModelError
        If operations have no rule, and one of the path mixes the windows of a batch: then no rule
        could help.
    """
    path = live_path(frozen, frozen.inputs[sequence], sinks)
    rules, refused = {}, defaultdict(list)
    for item in path:
        rule, reason = rule_set.find(item, frozen.graph.get_operation_by_name(item.name))
        if rule is None:
            refused[f"{item.type} ({reason})"].append(frozen.layer_of(item.name))
        else:
            rules[item.name] = rule
    random = random_operations(frozen, sinks)
    # random numbers differ every time without mixing anything, and loops have their own advice
    if refused and not random and not any(what.startswith(LOOPS) for what in refused):
        check_windows_apart(frozen, path, sinks)
    for operation in random:
        refused[operation.type + _RANDOM].append(frozen.layer_of(operation.name))
    if refused:
        lines = [
            f"  {what} in {', '.join(dict.fromkeys(layers))}"
            for what, layers in sorted(refused.items())
        ]
        raise UnsupportedOperationError(
            f"{rule_set.method} has no exact rule for these operations between the sequence and "
            "the heads:\n" + "\n".join(lines) + "\nNothing was computed. " + _advice(refused)
        )
    return Route(frozen, sequence, path, rules, rule_set)


def _advice(refused: Collection[str]) -> str:
    """Return what to do about operations without a rule."""
    random = [what for what in refused if what.endswith(_RANDOM)]
    loops = [what for what in refused if what.startswith(LOOPS)]
    advice = [_INFERENCE] if random else []
    advice += [_LEAVE_OUT] if len(loops) + len(random) < len(refused) else []
    return " ".join([*advice, _UNROLL] if loops else advice)
