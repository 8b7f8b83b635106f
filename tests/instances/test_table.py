"""The table of instances: what stands around each, found while they pass."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest

from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.instances.table import with_others


def made(place: tuple[str, int], motif: str, row: int) -> Instance:
    chrom, start = place
    return Instance(chrom, start, start + 5, "+", "pos_0", motif, row, 1.0, 1.0, 1.0, "ACGTA")


@pytest.mark.parametrize(
    ("instances", "ends", "expected"),
    [
        ([], [], []),
        ("0A0 3B0 9A0", [20], ["A:B", "B:A", "A:B"]),
        # two windows that overlap: what both hold counts for both, whichever is nearer
        ("0A0 12B1 14C0 18D1", [20, 30], ["A:BC", "B:CD", "C:AB", "D:BC"]),
        ("5A0 10B1 15C0 16D1 25E1", [20, 30], ["A:BC", "B:CDE", "C:AB", "D:BCE", "E:BCD"]),
        ("0A0 20B1", [20, 40], ["A:", "B:"]),
        # the same places on another contig
        ("0A0 x1B1 x4A1", [20, 20], ["A:", "B:A", "A:B"]),
        ("0C0 1B0 2A0", [20], ["C:AB", "B:AC", "A:BC"]),
    ],
)
def test_others_are_the_other_motifs_of_the_window(
    instances: str, ends: list[int], expected: list[str]
) -> None:
    """Written as start, motif and row; on a contig of its own after an x."""
    parsed = []
    for text in instances.split() if instances else []:
        bare = text.lstrip("x")
        chrom = "chr2" if bare != text else "chr1"
        parsed.append(made((chrom, int(bare[:-2])), bare[-2], int(bare[-1])))
    found = list(with_others(parsed, np.array(ends), 20))
    assert [one for one, _ in found] == parsed
    assert [f"{one.motif}:{''.join(others)}" for one, others in found] == expected


def test_instances_pass_one_after_the_other() -> None:
    """Millions of them are never in memory together."""
    seen = 0

    def without_end() -> Iterator[Instance]:
        nonlocal seen
        while True:
            yield made(("chr1", 10 * seen), "A", seen // 10)
            seen += 1

    ends = 100 * np.arange(1, 1_000)
    passed = list(islice(with_others(without_end(), ends, 100), 5_000))
    assert len(passed) == 5_000 and seen < 5_020
