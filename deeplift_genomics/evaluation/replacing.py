"""The curves of all methods in all windows: bases replaced in the order of each method."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.batches import fill_controls
from deeplift_genomics.attribution.changes import Changes
from deeplift_genomics.attribution.draws import generator
from deeplift_genomics.attribution.shares import SHARES
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.evaluation.curves import faithfulness, summary_of
from deeplift_genomics.evaluation.numbers import Numbers
from deeplift_genomics.evaluation.ranking import order_of
from deeplift_genomics.evaluation.scored import Batch
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.choices import SINGLE_KINDS
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.metrics import RANDOM_ORDER

_APART = 1_000_000  # between the seeds of references for methods and of those that replace bases
# method -> target -> contributions (n, L)
Kept = Mapping[str, Mapping[str, NDArray]]


def add_curves(numbers: Numbers, model: Model, kept: Kept, batch: Batch, *, config: Config) -> None:
    """Add the curves of deletion and insertion, and what follows from them, window by window.

    Parameters
    ----------
    numbers
        Where they are added.
    kept
        Method -> target -> contributions of the windows (n, L). Bases in random order are one more.
    """
    targets = find_targets(model, list(next(iter(kept.values()))))
    changes = Changes(model, targets, float64=config.attribution.float64)
    progress = Progress(what="replace bases", unit="window", total=len(batch))
    for at in range(len(batch)):
        one = batch.of(slice(at, at + 1))
        of_window = {
            name: {text: values[at] for text, values in by_target.items()}
            for name, by_target in kept.items()
        }
        random = {text: np.zeros(one.codes.shape[1]) for text in targets}
        _add_window(numbers, changes, {**of_window, RANDOM_ORDER: random}, one, config=config)
        progress.update()
    progress.close()


def _add_window(
    numbers: Numbers, changes: Changes, values: Kept, one: Batch, *, config: Config
) -> None:
    """Add the curves of one window, from contributions (L,); equal ones come in random order."""
    window, seed = one_hot(one.codes[0], np.float32), config.evaluation.seed
    references = _replacements(one.codes, config)
    controls = fill_controls(changes.model, one.controls, 1)
    start = changes.from_windows(window[None], controls)
    for name, by_target in values.items():
        for text, contributions in by_target.items():
            draws = [generator(seed, window, k) for k in range(len(references))]
            orders = np.stack([order_of(contributions, rng) for rng in draws])

            def change(mutants: NDArray, text: str = text) -> NDArray:
                return start.to(mutants, 0)[text]

            curves = faithfulness(change, window, references, orders)
            place = text, name, int(one.rows[0])
            for metric in ("deletion", "insertion"):
                points = dict(zip(SHARES, curves[metric].tolist(), strict=True))
                numbers.curve(place, metric, points)
            numbers.add(place, summary_of(curves))


def _replacements(codes: NDArray[np.int8], config: Config) -> NDArray[np.float32]:
    """Return the references by whose bases those of a window (1, L) are replaced, (D, L, 4)."""
    kind, draws = config.references.kind, config.evaluation.draws
    seed = config.evaluation.seed + _APART
    return make_references(codes, kind, 1 if kind in SINGLE_KINDS else draws, seed)[0]
