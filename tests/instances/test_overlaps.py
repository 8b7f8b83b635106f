"""Overlapping calls: which of them are instances, case by case."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deeplift_genomics.instances.overlaps import without_overlaps

# start, end, motif and strand, first base of the motif, explained contribution
Call = tuple[int, int, str, int, float]


def kept(
    calls: list[Call], max_overlap: float = 0.5, contigs: list[int] | None = None
) -> list[int]:
    """Return the numbers of the calls that are instances."""
    motifs = sorted({call[2] for call in calls})
    start, end = (np.array([call[column] for call in calls]) for column in (0, 1))
    found = without_overlaps(
        np.array(contigs or [0] * len(calls)),
        start,
        end,
        motif=np.array([motifs.index(call[2]) for call in calls]),
        first_base=np.array([call[3] for call in calls]),
        explained=np.array([call[4] for call in calls], dtype=float),
        ties=(start, -end, np.arange(len(calls))),
        max_overlap=max_overlap,
    )
    return np.flatnonzero(found).tolist()


@pytest.mark.parametrize(
    ("calls", "instances"),
    [
        ([], []),
        # a composite explains more than its halves
        ([(0, 24, "A+B", 0, 3.0), (0, 10, "A", 0, 1.6), (14, 24, "B", 14, 1.5)], [0]),
        # where only one half is used, the half explains more
        ([(0, 24, "A+B", 0, 0.6), (0, 10, "A", 0, 1.6)], [1]),
        # a motif that reads alike on both strands, a base apart
        ([(0, 9, "AP1+", 0, 0.8), (1, 10, "AP1-", 10, 0.81)], [1]),
        # two patterns of one motif that share less than half of the shorter one
        ([(0, 14, "CTCF+", 0, 1.0), (10, 24, "CTCF+", 1, 0.9)], [0]),
        # two sites of one motif, a few bases of which overlap
        ([(0, 14, "CTCF+", 0, 1.0), (10, 24, "CTCF+", 10, 0.9)], [0, 1]),
        ([(0, 14, "CTCF+", 0, 1.0), (10, 24, "CTCF-", 0, 0.9)], [0, 1]),
        # neighbours of other motifs
        ([(0, 10, "A", 0, 1.0), (5, 15, "B", 5, 0.9)], [0, 1]),
        ([(0, 10, "A", 0, 1.0), (4, 15, "B", 4, 0.9)], [0]),
        # an excluded call excludes no other
        ([(0, 10, "A", 0, 1.0), (4, 14, "B", 4, 0.9), (9, 19, "C", 9, 0.8)], [0, 2]),
        # equals: the left one
        ([(4, 14, "B", 4, 1.0), (0, 10, "A", 0, 1.0)], [1]),
    ],
)
def test_which_call_wins(calls: list[Call], instances: list[int]) -> None:
    assert kept(calls) == instances


def test_calls_of_other_contigs_do_not_overlap() -> None:
    assert kept([(0, 10, "A", 0, 1.0), (0, 10, "A", 0, 2.0)], contigs=[1, 0]) == [0, 1]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.integers(3, 12),
            st.sampled_from("AB"),
            st.integers(-3, 3),
            st.sampled_from([0.0, 1.0, 2.0]),
        ),
        max_size=25,
    ),
    st.sampled_from([0, 0.3, 0.5]),
)
def test_calls_are_taken_from_the_best_to_the_worst(
    given_calls: list[tuple[int, int, str, int, float]], max_overlap: float
) -> None:
    calls = [(start, start + size, m, start + f, e) for start, size, m, f, e in given_calls]
    order = sorted(range(len(calls)), key=lambda i: (-calls[i][4], calls[i][0], -calls[i][1], i))
    taken: list[int] = []
    for index in order:
        start, end, motif, first, _ = calls[index]
        for other in (calls[i] for i in taken):
            shared = min(end, other[1]) - max(start, other[0])
            same = motif == other[2] and abs(first - other[3]) <= 2
            if shared > max_overlap * min(end - start, other[1] - other[0]) or (
                shared > 0 and same
            ):
                break
        else:
            taken.append(index)
    assert kept(calls, max_overlap) == sorted(taken)
