"""The steps that tie rooms together: check a model, score a shard of windows."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplift_genomics import __version__
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.files import atomic_path, require_file

if TYPE_CHECKING:
    from deeplift_genomics.attribution import Explainer
    from deeplift_genomics.models import Model
    from deeplift_genomics.windows import Windows

log = logging.getLogger(__name__)


# --- check -----------------------------------------------------------------------------------


def check_model(
    model_path: str | Path, targets: Sequence[str] = (), output: str | Path | None = None
) -> str:
    """Describe a model and the rule of each operation on the way to the targets.

    Parameters
    ----------
    targets
        Names of targets; all heads if empty.
    output
        JSON file for the steps that must not load the model: window length, inputs, heads.

    Returns
    -------
    str
        Inputs, heads, window length, and operations by layer with their rules.
    """
    from deeplift_genomics.attribution import Explainer
    from deeplift_genomics.engine.propagate import plan
    from deeplift_genomics.models import load_model

    model = load_model(model_path)
    if targets:  # compiled, so that whatever a run would meet is met here
        path = Explainer(model, targets, n_references=2).plan
    else:
        path = plan(model.frozen, model.sequence.name, [head.tensor for head in model.heads])
    layers: dict[str, list[str]] = {}
    for item in path.path:
        named = f"{item.type} ({path.rule_names[item.name].replace('_', ' ')})"
        layers.setdefault(model.frozen.layer_of(item.name), []).append(named)
    width = max(map(len, layers), default=0)
    rules = [f"  {layer:<{width}}  {', '.join(items)}" for layer, items in layers.items()]
    if output is not None:
        _write_json(output, _describe(model, targets))
    return "\n".join([model.describe(), "operations between sequence and heads (rule):", *rules])


def _describe(model: Model, targets: Sequence[str]) -> dict[str, Any]:
    heads = [
        {"name": head.name, "shape": list(head.shape), "kind": head.kind} for head in model.heads
    ]
    return {
        "model": model.name,
        "model_digest": model.digest,
        "window_length": model.window_length,
        "sequence": model.sequence.name,
        "controls": [asdict(item) for item in model.controls],
        "heads": heads,
        "targets": list(targets),
    }


def _write_json(path: str | Path, content: Any) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


def read_window_length(path: str | Path) -> int:
    """Window length (bp) from the JSON file that `check_model` wrote."""
    path = require_file(path, "model description")
    try:
        return int(json.loads(path.read_text())["window_length"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} is no model description. Make it with: deeplift-genomics check MODEL "
            f"--output {path}"
        ) from error


# --- attribute -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """How windows are scored; all of it is stored with the scores."""

    targets: tuple[str, ...] = ("counts", "profile")
    reference_kind: str = "dinucleotide_shuffle"
    reference_number: int = 20
    seed: int = 1
    rules: str = "rescale"
    tolerance: float = 1e-3
    windows_per_batch: int = 1


def parse_shard(text: str) -> tuple[int, int]:
    """Position from 0 and number of shards, from ``"1-of-4"``."""
    number, _, total = text.partition("-of-")
    if not (number.isdecimal() and total.isdecimal() and 1 <= int(number) <= int(total)):
        raise InputError(f"Shard {text!r} is not of the form 1-of-4 (counted from 1).")
    return int(number) - 1, int(total)


def score_windows(
    model_path: str | Path,
    windows_path: str | Path,
    output: str | Path,
    settings: Settings,
    shard: str = "1-of-1",
    threads: int = 1,
) -> None:
    """Score one shard of the windows and write it.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError, CompletenessError
        With nothing left under the name `output`.
    """
    from deeplift_genomics.attribution import Explainer
    from deeplift_genomics.models import load_model, use_threads
    from deeplift_genomics.store import write_shard
    from deeplift_genomics.windows import number_of_windows, read_windows

    if not 0 <= settings.seed < 2**63:
        raise InputError(
            f"The seed must be a whole number from 0 to 2^63 - 1, got {settings.seed}."
        )
    position, n_shards = parse_shard(shard)
    total = number_of_windows(windows_path)
    first, last = (i * total // n_shards for i in (position, position + 1))
    use_threads(threads)
    model = load_model(model_path)
    windows = read_windows(windows_path, slice(first, last))
    length = int(windows.attributes["window_length"])
    if length != model.window_length:
        raise ModelError(
            f"{windows_path} holds windows of {length} bp, but {model.name} takes "
            f"{model.window_length} bp. Cut the windows again for this model."
        )
    explainer = Explainer(
        model,
        settings.targets,
        settings.reference_number,
        settings.rules,
        settings.windows_per_batch,
        settings.tolerance,
    )
    slugs = {text: target.name.slug for text, target in explainer.targets.items()}
    if len(set(slugs.values())) < len(slugs):
        raise InputError(f"Two of the targets {', '.join(slugs)} would share one file name.")
    attributes = {
        slugs[text]: {**windows.attributes, **_attributes(explainer, settings, text)}
        for text in explainer.targets
    }
    place = {"shard": position, "n_shards": n_shards, "first_row": first}
    log.info("shard %s: %d of %d windows, targets %s", shard, len(windows), total, ", ".join(slugs))
    with write_shard(
        output, len(windows), length, settings.reference_number, attributes, place
    ) as writers:
        for start, results in _score(explainer, windows, settings):
            rows = slice(start, start + settings.windows_per_batch)
            for text, scores in results.items():
                writers[slugs[text]].append(_rows(windows, rows, scores))


def _score(explainer: Explainer, windows: Windows, settings: Settings) -> Any:
    """Yield (first row, target -> Scores), a batch at a time."""
    from tqdm import tqdm

    from deeplift_genomics.references import make_references
    from deeplift_genomics.sequence import one_hot

    size = settings.windows_per_batch
    progress = tqdm(range(0, len(windows), size), desc="attribute", unit="batch", disable=None)
    for done, start in enumerate(progress):
        rows = slice(start, start + size)
        codes = windows.codes[rows]
        references = make_references(
            codes, settings.reference_kind, settings.reference_number, settings.seed
        )
        labels = [
            f"{chrom}:{begin}-{end}"
            for chrom, begin, end in zip(
                windows.chrom[rows], windows.start[rows], windows.end[rows], strict=True
            )
        ]
        controls = explainer.fill_controls(None, len(codes))
        yield start, explainer(one_hot(codes), references, controls, labels)
        if done % max(1, len(progress) // 10) == 0:
            log.info("%d of %d windows scored", min(start + size, len(windows)), len(windows))


def _rows(windows: Windows, rows: slice, scores: Any) -> dict[str, Any]:
    return {
        "hyp_scores": scores.hypothetical,
        "input_seqs": scores.sequences,
        "coords_chrom": windows.chrom[rows],
        "coords_start": windows.start[rows],
        "coords_end": windows.end[rows],
        "name": windows.name[rows],
        "strand": windows.strand[rows],
        "summit": windows.summit[rows],
        "target": scores.target,
        "reference_target": scores.reference_target,
        "residual": scores.residual,
        "standard_error": scores.standard_error,
    }


def _attributes(
    explainer: Explainer, settings: Settings, text: str
) -> dict[str, str | int | float]:
    from deeplift_genomics.models import runtime_versions

    target, model = explainer.targets[text], explainer.model
    return {
        "package_version": __version__,
        **runtime_versions(),
        "model": model.name,
        "model_digest": model.digest,
        "head": target.head.name,
        "target": target.name.text,
        "target_version": target.version,
        "method": "DeepLIFT",
        "rules": settings.rules,
        "reference_kind": settings.reference_kind,
        "reference_number": settings.reference_number,
        "seed": settings.seed,
        "tolerance": settings.tolerance,
        "controls": ", ".join(f"{item.name} = 0" for item in model.controls) or "none",
    }
