"""Both alleles of variants explained by the same method, against the same references.

The references of a variant are those of its reference window. What both alleles share is then
compared with the same sequences, so that the difference of their contributions is due to the
variant, and by completeness adds up to the change of the target. The reference allele gets the
contributions that the window has in a run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.configured import configured_explainer
from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.attribution.scores import Scores, join
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.graph.device import shapes_of, values_of, windows_at_once
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sections import References


@dataclass(frozen=True)
class Explained:
    """The explanation of n variants for a target: reference allele first, alternative second.

    Attributes
    ----------
    contributions : (n, 2, L)
        Contributions of the observed bases, averaged over the folds.
    standard_error : (n, 2, L) or None
        Their standard error over references; of folds the mean, which is an upper bound.
    target : (n, 2)
        The target's value.
    """

    contributions: NDArray[np.float32]
    standard_error: NDArray[np.float32] | None
    target: NDArray[np.float32]


class PairExplainer:
    """The folds of a model, compiled once.

    Parameters
    ----------
    models
        One, or folds.
    targets
        Names of targets.
    config
        The settings: `references` and `attribution` count.
    free
        Free bytes of the GPU; 0 for a CPU.
    """

    def __init__(
        self, models: Sequence[Model], targets: Sequence[str], config: Config, free: int = 0
    ) -> None:
        wanted, number = config.attribution.windows_per_batch, config.references.number
        self._references = config.references
        self._folds = []
        for model in models:
            size = windows_at_once(wanted, free, values_of(shapes_of(model.frozen)), number)
            self._folds.append(configured_explainer(replace(model), targets, config, size))

    @property
    def targets(self) -> list[str]:
        """Names of the targets."""
        return list(self._folds[0].targets)

    @property
    def has_errors(self) -> bool:
        """Whether the method gives standard errors."""
        return "standard_error" in self._folds[0].stored

    def __call__(
        self, codes: NDArray[np.int8], controls: Mapping[str, NDArray], labels: Sequence[str]
    ) -> dict[str, Explained]:
        """Explain n variants, given as codes (n, 2, L), and return target -> explanation.

        Parameters
        ----------
        controls
            Input name -> (n, ...); both alleles get the same.
        labels
            Names of the variants, for messages.

        Raises
        ------
        CompletenessError
            If the method is complete and a residual exceeds the tolerance.
        """
        folds = [_explain(fold, codes, controls, labels, self._references) for fold in self._folds]
        return {text: _averaged([fold[text] for fold in folds], codes) for text in folds[0]}


# Positional: what is explained, then how.
def _explain(
    explainer: Explainer,
    codes: NDArray[np.int8],
    controls: Mapping[str, NDArray],
    labels: Sequence[str],
    settings: References,
) -> dict[str, Scores]:
    """Return the scores of both alleles of each variant, one after the other, by one fold."""
    references = explainer.references_of(codes[:, 0], settings)
    rows = np.repeat(np.arange(len(codes)), 2)
    filled = explainer.fill_controls(controls, len(codes))
    windows = codes.reshape(len(rows), codes.shape[2])
    named = [f"{labels[row]} ({('REF', 'ALT')[i % 2]})" for i, row in enumerate(rows.tolist())]
    parts = []
    for first in range(0, len(rows), explainer.batch_size):
        some = slice(first, first + explainer.batch_size)
        at = rows[some]
        parts.append(
            explainer(
                one_hot(windows[some]),
                references[at],
                {name: values[at] for name, values in filled.items()},
                named[some],
            )
        )
    return {text: join([part[text] for part in parts]) for text in parts[0]}


def _averaged(folds: Sequence[Scores], codes: NDArray[np.int8]) -> Explained:
    """Return the means over the folds."""
    n, _, length = codes.shape

    def mean(arrays: Sequence[NDArray], *shape: int) -> NDArray[np.float32]:
        return np.mean(arrays, axis=0, dtype=np.float64).astype(np.float32).reshape(n, 2, *shape)

    errors = [fold.standard_error for fold in folds if fold.standard_error is not None]
    return Explained(
        mean([fold.contributions.sum(axis=-1) for fold in folds], length),
        mean(errors, length) if errors else None,
        mean([fold.target for fold in folds]),
    )
