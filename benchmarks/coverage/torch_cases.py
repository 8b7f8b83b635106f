"""The same models in PyTorch, with the same weights, for captum, tangermeme and shap.

Twins use a module wherever PyTorch has one, as these tools ask, and otherwise the function that a
model's author would call. `helped` twins are rewritten for tangermeme as its manual advises:
`BilinearOp` for products of two tensors, `additional_nonlinear_ops` with its `_nonlinear` for
custom elementwise modules and with its `integrated_gradients_op` for modules without a closed form.

Tensors are channels first: (N, 6, 20) where Keras has (N, 20, 6).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from cases import HIDDEN, OUTPUT, STEM, Case
from tangermeme.deep_lift_shap import _nonlinear, integrated_gradients_op
from torch import Tensor, nn
from torch_operations import (
    attention,
    attention_pool,
    batch_norm,
    branches,
    conv2d,
    cosine,
    cosine_helped,
    divide,
    einsum,
    embedding,
    excite,
    gate,
    gram,
    group_norm,
    layer_norm,
    log_sum_exp_pair,
    lstm,
    lstm_unrolled,
    maximum_helped,
    multi_head,
    multi_head_helped,
    residual,
    reverse_complement,
    rms_norm,
    separable,
    transposed,
)
from twins import (
    QUADRATURE,
    Call,
    Model,
    Twin,
    Weights,
    after,
    conv1d,
    depthwise,
    elementwise,
    linear,
    modules_of,
    one,
    plain,
    ruled,
    scaled,
    whole,
)


def _softplus(function: Call) -> Callable[[Weights], Twin]:
    return after(nn.Softplus, function)


def _softplus_helped(function: Call) -> Callable[[Weights], Twin]:
    return elementwise(function, before=nn.Softplus)


def _pool_after_relu(make: Callable[[], nn.Module]) -> Callable[[Weights], Twin]:
    return modules_of(lambda weights: [nn.ReLU(), make()])


def _relu_conv(**options: Any) -> Callable[[Weights], Twin]:
    padding = options.pop("pad", None)
    pads = [] if padding is None else [padding]
    return modules_of(
        lambda w: [nn.ReLU(), *(nn.ConstantPad1d(p, 0.0) for p in pads), conv1d(w, **options)]
    )


def _log_sum_exp(x: Tensor) -> Tensor:
    return torch.logsumexp(x, dim=1, keepdim=True)


def _deviation(x: Tensor) -> Tensor:
    return x.std(dim=2, correction=0)


# the name of each operation in PyTorch, for the table
IN_TORCH = {
    "exp": "torch.exp",
    "log": "torch.log",
    "log1p": "torch.log1p",
    "sqrt": "torch.sqrt",
    "rsqrt": "torch.rsqrt",
    "square": "torch.square",
    "power": "torch.pow",
    "abs": "torch.abs",
    "reciprocal": "torch.reciprocal",
    "minimum with a constant": "torch.clamp",
    "maximum with a constant": "torch.clamp",
    "gate, sigmoid × value": "a * nn.Sigmoid",
    "squeeze and excitation": "a * nn.Sigmoid",
    "maximum of two live tensors": "torch.maximum",
    "division": "a / b",
    "matrix product": "torch.matmul",
    "einsum of two live tensors": "torch.einsum",
    "attention, written out": "torch.matmul, nn.Softmax",
    "attention pooling": "a * nn.Softmax",
    "standard deviation": "torch.std",
    "logsumexp": "torch.logsumexp",
    "logsumexp of two heads": "torch.logsumexp",
    "cropping": "slice",
    "concatenation": "torch.cat",
    "concatenation of one tensor twice": "torch.cat",
    "addition of one tensor twice": "a + a",
    "gather with a constant index": "index_select",
    "residual, dilated (BPNet's body)": "nn.Conv1d, +",
    "reverse-complement average, same layers twice": "modules called twice",
    "LSTM, unrolled": "nn.Sigmoid, nn.Tanh, *",
    "random noise at inference": "torch.randn_like",
}

TWINS: dict[str, Callable[[Weights], Twin]] = {
    "ReLU": one(nn.ReLU),
    "ReLU6": scaled(nn.ReLU6),
    "LeakyReLU": one(lambda: nn.LeakyReLU(0.1)),
    "PReLU": one(lambda: nn.PReLU(6, init=0.3)),
    "ELU": one(nn.ELU),
    "SELU": one(nn.SELU),
    "GELU (erf)": one(nn.GELU),
    "GELU (tanh)": one(lambda: nn.GELU(approximate="tanh")),
    "swish (SiLU)": one(nn.SiLU),
    "softplus": one(nn.Softplus),
    "softsign": one(nn.Softsign),
    "sigmoid": one(nn.Sigmoid),
    "hard sigmoid": scaled(nn.Hardsigmoid),
    "tanh": one(nn.Tanh),
    "exp": plain(torch.exp),
    "log": _softplus(torch.log),
    "log1p": _softplus(torch.log1p),
    "sqrt": _softplus(torch.sqrt),
    "rsqrt": _softplus(torch.rsqrt),
    "square": plain(torch.square),
    "power": _softplus(lambda x: x**2.5),
    "abs": plain(torch.abs),
    "reciprocal": _softplus(lambda x: torch.reciprocal(1 + x)),
    "minimum with a constant": plain(lambda x: x.clamp(max=0.3)),
    "maximum with a constant": plain(lambda x: x.clamp(min=-0.2)),
    "soft shrink": one(nn.Softshrink),
    "clip": one(lambda: nn.Hardtanh(-0.5, 0.5)),
    "gate, sigmoid × value": gate,
    "GLU": one(lambda: nn.GLU(dim=1)),
    "squeeze and excitation": excite,
    "maximum of two live tensors": plain(lambda x: torch.maximum(x[:, :3], x[:, 3:])),
    "division": divide,
    "cosine": cosine,
    "matrix product": gram,
    "einsum of two live tensors": einsum,
    "attention, written out": attention,
    "multi-head attention": multi_head,
    "attention pooling": attention_pool,
    "standard deviation": plain(_deviation),
    "LayerNorm": layer_norm,
    "GroupNorm": group_norm,
    "RMSNorm": rms_norm,
    "BatchNorm (inference)": batch_norm,
    "softmax over channels": one(lambda: nn.Softmax(dim=1)),
    "softmax over positions": one(lambda: nn.Softmax(dim=2)),
    "log-softmax": one(lambda: nn.LogSoftmax(dim=1)),
    "logsumexp": plain(_log_sum_exp),
    "logsumexp of two heads": log_sum_exp_pair,
    "max pooling": one(lambda: nn.MaxPool1d(2)),
    "max pooling after ReLU": _pool_after_relu(lambda: nn.MaxPool1d(2)),
    "max pooling, overlapping": one(lambda: nn.MaxPool1d(3, 1)),
    "max pooling, overlapping, padded": one(lambda: nn.MaxPool1d(3, 1, padding=1)),
    "max pooling, overlapping, after ReLU": _pool_after_relu(lambda: nn.MaxPool1d(3, 1, padding=1)),
    "max pooling over the whole length": one(lambda: nn.MaxPool1d(20)),
    "global max pooling": one(lambda: nn.AdaptiveMaxPool1d(1)),
    "average pooling": one(lambda: nn.AvgPool1d(2)),
    "average pooling, overlapping, padded": one(
        lambda: nn.AvgPool1d(3, 1, padding=1, count_include_pad=False)
    ),
    "global average pooling": one(lambda: nn.AdaptiveAvgPool1d(1)),
    "strided, padded": _relu_conv(pad=(1, 2), stride=2),
    "dilated": _relu_conv(dilation=3, padding="same"),
    "causal": _relu_conv(pad=(4, 0)),
    "grouped": _relu_conv(groups=2),
    "depthwise": modules_of(lambda w: [nn.ReLU(), depthwise(w[:1], w[1])]),
    "separable": modules_of(separable),
    "transposed": modules_of(transposed),
    "residual, dilated (BPNet's body)": residual,
    "2D, of (L, 4, 1)": conv2d,
    "upsampling": one(lambda: nn.Upsample(scale_factor=2)),
    "cropping": plain(lambda x: x[:, :, 2:-3]),
    "zero padding": one(lambda: nn.ConstantPad1d(3, 0.0)),
    "concatenation": branches,
    "concatenation of one tensor twice": plain(lambda x: torch.cat([x, x], dim=1)),
    "addition of one tensor twice": plain(lambda x: x + x),
    "gather with a constant index": plain(lambda x: x.index_select(2, torch.tensor([3, 1, 1, 7]))),
    "reverse-complement average, same layers twice": reverse_complement,
    "LSTM, unrolled": lstm_unrolled,
    "LSTM": lstm,
    "embedding of the bases' indices": embedding,
    "random noise at inference": plain(lambda x: x + torch.randn_like(x)),
}

HELPED: dict[str, Callable[[Weights], Twin]] = {
    "softsign": ruled(nn.Softsign, _nonlinear),
    "hard sigmoid": scaled(nn.Hardsigmoid, {nn.Hardsigmoid: _nonlinear}),
    "exp": elementwise(torch.exp),
    "log": _softplus_helped(torch.log),
    "log1p": _softplus_helped(torch.log1p),
    "sqrt": _softplus_helped(torch.sqrt),
    "rsqrt": _softplus_helped(torch.rsqrt),
    "square": elementwise(torch.square),
    "power": _softplus_helped(lambda x: x**2.5),
    "abs": elementwise(torch.abs),
    "reciprocal": _softplus_helped(lambda x: torch.reciprocal(1 + x)),
    "minimum with a constant": elementwise(lambda x: x.clamp(max=0.3)),
    "maximum with a constant": elementwise(lambda x: x.clamp(min=-0.2)),
    "clip": ruled(lambda: nn.Hardtanh(-0.5, 0.5), _nonlinear),
    "gate, sigmoid × value": lambda w: gate(w, helped=True),
    "squeeze and excitation": lambda w: excite(w, helped=True),
    "maximum of two live tensors": maximum_helped,
    "division": lambda w: divide(w, helped=True),
    "cosine": cosine_helped,
    "matrix product": lambda w: gram(w, helped=True),
    "einsum of two live tensors": lambda w: einsum(w, helped=True),
    "attention, written out": lambda w: attention(w, helped=True),
    "multi-head attention": multi_head_helped,
    "attention pooling": lambda w: attention_pool(w, helped=True),
    "standard deviation": whole(_deviation),
    "GroupNorm": lambda w: group_norm(w, helped=True),
    "log-softmax": ruled(lambda: nn.LogSoftmax(dim=1), integrated_gradients_op(QUADRATURE)),
    "logsumexp": whole(_log_sum_exp),
    "logsumexp of two heads": lambda w: log_sum_exp_pair(w, helped=True),
    "global max pooling": one(lambda: nn.MaxPool1d(20)),
    "LSTM": lambda w: lstm_unrolled(w, helped=True),
    "LSTM, unrolled": lambda w: lstm_unrolled(w, helped=True),
}


def torch_model(case: Case, model: Any, helped: bool = False) -> tuple[Model, dict] | None:
    """Return the twin of a Keras model and tangermeme's rules for it.

    Parameters
    ----------
    case, model
        The case and its Keras model, whose weights are copied.
    helped
        Whether to rewrite it as tangermeme's manual advises; returns None where nothing changes.
    """
    make = (HELPED if helped else TWINS).get(case.name)
    if make is None:
        return None
    named = (STEM, HIDDEN, OUTPUT)
    weights = [w for layer in model.layers if layer.name not in named for w in layer.get_weights()]
    stem = None if case.bare else conv1d(model.get_layer(STEM).get_weights())
    twin = make(weights)
    dense = [linear(model.get_layer(name).get_weights()) for name in (HIDDEN, OUTPUT)]
    return Model(stem, twin, *dense).eval(), twin.rules


def in_torch(case: Case, model: Model) -> str:
    """Return the operation's name in PyTorch: those of its modules, unless it is a function."""
    if case.name in IN_TORCH:
        return IN_TORCH[case.name]
    names = [type(module).__name__ for module in getattr(model, "operation", [])]
    return ", ".join(
        dict.fromkeys(f"nn.{name}" for name in names if name != "ReLU" or len(names) == 1)
    )
