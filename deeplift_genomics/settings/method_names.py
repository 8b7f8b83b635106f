"""Other names of methods, by which users look for them, and the nearest method to a name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# name in papers and in other programs, as `_plain` writes it -> method
OTHER_NAMES = {
    "deconvnet": "deconvolution",
    "deepshap": "deeplift",
    "featureablation": "occlusion",
    "gradienttimesinput": "gradient_x_input",
    "gradientshap": "expected_gradients",
    "gradxinput": "gradient_x_input",
    "guidedbackprop": "guided_backpropagation",
    "ig": "integrated_gradients",
    "inputxgradient": "gradient_x_input",
    "ism": "in_silico_mutagenesis",
    "layerwiserelevancepropagation": "lrp",
    "mutagenesis": "in_silico_mutagenesis",
    "rollout": "attention_rollout",
    "saliency": "gradient",
    "saturationmutagenesis": "in_silico_mutagenesis",
    "shap": "kernel_shap",
    "vanillagradient": "gradient",
}


def nearest_method(name: str, methods: Iterable[str]) -> str | None:
    """Return the method that a name is most like, or another name of it; None if none is.

    >>> methods = ["gradient", "grad_cam", "in_silico_mutagenesis"]
    >>> [nearest_method(name, methods) for name in ("Grad-CAM", "ISM", "saliency map", "x")]
    ['grad_cam', 'in_silico_mutagenesis', 'gradient', None]
    """
    names = {_plain(method): method for method in methods}
    names |= {other: method for other, method in OTHER_NAMES.items() if method in names.values()}
    near = get_close_matches(_plain(name), names, n=1)
    return names[near[0]] if near else None


def _plain(name: str) -> str:
    """Return the letters of a name, in lower case."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
