"""What is compared: a method with its settings, the same for all programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHUFFLES = 4
# samples of stochastic methods, for each window; each of its shuffles has a quarter of them
GROWING = (20, 200)
QUARTERS = tuple(number // SHUFFLES for number in GROWING)
# of methods of segments, which need more samples than there are segments
SEGMENTED = (200, 2000)
LIME_WIDTH = 0.25
NOISE = {"sigma": 0.15}


@dataclass(frozen=True)
class Case:
    """A method with settings.

    Attributes
    ----------
    method, options
        As `attribute` takes them.
    references
        "shuffles"; "shuffle", the first of them; "zeros"; or "" for none.
    view
        What is compared: "hypothetical" (N, L, 4), "contributions" (N, L, 4), or "positions", which
        are also contributions summed over bases (N, L).
    samples
        Numbers of samples to try, for methods whose scores are random, for each reference.
    """

    method: str
    options: Mapping[str, Any] = field(default_factory=dict)
    references: str = ""
    view: str = "contributions"
    samples: tuple[int, ...] = ()

    def levels(self, most: int) -> dict[str, dict[str, Any]]:
        """Return level -> options: a level for each number of samples up to `most`."""
        if not self.samples:
            return {"": dict(self.options)}
        tried = [number for number in self.samples if number <= most]
        return {str(number): {**self.options, "samples": number} for number in tried}


def _lrp(**options: Any) -> Case:
    return Case("lrp", {"epsilon": 1e-9, **options})


def _path(quadrature: str, steps: int, references: str) -> Case:
    options = {"quadrature": quadrature, "steps": steps}
    return Case("integrated_gradients", options, references, "positions")


def _smooth(form: str, samples: tuple[int, ...]) -> Case:
    return Case("smoothgrad", {**NOISE, "form": form}, view="hypothetical", samples=samples)


def _occlusion(by: str, stride: int) -> Case:
    references = "shuffles" if by == "reference" else ""
    return Case("occlusion", {"by": by, "length": 10, "stride": stride}, references, "positions")


def _surrogate(method: str, references: str, segment: int, samples: tuple[int, ...]) -> Case:
    more = {"width": LIME_WIDTH, "penalty": 1.0} if method == "lime" else {}
    return Case(method, {"segment": segment, **more}, references, "positions", samples)


# label -> what is compared
CASES: dict[str, Case] = {
    "deeplift": Case("deeplift", {}, "shuffles", "positions"),
    "gradient": Case("gradient", view="hypothetical"),
    "gradient_x_input": Case("gradient_x_input"),
    "integrated_gradients, Gauss-Legendre": _path("gauss_legendre", 20, "shuffles"),
    "integrated_gradients, Riemann": _path("riemann", 20, "shuffles"),
    "integrated_gradients, trapezoid": _path("trapezoid", 20, "zeros"),
    "expected_gradients": Case("expected_gradients", {}, "shuffles", "positions", QUARTERS),
    "smoothgrad, mean": _smooth("mean", GROWING),
    "smoothgrad, squared": _smooth("squared", GROWING),
    "smoothgrad, variance": _smooth("variance", GROWING),
    "smoothgrad, of gradient x input": Case(
        "smoothgrad", {**NOISE, "base": "gradient_x_input"}, "", "positions", GROWING
    ),
    "smoothgrad, of integrated gradients": Case(
        "smoothgrad",
        {**NOISE, "base": "integrated_gradients", "steps": 5},
        "shuffle",
        "positions",
        GROWING,
    ),
    "guided_backpropagation": Case("guided_backpropagation", view="hypothetical"),
    "deconvolution": Case("deconvolution", view="hypothetical"),
    "lrp, epsilon": _lrp(convolution="epsilon"),
    "lrp, large epsilon": _lrp(convolution="epsilon", epsilon=0.25),
    "lrp, gamma": _lrp(convolution="gamma", dense="gamma"),
    "lrp, alpha_beta": _lrp(convolution="alpha_beta", dense="epsilon"),
    "lrp, z_plus": _lrp(convolution="z_plus"),
    "lrp, flat": _lrp(convolution="z_plus", input="flat"),
    "grad_cam": Case("grad_cam", view="positions"),
    "in_silico_mutagenesis": Case("in_silico_mutagenesis", view="hypothetical"),
    "occlusion, zeros": _occlusion("unknown", 10),
    "occlusion, zeros, overlapping": _occlusion("unknown", 5),
    "occlusion, references": _occlusion("reference", 5),
    "lime": _surrogate("lime", "zeros", 20, SEGMENTED),
    "kernel_shap, all samples": _surrogate("kernel_shap", "shuffle", 100, ()),
    "kernel_shap, zeros": _surrogate("kernel_shap", "zeros", 20, SEGMENTED),
    "kernel_shap, shuffle": _surrogate("kernel_shap", "shuffle", 20, SEGMENTED),
}
