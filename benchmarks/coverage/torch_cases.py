"""The same models in PyTorch, with the same weights, for captum, tangermeme and shap.

Modules are used wherever PyTorch has one, as these tools ask; else the function that a model's
author would call. `helped` twins are rewritten for tangermeme as its manual advises: `BilinearOp`
for products of two tensors, `additional_nonlinear_ops` with its `_nonlinear` for elementwise
modules of one's own and with its `integrated_gradients_op` for modules that have no closed form.

Tensors are channels first: (N, 6, 20) where Keras has (N, 20, 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from cases import HIDDEN, OUTPUT, STEM, Case
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
        From (N, 6, 20) to any shape, channels first.
    modules
        The modules it uses: the model registers them, so that tools find them.
    rules
        `additional_nonlinear_ops` for tangermeme.
    """

    call: Call
    modules: list[nn.Module] = field(default_factory=list)
    rules: dict[type, Any] = field(default_factory=dict)


class Model(nn.Module):
    """Stem, operation, two dense layers."""

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
        """The output (N, 1) at sequences (N, 4, 24)."""
        x = self.call(self.stem(x) if hasattr(self, "stem") else x)
        if x.ndim > 2:
            x = x.movedim(1, -1).flatten(1)  # the order of Keras's Flatten
        return self.output(self.tanh(self.hidden(x)))


class Elementwise(nn.Module):
    """A function of one's own as a module, for tangermeme's `_nonlinear`."""

    def __init__(self, function: Call) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return self.function(x)


class Whole(Elementwise):
    """The same for functions that mix elements, for `integrated_gradients_op`."""


RESCALED = {Elementwise: _nonlinear}
INTEGRATED = {Whole: integrated_gradients_op(QUADRATURE)}


def torch_model(case: Case, model: Any, helped: bool = False) -> tuple[Model, dict] | None:
    """The twin of a Keras model and tangermeme's rules for it.

    Parameters
    ----------
    case, model
        The case, and its Keras model, from which weights are copied.
    helped
        Rewritten as tangermeme's manual advises; None where that changes nothing.
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


# --- layers from Keras's weights ---------------------------------------------------------------


def _fill(module: nn.Module, **arrays: NDArray[np.floating]) -> Any:
    with torch.no_grad():
        for name, array in arrays.items():
            getattr(module, name).copy_(torch.from_numpy(np.ascontiguousarray(array)))
    return module


def linear(weights: Weights) -> nn.Module:
    """Dense."""
    kernel, bias = weights
    return _fill(nn.Linear(*kernel.shape), weight=kernel.T, bias=bias)


def conv1d(weights: Weights, **options: Any) -> nn.Module:
    """Conv1D, of a kernel (width, in / groups, out)."""
    kernel, bias = weights
    inputs = kernel.shape[1] * options.get("groups", 1)
    module = nn.Conv1d(inputs, kernel.shape[2], kernel.shape[0], **options)
    return _fill(module, weight=kernel.transpose(2, 1, 0), bias=bias)


def depthwise(weights: Weights, bias: NDArray[np.floating] | None) -> nn.Module:
    """DepthwiseConv1D, of a kernel (width, in, multiplier)."""
    width, inputs, multiplier = weights[0].shape
    module = nn.Conv1d(inputs, inputs * multiplier, width, groups=inputs, bias=bias is not None)
    kernel = weights[0].transpose(1, 2, 0).reshape(inputs * multiplier, 1, width)
    return _fill(module, weight=kernel, **({} if bias is None else {"bias": bias}))


# --- short forms -------------------------------------------------------------------------------


def one(make: Callable[[], nn.Module]) -> Callable[[Weights], Twin]:
    """A module without weights."""

    def twin(weights: Weights) -> Twin:
        module = make()
        return Twin(module, [module])

    return twin


def ruled(make: Callable[[], nn.Module], rule: Any) -> Callable[[Weights], Twin]:
    """A module without weights, and a rule for its type."""

    def twin(weights: Weights) -> Twin:
        module = make()
        return Twin(module, [module], {type(module): rule})

    return twin


def scaled(make: Callable[[], nn.Module], rules: dict | None = None) -> Callable[[Weights], Twin]:
    """A module without weights, of six times its input."""

    def twin(weights: Weights) -> Twin:
        module = make()
        return Twin(lambda x: module(6 * x), [module], rules or {})

    return twin


def plain(function: Call) -> Callable[[Weights], Twin]:
    """A function that no module stands for."""
    return lambda weights: Twin(function)


def elementwise(function: Call, before: Callable[[], nn.Module] | None = None) -> Any:
    """A helped elementwise function, after a module that needs no help."""

    def twin(weights: Weights) -> Twin:
        modules = [before()] if before else []
        modules.append(Elementwise(function))
        return Twin(_chain(modules), modules, dict(RESCALED))

    return twin


def after(make: Callable[[], nn.Module], function: Call) -> Callable[[Weights], Twin]:
    """A module without weights, then a function."""

    def twin(weights: Weights) -> Twin:
        module = make()
        return Twin(lambda x: function(module(x)), [module])

    return twin


def modules_of(make: Callable[[Weights], Iterable[nn.Module]]) -> Callable[[Weights], Twin]:
    """Modules one after the other."""

    def twin(weights: Weights) -> Twin:
        modules = list(make(weights))
        return Twin(_chain(modules), modules)

    return twin


def _chain(modules: list[nn.Module]) -> Call:
    def call(x: Tensor) -> Tensor:
        for module in modules:
            x = module(x)
        return x

    return call


def _last(call: Call) -> Call:
    """Apply what works on the last axis to channels."""
    return lambda x: call(x.transpose(1, 2)).transpose(1, 2)


def module_list(count: int, equation: str | None, helped: bool) -> list[Any]:
    """`count` products of two tensors, to be called as functions."""
    if helped:
        return [BilinearOp(equation) for _ in range(count)]
    if equation is None:
        return [torch.matmul] * count
    if equation == TIMES:
        return [torch.mul] * count
    return [lambda a, b: torch.einsum(equation, a, b)] * count


TIMES = "...,...->..."


def _kept(parts: list[Any]) -> list[nn.Module]:
    return [part for part in parts if isinstance(part, nn.Module)]


# --- operations of several steps, plain and helped ----------------------------------------------


def gate(weights: Weights, helped: bool = False) -> Twin:
    """Sigmoid times value."""
    sigmoid, (times,) = nn.Sigmoid(), module_list(1, TIMES, helped)
    return Twin(lambda x: times(x[:, :3], sigmoid(x[:, 3:])), _kept([sigmoid, times]))


def excite(weights: Weights, helped: bool = False) -> Twin:
    """Squeeze and excitation."""
    mean, dense, sigmoid = nn.AdaptiveAvgPool1d(1), linear(weights), nn.Sigmoid()
    (times,) = module_list(1, TIMES, helped)

    def call(x: Tensor) -> Tensor:
        factor = sigmoid(dense(mean(x).squeeze(-1))).unsqueeze(-1)
        return times(x, factor.expand_as(x))

    return Twin(call, _kept([mean, dense, sigmoid, times]))


def divide(weights: Weights, helped: bool = False) -> Twin:
    """One half of the channels over the other."""
    softplus = nn.Softplus()
    if not helped:
        return Twin(lambda x: x[:, :3] / (1 + softplus(x[:, 3:])), [softplus])
    inverse, times = Elementwise(torch.reciprocal), BilinearOp(TIMES)
    return Twin(
        lambda x: times(x[:, :3], inverse(1 + softplus(x[:, 3:]))),
        [softplus, inverse, times],
        dict(RESCALED),
    )


def cosine(weights: Weights) -> Twin:
    """Cosine of two halves of the channels."""
    module = nn.CosineSimilarity(dim=1)
    return Twin(lambda x: module(x[:, :3], x[:, 3:]).unsqueeze(1), [module])


def cosine_helped(weights: Weights) -> Twin:
    """The same from squares, reciprocal roots and products."""
    squares = [Elementwise(torch.square) for _ in range(2)]
    roots = [Elementwise(torch.rsqrt) for _ in range(2)]
    times = module_list(3, TIMES, helped=True)

    def call(x: Tensor) -> Tensor:
        a, b = x[:, :3], x[:, 3:]
        inverse = [
            root(square(z).sum(1, keepdim=True))
            for z, square, root in zip((a, b), squares, roots, strict=True)
        ]
        dot = times[0](a, b).sum(1, keepdim=True)
        return times[1](dot, times[2](*inverse))

    return Twin(call, [*squares, *roots, *times], dict(RESCALED))


def gram(weights: Weights, helped: bool = False) -> Twin:
    """z zᵀ over positions: symmetric, so that the order of axes does not matter."""
    (product,) = module_list(1, None, helped)
    return Twin(lambda x: product(x.transpose(1, 2), x), _kept([product]))


def einsum(weights: Weights, helped: bool = False) -> Twin:
    """Channels of z by channels of tanh z; the output's channels are those of Keras's last axis."""
    tanh, (product,) = nn.Tanh(), module_list(1, "bcl,bdl->bdc", helped)
    return Twin(lambda x: product(x, tanh(x)), _kept([tanh, product]))


def attention(weights: Weights, helped: bool = False) -> Twin:
    """Scaled dot-product attention, written out."""
    softmax = nn.Softmax(dim=-1)
    scores, values = module_list(2, None, helped)

    def call(x: Tensor) -> Tensor:
        z = x.transpose(1, 2)
        return values(softmax(scores(z, x) / 6**0.5), z).transpose(1, 2)

    return Twin(call, _kept([softmax, scores, values]))


def _projections(weights: Weights) -> tuple[NDArray[np.float32], ...]:
    """Keras's kernels of query, key, value (6, 2, 3) and output (2, 3, 6) as torch's matrices."""
    query, key, value = (weights[i].reshape(6, 6).T for i in (0, 2, 4))
    biases = np.concatenate([weights[i].reshape(6) for i in (1, 3, 5)])
    return np.concatenate([query, key, value]), biases, weights[6].reshape(6, 6).T, weights[7]


def multi_head(weights: Weights) -> Twin:
    """nn.MultiheadAttention."""
    kernel, bias, out_kernel, out_bias = _projections(weights)
    module = nn.MultiheadAttention(6, 2, batch_first=True)
    _fill(module, in_proj_weight=kernel, in_proj_bias=bias)
    _fill(module.out_proj, weight=out_kernel, bias=out_bias)
    return Twin(_last(lambda z: module(z, z, z)[0]), [module])


def multi_head_helped(weights: Weights) -> Twin:
    """The same out of linear layers, softmax and BilinearOp."""
    kernel, bias, out_kernel, out_bias = _projections(weights)
    inner, outer = linear([kernel.T, bias]), linear([out_kernel.T, out_bias])
    softmax, scores, values = nn.Softmax(dim=-1), BilinearOp(), BilinearOp()

    def call(z: Tensor) -> Tensor:
        split = inner(z).unflatten(-1, (3, 2, 3)).permute(2, 0, 3, 1, 4)
        query, key, value = split.unbind(0)
        weighted = values(softmax(scores(query, key.transpose(-1, -2)) / 3**0.5), value)
        return outer(weighted.transpose(1, 2).flatten(2))

    return Twin(_last(call), [inner, outer, softmax, scores, values])


def attention_pool(weights: Weights, helped: bool = False) -> Twin:
    """Pairs of positions, weighted by a softmax."""
    dense, softmax = linear(weights), nn.Softmax(dim=2)
    (times,) = module_list(1, TIMES, helped)

    def call(z: Tensor) -> Tensor:
        shares = softmax(dense(z).unflatten(1, (10, 2)))
        return times(z.unflatten(1, (10, 2)), shares).sum(2)

    return Twin(_last(call), _kept([dense, softmax, times]))


def layer_norm(weights: Weights) -> Twin:
    """nn.LayerNorm over channels."""
    module = _fill(nn.LayerNorm(6, eps=1e-3), weight=weights[0], bias=weights[1])
    return Twin(_last(module), [module])


def group_norm(weights: Weights, helped: bool = False) -> Twin:
    """nn.GroupNorm."""
    module = _fill(nn.GroupNorm(2, 6, eps=1e-3), weight=weights[0], bias=weights[1])
    rules = {nn.GroupNorm: integrated_gradients_op(QUADRATURE)} if helped else {}
    return Twin(module, [module], rules)


def rms_norm(weights: Weights) -> Twin:
    """nn.RMSNorm over channels."""
    module = _fill(nn.RMSNorm(6, eps=1e-6), weight=weights[0])
    return Twin(_last(module), [module])


def batch_norm(weights: Weights) -> Twin:
    """nn.BatchNorm1d."""
    names = ("weight", "bias", "running_mean", "running_var")
    module = _fill(nn.BatchNorm1d(6, eps=1e-3), **dict(zip(names, weights, strict=True)))
    return Twin(module, [module])


def log_sum_exp_pair(weights: Weights, helped: bool = False) -> Twin:
    """Logsumexp of two halves of the channels."""

    def call(pair: Tensor) -> Tensor:
        return torch.logsumexp(pair, dim=-1)

    inner = Whole(call) if helped else call
    return Twin(
        lambda x: inner(torch.stack([x[:, :3], x[:, 3:]], dim=-1)),
        _kept([inner]),
        dict(INTEGRATED) if helped else {},
    )


def whole(function: Call) -> Callable[[Weights], Twin]:
    """A helped function that mixes elements."""

    def twin(weights: Weights) -> Twin:
        module = Whole(function)
        return Twin(module, [module], dict(INTEGRATED))

    return twin


def separable(weights: Weights) -> list[nn.Module]:
    """Depthwise and pointwise."""
    return [nn.ReLU(), depthwise(weights[:1], None), conv1d(weights[1:])]


def transposed(weights: Weights) -> list[nn.Module]:
    """nn.ConvTranspose1d, of a kernel (width, out, in)."""
    kernel, bias = weights
    module = nn.ConvTranspose1d(6, 4, 3, stride=2)
    return [nn.ReLU(), _fill(module, weight=kernel.transpose(2, 1, 0), bias=bias)]


def residual(weights: Weights) -> Twin:
    """Three dilated layers with residual additions."""
    layers = [conv1d(weights[2 * i : 2 * i + 2], padding="same", dilation=2**i) for i in range(3)]
    relus = [nn.ReLU() for _ in layers]

    def call(x: Tensor) -> Tensor:
        for layer, relu in zip(layers, relus, strict=True):
            x = x + relu(layer(x))
        return x

    return Twin(call, [*layers, *relus])


def conv2d(weights: Weights) -> Twin:
    """nn.Conv2d on (N, 1, 24, 4)."""
    kernel, bias = weights
    module = _fill(nn.Conv2d(1, 5, (5, 4)), weight=kernel.transpose(3, 2, 0, 1), bias=bias)
    relu = nn.ReLU()
    return Twin(lambda x: relu(module(x.transpose(1, 2).unsqueeze(1))), [module, relu])


def branches(weights: Weights) -> Twin:
    """Concatenation of two branches."""
    convolution, relu = conv1d(weights), nn.ReLU()
    return Twin(lambda x: torch.cat([x, relu(convolution(x))], dim=1), [convolution, relu])


def reverse_complement(weights: Weights) -> Twin:
    """The mean over both strands, through the same modules."""
    convolution, relu, pool = conv1d(weights[:2]), nn.ReLU(), nn.MaxPool1d(20)
    dense = linear(weights[2:])

    def arm(x: Tensor) -> Tensor:
        return dense(pool(relu(convolution(x))).flatten(1))

    return Twin(lambda x: (arm(x) + arm(x.flip(1, 2))) / 2, [convolution, relu, pool, dense])


def lstm(weights: Weights) -> Twin:
    """nn.LSTM, its last state."""
    module = nn.LSTM(6, 3, batch_first=True)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0")
    _fill(module, **dict(zip(names, (w.T for w in weights), strict=True)))
    _fill(module, bias_hh_l0=np.zeros(12, np.float32))
    return Twin(lambda x: module(x.transpose(1, 2))[0][:, -1], [module])


def lstm_unrolled(weights: Weights, helped: bool = False) -> Twin:
    """The same step by step, with modules of its own for each step."""
    steps = 20
    inputs = linear([weights[0], weights[2]])
    states = linear([weights[1], np.zeros_like(weights[2])])
    sigmoids = [nn.Sigmoid() for _ in range(3 * steps)]
    tanhs = [nn.Tanh() for _ in range(2 * steps)]
    times = module_list(3 * steps, TIMES, helped)

    def call(x: Tensor) -> Tensor:
        state = cell = x.new_zeros(len(x), 3)
        for step in range(steps):
            sigmoid, tanh = sigmoids[3 * step :], tanhs[2 * step :]
            product = times[3 * step :]
            pre = inputs(x[:, :, step]) + states(state)
            enter, forget, new, leave = pre.chunk(4, dim=1)
            added = product[0](sigmoid[0](enter), tanh[0](new))
            cell = product[1](sigmoid[1](forget), cell) + added
            state = product[2](sigmoid[2](leave), tanh[1](cell))
        return state

    return Twin(call, [inputs, states, *sigmoids, *tanhs, *_kept(times)])


def embedding(weights: Weights) -> Twin:
    """nn.Embedding of the bases' indices."""
    module = _fill(nn.Embedding(4, 6), weight=weights[0])
    return Twin(lambda x: module(x.argmax(1)).transpose(1, 2), [module])


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


# what each operation is called in PyTorch, for the table
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
    "clip": one(lambda: nn.Hardtanh(-0.5, 0.5)),
    "gate, sigmoid × value": gate,
    "GLU": one(lambda: nn.GLU(dim=1)),
    "squeeze and excitation": excite,
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


def in_torch(case: Case, model: Model) -> str:
    """What the operation is called in PyTorch: its modules' names, unless it is a function."""
    if case.name in IN_TORCH:
        return IN_TORCH[case.name]
    names = [type(module).__name__ for module in getattr(model, "operation", [])]
    return ", ".join(
        dict.fromkeys(f"nn.{name}" for name in names if name != "ReLU" or len(names) == 1)
    )
