"""The scores of captum: ``python -m benchmarks.peers_of_methods.captum_side FOLDER``.

Tensors are (N, 4, L), channels first.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from captum import attr
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr._core.lime import get_exp_kernel_similarity_function
from captum.attr._utils.lrp_rules import EpsilonRule
from numpy.typing import NDArray
from torch import nn

from benchmarks.peers_of_methods.sides import Methods, Question, answer
from benchmarks.peers_of_methods.torch_twin import Counts, Total

BATCH, BASES = 64, 4
# of sums and averages in LRP, which have no weights; ours has none there
STABILIZER = 1e-15
METHODS = Methods()


def network(question: Question) -> nn.Sequential:
    """Build the network anew, (N, 4, L) -> (N, 1): hooks of one method never meet another."""
    return nn.Sequential(Counts(question.folder), Total())


def channels_first(sequences: NDArray) -> torch.Tensor:
    """Return a tensor (..., 4, L) of sequences (..., L, 4)."""
    return torch.from_numpy(sequences).mT.contiguous()


def scores(found: torch.Tensor) -> NDArray:
    """Return an array (N, L, 4) of a tensor (N, 4, L)."""
    return found.detach().mT.numpy()


def against(question: Question, explainer: Any, **settings: Any) -> NDArray:
    """Return scores of positions against the references, (N, L): their mean over references."""
    x, references = channels_first(question.windows), channels_first(question.references)
    found = [
        scores(explainer.attribute(x, baselines=references[:, k], **settings)).sum(axis=-1)
        for k in range(references.shape[1])
    ]
    return np.mean(found, axis=0)


@METHODS.named("deeplift")
def deeplift(question: Question) -> NDArray:
    """Return DeepLIFT, averaged over references."""
    return against(question, attr.DeepLift(network(question)))


@METHODS.named("gradient")
def gradient(question: Question) -> NDArray:
    """Return gradients with their sign."""
    x = channels_first(question.windows)
    return scores(attr.Saliency(network(question)).attribute(x, abs=False))


@METHODS.named("gradient_x_input")
def gradient_x_input(question: Question) -> NDArray:
    """Return gradient times input."""
    x = channels_first(question.windows)
    return scores(attr.InputXGradient(network(question)).attribute(x))


@METHODS.named("integrated_gradients, Gauss-Legendre", "integrated_gradients, Riemann")
def integrated_gradients(question: Question) -> NDArray:
    """Return integrated gradients, averaged over references."""
    names = {"gauss_legendre": "gausslegendre", "riemann": "riemann_right"}
    settings = {
        "n_steps": question.options["steps"],
        "method": names[question.options["quadrature"]],
    }
    return against(question, attr.IntegratedGradients(network(question)), **settings)


@METHODS.named("expected_gradients")
def expected_gradients(question: Question) -> NDArray:
    """Return GradientSHAP without noise, with as many samples of all references together."""
    torch.manual_seed(1)
    x, references = channels_first(question.windows), channels_first(question.references)
    explainer = attr.GradientShap(network(question))
    left, found = question.options["samples"] * references.shape[1], np.zeros(x.shape)
    number = left
    while left:
        some = min(left, BATCH)
        for row, (one, baselines) in enumerate(zip(x, references, strict=True)):
            mean = explainer.attribute(one[None], baselines=baselines, n_samples=some, stdevs=0.0)
            found[row] += mean[0].detach().numpy() * some / number
        left -= some
    return found.sum(axis=1)


def noisy(question: Question, explainer: Any, form: str = "smoothgrad", **more: Any) -> NDArray:
    """Return the maps of an explainer over noisy windows, put together."""
    torch.manual_seed(1)
    found = attr.NoiseTunnel(explainer).attribute(
        channels_first(question.windows),
        nt_type=form,
        nt_samples=question.options["samples"],
        nt_samples_batch_size=BATCH,
        stdevs=question.options["sigma"],
        **more,
    )
    return scores(found)


@METHODS.named("smoothgrad, mean", "smoothgrad, squared", "smoothgrad, variance")
def smoothgrad(question: Question) -> NDArray:
    """Return one of the forms of SmoothGrad."""
    forms = {"mean": "smoothgrad", "squared": "smoothgrad_sq", "variance": "vargrad"}
    form = forms[question.options["form"]]
    return noisy(question, attr.Saliency(network(question)), form, abs=False)


@METHODS.named("smoothgrad, of gradient x input")
def smooth_products(question: Question) -> NDArray:
    """Return noisy windows times gradients, summed over the bases of a position."""
    return noisy(question, attr.InputXGradient(network(question))).sum(axis=-1)


@METHODS.named("smoothgrad, of integrated gradients")
def smooth_paths(question: Question) -> NDArray:
    """Return integrated gradients from the first reference to noisy windows."""
    settings = {
        "baselines": channels_first(question.references)[:, 0],
        "n_steps": question.options["steps"],
        "method": "gausslegendre",
    }
    explainer = attr.IntegratedGradients(network(question))
    return noisy(question, explainer, **settings).sum(axis=-1)


@METHODS.named("guided_backpropagation")
def guided_backpropagation(question: Question) -> NDArray:
    """Return guided backpropagation."""
    x = channels_first(question.windows)
    return scores(attr.GuidedBackprop(network(question)).attribute(x))


@METHODS.named("deconvolution")
def deconvolution(question: Question) -> NDArray:
    """Return deconvolution."""
    x = channels_first(question.windows)
    return scores(attr.Deconvolution(network(question)).attribute(x))


@METHODS.named("lrp, epsilon", "lrp, large epsilon")
def lrp(question: Question) -> NDArray:
    """Return relevances by the rule epsilon."""
    model = network(question)
    for module in model.modules():
        if not isinstance(module, nn.ReLU) and not list(module.children()):
            has_weights = isinstance(module, nn.Conv1d | nn.Linear)
            module.rule = EpsilonRule(question.options["epsilon"] if has_weights else STABILIZER)
    return scores(attr.LRP(model).attribute(channels_first(question.windows)))


@METHODS.named("grad_cam")
def grad_cam(question: Question) -> NDArray:
    """Return Grad-CAM of the last convolution."""
    model = network(question)
    explainer = attr.LayerGradCam(model, list(model[0].relu.values())[-1])
    x = channels_first(question.windows)
    return explainer.attribute(x, relu_attributions=True)[:, 0].detach().numpy()


@METHODS.named("in_silico_mutagenesis")
def in_silico_mutagenesis(question: Question) -> NDArray:
    """Return effects of bases, from the ablation of each position by each base."""
    explainer, x = attr.FeatureAblation(network(question)), channels_first(question.windows)
    places = torch.arange(x.shape[2]).expand(1, BASES, -1)
    settings = {"feature_mask": places, "perturbations_per_eval": BATCH}
    effects = np.zeros(question.windows.shape)
    for base in range(BASES):
        mutant = torch.zeros_like(x[:1])
        mutant[:, base] = 1
        for row, one in enumerate(x):
            found = explainer.attribute(one[None], baselines=mutant, **settings)
            effects[row, :, base] = -found[0, 0].numpy()
    return effects - effects.mean(axis=2, keepdims=True)


@METHODS.named("occlusion, zeros", "occlusion, zeros, overlapping", "occlusion, references")
def occlusion(question: Question) -> NDArray:
    """Return occlusion by zeros, or by the bases of references."""
    explainer, x = attr.Occlusion(network(question)), channels_first(question.windows)
    settings = {
        "sliding_window_shapes": (BASES, question.options["length"]),
        "strides": (BASES, question.options["stride"]),
        "perturbations_per_eval": BATCH // len(x),
    }
    if question.references is not None:
        return against(question, explainer, **settings) / BASES  # each base has the score
    return scores(explainer.attribute(x, **settings))[..., 0]


def surrogate(question: Question, explainer: Any, **settings: Any) -> NDArray:
    """Return scores of an explainer of segments, with the first reference."""
    torch.manual_seed(1)
    x, references = channels_first(question.windows), channels_first(question.references)
    segments = torch.arange(x.shape[2]).expand(1, BASES, -1) // question.case.options["segment"]
    settings |= {"feature_mask": segments, "perturbations_per_eval": BATCH}
    found = [
        scores(explainer.attribute(one[None], baselines=baselines[:1], **settings))[0, :, 0]
        for one, baselines in zip(x, references, strict=True)
    ]
    return question.of_segments(np.array(found))


@METHODS.named("lime")
def lime(question: Question) -> NDArray:
    """Return LIME; captum's kernel has 2 width^2 where ours has width^2."""
    explainer = attr.Lime(
        network(question),
        interpretable_model=SkLearnRidge(alpha=question.options["penalty"]),
        similarity_func=get_exp_kernel_similarity_function(
            "cosine", question.options["width"] / 2**0.5
        ),
    )
    return surrogate(question, explainer, n_samples=question.options["samples"])


@METHODS.named("kernel_shap, all samples")
def shapley_values(question: Question) -> NDArray:
    """Return Shapley values from all orders of the segments."""
    model = network(question)
    flat: Callable[[torch.Tensor], torch.Tensor] = lambda x: model(x)[:, 0]  # noqa: E731
    return surrogate(question, attr.ShapleyValues(flat))


@METHODS.named("kernel_shap, zeros", "kernel_shap, shuffle")
def kernel_shap(question: Question) -> NDArray:
    """Return KernelSHAP."""
    explainer = attr.KernelShap(network(question))
    return surrogate(question, explainer, n_samples=question.options["samples"])


if __name__ == "__main__":
    answer("captum", METHODS, ("captum", "torch", "numpy", "scikit-learn"))
