"""Motifs that read alike on both strands."""

import numpy as np
import pytest

from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.motifs.alike import reads_alike
from deeplift_genomics.motifs.patterns import Pattern


@pytest.mark.parametrize(
    ("bases", "alike"),
    [
        ("TGACGTCA", True),  # CREB
        ("GCGCATGCGC", True),  # NRF1
        ("TGAGTCA", True),  # AP-1: but for its middle base
        ("CCACCAGGGGGCGC", False),  # CTCF
        ("AGATAAGA", False),  # GATA
        ("AAAAAAAA", False),
    ],
)
def test_reads_alike(bases: str, alike: bool) -> None:
    matrix = one_hot(encode(bases), np.float64)
    none = np.zeros(1, np.int64)
    pattern = Pattern(
        "pos_0", 1, matrix, matrix, matrix, none, none, none + len(matrix), none > 0,
        one_hot(encode(bases))[None], none + 1.0,
    )  # fmt: skip
    assert reads_alike(pattern) is alike
