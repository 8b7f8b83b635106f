"""The counts of a network in PyTorch, with every sum as a module, as LRP needs them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from benchmarks.attribution.network import Network
from benchmarks.attribution.twin import weighted

TOLERANCE = 1e-4  # of the counts in float64, against those of Keras


class Total(nn.Module):
    """A sum of tensors, or over the last axis of one."""

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Add up the inputs."""
        return sum(inputs) if len(inputs) > 1 else inputs[0].sum(dim=-1, keepdim=True)


class Counts(nn.Module):
    """The log-counts of all strands, (N, strands), of sequences (N, 4, L); in float64.

    Parameters
    ----------
    folder
        Where network.json and weights.npz are.
    sums
        Makes the modules that add tensors up.

    Attributes
    ----------
    relu
        Name of a layer -> its ReLU, in the order of computation.
    """

    def __init__(self, folder: Path, sums: Callable[[], nn.Module] = Total) -> None:
        super().__init__()
        network, weights = Network.read(folder / "network.json"), np.load(folder / "weights.npz")
        self.sequence, self.layers = network.sequence, network.before(["counts"])
        self.made, self.relu = nn.ModuleDict(), nn.ModuleDict()
        for layer in self.layers:
            if layer.kind in ("Conv1D", "Dense"):
                kernel, bias = (weights[f"{layer.name}/{what}"] for what in ("kernel", "bias"))
                self.made[layer.name] = weighted(layer, kernel, bias)
            elif layer.kind == "Add":
                self.made[layer.name] = sums()
            elif layer.kind == "GlobalAveragePooling1D":
                self.made[layer.name] = nn.AdaptiveAvgPool1d(1)
            if layer.relu:
                self.relu[layer.name] = nn.ReLU()
        self.double().eval()
        self._check(folder)

    def _check(self, folder: Path) -> None:
        """Compare the counts of the first window with those of Keras."""
        x = torch.from_numpy(np.load(folder / "sequences.npy")[:1].astype(float)).mT
        with torch.no_grad():
            found = self(x).numpy()
        expected = np.load(folder / "expected.npz")["counts"]
        np.testing.assert_allclose(found, expected, rtol=TOLERANCE)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the log-counts."""
        values = {self.sequence: x}
        for layer in self.layers:
            y = self.made[layer.name](*(values[name] for name in layer.inputs))
            y = y.flatten(1) if layer.kind == "GlobalAveragePooling1D" else y
            values[layer.name] = self.relu[layer.name](y) if layer.relu else y
        return values[self.layers[-1].name]
