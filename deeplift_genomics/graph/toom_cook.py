"""Minimal filtering: m outputs of a filter of 3 taps by m + 2 products instead of 3 m.

F(m, 3) takes m + 2 numbers x and a filter g to y_i = x_i g_0 + x_(i+1) g_1 + x_(i+2) g_2, for
0 <= i < m. It is the transpose of a product of polynomials, which are known by their values at
m + 1 points and by their leading coefficients (the point at infinity):

    y = A^T ((G g) * (B^T x))

Rows of A^T and G hold powers of the points, so that points near 1 in size round least: with 0,
+-3/4 and +-3/2, F(4, 3) rounds about twice as much as the direct form, and with 0, +-1 and +-2
three times.

Sources: Toom 1963, Cook 1966, on products; Winograd 1980, "Arithmetic complexity of computations",
on filters; Barabasz, Anderson, Soodhalter, Gregg 2020, "Error analysis and improving the accuracy
of Winograd convolution for deep neural networks", on points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

TAPS = 3
# outputs of a tile -> the finite points
POINTS: dict[int, tuple[Fraction, ...]] = {
    2: (Fraction(0), Fraction(1), Fraction(-1)),
    4: (Fraction(0), Fraction(3, 4), Fraction(-3, 4), Fraction(3, 2), Fraction(-3, 2)),
}


@dataclass(frozen=True)
class Transforms:
    """The three matrices of F(m, 3), float64: of outputs A^T, of filters G, of inputs B^T.

    Their shapes are (m, m + 2), (m + 2, 3) and (m + 2, m + 2).
    """

    outputs: NDArray[np.float64]
    filters: NDArray[np.float64]
    inputs: NDArray[np.float64]


@cache
def transforms(outputs: int) -> Transforms:
    """Return the matrices of F(m, 3) for m outputs, each number rounded once.

    ``transforms(2).outputs`` is ``[[1, 1, 1, 0], [0, 1, -1, 1]]``.
    """
    points = POINTS[outputs]
    of_outputs, of_filters, of_inputs = [], [], []
    for i, point in enumerate(points):
        others = points[:i] + points[i + 1 :]
        scale = Fraction(1)
        for other in others:
            scale *= point - other
        of_outputs.append([point**k for k in range(outputs)])
        of_filters.append([point**k / scale for k in range(TAPS)])
        of_inputs.append([*_with_roots(others), Fraction(0)])
    of_outputs.append([Fraction(int(k == outputs - 1)) for k in range(outputs)])
    of_filters.append([Fraction(int(k == TAPS - 1)) for k in range(TAPS)])
    of_inputs.append(_with_roots(points))
    return Transforms(_rounded(of_outputs).T, _rounded(of_filters), _rounded(of_inputs))


def _with_roots(roots: Sequence[Fraction]) -> list[Fraction]:
    """Return the coefficients, constant first, of the polynomial with these roots."""
    found = [Fraction(1)]
    for root in roots:
        shifted, kept = [Fraction(0), *found], [*found, Fraction(0)]
        found = [high - root * low for high, low in zip(shifted, kept, strict=True)]
    return found


def _rounded(rows: Sequence[Sequence[Fraction]]) -> NDArray[np.float64]:
    """Return exact numbers as float64."""
    return np.array([[float(number) for number in row] for row in rows])
