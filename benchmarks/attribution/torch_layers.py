"""Layers of the twin that consist of several operations, for programs that hook modules."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.attribution.network import Layer


class Exp(nn.Module):
    """The exponential as a module."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the exponential."""
        return torch.exp(x)


class Log(nn.Module):
    """The logarithm as a module."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the logarithm."""
        return torch.log(x)


class LogSumExp(nn.Module):
    """The logarithm of the sum of exponentials over channels: (N, C) -> (N, 1)."""

    def __init__(self) -> None:
        super().__init__()
        self.exp, self.log = Exp(), Log()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute it from modules."""
        return self.log(self.exp(x).sum(dim=-1, keepdim=True))


class Norm(nn.Module):
    """Layer normalisation over channels: (N, C, L) -> (N, C, L)."""

    def __init__(self, gamma: np.ndarray, beta: np.ndarray) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(len(gamma), eps=1e-3)
        self.norm.weight.data, self.norm.bias.data = map(torch.from_numpy, (gamma, beta))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalise the channels of each position."""
        return self.norm(x.transpose(1, 2)).transpose(1, 2)


class Attention(nn.Module):
    """Multi-head self-attention: (N, C, L) -> (N, C, L).

    Its products are tangermeme's modules, as tangermeme asks; other programs have none.
    """

    def __init__(self, layer: Layer, weights: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        from tangermeme.deep_lift_shap import BilinearOp

        self.heads, self.key = layer.attention
        joined = self.heads * self.key
        self.inner = nn.ModuleList()
        for part in ("query", "key", "value"):
            kernel = weights[f"{layer.name}/{part}/kernel"].reshape(-1, joined)
            self.inner.append(linear(kernel, weights[f"{layer.name}/{part}/bias"].reshape(-1)))
        name = f"{layer.name}/attention_output"
        self.outer = linear(weights[f"{name}/kernel"].reshape(joined, -1), weights[f"{name}/bias"])
        self.softmax, self.scores, self.values = nn.Softmax(dim=-1), BilinearOp(), BilinearOp()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Attend to all positions."""
        x = x.transpose(1, 2)
        query, key, value = (
            part(x).unflatten(-1, (self.heads, self.key)).transpose(1, 2) for part in self.inner
        )
        shares = self.softmax(self.scores(query, key.transpose(-1, -2)) / self.key**0.5)
        found = self.values(shares, value).transpose(1, 2).flatten(2)
        return self.outer(found).transpose(1, 2)


class EachPosition(nn.Module):
    """A dense layer for each position: (N, C, L) -> (N, D, L)."""

    def __init__(self, dense: nn.Module) -> None:
        super().__init__()
        self.dense = dense

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Apply the layer to the channels of each position."""
        return self.dense(x.transpose(1, 2)).transpose(1, 2)


def linear(kernel: np.ndarray, bias: np.ndarray) -> nn.Linear:
    """Make a dense layer from Keras's weights."""
    made = nn.Linear(*kernel.shape)
    made.weight.data = torch.from_numpy(np.ascontiguousarray(kernel.T))
    made.bias.data = torch.from_numpy(np.ascontiguousarray(bias))
    return made


def rules() -> dict[type, Any]:
    """Return `additional_nonlinear_ops` of tangermeme for the modules here."""
    from tangermeme.deep_lift_shap import _nonlinear

    return {Exp: _nonlinear, Log: _nonlinear}
