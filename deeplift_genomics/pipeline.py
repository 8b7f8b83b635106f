"""The steps that tie rooms together: check a model, score a shard of windows."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.graph.lean_start import start_engine
from deeplift_genomics.models.info import write_model_info
from deeplift_genomics.version import __version__

if TYPE_CHECKING:
    from deeplift_genomics.attribution.explain import Explainer
    from deeplift_genomics.attribution.scores import Scores
    from deeplift_genomics.models.model import Model
    from deeplift_genomics.windows.file import Windows

log = logging.getLogger(__name__)

WINDOWS_READ = 64  # windows held at a time, whatever the size of a shard


def check_model(
    model_paths: Sequence[str | Path],
    targets: Sequence[str] = (),
    output: str | Path | None = None,
    options: Mapping[str, Any] | None = None,
) -> str:
    """Describe a model and the rule of each operation on the way to the targets.

    Parameters
    ----------
    model_paths
        The model, or its folds, which must be alike.
    targets
        Names of targets; all heads if empty.
    output
        JSON file for the steps that must not load the model: window length, inputs, heads.
    options
        How the models are to be loaded: what `deeplift_genomics.models.options.LoadOptions` takes.

    Returns
    -------
    str
        Inputs, heads, window length, and operations by layer with their rules, of each model.
    """
    start_engine()
    found = []
    texts: dict[str, list[str]] = {}  # of folds that are alike in all, one text
    for path in model_paths:
        model = _load(path, options)
        name, _, text = _describe_with_rules(model, targets).partition("\n")
        texts.setdefault(text, []).append(name)
        found.append(_describe(model))
    for path, other in zip(model_paths[1:], found[1:], strict=True):
        _check_alike(found[0], other, str(model_paths[0]), str(path))
    if output is not None:
        models = [{key: item.pop(key) for key in ("model", "model_digest")} for item in found]
        write_model_info(output, {**found[0], "models": models, "targets": list(targets)})
    return "\n".join("\n".join([*names, text]) for text, names in texts.items())


def _describe_with_rules(model: Model, targets: Sequence[str]) -> str:
    from deeplift_genomics.attribution.deeplift import RULE_SETS
    from deeplift_genomics.attribution.explain import Explainer
    from deeplift_genomics.engine.rule_sets import find_route

    frozen, heads = model.frozen, model.heads
    if targets:  # compiled, so that whatever a run would meet is met here
        explainer = Explainer(model, targets, 2, rules="rescale", tolerance=1e-3, float64=False)
        frozen, heads = frozen.made_faster(), tuple(t.head for t in explainer.targets.values())
    sinks = [head.tensor for head in heads]
    route = find_route(frozen, model.sequence.name, sinks, RULE_SETS["rescale"])
    layers: dict[str, list[str]] = {}
    for item in route.path:
        if item.type == "Identity":
            continue
        named = f"{item.type} ({route.rules[item.name].__name__.replace('_', ' ')})"
        layers.setdefault(model.frozen.layer_of(item.name), []).append(named)
    width = max(map(len, layers), default=0)
    rules = [f"  {layer:<{width}}  {', '.join(items)}" for layer, items in layers.items()]
    return "\n".join([model.describe(), "operations between sequence and heads (rule):", *rules])


def _describe(model: Model) -> dict[str, Any]:
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


def _load(path: str | Path, options: Mapping[str, Any] | None) -> Model:
    from deeplift_genomics.models.load import load_model
    from deeplift_genomics.models.options import LoadOptions

    return load_model(path, LoadOptions(**options or {}))


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
    float64: bool = False
    score_type: str = "float32"
    device: str = "cpu"


def parse_part(text: str, what: str = "Shard") -> tuple[int, int]:
    """Position from 0 and number of parts, from ``"1-of-4"``."""
    number, _, total = text.partition("-of-")
    if not (number.isdecimal() and total.isdecimal() and 1 <= int(number) <= int(total)):
        raise InputError(f"{what} {text!r} is not of the form 1-of-4 (counted from 1).")
    return int(number) - 1, int(total)


def score_windows(
    model_path: str | Path,
    windows_path: str | Path,
    output: str | Path,
    settings: Settings,
    shard: str = "1-of-1",
    fold: str = "1-of-1",
    options: Mapping[str, Any] | None = None,
) -> None:
    """Score one shard of the windows with one model and write it.

    Parameters
    ----------
    shard
        Which part of the windows, such as ``"2-of-10"``.
    fold
        Which of the sample's models this is, likewise; `merge` averages over them.
    options
        How the model is to be loaded: what `deeplift_genomics.models.options.LoadOptions` takes.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError, CompletenessError
        With nothing left under the name `output`.
    """
    from deeplift_genomics.attribution.explain import Explainer
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.scores.file import rows_of_shard
    from deeplift_genomics.scores.writer import write_shard
    from deeplift_genomics.windows.file import number_of_windows, read_windows

    if not 0 <= settings.seed < 2**63:
        raise InputError(
            f"The seed must be a whole number from 0 to 2^63 - 1, got {settings.seed}."
        )
    position, n_shards = parse_part(shard)
    fold_position, n_folds = parse_part(fold, "Fold")
    total = number_of_windows(windows_path)
    rows = rows_of_shard(total, position, n_shards)
    start_engine()
    free = use_device(settings.device)
    model = _load(model_path, options)
    windows = read_windows(windows_path, slice(rows.start, rows.start + 1))  # the others are alike
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
        rules=settings.rules,
        batch_size=_windows_per_batch(model, settings, free),
        tolerance=settings.tolerance,
        float64=settings.float64,
    )
    explainer.fill_controls(windows.controls, len(windows))  # before anything is written
    slugs = {text: target.name.slug for text, target in explainer.targets.items()}
    if len(set(slugs.values())) < len(slugs):
        raise InputError(f"Two of the targets {', '.join(slugs)} would share one file name.")
    attributes = {
        slugs[text]: {
            **windows.attributes,
            **_attributes(explainer, settings, text),
            **_control_attributes(model, windows),
        }
        for text in explainer.targets
    }
    n, size = rows.stop - rows.start, explainer.batch_size
    place = {"shard": position, "n_shards": n_shards, "first_row": rows.start}
    place |= {"fold": fold_position, "n_folds": n_folds}
    log.info("shard %s: %d of %d windows, targets %s", shard, n, total, ", ".join(slugs))
    arrays: Any = {"attributes": attributes, "place": place, "optional": explainer.method.stores}
    with write_shard(output, n, length, settings.reference_number, **arrays) as writers:
        for batch in _with_progress(_batches(windows_path, rows, size), n):
            for text, scores in _score(explainer, batch, settings).items():
                writers[slugs[text]].append(_rows(batch, scores))


def _windows_per_batch(model: Model, settings: Settings, free: int) -> int:
    from deeplift_genomics.graph.device import values_of, windows_at_once

    graph = model.frozen.graph
    shapes = [
        output.shape.as_list()
        for operation in graph.get_operations()
        for output in operation.outputs
        if output.shape.rank and output.shape[0] is None and output.dtype.is_floating
    ]
    size = windows_at_once(
        settings.windows_per_batch, free, values_of(shapes), settings.reference_number
    )
    if size != settings.windows_per_batch:
        log.info("%d windows at a time", size)
    return size


def _batches(path: str | Path, rows: slice, size: int) -> Iterator[Windows]:
    """Yield the windows of a shard in batches, and read many at once: each read opens the file."""
    from deeplift_genomics.windows.file import read_windows

    together = size * max(1, WINDOWS_READ // size)
    for start in range(rows.start, rows.stop, together):
        windows = read_windows(path, slice(start, min(start + together, rows.stop)))
        for first in range(0, len(windows), size):
            yield windows[first : first + size]


def _with_progress(batches: Iterable[Windows], n: int) -> Iterator[Windows]:
    """The same, while a bar, or every tenth of the way the log, says how much is left."""
    from tqdm import tqdm

    begin, done = time.monotonic(), 0
    with tqdm(total=n, desc="attribute", unit="window", disable=None) as bar:
        for batch in batches:
            yield batch
            before, done = done, done + len(batch)
            bar.update(len(batch))
            if not before or done * 10 // n > before * 10 // n:
                left = (time.monotonic() - begin) / done * (n - done)
                log.info("%d of %d windows scored; about %.0f s left", done, n, left)


def _score(explainer: Explainer, windows: Windows, settings: Settings) -> dict[str, Scores]:
    """Return the scores of one batch, by target."""
    from deeplift_genomics.dna.references import make_references
    from deeplift_genomics.dna.sequence import one_hot

    references = make_references(
        windows.codes, settings.reference_kind, settings.reference_number, settings.seed
    )
    places = zip(windows.chrom, windows.start, windows.end, strict=True)
    labels = [f"{chrom}:{start}-{end}" for chrom, start, end in places]
    controls = explainer.fill_controls(windows.controls, len(windows))
    return explainer(one_hot(windows.codes), references, controls, labels)


def _rows(windows: Windows, scores: Scores) -> dict[str, Any]:
    return {
        "hyp_scores": scores.hypothetical,
        "input_seqs": scores.sequences,
        "coords_chrom": windows.chrom,
        "coords_start": windows.start,
        "coords_end": windows.end,
        "name": windows.name,
        "strand": windows.strand,
        "summit": windows.summit,
        "target": scores.target,
        "reference_target": scores.reference_target,
        "residual": scores.residual,
        "standard_error": scores.standard_error,
    }


def _attributes(
    explainer: Explainer, settings: Settings, text: str
) -> dict[str, str | int | float]:
    from deeplift_genomics.models.load import runtime_versions

    target, model = explainer.targets[text], explainer.model
    return {
        "package_version": __version__,
        **runtime_versions(),
        "model": model.name,
        "model_digest": model.digest,
        "head": target.head.name,
        "target": target.name.text,
        "target_version": target.version,
        "method": explainer.method.title,
        "explained": f"before its {target.head.activation}" if target.head.activation else "output",
        "rules": settings.rules,
        "precision": "float64" if settings.float64 else "float32",
        "reference_kind": settings.reference_kind,
        "reference_number": settings.reference_number,
        "seed": settings.seed,
        "tolerance": settings.tolerance,
        "score_type": settings.score_type,
    }


def _control_attributes(model: Model, windows: Windows) -> dict[str, str | int]:
    """What each control input was given, and from which files."""
    stored = windows.control_attributes
    given = [
        f"{item.name} = {stored[item.name]['filled'] if item.name in stored else 0}"
        for item in model.controls
    ]
    found: dict[str, str | int] = {"controls": "; ".join(given) or "none"}
    for of_input in list(stored.values())[:1]:  # all are filled from the same files
        found["control_files"] = of_input["files"]
        found["control_digests"] = of_input["digests"]
        found["control_n_missing"] = of_input["n_missing"]
    return found
