"""Write expected.json: relevances of unit 1 by zennit, on the network of `network.py`.

Run once, in an environment of its own (zennit is GPL-3.0 and is only run, never copied):

    python -m venv zennit && zennit/bin/pip install zennit==0.5.1 torch numpy
    zennit/bin/python -m tests.attribution.zennit.make_expected
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from zennit.attribution import Gradient
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.composites import SpecialFirstLayerMapComposite
from zennit.rules import AlphaBeta, Epsilon, Flat, Gamma, Norm, Pass, ZPlus
from zennit.types import Activation, AvgPool

from tests.attribution.zennit.network import EPSILON, NORMALISED, weights, windows

# name -> rules of convolutions, of dense layers, and of the first layer, if it has its own
CASES = {
    "epsilon": (Epsilon(1e-6), Epsilon(1e-6), None),
    "large epsilon": (Epsilon(0.25), Epsilon(0.25), None),
    "gamma": (Gamma(0.25, 1e-6), Gamma(0.25, 1e-6), None),
    "alpha_beta": (AlphaBeta(2, 1, 1e-6), AlphaBeta(2, 1, 1e-6), None),
    "z_plus": (ZPlus(1e-6), Epsilon(1e-6), None),
    "flat": (ZPlus(1e-6), Epsilon(1e-6), Flat(1e-6)),
}


def network() -> nn.Module:
    """Build the network with its weights."""
    given = {name: torch.tensor(values) for name, values in weights().items()}

    def with_weights(layer: nn.Module, name: str) -> list[nn.Module]:
        kernel = given[f"{name}/kernel"]
        layer.weight.data = kernel.permute(*reversed(range(kernel.ndim))).contiguous()
        layer.bias.data = given[f"{name}/bias"]
        if name not in NORMALISED:
            return [layer]
        # zennit leaves epsilon in the normalisation that it merges, so it is part of the variance
        norm = nn.BatchNorm1d(NORMALISED[name], eps=0)
        norm.weight.data, norm.bias.data = given[f"{name}/gamma"], given[f"{name}/beta"]
        norm.running_mean = given[f"{name}/mean"]
        norm.running_var = given[f"{name}/variance"] + EPSILON
        return [layer, norm]

    class PositionsFirst(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.permute(0, 2, 1)

    layers = [
        *with_weights(nn.Conv1d(4, 5, 4), "conv_1"),
        nn.ReLU(),
        *with_weights(nn.Conv1d(5, 4, 3, dilation=2), "conv_2"),
        nn.ReLU(),
        nn.AvgPool1d(2),
        PositionsFirst(),
        nn.Flatten(),
        *with_weights(nn.Linear(12, 6), "dense_1"),
        nn.ReLU(),
        *with_weights(nn.Linear(6, 2), "dense_2"),
    ]
    return nn.Sequential(*layers).double().eval()


def main() -> None:
    """Write the relevances of all cases, (windows, L, 4) each."""
    x = torch.tensor(windows()).permute(0, 2, 1)
    found = {}
    for name, (convolution, dense, first) in CASES.items():
        kinds = [
            (Activation, Pass()),
            (AvgPool, Norm(1e-6)),
            (nn.Conv1d, convolution),
            (nn.Linear, dense),
        ]
        own = [] if first is None else [(nn.Conv1d, first)]
        composite = SpecialFirstLayerMapComposite(
            kinds, own, canonizers=[SequentialMergeBatchNorm()]
        )
        with Gradient(network(), composite) as attributor:
            unit = torch.eye(2).double()[[1] * len(x)]
            _, relevance = attributor(x.clone(), lambda output, unit=unit: output * unit)
        found[name] = np.round(relevance.permute(0, 2, 1).detach().numpy(), 9).tolist()
    path = Path(__file__).parent / "expected.json"
    path.write_text(json.dumps(found) + "\n", "utf-8")


if __name__ == "__main__":
    main()
