"""Options of methods that look at a model's layers: LRP, Grad-CAM and attention."""

from __future__ import annotations

import math

from pydantic import model_validator

from deeplift_genomics.settings.method_options import Options
from deeplift_genomics.settings.setting import setting

_RULES_OF_LAYERS = ("epsilon", "gamma", "alpha_beta", "z_plus")


class LrpOptions(Options):
    """Options of `lrp`: the rules by kind of layer, and their numbers."""

    convolution: str = setting(
        "gamma",
        "name",
        "Rule of convolutions: `epsilon`, `gamma`, `alpha_beta` or `z_plus`.",
        names=_RULES_OF_LAYERS,
    )
    dense: str = setting(
        "epsilon", "name", "Rule of dense layers, one of the same.", names=_RULES_OF_LAYERS
    )
    input: str = setting(
        "same",
        "name",
        "Rule of layers that read the sequence itself: one of the same, `flat`, which knows places "
        "and no bases, or `same`, that of their kind.",
        names=("same", *_RULES_OF_LAYERS, "flat"),
    )
    epsilon: float = setting(
        1e-6, "relevance", "What moves denominators away from 0; `epsilon: 0` is LRP-0.", ge=0
    )
    gamma: float = setting(0.25, "factor", "How much more contributions of the sign count.", ge=0)
    alpha: float = setting(2.0, "factor", "Weight of contributions above 0 in `alpha_beta`.", ge=1)
    beta: float = setting(
        1.0, "factor", "Weight of contributions below 0 in `alpha_beta`: alpha - 1.", ge=0
    )

    @model_validator(mode="after")
    def _conserve(self) -> LrpOptions:
        """Raise ValueError unless alpha - beta is 1, so that relevance is neither made nor lost."""
        if not math.isclose(self.alpha - self.beta, 1, abs_tol=1e-9):
            raise ValueError(
                f"alpha - beta must be 1, so that relevance is neither made nor lost; got alpha "
                f"{self.alpha:g} and beta {self.beta:g}. Write beta: {max(self.alpha - 1, 0):g}"
            )
        return self


class GradCamOptions(Options):
    """Options of `grad_cam`."""

    layer: str = setting(
        "", "layer", "Name of a layer; if empty, the last convolution before the head."
    )


class AttentionOptions(Options):
    """Options of `attention`."""

    layer: str = setting(
        "", "layer", "Name of a layer with attention; if empty, the last one before the head."
    )
