"""The tiles by which minimal filtering covers the outputs of a dilated convolution of 3 taps.

Position q d + r of a sequence, with dilation d and 0 <= r < d, is number q of row r: a dilated
convolution is one without dilation in each row. A tile is m outputs of every row, by F(m, 3) of
`toom_cook`: m d positions of the output from (m + 2) d of the input, by (m + 2) d products in place
of 3 m d. What no whole tile covers is computed directly, or by a tile that is not full.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from deeplift_genomics.graph.toom_cook import POINTS, TAPS

DIRECT = 1
# share of the direct form's products above which tiles are not worth their transforms
WORTH_IT = 0.75
# cost of a further part, in products per position of the whole output
JOINING = 0.1


@dataclass(frozen=True)
class Part:
    """Positions `start` to `start + size` of the output, by `count` tiles of m outputs per row.

    m is `DIRECT` for a part that is computed directly; then `count` is its size.
    """

    start: int
    size: int
    m: int
    count: int
    dilation: int

    @property
    def read(self) -> int:
        """Positions of the input that it needs, from `start` on."""
        outputs = self.count if self.m == DIRECT else self.m * self.count * self.dilation
        return outputs + (TAPS - 1) * self.dilation

    @property
    def products(self) -> int:
        """Products per pair of channels."""
        if self.m == DIRECT:
            return TAPS * self.size
        return (self.m + TAPS - 1) * self.count * self.dilation


def cover(length: int, dilation: int, *, padded: bool) -> list[Part]:
    """Return the cheapest parts of an output, in order.

    Parameters
    ----------
    length
        Positions of the output.
    dilation
        Of the convolution.
    padded
        Whether the input is padded with zeros anyway, so that the last tile may reach beyond it.

    ``cover(100, 8, padded=False)`` is 3 tiles of 4 outputs in each of 8 rows, and 4 positions
    directly. ``cover(126, 8, padded=True)`` is 4 tiles, of which the last is not full.
    """
    small, large = sorted(POINTS)
    ways = []
    for of_large in _numbers(length, large * dilation, padded):
        rest = length - of_large * large * dilation
        for of_small in _numbers(rest, small * dilation, padded):
            counts = ((large, of_large), (small, of_small))
            ways.append(_parts(length, dilation, counts))
    return min(ways, key=partial(_cost, length))


def _numbers(length: int, tile: int, padded: bool) -> range:
    """Return from 0 or 1 below the most tiles that fit, to one more if zeros may fill it."""
    most = max(0, length // tile)
    return range(max(0, most - 1), most + 1 + (padded and length > most * tile))


def _parts(length: int, dilation: int, counts: Iterable[tuple[int, int]]) -> list[Part]:
    """Return parts of tiles, ``(m, count)`` each, and one of what is left."""
    parts, start = [], 0
    for m, count in counts:
        size = min(m * count * dilation, length - start)
        if size > 0:
            parts.append(Part(start, size, m, count, dilation))
            start += size
    if start < length:
        parts.append(Part(start, length - start, DIRECT, length - start, dilation))
    return parts


def _cost(length: int, parts: list[Part]) -> float:
    """Return the products of parts, and what it costs to cut and join them."""
    return sum(part.products for part in parts) + JOINING * length * (len(parts) - 1)


def is_worth_it(length: int, dilation: int, *, padded: bool) -> bool:
    """Tell whether tiles need so many fewer products that their transforms pay."""
    parts = cover(length, dilation, padded=padded)
    return sum(part.products for part in parts) <= WORTH_IT * TAPS * length
