"""The PyTorch twin of a Keras model: the model, its layers, and short forms for operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tangermeme.deep_lift_shap import BilinearOp, _nonlinear, integrated_gradients_op
from torch import Tensor, nn

Weights = list[NDArray[np.float32]]
Call = Callable[[Tensor], Tensor]
QUADRATURE = 8  # nodes, the default of integrated_gradients_op


@dataclass
class Twin:
    """An operation in PyTorch.

    Attributes
    ----------
    call
        Function from (N, 6, 20) to any shape, channels first.
    modules
        The modules that it uses; the model registers them, so that tools find them.
    rules
        `additional_nonlinear_ops` for tangermeme.
    """

    call: Call
    modules: list[nn.Module] = field(default_factory=list)
    rules: dict[type, Any] = field(default_factory=dict)


class Model(nn.Module):
    """A model of stem, operation and two dense layers."""

    def __init__(self, stem: nn.Module | None, twin: Twin, hidden: nn.Module, output: nn.Module):
        super().__init__()
        if stem is not None:
            self.stem = stem
        if twin.modules:
            self.operation = nn.ModuleList(twin.modules)
        # never the module itself: it would be registered, and hooked, twice
        self.call = lambda x: twin.call(x)
        self.hidden, self.tanh, self.output = hidden, nn.Tanh(), output

    def forward(self, x: Tensor) -> Tensor:
        """Return the output (N, 1) at sequences (N, 4, 24)."""
        x = self.call(self.stem(x) if hasattr(self, "stem") else x)
        if x.ndim > 2:
            x = x.movedim(1, -1).flatten(1)  # the order of Keras's Flatten
        return self.output(self.tanh(self.hidden(x)))


class Elementwise(nn.Module):
    """A custom elementwise function as a module, for tangermeme's `_nonlinear`."""

    def __init__(self, function: Call) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return self.function(x)


class Whole(Elementwise):
    """A custom function that mixes elements as a module, for `integrated_gradients_op`."""


RESCALED = {Elementwise: _nonlinear}
INTEGRATED = {Whole: integrated_gradients_op(QUADRATURE)}


# --- layers from Keras's weights ---------------------------------------------------------------


def fill(module: nn.Module, **arrays: NDArray[np.floating]) -> Any:
    with torch.no_grad():
        for name, array in arrays.items():
            getattr(module, name).copy_(torch.from_numpy(np.ascontiguousarray(array)))
    return module


def linear(weights: Weights) -> nn.Module:
    """Make a linear layer from the weights of Dense."""
    kernel, bias = weights
    return fill(nn.Linear(*kernel.shape), weight=kernel.T, bias=bias)


def conv1d(weights: Weights, **options: Any) -> nn.Module:
    """Make a convolution from the weights of Conv1D, kernel (width, in / groups, out)."""
    kernel, bias = weights
    inputs = kernel.shape[1] * options.get("groups", 1)
    module = nn.Conv1d(inputs, kernel.shape[2], kernel.shape[0], **options)
    return fill(module, weight=kernel.transpose(2, 1, 0), bias=bias)


def depthwise(weights: Weights, bias: NDArray[np.floating] | None) -> nn.Module:
    """Make a convolution from those of DepthwiseConv1D, kernel (width, in, multiplier)."""
    width, inputs, multiplier = weights[0].shape
    module = nn.Conv1d(inputs, inputs * multiplier, width, groups=inputs, bias=bias is not None)
    kernel = weights[0].transpose(1, 2, 0).reshape(inputs * multiplier, 1, width)
    return fill(module, weight=kernel, **({} if bias is None else {"bias": bias}))


# --- short forms -------------------------------------------------------------------------------


def one(make: Callable[[], nn.Module]) -> Callable[[Weights], Twin]:
    """Make a twin of a module without weights."""

    def twin(weights: Weights) -> Twin:
        module = make()
        return Twin(module, [module])

    return twin


def ruled(make: Callable[[], nn.Module], rule: Any) -> Callable[[Weights], Twin]:
    """Make a twin of a module without weights, with a rule for its type."""

    def twin(weights: Weights) -> Twin:
        module = make()
        return Twin(module, [module], {type(module): rule})

    return twin


def scaled(make: Callable[[], nn.Module], rules: dict | None = None) -> Callable[[Weights], Twin]:
    """Make a twin of a module without weights, applied to six times its input."""

    def twin(weights: Weights) -> Twin:
        module = make()
        return Twin(lambda x: module(6 * x), [module], rules or {})

    return twin


def plain(function: Call) -> Callable[[Weights], Twin]:
    """Make a twin of a function for which there is no module."""
    return lambda weights: Twin(function)


def elementwise(function: Call, before: Callable[[], nn.Module] | None = None) -> Any:
    """Make a helped elementwise function, after a module that needs no help."""

    def twin(weights: Weights) -> Twin:
        modules = [before()] if before else []
        modules.append(Elementwise(function))
        return Twin(chain(modules), modules, dict(RESCALED))

    return twin


def after(make: Callable[[], nn.Module], function: Call) -> Callable[[Weights], Twin]:
    """Make a twin of a module without weights, followed by a function."""

    def twin(weights: Weights) -> Twin:
        module = make()
        return Twin(lambda x: function(module(x)), [module])

    return twin


def modules_of(make: Callable[[Weights], Iterable[nn.Module]]) -> Callable[[Weights], Twin]:
    """Make a twin of modules in sequence."""

    def twin(weights: Weights) -> Twin:
        modules = list(make(weights))
        return Twin(chain(modules), modules)

    return twin


def chain(modules: list[nn.Module]) -> Call:
    def call(x: Tensor) -> Tensor:
        for module in modules:
            x = module(x)
        return x

    return call


def on_last(call: Call) -> Call:
    """Apply a module of the last axis to channels."""
    return lambda x: call(x.transpose(1, 2)).transpose(1, 2)


def module_list(count: int, equation: str | None, helped: bool) -> list[Any]:
    """Make `count` products of two tensors, to be called as functions."""
    if helped:
        return [BilinearOp(equation) for _ in range(count)]
    if equation is None:
        return [torch.matmul] * count
    if equation == TIMES:
        return [torch.mul] * count
    return [lambda a, b: torch.einsum(equation, a, b)] * count


TIMES = "...,...->..."


def kept(parts: list[Any]) -> list[nn.Module]:
    return [part for part in parts if isinstance(part, nn.Module)]


def whole(function: Call) -> Callable[[Weights], Twin]:
    """Make a helped function that mixes elements."""

    def twin(weights: Weights) -> Twin:
        module = Whole(function)
        return Twin(module, [module], dict(INTEGRATED))

    return twin
