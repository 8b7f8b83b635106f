"""An operation with its values at the windows and at the references, which rules work on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property

from deeplift_genomics.engine.transposes import Multiplier
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.minimal_filtering import Convolution


@dataclass
class Evaluated:
    """One operation of the path, in the two copies of the graph.

    `at_window` and `at_reference` are the same operation, evaluated on B windows and on B * R
    references; `live` are the positions of its live inputs; `references` is R, or 1 if the window
    was forwarded once per reference; `minimal` is there if it is computed by minimal filtering.
    """

    at_window: tf.Operation
    at_reference: tf.Operation
    live: tuple[int, ...]
    references: int
    minimal: Convolution | None = None
    _once: dict[str, tf.Tensor] = field(default_factory=dict)

    @property
    def home(self) -> AbstractContextManager[object]:
        """The graph of the references' pass, where what all walks share is built.

        A walk may be built in a loop over targets, whose graph is another.
        """
        return self.at_reference.graph.as_default()

    def window(self, tensor: tf.Tensor) -> tf.Tensor:
        """Repeat a window value (B, ...) to match reference values (B * R, ...)."""
        tensor = tf.identity(tensor)  # which brings it here from the graph around a loop
        if self.references == 1 or tensor.shape[0] == 1:
            return tensor
        return tf.repeat(tensor, self.references, axis=0)

    @cached_property
    def inputs(self) -> list[tuple[tf.Tensor, tf.Tensor]]:
        """Values (window, reference) of the live inputs."""
        with self.home:
            return [
                (self.window(self.at_window.inputs[i]), self.at_reference.inputs[i])
                for i in self.live
            ]

    @cached_property
    def outputs(self) -> list[tuple[tf.Tensor, tf.Tensor]]:
        """Values (window, reference) of the outputs."""
        both = zip(self.at_window.outputs, self.at_reference.outputs, strict=True)
        with self.home:
            return [(self.window(at_window), at_reference) for at_window, at_reference in both]

    def once(self, name: str, make: Callable[[], tf.Tensor]) -> tf.Tensor:
        """Return the tensor of that name, made once and shared by the walks of all targets."""
        if name not in self._once:
            with self.home:
                self._once[name] = make()
        return self._once[name]


# (operation, multipliers of its outputs) -> multipliers of its live inputs, in order
Rule = Callable[[Evaluated, Sequence[Multiplier]], Sequence[Multiplier]]
