"""The columns of the variants that were explained so far, and those of all at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.alleles.changes import Effects
from deeplift_genomics.alleles.explained import Explained, PairExplainer
from deeplift_genomics.alleles.motifs import MotifFinder, in_words
from deeplift_genomics.alleles.random_changes import random_changes
from deeplift_genomics.effects.meter import Backgrounds
from deeplift_genomics.scores.allele_tables import AS_WRITTEN, EXPLAINED, Alleles, MotifChange
from deeplift_genomics.settings.config import Config
from deeplift_genomics.windows.alleles import LeftOut, Pair


class Collected:
    """What is known of the variants so far."""

    def __init__(
        self,
        effects: Effects,
        explainer: PairExplainer,
        finders: Sequence[MotifFinder],
        config: Config,
    ) -> None:
        self._effects, self._explainer, self._finders = effects, explainer, finders
        self._config = config
        self._rows: list[NDArray[np.float64]] = []
        self._shares: list[float] = []
        self._motifs: list[MotifChange] = []

    def add(self, pairs: Sequence[Pair], controls: Mapping[str, NDArray]) -> dict[str, Explained]:
        """Explain some variants, and return target -> explanation."""
        codes, edits = np.stack([pair.codes for pair in pairs]), [pair.edit for pair in pairs]
        base, other = (self._effects.windows(codes[:, allele], controls) for allele in (0, 1))
        found = self._effects.compare(base, other, np.arange(len(pairs)), edits)
        first = len(self._rows)
        self._rows += list(found)
        self._shares += self._random(pairs, base, found)
        explained = self._explainer(codes, controls, [str(pair.variant) for pair in pairs])
        for finder in self._finders:
            values = explained[finder.target].contributions
            self._motifs += finder(codes, values, edits, first)
        return explained

    def _random(
        self, pairs: Sequence[Pair], base: Backgrounds, found: NDArray[np.float64]
    ) -> list[float]:
        """Return which share of random changes of each window has an effect as large."""
        number, seed = self._config.alleles.random_changes, self._config.references.seed
        if not number:
            return [np.nan] * len(pairs)
        _, sizes = self._effects.sizes(found)
        shares = []
        for i, pair in enumerate(pairs):
            made = random_changes(pair, number, seed)
            if not made or np.isnan(sizes[i]):
                shares.append(np.nan)
                continue
            rows = np.full(len(made), i)
            controls = {name: values[rows] for name, values in base.controls.items()}
            other = self._effects.windows(np.stack([codes for _, codes in made]), controls)
            edits = [edit for edit, _ in made]
            _, random = self._effects.sizes(self._effects.compare(base, other, rows, edits))
            shares.append(float(np.mean(np.abs(random) >= abs(sizes[i]))))
        return shares

    def result(self, pairs: Sequence[Pair], left_out: Sequence[LeftOut]) -> Alleles:
        """Return all columns of the variants."""
        names = [outcome.column for outcome in self._effects.outcomes]
        effects = np.array(self._rows).reshape(len(pairs), len(names))
        which, sizes = self._effects.sizes(effects)
        of_variant: dict[int, list[MotifChange]] = {}
        for one in self._motifs:
            of_variant.setdefault(one.variant, []).append(one)
        self._motifs.sort(key=lambda one: one.variant)
        called = [finder.target for finder in self._finders]
        written = [_as_written(pair) for pair in pairs]
        explained = [
            (
                pair.start,
                pair.start + pair.codes.shape[1],
                names[which[i]] if not np.isnan(sizes[i]) else "",
                sizes[i],
                self._shares[i],
                in_words(of_variant.get(i, []), called, pair.edit),
            )
            for i, pair in enumerate(pairs)
        ]
        columns: dict[str, list[Any]] = {
            name: [row[column] for row in rows]
            for kinds, rows in ((AS_WRITTEN, written), (EXPLAINED, explained))
            for column, name in enumerate(kinds)
        }
        columns["edit_start"] = [pair.edit.at for pair in pairs]
        columns["removed"] = [pair.edit.removed for pair in pairs]
        columns["added"] = [pair.edit.added for pair in pairs]
        left = [
            {
                **dict(zip(AS_WRITTEN, _as_written(one), strict=True)),
                "left_out": one.reason,
                "detail": one.detail,
            }
            for one in left_out
        ]
        targets = self._explainer.targets
        return Alleles(columns, names, effects, left, self._motifs, targets, {})


def _as_written(one: Pair | LeftOut) -> tuple[Any, ...]:
    """Return the columns of a variant as its file writes them."""
    variant = one.variant
    return (
        variant.line, variant.chrom, variant.position, variant.name, variant.ref, variant.alt,
    )  # fmt: skip
