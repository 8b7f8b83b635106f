"""What a colour looks like to readers with and without colour vision."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Machado, Oliveira and Fernandes (2009), severity 1: linear RGB as it looks to such a reader
SEEN: dict[str, ArrayLike] = {
    "normal": np.eye(3),
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
TO_XYZ = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])


def linear(colour: str) -> NDArray:
    """Return red, green and blue as amounts of light, 0 to 1 (IEC 61966-2-1).

    A colour is written as in BED, "75,60,0", or as in CSS, "#4b3c00".
    """
    if colour.startswith("#"):
        parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    else:
        parts = [int(part) for part in colour.split(",")]
    part = np.array(parts) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(light: NDArray) -> NDArray:
    """Return the colour in CIELAB, white point D65."""
    share = TO_XYZ @ light / [0.9505, 1, 1.0888]
    root = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def least_distance(colours: Iterable[str], vision: str) -> float:
    """Return how far apart the two nearest colours are (CIE 1976) in one of the visions of SEEN."""
    seen = [lab(np.clip(np.array(SEEN[vision]) @ linear(colour), 0, 1)) for colour in colours]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


def contrast(colour: str, ground: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.1)."""
    dark, light = sorted(float(TO_XYZ[1] @ linear(one)) for one in (colour, ground))
    return (light + 0.05) / (dark + 0.05)
