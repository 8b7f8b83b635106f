"""The answer of `check`: can a model be explained, by which targets, from which inputs.

The same facts are model.json, for the steps that must not load the model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplift_genomics.attribution.request import Request
from deeplift_genomics.errors import DeepLiftGenomicsError, ModelError
from deeplift_genomics.graph.lean_start import start_engine
from deeplift_genomics.models.info import write_model_info
from deeplift_genomics.settings.motif_sections import check_spacing
from deeplift_genomics.settings.motif_window import check_motif_window
from deeplift_genomics.settings.oligo_section import insert_length
from deeplift_genomics.settings.strict import as_plain

if TYPE_CHECKING:
    from deeplift_genomics.attribution.trial import Trial
    from deeplift_genomics.models.model import Model


@dataclass(frozen=True)
class Answer:
    """An answer in words, and the error of a run with these options, if there is one.

    `targets` are those that suit the heads and can be explained by all folds, head by head: one, or
    the first and the last of many. They are those that were tried: none if others were named.
    """

    text: str
    error: DeepLiftGenomicsError | None
    targets: tuple[tuple[str, ...], ...] = ()


def describe_models(
    paths: Sequence[str | Path], request: Request, output: str | Path | None = None
) -> Answer:
    """Describe a model, and explain a made-up window by each target as a run would.

    Parameters
    ----------
    paths
        The model, or its folds, which must be alike.
    output
        model.json, for the steps that must not load the model: window length, inputs, heads. It is
        written unless there is an error.

    Raises
    ------
    InputError, ModelError
        If a model cannot be loaded, the folds are not alike, controls or signal do not fit, or the
        windows do not hold the largest distance of motifs, or the inserts of oligos.
    ConfigError
        If bases in which motifs are searched for would have no scores.
    """
    from deeplift_genomics.attribution.answer import answer
    from deeplift_genomics.attribution.predicted import signal_tasks
    from deeplift_genomics.attribution.suggestions import suggest, without_middle
    from deeplift_genomics.attribution.trial import made_up_controls, try_out
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.models.load import load_model
    from deeplift_genomics.windows.signal import files_of_tasks

    start_engine()
    use_device("cpu" if request.config.attribution.device == "cpu" else "gpu_or_cpu")
    found: list[dict[str, Any]] = []
    trials: list[Trial] = []
    rules: dict[str, list[str]] = {}
    first: Model | None = None
    for path in paths:
        model = load_model(path, request.loading)
        first = first or model
        found.append(_as_plain(model))
        _check_alike(found[0], found[-1], str(paths[0]), str(path))
        check_spacing(request.config.effects.spacing, model.window_length)
        insert_length(request.config.oligos.length, model.window_length)
        if request.motifs:
            check_motif_window(as_plain(request.config), model.window_length)
        shown = without_middle(suggest(model))
        wanted = request.targets or [text for item, _ in shown for text in item.texts]
        controls = made_up_controls(model, request.controls)
        trials.append(try_out(model, wanted, request.config, controls))
        if request.signal and trials[-1].error is None:
            files_of_tasks(signal_tasks(model, wanted), request.signal)
        if request.operations:
            name, _, text = _operations(model, trials[-1]).partition("\n")
            rules.setdefault(text, []).append(name)
    assert first is not None  # the parser asks for one model at least
    text = answer(first, [str(item["model"]) for item in found], request, trials)
    parts = [text, *("\n".join([*names, text]) for text, names in rules.items())]
    error = _error(trials, named=bool(request.targets))
    if output is not None and error is None:
        models = [{key: item.pop(key) for key in ("model", "model_digest")} for item in found]
        write_model_info(output, {**found[0], "models": models, "targets": list(request.targets)})
    return Answer("\n\n".join(parts), error, _sound([item.texts for item, _ in shown], trials))


def _sound(
    suggested: Sequence[tuple[str, ...]], trials: Sequence[Trial]
) -> tuple[tuple[str, ...], ...]:
    """Return the suggested targets whose trials succeeded in all folds."""
    sound = set.intersection(*(set(trial.values) for trial in trials))
    return tuple(texts for texts in suggested if texts and sound.issuperset(texts))


def _error(trials: Sequence[Trial], named: bool) -> DeepLiftGenomicsError | None:
    """Return the error of targets that were named, or that of a model without any other.

    Folds must agree on what can be explained.
    """
    errors = [trial.error for trial in trials if trial.error]
    agree = all(trial.values.keys() == trials[0].values.keys() for trial in trials)
    if not errors or (not named and agree and trials[0].values):
        return None
    return errors[0]


def _operations(model: Model, trial: Trial) -> str:
    """Return inputs, heads, and the operations of each layer on the way to the tried targets."""
    from deeplift_genomics.attribution.deeplift import RULE_SETS
    from deeplift_genomics.attribution.targets import find_targets, sinks_of
    from deeplift_genomics.engine.rule_sets import find_route

    if not trial.values:
        return model.describe()
    targets, rule_set = find_targets(model, list(trial.values)), next(iter(RULE_SETS.values()))
    route = find_route(model.frozen, model.sequence.name, sinks_of(targets), rule_set)
    layers: dict[str, list[str]] = {}
    for item in route.path:
        if item.type == "Identity":
            continue
        named = f"{item.type} ({route.rules[item.name].__name__.replace('_', ' ')})"
        layers.setdefault(model.frozen.layer_of(item.name), []).append(named)
    width = max(map(len, layers), default=0)
    rules = [f"  {layer:<{width}}  {', '.join(items)}" for layer, items in layers.items()]
    return "\n".join([model.describe(), "operations between sequence and heads (rule):", *rules])


def _as_plain(model: Model) -> dict[str, Any]:
    """Return the content of model.json for one model."""
    heads = [
        {
            "name": head.name,
            "shape": list(head.shape),
            "kind": head.kind,
            "explained_before": head.activation,
            "ends_in": list(head.ends_in),
        }
        for head in model.heads
    ]
    return {
        "model": model.name,
        "model_digest": model.digest,
        "window_length": model.window_length,
        "sequence": model.sequence.name,
        "number_types": list(model.frozen.types),
        "controls": [asdict(item) for item in model.controls],
        "heads": heads,
    }


def _check_alike(first: Mapping[str, Any], other: Mapping[str, Any], name: str, path: str) -> None:
    """Raise ModelError unless two folds have the same inputs and heads."""
    for key in ("window_length", "controls", "heads"):
        if first[key] != other[key]:
            raise ModelError(
                f"{name} and {path} are no folds of one model: {key.replace('_', ' ')} "
                f"{json.dumps(first[key])} and {json.dumps(other[key])}. Give models that differ "
                "in nothing but what they were trained on."
            )
