"""The attributes of a score file: from what its scores were made, and by which settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.scored import stored_of_scores
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.version import __version__

if TYPE_CHECKING:
    from deeplift_genomics.attribution.explain import Explainer
    from deeplift_genomics.attribution.targets import Target
    from deeplift_genomics.models.model import Model
    from deeplift_genomics.windows.file import Windows


def score_attributes(
    explainer: Explainer, windows: Windows, config: Config, text: str
) -> dict[str, str | int | float]:
    """Return the attributes of a target's score file: where it comes from, and all settings."""
    from deeplift_genomics.models.load import runtime_versions
    from deeplift_genomics.scores.span import as_attributes

    target, model = explainer.targets[text], explainer.model
    return {
        **windows.attributes,
        "package_version": __version__,
        **runtime_versions(model),
        "model": model.name,
        "model_digest": model.digest,
        "head": ", ".join(head.name for head in target.heads),
        "target": target.name.text,
        "target_version": target.version,
        "explained": _explained(target),
        **_number_types(model),
        **stored_of_scores(as_plain(config)),
        **as_attributes(explainer.span, model.window_length),
        **control_attributes(model, windows.control_attributes),
        **input_attributes(model),
    }


def _number_types(model: Model) -> dict[str, str]:
    """Return the model's own floating-point types, unless float32 is the only one."""
    types = model.frozen.types
    return {} if types == ("float32",) else {"model_number_types": ", ".join(types)}


def input_attributes(model: Model) -> dict[str, str]:
    """Return of which bases the graph made the model's other sequences, and from which files."""
    found = {}
    if model.made:
        found["inputs"] = "; ".join(f"{item.name} = {item.what}" for item in model.made)
    if with_file := [item for item in model.made if item.file]:
        found["input_files"] = ", ".join(item.file for item in with_file)
        found["input_digests"] = ", ".join(item.digest for item in with_file)
    return found


def _explained(target: Target) -> str:
    """Return which tensor of its heads a target explains, for each in turn if they differ."""
    found = [
        f"before its {head.activation}" if head.activation else "output" for head in target.heads
    ]
    return found[0] if len(set(found)) == 1 else ", ".join(found)


def control_attributes(
    model: Model, stored: Mapping[str, Mapping[str, Any]]
) -> dict[str, str | int]:
    """Return what each control input was given, and from which files."""
    given = [
        f"{item.name} = {stored[item.name]['filled'] if item.name in stored else 0}"
        for item in model.controls
    ]
    found: dict[str, str | int] = {"controls": "; ".join(given) or "none"}
    for of_input in list(stored.values())[:1]:  # all are filled from the same files
        found["control_files"] = of_input["files"]
        found["control_digests"] = of_input["digests"]
        found["control_n_missing"] = of_input["n_missing"]
        if of_input.get("n_empty"):  # none in files of an older release
            found["control_n_empty"] = of_input["n_empty"]
    return found
