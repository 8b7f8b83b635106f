"""The counts of a network in PyTorch, with every sum as a module, as LRP by zennit or captum needs.

zennit takes a sum over an axis of stacked tensors, captum a module of several inputs.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from benchmarks.attribution.network import Network
from benchmarks.attribution import twin

# zennit imports torchvision, whose build for GPUs does not import where torch is one for CPUs:
# none of these operations is used here
_MISSING = torch.library.Library("torchvision", "FRAGMENT")
try:
    import torchvision  # noqa: F401
except RuntimeError:
    for name in ("nms", "qnms"):
        _MISSING.define(f"{name}(Tensor a, Tensor b, float c) -> Tensor")

from captum.attr import LRP
from captum.attr._utils.lrp_rules import EpsilonRule
from zennit.attribution import Gradient
from zennit.composites import SpecialFirstLayerMapComposite
from zennit.layer import Sum
from zennit.rules import AlphaBeta, Epsilon, Flat, Gamma, Norm, Pass, ZPlus
from zennit.types import Activation, AvgPool


STABILIZER = 1e-9  # of sums and averages, which have no weights


class Stacked(nn.Module):
    """A sum of tensors, as zennit knows it."""

    def __init__(self) -> None:
        super().__init__()
        self.sum = Sum(-1)

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Add up the inputs."""
        return self.sum(torch.stack(inputs, dim=-1))


class Total(nn.Module):
    """A sum of tensors, or of the last axis of one."""

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Add up the inputs."""
        return sum(inputs) if len(inputs) > 1 else inputs[0].sum(dim=-1, keepdim=True)


class Counts(nn.Module):
    """The log-counts of all strands, (N, strands), of sequences (N, 4, L)."""

    def __init__(self, folder: Path, sums: type[nn.Module]) -> None:
        super().__init__()
        network, weights = Network.read(folder / "network.json"), np.load(folder / "weights.npz")
        self.sequence, self.layers = network.sequence, network.before(["counts"])
        self.made, self.relu = nn.ModuleDict(), nn.ModuleDict()
        for layer in self.layers:
            if layer.kind in ("Conv1D", "Dense"):
                kernel, bias = (weights[f"{layer.name}/{what}"] for what in ("kernel", "bias"))
                self.made[layer.name] = twin.weighted(layer, kernel, bias)
            elif layer.kind == "Add":
                self.made[layer.name] = sums()
            else:
                assert layer.kind == "GlobalAveragePooling1D"
                self.made[layer.name] = nn.AdaptiveAvgPool1d(1)
            if layer.relu:
                self.relu[layer.name] = nn.ReLU()
        self.double().eval()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the log-counts."""
        values = {self.sequence: x}
        for layer in self.layers:
            y = self.made[layer.name](*(values[name] for name in layer.inputs))
            y = y.flatten(1) if layer.kind == "GlobalAveragePooling1D" else y
            values[layer.name] = self.relu[layer.name](y) if layer.relu else y
        return values[self.layers[-1].name]


def by_zennit(folder: Path, rules: str, epsilon: float, x: torch.Tensor) -> torch.Tensor:
    """Return relevances (N, 4, L) by zennit."""
    convolution, dense, first = {
        "epsilon": (Epsilon(epsilon), Epsilon(epsilon), None),
        "gamma": (Gamma(0.25, epsilon), Gamma(0.25, epsilon), None),
        "alpha_beta": (AlphaBeta(2, 1, epsilon), Epsilon(epsilon), None),
        "z_plus": (ZPlus(epsilon), Epsilon(epsilon), None),
        "flat": (ZPlus(epsilon), Epsilon(epsilon), Flat(epsilon)),
    }[rules]
    kinds = [
        (Activation, Pass()),
        (Sum, Norm(STABILIZER)),
        (AvgPool, Norm(STABILIZER)),
        (nn.Conv1d, convolution),
        (nn.Linear, dense),
    ]
    own = [] if first is None else [(nn.Conv1d, first)]
    composite = SpecialFirstLayerMapComposite(kinds, own)
    with Gradient(Counts(folder, Stacked), composite) as attributor:
        return attributor(x.clone(), lambda output: output)[1].detach()


def by_captum(folder: Path, epsilon: float, x: torch.Tensor) -> torch.Tensor:
    """Return relevances (N, 4, L) by captum's rule epsilon; each sum of it is a layer."""
    model = nn.Sequential(Counts(folder, Total), Total()).double()
    for module in model.modules():
        if not list(module.children()) and not isinstance(module, nn.ReLU):
            has_weights = isinstance(module, nn.Conv1d | nn.Linear)
            module.rule = EpsilonRule(epsilon if has_weights else STABILIZER)
    return LRP(model).attribute(x.clone()).detach()
