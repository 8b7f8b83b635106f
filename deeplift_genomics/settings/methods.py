"""THE table of methods of attribution: name -> what the method needs, gives and promises.

A method is one row here, a class of options, and a function `prepare` in one of the files of
`deeplift_genomics/attribution/`, which has its formula. Nothing here imports TensorFlow.
CONTRIBUTING.md says what else a new method needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.gradient_options import (
    ExpectedGradientsOptions,
    GradientOptions,
    IntegratedGradientsOptions,
    RandomizedPathOptions,
    SmoothGradOptions,
)
from deeplift_genomics.settings.layer_options import AttentionOptions, GradCamOptions, LrpOptions
from deeplift_genomics.settings.method_names import nearest_method
from deeplift_genomics.settings.method_options import Options
from deeplift_genomics.settings.perturbation_options import (
    KernelShapOptions,
    LimeOptions,
    MutagenesisOptions,
    OcclusionOptions,
)
from deeplift_genomics.settings.strict import in_words


@dataclass(frozen=True)
class Method:
    """A row of the table of methods.

    Attributes
    ----------
    title
        The name that score files store as `method`.
    prepare
        Module of the room `attribution` and function in it that takes a `Job` and returns the
        compiled function of a batch, such as "deeplift.prepare".
    options
        The class of its options.
    references
        Whether windows are compared with references, unless its options decide it. Without, there
        are none (R = 0).
    gives
        "bases": hypothetical contributions of all four bases; "positions": one score for each
        position, and no hypothetical contributions.
    complete
        Whether contributions add up to the difference in target. They are then held to it, and the
        batch function also returns `residual`, `mass` and `size`.
    stochastic
        Whether the method draws random numbers, so that its scores depend on the seed, unless its
        options decide it.
    stores
        The optional arrays of the score file that the method fills, all of which the batch function
        returns.
    """

    title: str
    prepare: str
    options: type[Options] = Options
    references: bool = False
    gives: Literal["bases", "positions"] = "bases"
    complete: bool = False
    stochastic: bool = False
    stores: tuple[str, ...] = ()


METHODS: dict[str, Method] = {
    "deeplift": Method(
        title="DeepLIFT",
        prepare="deeplift.prepare",
        references=True,
        complete=True,
        stores=("reference_target", "residual", "standard_error"),
    ),
    "gradient": Method(title="gradient", prepare="gradients.gradient", options=GradientOptions),
    "gradient_x_input": Method(title="gradient x input", prepare="gradients.gradient"),
    "integrated_gradients": Method(
        title="integrated gradients",
        prepare="paths.integrated_gradients",
        options=IntegratedGradientsOptions,
        references=True,
        complete=True,
        stores=("reference_target", "residual", "standard_error"),
    ),
    "expected_gradients": Method(
        title="expected gradients",
        prepare="paths.expected_gradients",
        options=ExpectedGradientsOptions,
        references=True,
        stochastic=True,
        stores=("reference_target", "standard_error"),
    ),
    "smoothgrad": Method(
        title="SmoothGrad",
        prepare="smooth.smoothgrad",
        options=SmoothGradOptions,
        stochastic=True,
    ),
    "guided_backpropagation": Method(
        title="guided backpropagation", prepare="backward_rules.guided_backpropagation"
    ),
    "deconvolution": Method(title="deconvolution", prepare="backward_rules.deconvolution"),
    "lrp": Method(title="LRP", prepare="backward_rules.lrp", options=LrpOptions),
    "grad_cam": Method(
        title="Grad-CAM", prepare="grad_cam.grad_cam", options=GradCamOptions, gives="positions"
    ),
    "in_silico_mutagenesis": Method(
        title="in-silico mutagenesis",
        prepare="mutagenesis.prepare",
        options=MutagenesisOptions,
    ),
    "occlusion": Method(
        title="occlusion",
        prepare="occlusion.prepare",
        options=OcclusionOptions,
        references=True,
        gives="positions",
    ),
    "lime": Method(
        title="LIME",
        prepare="surrogates.lime",
        options=LimeOptions,
        references=True,
        gives="positions",
        stochastic=True,
    ),
    "kernel_shap": Method(
        title="KernelSHAP",
        prepare="surrogates.kernel_shap",
        options=KernelShapOptions,
        references=True,
        gives="positions",
        complete=True,
        stochastic=True,
        stores=("reference_target", "residual"),
    ),
    "attention": Method(
        title="attention",
        prepare="attention.attention",
        options=AttentionOptions,
        gives="positions",
    ),
    "attention_rollout": Method(
        title="attention rollout", prepare="attention.attention_rollout", gives="positions"
    ),
    "attention_x_gradient": Method(
        title="attention x gradient", prepare="attention.attention_x_gradient", gives="positions"
    ),
    "randomized_path_integration": Method(
        title="randomized path integration",
        prepare="random_paths.randomized_path_integration",
        options=RandomizedPathOptions,
        stochastic=True,
    ),
}
DEFAULT = next(iter(METHODS))


class Chosen(NamedTuple):
    """A method that was chosen, with its options."""

    name: str
    method: Method
    options: Options

    @property
    def references(self) -> bool:
        """Whether windows are compared with references."""
        return self.options.references(self.method.references)

    @property
    def picked_by(self) -> str | None:
        """The metric by which the method picks its map, and by which it cannot be ranked."""
        return self.options.picked_by

    @property
    def stochastic(self) -> bool:
        """Whether scores depend on the seed."""
        return self.options.stochastic(self.method.stochastic)

    @property
    def stored(self) -> dict[str, str]:
        """The attributes of a score file that say what was chosen."""
        found = {"method": self.method.title}
        if type(self.options).model_fields:
            found["method_options"] = json.dumps(self.options.model_dump(), sort_keys=True)
        return found


def choose(name: str, options: Mapping[str, Any] | None = None) -> Chosen:
    """Return a method with its options, those that are not given at their defaults.

    Raises
    ------
    ConfigError
        If there is no such method or option, or a value is out of range; the message names the
        nearest method, or the options that there are.
    """
    if name not in METHODS:
        near = nearest_method(str(name), METHODS)
        raise ConfigError(
            f"The method {name!r} is not known"
            + (f"; did you mean {near!r}?" if near else ".")
            + f" The methods are {', '.join(METHODS)}."
        )
    kind = METHODS[name].options
    if options is not None and not isinstance(options, Mapping):
        raise ConfigError(f"The options of {name} are {options!r}; expected names and values.")
    for key in options or {}:
        if key not in kind.model_fields:
            raise ConfigError(f"{name} has no option {key!r}{_instead(key, name)}")
    try:
        return Chosen(name, METHODS[name], kind.model_validate(dict(options or {})))
    except ValidationError as error:
        problems = "; ".join(in_words(error, kind, f"option of {name}"))
        raise ConfigError(f"{problems[0].upper()}{problems[1:]}.") from error


def _instead(key: str, name: str) -> str:
    """Return what an option that a method does not have may be meant for."""
    own = list(METHODS[name].options.model_fields)
    others = [other for other, row in METHODS.items() if key in row.options.model_fields]
    if near := get_close_matches(key, own, n=1):
        return f"; did you mean {near[0]!r}? Its options are {', '.join(own)}."
    where = "in a configuration, write it below the method's name"
    found = f"; it is one of {', '.join(others)} ({where})." if others else "."
    return f"{found} {name} has {'the options ' + ', '.join(own) if own else 'no options'}."


def split_options(options: Mapping[str, Any], method: str) -> dict[str, dict[str, Any]]:
    """Return method -> its options, from options of which some are below the name of a method.

    Options that are below no name are those of `method`.

    >>> split_options({"gradient": {"correction": "mean"}, "steps": 9}, "integrated_gradients")
    {'integrated_gradients': {'steps': 9}, 'gradient': {'correction': 'mean'}}

    Raises
    ------
    ConfigError
        If the name of a method has something else than options below it, or an option is given
        twice.
    """
    # what is below a name, or is meant to be
    below = {key: at for key, at in options.items() if key in METHODS or isinstance(at, Mapping)}
    flat = {key: value for key, value in options.items() if key not in below}
    found: dict[str, dict[str, Any]] = {method: flat}
    for name, own in below.items():
        if not isinstance(own, Mapping):
            raise ConfigError(
                f"'attribution.options' has {own!r} for the method {name}; expected its options "
                "below its name, each as KEY: VALUE. Leave out a name without options."
            )
        given = found.setdefault(name, {})
        if twice := given.keys() & own.keys():
            raise ConfigError(f"The option {min(twice)!r} of {name} is given twice.")
        given |= own
    return found


def check_options_used(options: Mapping[str, Any], method: str, others: Sequence[str]) -> None:
    """Raise ConfigError if there are options of a method that nothing computes."""
    unused = [name for name in split_options(options, method) if name not in (method, *others)]
    if unused:
        raise ConfigError(
            f"'attribution.options' has options of {unused[0]}, which is among neither "
            "'attribution.methods' nor 'evaluation.methods': add it to one of them, or leave its "
            "options out."
        )


def check_methods(method: str, others: Sequence[str], options: Mapping[str, Any]) -> None:
    """Raise ConfigError unless methods and their options are known."""
    given = split_options(options, method)
    for name in dict.fromkeys([method, *others, *given]):
        choose(name, given.get(name))


def check_gives_bases(method: str) -> None:
    """Raise ConfigError if the motifs, and the report, of a run cannot be made by a method."""
    if METHODS[method].gives == "positions":
        usable = [name for name, row in METHODS.items() if row.gives == "bases"]
        raise ConfigError(
            f"{method} gives one score for each position, and motifs are made of scores of all "
            f"four bases. Set 'attribution.method' to one of {', '.join(usable)}, and write "
            f"{method} under 'attribution.methods'."
        )
