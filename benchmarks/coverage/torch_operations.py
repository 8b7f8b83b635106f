"""Operations of several steps in PyTorch, as usually written, and rewritten for tangermeme."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from tangermeme.deep_lift_shap import BilinearOp, integrated_gradients_op
from torch import Tensor, nn
from twins import (
    INTEGRATED,
    QUADRATURE,
    RESCALED,
    TIMES,
    Elementwise,
    Twin,
    Weights,
    Whole,
    conv1d,
    depthwise,
    fill,
    kept,
    linear,
    module_list,
    on_last,
)


def gate(weights: Weights, helped: bool = False) -> Twin:
    """Make the product of a value and a sigmoid."""
    sigmoid, (times,) = nn.Sigmoid(), module_list(1, TIMES, helped)
    return Twin(lambda x: times(x[:, :3], sigmoid(x[:, 3:])), kept([sigmoid, times]))


def excite(weights: Weights, helped: bool = False) -> Twin:
    """Make squeeze and excitation."""
    mean, dense, sigmoid = nn.AdaptiveAvgPool1d(1), linear(weights), nn.Sigmoid()
    (times,) = module_list(1, TIMES, helped)

    def call(x: Tensor) -> Tensor:
        factor = sigmoid(dense(mean(x).squeeze(-1))).unsqueeze(-1)
        return times(x, factor.expand_as(x))

    return Twin(call, kept([mean, dense, sigmoid, times]))


def maximum_helped(weights: Weights) -> Twin:
    """Make the maximum of two halves of the channels, as max pooling over pairs."""
    pool = nn.MaxPool1d(2)

    def call(x: Tensor) -> Tensor:
        pairs = torch.stack([x[:, :3], x[:, 3:]], dim=-1)
        return pool(pairs.flatten(1, 2)).squeeze(-1).unflatten(1, (3, -1))

    return Twin(call, [pool])


def divide(weights: Weights, helped: bool = False) -> Twin:
    """Make the quotient of two halves of the channels."""
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
    """Make the cosine of two halves of the channels."""
    module = nn.CosineSimilarity(dim=1)
    return Twin(lambda x: module(x[:, :3], x[:, 3:]).unsqueeze(1), [module])


def cosine_helped(weights: Weights) -> Twin:
    """Make the cosine from squares, reciprocal roots and products."""
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
    """Make z zᵀ over positions: symmetric, so that the order of axes does not matter."""
    (product,) = module_list(1, None, helped)
    return Twin(lambda x: product(x.transpose(1, 2), x), kept([product]))


def einsum(weights: Weights, helped: bool = False) -> Twin:
    """Make the einsum of z and tanh z over positions; output channels as in Keras's last axis."""
    tanh, (product,) = nn.Tanh(), module_list(1, "bcl,bdl->bdc", helped)
    return Twin(lambda x: product(x, tanh(x)), kept([tanh, product]))


def attention(weights: Weights, helped: bool = False) -> Twin:
    """Make scaled dot-product attention, written out."""
    softmax = nn.Softmax(dim=-1)
    scores, values = module_list(2, None, helped)

    def call(x: Tensor) -> Tensor:
        z = x.transpose(1, 2)
        return values(softmax(scores(z, x) / 6**0.5), z).transpose(1, 2)

    return Twin(call, kept([softmax, scores, values]))


def _projections(weights: Weights) -> tuple[NDArray[np.float32], ...]:
    """Return Keras's kernels of query, key, value (6, 2, 3) and output (2, 3, 6) for PyTorch."""
    query, key, value = (weights[i].reshape(6, 6).T for i in (0, 2, 4))
    biases = np.concatenate([weights[i].reshape(6) for i in (1, 3, 5)])
    return np.concatenate([query, key, value]), biases, weights[6].reshape(6, 6).T, weights[7]


def multi_head(weights: Weights) -> Twin:
    """Make nn.MultiheadAttention."""
    kernel, bias, out_kernel, out_bias = _projections(weights)
    module = nn.MultiheadAttention(6, 2, batch_first=True)
    fill(module, in_proj_weight=kernel, in_proj_bias=bias)
    fill(module.out_proj, weight=out_kernel, bias=out_bias)
    return Twin(on_last(lambda z: module(z, z, z)[0]), [module])


def multi_head_helped(weights: Weights) -> Twin:
    """Make multi-head attention from linear layers, softmax and BilinearOp."""
    kernel, bias, out_kernel, out_bias = _projections(weights)
    inner, outer = linear([kernel.T, bias]), linear([out_kernel.T, out_bias])
    softmax, scores, values = nn.Softmax(dim=-1), BilinearOp(), BilinearOp()

    def call(z: Tensor) -> Tensor:
        split = inner(z).unflatten(-1, (3, 2, 3)).permute(2, 0, 3, 1, 4)
        query, key, value = split.unbind(0)
        weighted = values(softmax(scores(query, key.transpose(-1, -2)) / 3**0.5), value)
        return outer(weighted.transpose(1, 2).flatten(2))

    return Twin(on_last(call), [inner, outer, softmax, scores, values])


def attention_pool(weights: Weights, helped: bool = False) -> Twin:
    """Make a pooling of pairs of positions, weighted by a softmax."""
    dense, softmax = linear(weights), nn.Softmax(dim=2)
    (times,) = module_list(1, TIMES, helped)

    def call(z: Tensor) -> Tensor:
        shares = softmax(dense(z).unflatten(1, (10, 2)))
        return times(z.unflatten(1, (10, 2)), shares).sum(2)

    return Twin(on_last(call), kept([dense, softmax, times]))


def layer_norm(weights: Weights) -> Twin:
    """Make nn.LayerNorm over channels."""
    module = fill(nn.LayerNorm(6, eps=1e-3), weight=weights[0], bias=weights[1])
    return Twin(on_last(module), [module])


def group_norm(weights: Weights, helped: bool = False) -> Twin:
    """Make nn.GroupNorm."""
    module = fill(nn.GroupNorm(2, 6, eps=1e-3), weight=weights[0], bias=weights[1])
    rules = {nn.GroupNorm: integrated_gradients_op(QUADRATURE)} if helped else {}
    return Twin(module, [module], rules)


def rms_norm(weights: Weights) -> Twin:
    """Make nn.RMSNorm over channels."""
    module = fill(nn.RMSNorm(6, eps=1e-6), weight=weights[0])
    return Twin(on_last(module), [module])


def batch_norm(weights: Weights) -> Twin:
    """Make nn.BatchNorm1d."""
    names = ("weight", "bias", "running_mean", "running_var")
    module = fill(nn.BatchNorm1d(6, eps=1e-3), **dict(zip(names, weights, strict=True)))
    return Twin(module, [module])


def log_sum_exp_pair(weights: Weights, helped: bool = False) -> Twin:
    """Make the logsumexp of two halves of the channels."""

    def call(pair: Tensor) -> Tensor:
        return torch.logsumexp(pair, dim=-1)

    inner = Whole(call) if helped else call
    return Twin(
        lambda x: inner(torch.stack([x[:, :3], x[:, 3:]], dim=-1)),
        kept([inner]),
        dict(INTEGRATED) if helped else {},
    )


def separable(weights: Weights) -> list[nn.Module]:
    """Make a depthwise and a pointwise convolution."""
    return [nn.ReLU(), depthwise(weights[:1], None), conv1d(weights[1:])]


def transposed(weights: Weights) -> list[nn.Module]:
    """Make nn.ConvTranspose1d from a kernel (width, out, in)."""
    kernel, bias = weights
    module = nn.ConvTranspose1d(6, 4, 3, stride=2)
    return [nn.ReLU(), fill(module, weight=kernel.transpose(2, 1, 0), bias=bias)]


def residual(weights: Weights) -> Twin:
    """Make three dilated layers with residual additions."""
    layers = [conv1d(weights[2 * i : 2 * i + 2], padding="same", dilation=2**i) for i in range(3)]
    relus = [nn.ReLU() for _ in layers]

    def call(x: Tensor) -> Tensor:
        for layer, relu in zip(layers, relus, strict=True):
            x = x + relu(layer(x))
        return x

    return Twin(call, [*layers, *relus])


def conv2d(weights: Weights) -> Twin:
    """Make nn.Conv2d on (N, 1, 24, 4)."""
    kernel, bias = weights
    module = fill(nn.Conv2d(1, 5, (5, 4)), weight=kernel.transpose(3, 2, 0, 1), bias=bias)
    relu = nn.ReLU()
    return Twin(lambda x: relu(module(x.transpose(1, 2).unsqueeze(1))), [module, relu])


def branches(weights: Weights) -> Twin:
    """Make the concatenation of two branches."""
    convolution, relu = conv1d(weights), nn.ReLU()
    return Twin(lambda x: torch.cat([x, relu(convolution(x))], dim=1), [convolution, relu])


def reverse_complement(weights: Weights) -> Twin:
    """Make the mean over both strands, through the same modules."""
    convolution, relu, pool = conv1d(weights[:2]), nn.ReLU(), nn.MaxPool1d(20)
    dense = linear(weights[2:])

    def arm(x: Tensor) -> Tensor:
        return dense(pool(relu(convolution(x))).flatten(1))

    return Twin(lambda x: (arm(x) + arm(x.flip(1, 2))) / 2, [convolution, relu, pool, dense])


def lstm(weights: Weights) -> Twin:
    """Make nn.LSTM with its last state as the output."""
    module = nn.LSTM(6, 3, batch_first=True)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0")
    fill(module, **dict(zip(names, (w.T for w in weights), strict=True)))
    fill(module, bias_hh_l0=np.zeros(12, np.float32))
    return Twin(lambda x: module(x.transpose(1, 2))[0][:, -1], [module])


def lstm_unrolled(weights: Weights, helped: bool = False) -> Twin:
    """Make the LSTM step by step, with separate modules for each step."""
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

    return Twin(call, [inputs, states, *sigmoids, *tanhs, *kept(times)])


def embedding(weights: Weights) -> Twin:
    """Make nn.Embedding of the bases' indices."""
    module = fill(nn.Embedding(4, 6), weight=weights[0])
    return Twin(lambda x: module(x.argmax(1)).transpose(1, 2), [module])
