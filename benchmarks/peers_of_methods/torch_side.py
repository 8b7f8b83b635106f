"""The scores of PyTorch's programs: ``python -m benchmarks.peers_of_methods.torch_side FOLDER ...``.

After FOLDER come the number of windows and the cases. It writes captum.npz and zennit.npz to FOLDER,
with a name for each case and level. Tensors are (N, 4, L), channels first.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import captum.attr
import numpy as np
import torch
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr._core.lime import get_exp_kernel_similarity_function
from numpy.typing import NDArray

from benchmarks.attribution import twin
from benchmarks.peers_of_methods.cases import (
    CASES,
    Case,
    by_segment,
    read_sequences,
    references_of,
)
from benchmarks.peers_of_methods.relevance import by_captum, by_zennit

BATCH = 64
BASES = 4


class Given:
    """A network, and the sequences of a case.

    Attributes
    ----------
    folder
        Where the network is.
    model
        (N, 4, L) -> counts, (N, 1).
    x
        (N, 4, L).
    references
        (N, R, 4, L), or None.
    """

    def __init__(self, folder: Path, case: Case, number: int) -> None:
        windows, shuffles = read_sequences(folder, number)
        self.folder = folder
        self.model = twin.load(folder)["counts"].double()
        self.x = torch.from_numpy(windows).mT.contiguous()
        references = references_of(case, windows, shuffles)
        if references is not None:
            self.references = torch.from_numpy(references).mT.contiguous()

    def over_references(self, explain: Callable[..., torch.Tensor]) -> torch.Tensor:
        """Return the mean over references of what a function makes of windows and baselines."""
        found = [explain(self.x, self.references[:, k]) for k in range(self.references.shape[1])]
        return torch.stack(found).mean(dim=0)


# case -> function of (what is given, case, options), which returns (N, 4, L) or (N, L)
Explain = Callable[[Given, Case, dict[str, Any]], torch.Tensor]
METHODS: dict[str, Explain] = {}


def named(*labels: str) -> Callable[[Explain], Explain]:
    """Enter a function in `METHODS` for cases."""

    def enter(function: Explain) -> Explain:
        METHODS.update(dict.fromkeys(labels, function))
        return function

    return enter


@named("deeplift")
def deeplift(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return DeepLIFT, averaged over references."""
    explainer = captum.attr.DeepLift(given.model)
    return given.over_references(lambda x, r: explainer.attribute(x, baselines=r)).sum(dim=1)


@named("gradient")
def gradient(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return gradients with their sign."""
    return captum.attr.Saliency(given.model).attribute(given.x, abs=False)


@named("gradient_x_input")
def gradient_x_input(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return gradient times input."""
    return captum.attr.InputXGradient(given.model).attribute(given.x)


@named("integrated_gradients, Gauss-Legendre", "integrated_gradients, Riemann")
def integrated(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return integrated gradients, averaged over references."""
    explainer = captum.attr.IntegratedGradients(given.model)
    name = {"gauss_legendre": "gausslegendre", "riemann": "riemann_right"}[options["quadrature"]]
    more = {"n_steps": options["steps"], "method": name}
    found = given.over_references(lambda x, r: explainer.attribute(x, baselines=r, **more))
    return found.sum(dim=1)


@named("expected_gradients")
def expected(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return GradientSHAP without noise; its samples are of all references together."""
    torch.manual_seed(1)
    number = options["samples"] * given.references.shape[1]
    explainer = captum.attr.GradientShap(given.model)
    found = []
    for x, r in zip(given.x, given.references, strict=True):
        parts = [BATCH] * (number // BATCH) + [number % BATCH] * (number % BATCH > 0)
        total = sum(
            n * explainer.attribute(x[None], baselines=r, n_samples=n, stdevs=0.0) for n in parts
        )
        found.append(total[0].sum(dim=0) / number)
    return torch.stack(found)


@named("smoothgrad, mean", "smoothgrad, squared", "smoothgrad, variance")
def smooth(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return one of the forms of SmoothGrad."""
    torch.manual_seed(1)
    kinds = {"mean": "smoothgrad", "squared": "smoothgrad_sq", "variance": "vargrad"}
    return captum.attr.NoiseTunnel(captum.attr.Saliency(given.model)).attribute(
        given.x,
        nt_type=kinds[options["form"]],
        nt_samples=options["samples"],
        nt_samples_batch_size=BATCH,
        stdevs=options["sigma"],
        abs=False,
    )


@named("guided_backpropagation", "deconvolution")
def other_relu(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return gradients with another rule for ReLU."""
    guided = case.method == "guided_backpropagation"
    kind = captum.attr.GuidedBackprop if guided else captum.attr.Deconvolution
    return kind(given.model).attribute(given.x)


@named("grad_cam")
def grad_cam(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return Grad-CAM of the last convolution that the counts depend on."""
    inner = given.model.twin
    names = {layer.name for layer in inner.layers if layer.kind == "Conv1D" and layer.relu}
    last = [name for name in inner.relu if name in names][-1]
    explainer = captum.attr.LayerGradCam(given.model, inner.relu[last])
    return explainer.attribute(given.x, relu_attributions=True)[:, 0]


@named("in_silico_mutagenesis")
def mutagenesis(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return effects of bases, from the ablation of each position by each base."""
    explainer, x = captum.attr.FeatureAblation(given.model), given.x
    positions = torch.arange(x.shape[2]).expand(1, BASES, -1)
    lost = []
    for base in range(BASES):
        mutant = torch.zeros_like(x[:1])
        mutant[:, base] = 1
        found = [
            explainer.attribute(
                one[None], baselines=mutant, feature_mask=positions, perturbations_per_eval=BATCH
            )
            for one in x
        ]
        lost.append(torch.cat(found)[:, 0])
    effects = -torch.stack(lost, dim=1)
    return effects - effects.mean(dim=1, keepdim=True)


@named("occlusion, zeros", "occlusion, zeros, overlapping", "occlusion, references")
def occlusion(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return occlusion by zeros, or by the bases of references."""
    explainer = captum.attr.Occlusion(given.model)

    def explain(x: torch.Tensor, baselines: torch.Tensor | float) -> torch.Tensor:
        return explainer.attribute(
            x,
            sliding_window_shapes=(BASES, options["length"]),
            strides=(BASES, options["stride"]),
            baselines=baselines,
        )[:, 0]

    return given.over_references(explain) if case.references else explain(given.x, 0.0)


def each(given: Given, case: Case, explainer: Any, **more: Any) -> torch.Tensor:
    """Return scores (N, L) of an explainer that takes segments, with the first reference."""
    length = given.x.shape[2]
    segments = torch.arange(length).expand(1, BASES, -1) // case.options["segment"]
    found = [
        explainer.attribute(
            x[None],
            baselines=r[:1],
            feature_mask=segments,
            perturbations_per_eval=BATCH,
            **more,
        )
        for x, r in zip(given.x, given.references, strict=True)
    ]
    of_segments = torch.cat(found)[:, 0, :: case.options["segment"]]
    return torch.from_numpy(by_segment(of_segments.double().numpy(), case))


@named("lime")
def lime(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return LIME; captum's kernel has 2 width^2 where ours has width^2."""
    torch.manual_seed(1)
    explainer = captum.attr.Lime(
        given.model,
        interpretable_model=SkLearnRidge(alpha=options["penalty"]),
        similarity_func=get_exp_kernel_similarity_function("cosine", options["width"] / 2**0.5),
    )
    return each(given, case, explainer, n_samples=options["samples"])


@named("kernel_shap, exact")
def shapley(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return exact Shapley values, from all orders of the segments."""
    return each(given, case, captum.attr.ShapleyValues(lambda x: given.model(x)[:, 0]))


@named("kernel_shap, shuffle", "kernel_shap, zeros")
def kernel_shap(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return KernelSHAP."""
    torch.manual_seed(1)
    explainer = captum.attr.KernelShap(given.model)
    return each(given, case, explainer, n_samples=options["samples"])


@named("lrp, epsilon", "lrp, large epsilon")
def lrp(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return relevances by the rule epsilon."""
    return by_captum(given.folder, options["epsilon"], given.x)


def lrp_of_zennit(given: Given, case: Case, options: dict) -> torch.Tensor:
    """Return relevances by zennit, whose rule flat spreads a position's over all four bases."""
    rules = options.get("input", options["convolution"])
    found = by_zennit(given.folder, rules, options["epsilon"], given.x)
    return found.sum(dim=1, keepdim=True) * given.x if rules == "flat" else found


def scores(given: Given, case: Case, options: dict, explain: Explain) -> NDArray:
    """Return scores as ours are, bases last."""
    found = explain(given, case, options).detach().numpy()
    return found.swapaxes(1, 2) if found.ndim == 3 else found


def main() -> None:
    """Score the windows with those of the cases that the programs have."""
    folder, number, labels = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    zennit = {label: lrp_of_zennit for label in labels if CASES[label].method == "lrp"}
    for program, methods in (("captum", METHODS), ("zennit", zennit)):
        found = {}
        for label in labels:
            if label in methods:
                case = CASES[label]
                for level, options in case.levels.items():
                    given = Given(folder, case, number)  # hooks of one method never meet another
                    found[f"{label}/{level}"] = scores(given, case, options, methods[label])
                print(f"{program}: {label}", file=sys.stderr, flush=True)
        np.savez(folder / f"{program}.npz", **found)


if __name__ == "__main__":
    main()
