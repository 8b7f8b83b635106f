"""Random numbers of stochastic methods, which do not depend on how the work was split."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray


def generator(seed: int, window: NDArray, replicate: int) -> np.random.Generator:
    """Return the generator of a replicate, which depends on seed, window and replicate only.

    Parameters
    ----------
    seed
        The seed of a run.
    window
        (L, 4), one-hot, of any number type.
    replicate
        Which draw of this window it is, from 0.

    Examples
    --------
    ``generator(1, window, 0).normal(size=window.shape)``
    """
    codes = np.packbits(np.asarray(window) != 0)
    key = hashlib.blake2b(codes.tobytes(), digest_size=16).digest()
    words = np.frombuffer(key, np.uint32).tolist()
    return np.random.default_rng([seed, replicate, *words])
