"""The tiles of a convolution, as literal tables."""

import pytest

from deeplift_genomics.graph.tiles import DIRECT, Part, cover, is_worth_it


@pytest.mark.parametrize(
    ("length", "dilation", "padded", "expected"),
    [
        (96, 8, False, [(0, 96, 4, 3)]),
        (100, 8, False, [(0, 96, 4, 3), (96, 4, DIRECT, 4)]),
        (100, 8, True, [(0, 96, 4, 3), (96, 4, DIRECT, 4)]),
        (114, 8, False, [(0, 96, 4, 3), (96, 16, 2, 1), (112, 2, DIRECT, 2)]),
        (126, 8, True, [(0, 126, 4, 4)]),
        (30, 8, True, [(0, 30, 4, 1)]),
        (20, 16, False, [(0, 20, DIRECT, 20)]),
        (20, 16, True, [(0, 20, DIRECT, 20)]),
    ],
)
def test_cover(
    length: int, dilation: int, padded: bool, expected: list[tuple[int, int, int, int]]
) -> None:
    found = cover(length, dilation, padded=padded)
    assert found == [Part(*numbers, dilation) for numbers in expected]


@pytest.mark.parametrize("padded", [True, False])
def test_parts_cover_each_position_once_and_read_no_further_than_they_may(padded: bool) -> None:
    for length in range(1, 90):
        for dilation in (1, 2, 5, 32):
            parts = cover(length, dilation, padded=padded)
            ends = [part.start + part.size for part in parts]
            assert [0, *ends[:-1]] == [part.start for part in parts]
            assert ends[-1] == length
            reach = max(part.start + part.read for part in parts)
            assert padded or reach == length + 2 * dilation
            products = sum(part.products for part in parts)
            assert products <= 3 * length


@pytest.mark.parametrize(
    ("length", "dilation", "worth"), [(2000, 2, True), (1074, 256, True), (1000, 512, False)]
)
def test_tiles_that_do_not_fill_are_not_worth_it(length: int, dilation: int, worth: bool) -> None:
    assert is_worth_it(length, dilation, padded=False) == worth
