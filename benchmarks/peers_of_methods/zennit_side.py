"""The scores of zennit: ``python -m benchmarks.peers_of_methods.zennit_side FOLDER``."""

import torch
from numpy.typing import NDArray
from torch import nn

from benchmarks.peers_of_methods.cases import CASES
from benchmarks.peers_of_methods.sides import Question, answer
from benchmarks.peers_of_methods.torch_twin import Counts

# zennit imports torchvision, which does not import beside torch's build for CPUs unless these
# operations exist; nothing here uses them
_MISSING = torch.library.Library("torchvision", "FRAGMENT")
if torch.version.cuda is None:
    for name in ("nms", "qnms"):
        _MISSING.define(f"{name}(Tensor a, Tensor b, float c) -> Tensor")

from zennit.attribution import Gradient  # noqa: E402
from zennit.composites import SpecialFirstLayerMapComposite  # noqa: E402
from zennit.layer import Sum  # noqa: E402
from zennit.rules import AlphaBeta, Epsilon, Flat, Gamma, Norm, Pass, ZPlus  # noqa: E402
from zennit.types import Activation, AvgPool  # noqa: E402

# of sums and averages, which have no weights; ours has none there
STABILIZER = 1e-15


class Stacked(nn.Module):
    """A sum of tensors, as zennit knows it: over an axis of one."""

    def __init__(self) -> None:
        super().__init__()
        self.sum = Sum(-1)

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Add up the inputs."""
        return self.sum(torch.stack(inputs, dim=-1))


def lrp(question: Question) -> NDArray:
    """Return relevances; those by the rule flat are spread over the bases, and are gathered."""
    options, x = question.options, torch.from_numpy(question.windows).mT
    epsilon = options["epsilon"]
    rules = options.get("input", options["convolution"])
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
    with Gradient(Counts(question.folder, Stacked), composite) as attributor:
        found = attributor(x.clone(), lambda counts: counts)[1].mT.detach().numpy()
    return found.sum(axis=2, keepdims=True) * question.windows if rules == "flat" else found


if __name__ == "__main__":
    methods = {label: lrp for label, case in CASES.items() if case.method == "lrp"}
    answer("zennit", methods, ("zennit", "torch"))
