"""Maps of loci: contributions to each position of a sample's profiles, averaged over its models."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.attribution.outputs import (
    OutputScores,
    explainer_of_outputs,
    scores_of_outputs,
)
from deeplift_genomics.attribution.predicted import find_predicted
from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.windows.file import check_length, read_windows
from deeplift_genomics.windows.loci import Found, LocusError, find_locus, read_window_places

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Profile:
    """A profile of a model: its head, the column that is explained (None: all), and its place.

    `positions` are on the bases from `offset` on, `bin_width` bases each.
    """

    head: str
    label: str
    column: int | None
    positions: int
    offset: int
    bin_width: int

    def middle(self, found: Found, window_start: int, most: int) -> range:
        """Return the positions on a locus, at most so many, the middle ones.

        A locus of one base is the middle of as many positions as there may be.
        """
        first = (found.locus.start - window_start - self.offset) // self.bin_width
        stop = -((window_start + self.offset - found.locus.end) // self.bin_width)
        room = most - (stop - first)
        if found.locus.end - found.locus.start == 1:
            first, stop = first - room // 2, stop + room - room // 2
        elif room < 0:
            first, stop = first + -room // 2, first + -room // 2 + most
        return range(max(0, first), min(self.positions, stop))


def profiles_of(model: Model, targets: Sequence[str]) -> list[Profile]:
    """Return the profiles that belong to the targets, in their order; a classifier has none."""
    heads = [head for head in model.heads if None not in head.shape]
    tracks, _ = find_predicted(model, targets, heads)
    found = []
    for track in tracks:
        attributes = track.attributes
        head, label = str(attributes["head"]), str(attributes["label"])
        column = None if label == head else int(label.removeprefix(head)[1:-1])
        offset, width = int(attributes["offset"]), int(attributes["bin_width"])
        found.append(Profile(head, label, column, track.shape[1], offset, width))
    return found


def make_maps(
    models: Sequence[Model],
    windows: Path,
    *,
    targets: Sequence[str],
    loci: Sequence[str],
    config: Config,
    aliases: Path | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield a map for each locus that the sample has a window for, and each of its profiles.

    Maps are the fields of `deeplift_genomics.scores.outputs.OutputMap`.

    Parameters
    ----------
    models
        The folds, which are alike.
    windows
        windows.h5.
    loci
        The loci; those without a window are left out, which is logged.
    config
        The settings: those of `references` and `attribution`, and `report.output_positions`.
    aliases
        Table of contig names, if there is one.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError, CompletenessError
        As `attribute_outputs` raises them.
    """
    places = read_window_places(windows)
    profiles = profiles_of(models[0], targets)
    if not profiles:
        log.warning("%s: no head is along the window for %s", models[0].name, ", ".join(targets))
    for text in loci:
        try:
            found = find_locus(text, places, read_aliases(aliases))
        except LocusError as error:
            log.warning("%s has no map: %s", text, error.reason)
            continue
        start = int(places.start[found.row])
        for profile in profiles:
            chosen = profile.middle(found, start, config.report.output_positions)
            if not chosen:
                log.warning("%s has no map of %s: no position is on it", text, profile.label)
                continue
            log.info("%s, %s: %d positions", text, profile.label, len(chosen))
            scores = [
                _explain(model, profile, chosen, windows=windows, row=found.row, config=config)
                for model in models
            ]
            yield {
                "locus": text,
                "head": profile.head,
                "label": profile.label,
                "contig": str(places.chrom[found.row]),
                "start": start,
                "row": found.row,
                "offset": profile.offset,
                "bin_width": profile.bin_width,
                "arrays": _averaged(scores),
            }


def _explain(
    model: Model, profile: Profile, chosen: range, *, windows: Path, row: int, config: Config
) -> OutputScores:
    """Return the contributions to some positions of a profile, by one model."""
    some = read_windows(windows, slice(row, row + 1))
    check_length(windows, some.codes.shape[1], model=model.name, expected=model.window_length)
    settings = config.attribution
    explainer: Explainer = explainer_of_outputs(
        model,
        profile.head,
        chosen,
        column=profile.column,
        n_references=config.references.number,
        rules=settings.rules,
        tolerance=settings.tolerance,
        float64=settings.float64,
        convolutions=settings.convolutions,
    )
    references = explainer.references_of(some.codes, config.references)
    controls: Mapping[str, NDArray] = explainer.fill_controls(some.controls, 1)
    label = f"{some.chrom[0]}:{some.start[0]}-{some.end[0]}"
    return scores_of_outputs(explainer, one_hot(some.codes), references, controls, label=label)


def _averaged(scores: Sequence[OutputScores]) -> dict[str, NDArray]:
    """Return the arrays of a map: means over the models, and of residuals the largest."""
    residuals = np.stack([item.residual for item in scores])
    largest = np.abs(residuals).argmax(axis=0)[None]

    def mean(name: str) -> NDArray[np.floating]:
        return np.mean([getattr(item, name) for item in scores], axis=0)

    return {
        "positions": scores[0].positions,
        "hyp_scores": mean("hypothetical"),
        "input_seqs": scores[0].sequence.astype(np.int8),
        "target": mean("target"),
        "reference_target": mean("reference_target"),
        "residual": np.take_along_axis(residuals, largest, axis=0)[0],
    }
