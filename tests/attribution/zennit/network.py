"""The weights of a small network, and windows for it, from one seed; needs NumPy only."""

import numpy as np

L = 14
# name -> shape, as Keras has it: (width, in, out) of convolutions, (in, out) of dense layers
SHAPES = {"conv_1": (4, 4, 5), "conv_2": (3, 5, 4), "dense_1": (12, 6), "dense_2": (6, 2)}
NORMALISED = {"conv_1": 5, "dense_1": 6}  # layers before a batch normalisation -> channels
EPSILON = 1e-3  # of the batch normalisations


def weights(seed: int = 11) -> dict[str, np.ndarray]:
    """Return kernels and biases, and gamma, beta, mean and variance of normalisations."""
    rng = np.random.default_rng(seed)
    found = {}
    for name, shape in SHAPES.items():
        found[f"{name}/kernel"] = rng.normal(size=shape) / np.sqrt(np.prod(shape[:-1]))
        found[f"{name}/bias"] = rng.normal(size=shape[-1]) * 0.2
    for name, channels in NORMALISED.items():
        found[f"{name}/gamma"] = rng.normal(size=channels)  # of both signs
        found[f"{name}/beta"] = rng.normal(size=channels) * 0.2
        found[f"{name}/mean"] = rng.normal(size=channels) * 0.2
        found[f"{name}/variance"] = rng.random(channels) + 0.5
    return found


def windows(n: int = 3, seed: int = 12) -> np.ndarray:
    """Return one-hot windows (n, L, 4)."""
    return np.eye(4)[np.random.default_rng(seed).integers(0, 4, (n, L))]
