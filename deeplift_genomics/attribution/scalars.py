"""The scalars that targets explain, and the columns of a head that they read.

A scalar is a sum of terms over the columns (strands) and positions of a head. A walk starts from
its multipliers on the head. Softmax, mean and sum run over positions, and each column has its own;
if strands share a softmax, `Columns` reads them as one column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deeplift_genomics.engine.propagate import Seed, SeedFunction
from deeplift_genomics.engine.rules import softmax_multipliers
from deeplift_genomics.graph.backend import tf


@dataclass(frozen=True)
class Scalar:
    """The terms of a target, and its multipliers, for N pairs of window and reference.

    All are (N, columns, positions); `multiplier` is that on the explained tensor.
    """

    multiplier: tf.Tensor
    terms: tf.Tensor
    reference_terms: tf.Tensor


# (window, reference), both (N, columns, positions) -> Scalar; each column is on its own
ScalarFunction = Callable[[tf.Tensor, tf.Tensor], Scalar]


def _centred(x: tf.Tensor) -> tf.Tensor:
    """Return x less its mean over positions."""
    return x - tf.reduce_mean(x, axis=-1, keepdims=True)


def total(x: tf.Tensor, x0: tf.Tensor) -> Scalar:
    """Sum everything: the multiplier is 1."""
    return Scalar(tf.ones_like(x0), x, x0)


def _weighted_logits(weights: tf.Tensor, lc: tf.Tensor, lc0: tf.Tensor) -> Scalar:
    """Sum w lc with w held fixed: the multiplier of l is w - mean(w)."""
    return Scalar(_centred(weights), weights * lc, weights * lc0)


def halfway_weights(x: tf.Tensor, x0: tf.Tensor) -> Scalar:
    """Sum centred logits, weighted by the mean softmax of window and reference.

    Source: the profile loss of ChromBPNet (Pampari et al. 2024), whose DeepLIFT run averages the
    stopped softmax of window and reference.
    """
    lc, lc0 = _centred(x), _centred(x0)
    return _weighted_logits((tf.nn.softmax(lc) + tf.nn.softmax(lc0)) / 2, lc, lc0)


def fixed_weights(x: tf.Tensor, x0: tf.Tensor) -> Scalar:
    """Sum centred logits, weighted by the window's softmax."""
    lc, lc0 = _centred(x), _centred(x0)
    return _weighted_logits(tf.nn.softmax(lc), lc, lc0)


def live_weights(x: tf.Tensor, x0: tf.Tensor) -> Scalar:
    """Sum centred logits, weighted by their own softmax, and explain the weights as well.

    The rule for products gives lc the multiplier (p + p0) / 2 and p the multiplier (lc + lc0) / 2;
    the rule for softmax passes the latter on to lc. Centring is linear.
    """
    lc, lc0 = _centred(x), _centred(x0)
    p, p0 = tf.nn.softmax(lc), tf.nn.softmax(lc0)
    multiplier = (p + p0) / 2 + softmax_multipliers(lc, lc0, (lc + lc0) / 2)
    return Scalar(_centred(multiplier), p * lc, p0 * lc0)


def wn(x: tf.Tensor, x0: tf.Tensor) -> Scalar:
    """Sum logits that are not centred, weighted by the window's softmax; average the columns.

    Source: Avsec et al. 2021, contribution of the profile; "wn" in their code.
    """
    weights = tf.nn.softmax(x) / x.shape[1]
    return Scalar(weights, weights * x, weights * x0)


# --- heads as columns ------------------------------------------------------------------------


@dataclass(frozen=True)
class Columns:
    """The columns of a head: its tensor (N, ...) is read as (N, columns, positions).

    Attributes
    ----------
    count
        Number of columns.
    first
        Whether columns come before positions in the head.
    index
        The column that is read; None for all. A number that is known when the graph runs (a tensor)
        will do.
    together
        Whether the columns that are read count as one.
    bins
        The first position that is read and how many are; None for all positions. The first may be
        a tensor, too.
    """

    count: int
    first: bool = True
    index: int | tf.Tensor | None = None
    together: bool = False
    bins: tuple[int | tf.Tensor, int] | None = None

    def read(self, x: tf.Tensor) -> tf.Tensor:
        """Read a tensor (N, ...) of the head as (N, columns, positions)."""
        n = x.shape[0]
        if self.first:
            x = tf.reshape(x, (n, self.count, -1))
        else:
            x = tf.transpose(tf.reshape(x, (n, -1, self.count)), (0, 2, 1))
        if self.index is not None:
            x = _part(x, 1, self.index, 1)
        if self.bins is not None:
            x = _part(x, 2, *self.bins)
        return tf.reshape(x, (n, 1, -1)) if self.together else x

    def write(self, values: tf.Tensor, shape: tf.TensorShape) -> tf.Tensor:
        """Write (N, columns, positions) as a head of that shape, with 0 where nothing was read."""
        n, index = shape[0], self.index
        if self.together:
            values = tf.reshape(values, (n, self.count if index is None else 1, -1))
        if self.bins is not None:
            positions = shape[1:].num_elements() // self.count
            begin, number = self.bins
            values = tf.pad(values, [[0, 0], [0, 0], [begin, positions - number - begin]])
        if index is not None:
            values = tf.pad(values, [[0, 0], [index, self.count - 1 - index], [0, 0]])
        return tf.reshape(values if self.first else tf.transpose(values, (0, 2, 1)), shape)


def _part(x: tf.Tensor, axis: int, first: int | tf.Tensor, number: int) -> tf.Tensor:
    """Return some entries of an axis, from the first on."""
    if isinstance(first, int):
        return x[(slice(None),) * axis + (slice(first, first + number),)]
    return tf.gather(x, first + tf.range(number), axis=axis)


# --- seeds -----------------------------------------------------------------------------------


def make_seed(scalar: ScalarFunction, columns: Columns) -> SeedFunction:
    """Return the function that makes the seed of a scalar of these columns of a head."""

    def seed(x: tf.Tensor, x0: tf.Tensor) -> Seed:
        found = scalar(columns.read(x), columns.read(x0))
        both = found.terms, found.reference_terms
        size = tf.maximum(*(tf.reduce_sum(tf.abs(terms), axis=(1, 2)) for terms in both))
        target, reference_target = (tf.reduce_sum(terms, axis=(1, 2)) for terms in both)
        return Seed(columns.write(found.multiplier, x0.shape), target, reference_target, size)

    return seed


def add_seeds(terms: Sequence[tuple[float, SeedFunction]]) -> SeedFunction:
    """Return the function that makes the seed of a sum of scalars of one head, each by its factor.

    Multipliers are linear in the target, so the sum needs one walk, as its terms do.
    """
    if len(terms) == 1 and terms[0][0] == 1:
        return terms[0][1]

    def seed(x: tf.Tensor, x0: tf.Tensor) -> Seed:
        made = [(factor, make(x, x0)) for factor, make in terms]
        return Seed(
            tf.add_n([factor * one.multiplier for factor, one in made]),
            tf.add_n([factor * one.target for factor, one in made]),
            tf.add_n([factor * one.reference_target for factor, one in made]),
            tf.add_n([abs(factor) * one.size for factor, one in made]),
        )

    return seed
