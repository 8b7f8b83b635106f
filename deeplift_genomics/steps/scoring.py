"""The scoring of a shard: windows are read a few at a time, explained, and written.

When all are done, some of them are explained a second time (`attribution.second_path`).
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.graph.lean_start import start_engine
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.settings.config import Config
from deeplift_genomics.steps.made_from import score_attributes
from deeplift_genomics.steps.parser import parse_part

if TYPE_CHECKING:
    from deeplift_genomics.attribution.explain import Explainer
    from deeplift_genomics.attribution.scores import Scores
    from deeplift_genomics.attribution.second_path import Watch
    from deeplift_genomics.models.model import Model
    from deeplift_genomics.scores.writer import ScoreWriter
    from deeplift_genomics.settings.sections import References
    from deeplift_genomics.windows.file import Windows

log = logging.getLogger(__name__)

WINDOWS_READ = 64  # windows held at a time, whatever the size of a shard


def score_windows(
    model_path: str | Path,
    windows_path: str | Path,
    output: str | Path,
    *,
    targets: Sequence[str],
    config: Config,
    shard: str,
    fold: str,
    loading: LoadOptions,
) -> None:
    """Score one shard of the windows with one model and write it.

    Parameters
    ----------
    targets
        Names of targets.
    config
        The settings: those of the sections `references` and `attribution` count.
    shard
        Which part of the windows to score, such as ``"2-of-10"``.
    fold
        Which of the sample's models this is, such as ``"1-of-5"``; `merge` averages over them.
    loading
        What is allowed and given for loading the model.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError, CompletenessError, SecondPathError
        With nothing left under the name `output`.
    """
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.models.load import load_model
    from deeplift_genomics.scores.file import rows_of_shard
    from deeplift_genomics.scores.writer import write_shard
    from deeplift_genomics.windows.file import check_length, number_of_windows, read_windows

    (position, n_shards), (fold_position, n_folds) = parse_part(shard), parse_part(fold, "Fold")
    rows = rows_of_shard(number_of_windows(windows_path), position, n_shards)
    start_engine()
    free = use_device(config.attribution.device)
    model = load_model(model_path, loading)
    some = read_windows(windows_path, slice(rows.start, rows.start + 1))  # the others are alike
    length = int(some.attributes["window_length"])
    check_length(windows_path, length, model=model.name, expected=model.window_length)
    # the functions that are compiled for a copy of the model are gone with it
    explainer = _explainer(replace(model), targets, config, free)
    explainer.fill_controls(some.controls, len(some))  # refused before anything is written
    slugs = _slugs(explainer)
    attributes = {slugs[text]: score_attributes(explainer, some, config, text) for text in slugs}
    place = {"shard": position, "n_shards": n_shards, "first_row": rows.start}
    place |= {"fold": fold_position, "n_folds": n_folds}
    n = rows.stop - rows.start
    log.info("shard %s: %d windows, targets %s", shard, n, ", ".join(slugs))
    with write_shard(
        output,
        n,
        model.window_length,
        explainer.n_references,
        attributes=attributes,
        place=place,
        optional=explainer.stored,
    ) as writers:
        by_target = {text: writers[slug] for text, slug in slugs.items()}
        watch = _score_all(
            explainer, windows_path, rows, shard=shard, config=config, writers=by_target
        )
        del explainer
        gc.collect()  # its graph, before there is another one
        _watch(watch, model, config, first_row=rows.start, writers=by_target)


def _slugs(explainer: Explainer) -> dict[str, str]:
    """Return the targets, each with its part of file names."""
    slugs = {text: target.name.slug for text, target in explainer.targets.items()}
    if len(set(slugs.values())) < len(slugs):
        raise InputError(f"Two of the targets {', '.join(slugs)} would share one file name.")
    return slugs


def _score_all(
    explainer: Explainer,
    windows_path: str | Path,
    rows: slice,
    *,
    shard: str,
    config: Config,
    writers: Mapping[str, ScoreWriter],
) -> Watch:
    """Score and write the windows of a shard, and return those to explain again."""
    from deeplift_genomics.attribution.second_path import Watch, choose_rows

    number = 0 if config.attribution.float64 else config.attribution.second_path
    watch = Watch(choose_rows(rows, number, config.references.seed))
    progress = Progress(what=f"shard {shard}", unit="window", total=rows.stop - rows.start)
    first = rows.start
    for batch in window_batches(windows_path, rows, explainer.batch_size):
        found = _score(explainer, batch, config.references)
        watch.take(first, batch, found)
        for text, scores in found.items():
            writers[text].append(_rows(batch, scores))
        first += len(batch)
        progress.update(len(batch))
    progress.close()
    return watch


def _watch(
    watch: Watch,
    model: Model,
    config: Config,
    *,
    first_row: int,
    writers: Mapping[str, ScoreWriter],
) -> None:
    """Explain the windows of a shard's watch again, and write how far both paths differ.

    Raises
    ------
    SecondPathError
        If the scores differ by more than is accepted.
    """
    from deeplift_genomics.attribution.second_path import (
        Difference,
        check_confirmed,
        explained_plainly,
    )
    from deeplift_genomics.scores.second_path import second_path_of, write_second_path

    def explain(explainer: Explainer) -> list[dict[str, Scores]]:
        return [_score(explainer, item.window, config.references) for item in watch.taken]

    bits, found = 64, dict[str, list[Difference]]()
    if watch.taken:
        bits, again = explained_plainly(model, list(writers), config, explain)
        bound = config.attribution.second_path_bound
        found = check_confirmed(watch.taken, again, bound=bound, bits=bits)
        largest = max(item.contributions for of_target in found.values() for item in of_target)
        log.info("second path: %d windows, largest difference %.1g", len(watch.taken), largest)
    rows = [item.row - first_row for item in watch.taken]
    for text, writer in writers.items():
        of_target = found.get(text, [])
        columns: dict[str, Any] = {"row": rows, "fold": 0, "bits": bits}
        columns |= {name: [getattr(d, name) for d in of_target] for name in Difference._fields}
        write_second_path(writer.group, second_path_of(columns))


def _explainer(model: Model, targets: Sequence[str], config: Config, free: int) -> Explainer:
    """Compile the model for the settings; `free` are the bytes of memory of the GPU, if any."""
    from deeplift_genomics.attribution.configured import configured_explainer

    wanted = config.attribution.windows_per_batch
    size = _windows_per_batch(model, wanted, free, config.references.number)
    return configured_explainer(model, targets, config, size)


def _windows_per_batch(model: Model, wanted: int, free: int, n_references: int) -> int:
    """Return how many windows to compute at once."""
    from deeplift_genomics.graph.device import shapes_of, values_of, windows_at_once

    size = windows_at_once(wanted, free, values_of(shapes_of(model.frozen)), n_references)
    if size != wanted:
        log.info("%d windows at a time", size)
    return size


def window_batches(path: str | Path, rows: slice, size: int) -> Iterator[Windows]:
    """Yield the windows of a shard in batches, reading many at once: each read opens the file."""
    from deeplift_genomics.windows.file import read_windows

    together = size * max(1, WINDOWS_READ // size)
    for start in range(rows.start, rows.stop, together):
        windows = read_windows(path, slice(start, min(start + together, rows.stop)))
        for first in range(0, len(windows), size):
            yield windows[first : first + size]


def _score(explainer: Explainer, windows: Windows, settings: References) -> dict[str, Scores]:
    """Return the scores of one batch, by target."""
    from deeplift_genomics.dna.sequence import one_hot

    references = explainer.references_of(windows.codes, settings)
    places = zip(windows.chrom, windows.start, windows.end, strict=True)
    labels = [f"{chrom}:{start}-{end}" for chrom, start, end in places]
    controls = explainer.fill_controls(windows.controls, len(windows))
    return explainer(one_hot(windows.codes), references, controls, labels)


def _rows(windows: Windows, scores: Scores) -> dict[str, Any]:
    """Return the rows of a batch, by dataset of the score file."""
    from deeplift_genomics.scores.writer import rows_of_windows

    return {
        "hyp_scores": scores.array("hypothetical"),
        "position_scores": scores.positions,
        "input_seqs": scores.sequences,
        **rows_of_windows(windows),
        "target": scores.target,
        "reference_target": scores.reference_target,
        "residual": scores.residual,
        "standard_error": scores.standard_error,
    }
