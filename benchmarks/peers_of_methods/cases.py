"""What is compared: a method with its settings, the same for all programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHUFFLES = 4
# samples of stochastic methods, for each window and reference
GROWING = (50, 500, 5000)
LIME_WIDTH = 0.25


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
        What is compared: "hypothetical" (N, L, 4), "contributions" (N, L, 4), or "positions" (N, L),
        which are also contributions summed over bases.
    samples
        Numbers of samples to try, for methods whose scores are random.
    """

    method: str
    options: Mapping[str, Any] = field(default_factory=dict)
    references: str = ""
    view: str = "contributions"
    samples: tuple[int, ...] = ()

    @property
    def levels(self) -> dict[str, dict[str, Any]]:
        """Level -> options, a level for each number of samples."""
        if not self.samples:
            return {"": dict(self.options)}
        return {str(number): {**self.options, "samples": number} for number in self.samples}


def _lrp(**options: Any) -> Case:
    return Case("lrp", {"epsilon": 1e-9, **options})


def _path(quadrature: str, steps: int, references: str) -> Case:
    options = {"quadrature": quadrature, "steps": steps}
    return Case("integrated_gradients", options, references, "positions")


def _smooth(form: str) -> Case:
    return Case("smoothgrad", {"form": form, "sigma": 0.15}, view="hypothetical", samples=GROWING)


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
    "expected_gradients": Case("expected_gradients", {}, "shuffles", "positions", GROWING),
    "smoothgrad, mean": _smooth("mean"),
    "smoothgrad, squared": _smooth("squared"),
    "smoothgrad, variance": _smooth("variance"),
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
    "lime": _surrogate("lime", "zeros", 20, GROWING),
    "kernel_shap, exact": _surrogate("kernel_shap", "shuffle", 100, ()),
    "kernel_shap, zeros": _surrogate("kernel_shap", "zeros", 20, GROWING),
    "kernel_shap, shuffle": _surrogate("kernel_shap", "shuffle", 20, GROWING),
}


def read_sequences(folder: Path, number: int) -> tuple[NDArray, NDArray]:
    """Return the first windows (N, L, 4) and their shuffles (N, R, L, 4), in float64."""
    windows, shuffles = (np.load(folder / f"{name}.npy") for name in ("sequences", "references"))
    return windows[:number].astype(float), shuffles[:number, :SHUFFLES].astype(float)


def references_of(case: Case, windows: NDArray, shuffles: NDArray) -> NDArray | None:
    """Return the references of a case, (N, R, L, 4)."""
    if not case.references:
        return None
    return {
        "shuffles": shuffles,
        "shuffle": shuffles[:, :1],
        "zeros": np.zeros_like(windows[:, None]),
    }[case.references]


def by_segment(scores: NDArray, case: Case) -> NDArray:
    """Spread scores of segments (N, K) evenly over their bases, (N, L)."""
    length = case.options["segment"]
    return np.repeat(scores, length, axis=1) / length
