"""Cells: each place belongs to the window whose centre is nearest, and that window holds it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deeplift_genomics.instances.cells import cells_of


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40)), min_size=1, max_size=8),
    st.integers(5, 16),
    st.integers(1, 5),
)
def test_each_place_that_a_window_holds_is_of_one_cell(
    windows: list[tuple[str, int]], length: int, width: int
) -> None:
    chrom = np.array([name for name, _ in windows], dtype=object)
    start = np.array([begin for _, begin in windows])
    cells = cells_of(chrom, start, length)
    for contig in "ab":
        for place in range(60):
            held = [
                row
                for row in range(len(windows))
                if chrom[row] == contig and start[row] <= place <= start[row] + length - width
            ]
            sums = 2 * (place - start) + width
            own = [row for row in held if cells[row, 0] <= sums[row] <= cells[row, 1]]
            assert len(own) == (1 if held else 0)
            if held:
                away = abs(2 * place + width - 2 * start - length)
                assert away[own[0]] == min(away[row] for row in held)
