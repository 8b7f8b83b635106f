"""Colours: readers tell any two of them apart, however they see."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from deeplift_genomics.motifs.colours import PALETTE, colours_of

# Machado, Oliveira and Fernandes (2009), severity 1: linear RGB as it looks to such a reader
SEEN = {
    "normal": np.eye(3),
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
TO_XYZ = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])


def linear(colour: str) -> NDArray:
    """Return red, green and blue as amounts of light, 0 to 1 (IEC 61966-2-1)."""
    part = np.array(colour.split(","), dtype=float) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(light: NDArray) -> NDArray:
    """Return the colour in CIELAB, white point D65."""
    x, y, z = np.cbrt(np.clip(TO_XYZ @ light, 0.0089, None) / [0.9505, 1, 1.0888])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", SEEN)
def test_colours_differ_for_every_reader(vision: str) -> None:
    seen = [lab(np.clip(np.array(SEEN[vision]) @ linear(colour), 0, 1)) for colour in PALETTE]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 20


def test_colours_are_dark_enough_on_white() -> None:
    assert max(TO_XYZ[1] @ linear(colour) for colour in PALETTE) < 1.05 / 2.3 - 0.05


def test_a_label_has_one_colour_wherever_it_is_free() -> None:
    alone = {label: colours_of([label])[label] for label in ("CTCF", "SP1", "été", "")}
    assert len(set(alone.values())) == 4
    assert colours_of(alone) == colours_of(reversed(alone)) == alone


def test_labels_that_meet_get_different_colours_until_all_are_taken() -> None:
    labels = [f"M{number}" for number in range(2 * len(PALETTE))]
    found = colours_of([*labels, "M0"])
    first, second = labels[: len(PALETTE)], labels[len(PALETTE) :]
    assert {found[name] for name in first} == {found[name] for name in second} == set(PALETTE)
    assert list(found) == labels
