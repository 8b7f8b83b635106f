"""A model in words, and as model.json: its inputs and heads, and the rule of each operation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.lean_start import start_engine
from deeplift_genomics.models.info import write_model_info
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.settings.sections import Attribution

if TYPE_CHECKING:
    from deeplift_genomics.models.model import Model


def describe_models(
    paths: Sequence[str | Path],
    targets: Sequence[str],
    output: str | Path | None,
    loading: LoadOptions,
) -> str:
    """Describe a model, and the rule of each operation on the way to the targets.

    Parameters
    ----------
    paths
        The model, or its folds, which must be alike.
    targets
        Names of targets; all heads if empty.
    output
        model.json, for the steps that must not load the model: window length, inputs, heads.
    loading
        What is allowed and given for loading the models.

    Returns
    -------
    str
        Window length, inputs, heads, and operations by layer with their rules, of each model.
        Folds that are alike share one text.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError
        If a model cannot be loaded or explained, or the folds are not alike.
    """
    from deeplift_genomics.models.load import load_model

    start_engine()
    found = []
    texts: dict[str, list[str]] = {}
    for path in paths:
        model = load_model(path, loading)
        name, _, text = _with_rules(model, targets).partition("\n")
        texts.setdefault(text, []).append(name)
        found.append(_as_plain(model))
    for path, other in zip(paths[1:], found[1:], strict=True):
        _check_alike(found[0], other, str(paths[0]), str(path))
    if output is not None:
        models = [{key: item.pop(key) for key in ("model", "model_digest")} for item in found]
        write_model_info(output, {**found[0], "models": models, "targets": list(targets)})
    return "\n".join("\n".join([*names, text]) for text, names in texts.items())


def _with_rules(model: Model, targets: Sequence[str]) -> str:
    """Return the description of a model, with the operations of each layer and their rules."""
    from deeplift_genomics.attribution.deeplift import RULE_SETS
    from deeplift_genomics.attribution.explain import Explainer
    from deeplift_genomics.engine.mixing import check_windows_apart
    from deeplift_genomics.engine.rule_sets import find_route

    defaults, frozen = Attribution(), model.frozen
    sinks = [head.tensor for head in model.heads]
    if targets:  # compiled, so that whatever a run would meet is met here
        explainer = Explainer(
            model,
            targets,
            2,
            rules=defaults.rules,
            tolerance=defaults.tolerance,
            float64=defaults.float64,
        )
        frozen = frozen.made_faster()
        seeds = [target.seeds for target in explainer.targets.values()]
        sinks = list(dict.fromkeys(tensor for starts in seeds for tensor in starts))
    route = find_route(frozen, model.sequence.name, sinks, RULE_SETS[defaults.rules])
    if not targets:
        check_windows_apart(route, sinks)
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
