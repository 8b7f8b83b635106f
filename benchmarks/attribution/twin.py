"""The same network in PyTorch, and the scalars that are explained.

As in practice with these peers, a wrapper computes the whole network and selects one head.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import nn

from benchmarks.attribution.network import Layer, Network
from benchmarks.attribution.torch_layers import Attention, EachPosition, LogSumExp, Norm, linear


class Twin(nn.Module):
    """The network: (N, 4, L) -> {head: (N, positions, strands), (N, positions) or (N, 1)}."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        network = Network.read(folder / "network.json")
        weights = np.load(folder / "weights.npz")
        self.sequence, self.layers, self.heads = network.sequence, network.layers, network.heads
        self.modules_of, self.relu = nn.ModuleDict(), nn.ModuleDict()
        for layer in self.layers:
            made = module(layer, weights)
            if made is not None:
                self.modules_of[layer.name] = made
            if layer.relu:
                self.relu[layer.name] = nn.ReLU()  # one each: captum stores values on it
        self.last_use = {name: layer.name for layer in self.layers for name in layer.inputs}
        self.eval()

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """Compute both heads."""
        values = {self.sequence: x}
        for layer in self.layers:
            values[layer.name] = self._output(layer, [values[name] for name in layer.inputs])
            for name in layer.inputs:
                if self.last_use[name] == layer.name:
                    values.pop(name, None)
        found = {head: values[name] for head, name in self.heads.items()}
        return {head: y.transpose(1, 2) if y.ndim == 3 else y for head, y in found.items()}

    def _output(self, layer: Layer, inputs: list[torch.Tensor]) -> torch.Tensor:
        x = inputs[0]
        if layer.kind == "Cropping1D":
            return x[:, :, layer.crop[0] : x.shape[2] - layer.crop[1]]
        if layer.kind == "Add":
            for other in inputs[1:]:
                x = x + other
            return x
        if layer.kind == "Concatenate":
            return torch.cat(inputs, dim=1)
        if layer.kind == "GlobalAveragePooling1D":
            return x.mean(dim=2)
        if layer.kind == "Flatten":
            return x.transpose(1, 2).flatten(1)
        x = self.modules_of[layer.name](x)
        return self.relu[layer.name](x) if layer.relu else x


def module(layer: Layer, weights: Mapping[str, np.ndarray]) -> nn.Module | None:
    """Make the module of a layer; None for a layer that is a function without a rule."""
    if layer.kind in ("Conv1D", "Dense"):
        kernel, bias = (weights[f"{layer.name}/{what}"] for what in ("kernel", "bias"))
        made = weighted(layer, kernel, bias)
        return EachPosition(made) if layer.kind == "Dense" and layer.length > 1 else made
    if layer.kind == "LayerNormalization":
        return Norm(*(weights[f"{layer.name}/{what}"] for what in ("gamma", "beta")))
    if layer.kind == "MultiHeadAttention":
        return Attention(layer, weights)
    if layer.kind == "MaxPooling1D":
        return nn.MaxPool1d(layer.pool)
    return {"ReLU": nn.ReLU, "Logsumexp": LogSumExp}.get(layer.kind, lambda: None)()


def weighted(layer: Layer, kernel: np.ndarray, bias: np.ndarray) -> nn.Module:
    """Make the module of a convolution or dense layer from Keras's weights."""
    if layer.kind == "Dense":
        return linear(kernel, bias)
    width, channels, filters = kernel.shape
    made = nn.Conv1d(channels, filters, width, dilation=layer.dilation, padding=layer.padding)
    turned = kernel.transpose(2, 1, 0)
    made.weight.data = torch.from_numpy(np.ascontiguousarray(turned))
    made.bias.data = torch.from_numpy(bias)
    return made


class Counts(nn.Module):
    """The log-counts, strands summed: (N, 1)."""

    def __init__(self, twin: Twin) -> None:
        super().__init__()
        self.twin = twin

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the scalar to explain."""
        return self.twin(x)["counts"].sum(dim=1, keepdim=True)


class Task(nn.Module):
    """The first of several outputs: (N, 1)."""

    def __init__(self, twin: Twin) -> None:
        super().__init__()
        self.twin = twin

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the scalar to explain."""
        return self.twin(x)["task"][:, :1]


class Profile(nn.Module):
    """The sum of w lc with w = (softmax(lc(x)) + softmax(lc(r))) / 2 held fixed: (N, 1).

    The peers call it on batches of windows followed by their references; the two halves give the
    weights of each pair.
    """

    def __init__(self, twin: Twin) -> None:
        super().__init__()
        self.twin = twin

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the scalar to explain."""
        logits = self.twin(x)["profile"].flatten(1)
        centred = logits - logits.mean(dim=1, keepdim=True)
        window, reference = torch.softmax(centred.detach(), dim=1).chunk(2)
        weights = ((window + reference) / 2).repeat(2, 1)
        return (weights * centred).sum(dim=1, keepdim=True)


SCALARS = {"counts": Counts, "profile": Profile, "task": Task}


def load(folder: Path) -> dict[str, nn.Module]:
    """Return head -> the scalar to explain, after comparing the twin's outputs with Keras's.

    Raises
    ------
    ValueError
        If an output differs from that of Keras by more than 1e-4 of the largest.
    """
    window = torch.from_numpy(np.load(folder / "sequences.npy")[:1].astype(np.float32))
    expected = np.load(folder / "expected.npz")
    twin = Twin(folder)
    with torch.no_grad():
        found = {head: y.numpy() for head, y in twin(window.transpose(1, 2)).items()}
    for head, y in found.items():
        wrong = np.abs(y - expected[head]).max() / np.abs(expected[head]).max()
        if not (y.shape == expected[head].shape and wrong < 1e-4):
            raise ValueError(f"the twin's {head} differ from those of Keras by {wrong:.2g}")
    return {head: SCALARS[head](twin) for head in found}
