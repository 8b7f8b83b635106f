"""A trial: one made-up window, explained as a run explains windows, for each target."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.configured import configured_explainer
from deeplift_genomics.attribution.deeplift import RULE_SETS
from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.engine.rule_sets import find_route
from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.methods import DEFAULT
from deeplift_genomics.windows.controls import plan_controls

MOST_REFERENCES = 2  # of the made-up window, at most
_WINDOWS = 2  # at once, at most
_MOST_ALIKE = 4  # targets that differ in nothing but their unit: of more, the ends are tried
LABEL = "the made-up window"


class Tried(NamedTuple):
    """The value of a target at the window, and what its explanation is like.

    `share` is the largest residual as a share of the summed absolute contributions, NaN of a method
    whose contributions need not add up; `contributes` is whether any base does.
    """

    value: float
    share: float
    contributes: bool


@dataclass(frozen=True)
class Trial:
    """The result of a trial.

    Attributes
    ----------
    values
        Target -> what was found.
    refused
        Target -> why it cannot be explained.
    error
        The error of all targets together; None if they can be explained.
    """

    values: Mapping[str, Tried] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    error: DeepLiftGenomicsError | None = None


def try_out(
    model: Model, targets: Sequence[str], config: Config, controls: Mapping[str, NDArray]
) -> Trial:
    """Explain a made-up window for each target.

    Of many targets that differ in nothing but their unit, the first and the last are tried.

    Parameters
    ----------
    config
        The settings of a run; of the references, two are made.
    controls
        Name of a control input -> (1, ...); zero where not given.
    """
    ends = _ends(targets)
    if not ends:
        return Trial()
    try:
        find_targets(model, targets)
        return Trial(_explain(model, ends, config, controls))
    except DeepLiftGenomicsError as error:
        refused = _refused(model, targets, config)
        sound = [text for text in ends if text not in refused]
        values: dict[str, Tried] = {}
        # one by one if only their numbers can tell which target is at fault
        for some in [sound] if refused else [[text] for text in sound]:
            try:
                values |= _explain(model, some, config, controls) if some else {}
            except DeepLiftGenomicsError as later:
                refused |= dict.fromkeys(some, str(later))
        return Trial(values, refused, error)


def _ends(targets: Sequence[str]) -> list[str]:
    """Return the targets; of many that differ in nothing but their unit, the first and the last."""
    alike = defaultdict(list)
    for text in targets:
        alike[re.sub(r"\[[0-9]+", "[", text)].append(text)
    kept = {
        text
        for group in alike.values()
        for text in (group if len(group) <= _MOST_ALIKE else (group[0], group[-1]))
    }
    return [text for text in targets if text in kept]


def _refused(model: Model, targets: Sequence[str], config: Config) -> dict[str, str]:
    """Return why targets cannot be explained, as far as this shows before anything is compiled."""
    found, of_sinks = {}, dict[tuple[str, ...], str]()
    for text in targets:
        try:
            sinks = tuple(find_targets(model, [text])[text].seeds)
            if sinks not in of_sinks:
                of_sinks[sinks] = _no_route(model, sinks, config)
            reason = of_sinks[sinks]
        except DeepLiftGenomicsError as error:
            reason = str(error)
        if reason:
            found[text] = reason
    return found


def _no_route(model: Model, sinks: Sequence[str], config: Config) -> str:
    """Return why there is no route from the sequence to these tensors; "" if there is one."""
    if config.attribution.method != DEFAULT:
        return ""
    rule_set = RULE_SETS[config.attribution.rules]
    try:
        find_route(model.frozen, model.sequence.name, sinks, rule_set)
    except DeepLiftGenomicsError as error:
        return str(error)
    return ""


def _explain(
    model: Model, targets: Sequence[str], config: Config, controls: Mapping[str, NDArray]
) -> dict[str, Tried]:
    """Return what is found of each target at the made-up window."""
    settings = config.references
    size = min(config.attribution.windows_per_batch or 1, _WINDOWS)
    explainer = configured_explainer(model, targets, config, size, most_references=MOST_REFERENCES)
    codes = np.random.default_rng(settings.seed).integers(
        0, 4, (1, model.window_length), dtype=np.int8
    )
    references = explainer.references_of(codes, settings)
    filled = explainer.fill_controls(controls, 1)
    found = explainer(one_hot(codes), references, filled, [LABEL])
    return {
        text: Tried(
            float(scores.target[0]), _share(scores), bool(np.nan_to_num(scores.contributions).any())
        )
        for text, scores in found.items()
    }


def _share(scores: Scores) -> float:
    """Return the largest residual as a share of the summed absolute contributions."""
    if scores.residual is None or scores.mass is None or not scores.mass.any():
        return float("nan")
    return float(np.abs(scores.residual).max() / scores.mass.max())


def made_up_controls(model: Model, files: Sequence[str]) -> dict[str, NDArray]:
    """Return controls of one made-up window, as a run fills them from these bigWig files.

    Without files there are none, and they count as zero, as in a run.

    Raises
    ------
    InputError
        If the files do not fit the model's inputs.
    """
    if not files:
        return {}
    shapes = {item.name: item.shape for item in model.controls}
    plan = plan_controls(shapes, files, model.window_length)
    reads = np.random.default_rng(1).poisson(1, (1, plan.width, len(plan.files)))
    return {item.name: item.values(reads.astype(np.float32)) for item in plan.fillings}
