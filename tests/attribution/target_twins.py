"""Slow twins of the scalars of targets, on the logits of one column.

Each takes the logits of window and reference, and returns the multipliers and f at both.
"""

import math
from collections.abc import Callable

Column = list[float]
Twin = Callable[[Column, Column], tuple[Column, float, float]]


def mean(values: Column) -> float:
    return sum(values) / len(values)


def softmax(values: Column) -> Column:
    return [math.exp(v) / sum(math.exp(u) for u in values) for v in values]


def centre(values: Column) -> Column:
    return [v - mean(values) for v in values]


def dot(a: Column, b: Column) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def everything(x: Column, x0: Column) -> tuple[Column, float, float]:
    return [1.0 for _ in x], sum(x), sum(x0)


def halfway(x: Column, x0: Column) -> tuple[Column, float, float]:
    w = [(p + p0) / 2 for p, p0 in zip(softmax(x), softmax(x0), strict=True)]
    return [v - mean(w) for v in w], dot(w, centre(x)), dot(w, centre(x0))


def fixed(x: Column, x0: Column) -> tuple[Column, float, float]:
    w = softmax(x)
    return [v - mean(w) for v in w], dot(w, centre(x)), dot(w, centre(x0))


def live(x: Column, x0: Column) -> tuple[Column, float, float]:
    """Apply the rule for products, then Rescale in exp(z), z = lc - log(t), t = sum of exp(lc)."""
    c, c0, p, p0 = centre(x), centre(x0), softmax(x), softmax(x0)
    t, t0 = (sum(math.exp(v) for v in values) for values in (c, c0))
    s, s0 = math.log(t), math.log(t0)
    m_z = []
    for i in range(len(x)):
        m_p = (c[i] + c0[i]) / 2
        m_z.append(m_p * (p[i] - p0[i]) / ((c[i] - s) - (c0[i] - s0)))
    m_t = -sum(m_z) * (s - s0) / (t - t0)
    m = []
    for i in range(len(x)):
        slope = (math.exp(c[i]) - math.exp(c0[i])) / (c[i] - c0[i])
        m.append((p[i] + p0[i]) / 2 + m_z[i] + m_t * slope)
    return [v - mean(m) for v in m], dot(p, c), dot(p0, c0)


def wn(x: Column, x0: Column) -> tuple[Column, float, float]:
    return softmax(x), dot(softmax(x), x), dot(softmax(x), x0)
