"""Targets of a job in groups of those that differ in nothing but their units or bins."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from deeplift_genomics.attribution.scalars import Columns
from deeplift_genomics.attribution.targets import Target, Term, seeds_of
from deeplift_genomics.engine.alike import Alike, Targets
from deeplift_genomics.engine.chunks import one_by_one
from deeplift_genomics.engine.narrow import Position
from deeplift_genomics.engine.propagate import Seeds
from deeplift_genomics.graph.backend import tf

# a group of so many has walks apart: each is compiled once more, and in no loop
FEW = 4


def group_alike(
    targets: Mapping[str, Target], suits: Callable[[Target], bool] = lambda _: True
) -> Targets:
    """Return the targets of a job: those with a walk apart, and groups of those that share one.

    Targets are alike if they differ in nothing but the unit, column or track that they name, or in
    the place of their bins. `suits` tells whether a target may share a walk.
    """
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for text, target in targets.items():
        groups[_kind(target) if suits(target) else text].append(text)
    together = [texts for texts in groups.values() if len(texts) > FEW]
    shared = {text for texts in together for text in texts}
    return Targets(
        {text: target.seeds for text, target in targets.items() if text not in shared},
        [_alike(texts, [targets[text] for text in texts]) for texts in together],
    )


def _kind(target: Target) -> Hashable:
    """Return all of a target that is not a number of a unit, or the first of its bins."""
    return tuple(
        (term.factor, term.head.tensor, term.scalar, _set(term.columns, 0, 0), term.held)
        for term in target.terms
    )


def _set(columns: Columns, unit: int | tf.Tensor, first: int | tf.Tensor) -> Columns:
    """Return columns with another unit and another first bin, where they have these."""
    return replace(
        columns,
        index=None if columns.index is None else unit,
        bins=None if columns.bins is None else (first, columns.bins[1]),
    )


def _alike(texts: Sequence[str], targets: Sequence[Target]) -> Alike:
    """Return a group. The numbers of a target are (terms, 2): unit and first bin of each."""
    numbers = [
        [(term.columns.index or 0, (term.columns.bins or (0,))[0]) for term in target.terms]
        for target in targets
    ]
    terms = targets[0].terms
    tensors = [*targets[0].seeds]
    return Alike(
        texts,
        np.array(numbers, np.int32),
        tensors,
        partial(_seeds, terms),
        partial(_position, terms),
    )


def _position(terms: Sequence[Term], numbers: tf.Tensor) -> Position | None:
    """Return the one position of a head that a target explains, if it is one."""
    columns, shape = terms[0].columns, terms[0].head.shape
    sizes = [size for size in shape if size != 1]
    if len(terms) > 1 or None in sizes or len(set(sizes)) < len(sizes):
        return None
    if columns.bins is not None and columns.bins[1] == 1:
        number, positions = numbers[0, 1], math.prod(sizes) // columns.count
    elif columns.index is not None and len(sizes) == 1 and columns.count == sizes[0]:
        number, positions = numbers[0, 0], sizes[0]
    else:
        return None
    return Position(number, 1 + shape.index(positions)) if positions in shape else None


def _seeds(terms: Sequence[Term], numbers: tf.Tensor) -> Seeds:
    """Return the seeds of a target from its numbers and the terms of another that is alike."""
    return seeds_of(
        [
            replace(term, columns=_set(term.columns, numbers[i, 0], numbers[i, 1]))
            for i, term in enumerate(terms)
        ]
    )


def scalars_of(
    targets: Targets, values: Mapping[str, tuple[tf.Tensor, tf.Tensor]]
) -> dict[str, Sequence[tf.Tensor]]:
    """Return target -> its scalar at windows and references, and its size, (N,) each.

    `values` maps each explained tensor to its values at N windows and their references.
    """

    def scalars(seeds: Seeds) -> list[tf.Tensor]:
        made = [make(*values[tensor]) for tensor, make in seeds.items()]
        of_each = [(seed.target, seed.reference_target, seed.size) for seed in made]
        return [tf.add_n(items) for items in zip(*of_each, strict=True)]

    def of_numbers(group: Alike, numbers: tf.Tensor) -> list[tf.Tensor]:
        return scalars(group.seeds(numbers))

    found: dict[str, Sequence[tf.Tensor]] = {t: scalars(s) for t, s in targets.apart.items()}
    for group in targets.alike:
        of_all = one_by_one(partial(of_numbers, group), tf.constant(group.numbers))
        of_each = zip(*(tf.unstack(items) for items in of_all), strict=True)
        found.update(zip(group.targets, of_each, strict=True))
    return found
