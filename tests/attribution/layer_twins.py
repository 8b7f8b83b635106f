"""Slow twins of methods that walk through layers, and the model with attention that some need.

Each takes weights and a window; `references` are not used. The plain model is convolution (width
4), ReLU, dense, ReLU, dense; scores are those of unit 1.
"""

from collections.abc import Callable

import keras
import numpy as np
from keras import layers

from tests.attribution.models import randomise

L, TOKENS, HEADS = 12, 6, 2
Arrays = list[np.ndarray]


def _forward(weights: Arrays, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the convolution (9, 3) and the dense layer (4), both before their ReLU."""
    kernel, bias, dense, dense_bias, *_ = weights
    conv = np.array([(x[i : i + 4, :, None] * kernel).sum(axis=(0, 1)) + bias for i in range(9)])
    return conv, np.maximum(conv, 0).ravel() @ dense + dense_bias


def _backward(weights: Arrays, x: np.ndarray, relu: Callable[[float, float], float]) -> np.ndarray:
    """Walk back; `relu` takes a multiplier and the ReLU's input."""
    kernel, _, dense, _, last, _ = weights
    conv, hidden = _forward(weights, x)
    m_hidden = [relu(last[j, 1], hidden[j]) for j in range(4)]
    m_conv = (dense @ m_hidden).reshape(9, 3)
    m = np.zeros((L, 4))
    for i, f in np.ndindex(9, 3):
        m[i : i + 4] += relu(m_conv[i, f], conv[i, f]) * kernel[:, :, f]
    return m


def guided_backpropagation(weights: Arrays, x: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Pass what is above 0 through a ReLU that is open."""
    return _backward(weights, x, lambda m, value: m if m > 0 and value > 0 else 0.0)


def deconvolution(weights: Arrays, x: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Pass what is above 0 through every ReLU."""
    return _backward(weights, x, lambda m, value: max(m, 0.0))


def lrp(weights: Arrays, x: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Apply the epsilon rule to dense layers and the gamma rule to the convolution."""
    kernel, bias, dense, _, last, last_bias = weights
    conv, hidden = _forward(weights, x)
    unit = float(np.maximum(hidden, 0) @ last[:, 1] + last_bias[1])

    def over(r: float, z: float) -> float:
        return r / (z + (1e-6 if z >= 0 else -1e-6))

    r_hidden = [max(hidden[j], 0) * last[j, 1] * over(unit, unit) for j in range(4)]
    r_conv = np.zeros((9, 3))
    for i, f in np.ndindex(9, 3):
        for j in range(4):
            z = max(conv[i, f], 0) * dense[i * 3 + f, j]
            r_conv[i, f] += z * over(r_hidden[j], hidden[j])
    c = np.zeros((L, 4))
    for i, f in np.ndindex(9, 3):
        sign = 1 if conv[i, f] > 0 else -1

        def more(value: np.ndarray, sign: int = sign) -> np.ndarray:
            return value + 0.25 * np.where(value * sign > 0, value, 0)

        total = (x[i : i + 4] * more(kernel[:, :, f])).sum() + more(bias[f])
        c[i : i + 4] += more(kernel[:, :, f]) * over(r_conv[i, f], total)
    return c


def grad_cam(weights: Arrays, x: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Weight the channels of the convolution; position i of it is around base i + 1.5."""
    _, _, dense, _, last, _ = weights
    conv, hidden = _forward(weights, x)
    slopes = (dense @ (last[:, 1] * (hidden > 0))).reshape(9, 3)
    units = [
        max(sum(slopes[:, k].mean() * max(conv[i, k], 0) for k in range(3)), 0) for i in range(9)
    ]
    return _to_bases(units, first=1.5, step=1)


def _to_bases(units: list[float], first: float, step: float) -> np.ndarray:
    """Interpolate values of positions, the first of which is around base `first`."""
    scores = []
    for base in range(L):
        place = min(max((base - first) / step, 0), len(units) - 1)
        before = min(int(place), len(units) - 2)
        share = place - before
        scores.append((1 - share) * units[before] + share * units[before + 1])
    return np.array(scores)


# --- attention -------------------------------------------------------------------------------


def with_attention() -> keras.Model:
    """Build a model of six tokens of two bases, with two layers of attention."""
    x0 = layers.Input((L, 4), name="sequence")
    x = layers.Conv1D(4, 2, strides=2)(x0)
    x = layers.Add()([x, layers.MultiHeadAttention(HEADS, 3, name="heads")(x, x)])
    x = layers.Add()([x, layers.Attention(name="plain")([x, x])])
    x = layers.GlobalAveragePooling1D()(x)
    return randomise(keras.Model(x0, layers.Dense(2, name="out")(x)))


def _softmax(z: np.ndarray) -> np.ndarray:
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def _attend(
    weights: Arrays, window: np.ndarray, bumps: tuple[np.ndarray, np.ndarray]
) -> tuple[list[np.ndarray], float]:
    """Return the attention of both layers, with bumps added to it, and unit 1."""
    kernel, bias, q, qb, k, kb, v, vb, o, ob, last, last_bias = (w.astype(float) for w in weights)
    x = np.array(
        [
            (window[2 * t : 2 * t + 2, :, None] * kernel).sum(axis=(0, 1)) + bias
            for t in range(TOKENS)
        ]
    )
    by_head, y = [], np.zeros_like(x) + ob
    for h in range(HEADS):
        queries, keys, values = (x @ w[:, h] + b[h] for w, b in ((q, qb), (k, kb), (v, vb)))
        by_head.append(_softmax(queries @ keys.T / np.sqrt(3)) + bumps[0][h])
        y += by_head[h] @ values @ o[h]
    x = x + y
    plain = _softmax(x @ x.T)[None] + bumps[1]
    x = x + plain[0] @ x
    return [np.array(by_head), plain], float(x.mean(axis=0) @ last[:, 1] + last_bias[1])


NONE = np.zeros((HEADS, TOKENS, TOKENS)), np.zeros((1, TOKENS, TOKENS))


def attention(weights: Arrays, x: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Average the rows of the last layer."""
    (_, plain), _ = _attend(weights, x, NONE)
    return _to_bases(plain[0].mean(axis=0).tolist(), first=0.5, step=2)


def attention_rollout(weights: Arrays, x: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Multiply the layers, each with half of the identity."""
    (first, last), _ = _attend(weights, x, NONE)
    half = np.eye(TOKENS) / 2
    rolled = (last[0] / 2 + half) @ (first.mean(axis=0) / 2 + half)
    return _to_bases(rolled.mean(axis=0).tolist(), first=0.5, step=2)


def attention_x_gradient(weights: Arrays, x: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Take derivatives by each attention as central differences."""
    found, _ = _attend(weights, x, NONE)
    r = np.eye(TOKENS)
    for n, heads in enumerate(found):
        positive = np.zeros_like(heads)
        for place in np.ndindex(heads.shape):
            ends = []
            for bump in (1e-5, -1e-5):
                bumps = NONE[0].copy(), NONE[1].copy()
                bumps[n][place] = bump
                ends.append(_attend(weights, x, bumps)[1])
            positive[place] = max(heads[place] * (ends[0] - ends[1]) / 2e-5, 0)
        r = r + positive.mean(axis=0) @ r
    return _to_bases((r - np.eye(TOKENS)).mean(axis=0).tolist(), first=0.5, step=2)
