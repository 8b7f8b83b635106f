"""The tiles by which minimal filtering covers the outputs of a dilated convolution of 3 taps.

Position q d + r of a sequence, with dilation d and 0 <= r < d, is number q of row r: a dilated
convolution is one without dilation in each row. A tile is m outputs of every row, by F(m, 3) of
`toom_cook`: m d positions of the output from (m + 2) d of the input, by (m + 2) d products in place
of 3 m d. What no whole tile covers is computed directly, or by a tile that is not full.
"""

from __future__ import annotations

from dataclasses import dataclass

from deeplift_genomics.graph.toom_cook import POINTS, TAPS

DIRECT = 1
# share of the direct form's products above which tiles are not worth their transforms
WORTH_IT = 0.75


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
    """Return the parts of an output, in order.

    Parameters
    ----------
    length
        Positions of the output.
    dilation
        Of the convolution.
    padded
        Whether the input is padded with zeros anyway, so that the last tile may reach beyond it.

    ``cover(100, 8, padded=False)`` is 3 tiles of 4 outputs in each of 8 rows, and 4 positions
    directly; with `padded`, the fourth tile is not full.
    """
    parts, start = [], 0
    for m in sorted(POINTS, reverse=True):
        if count := (length - start) // (m * dilation):
            parts.append(Part(start, m * count * dilation, m, count, dilation))
            start += parts[-1].size
    if start == length:
        return parts
    rest = length - start
    last = Part(start, rest, DIRECT, rest, dilation)
    if padded:
        full = [Part(start, rest, m, 1, dilation) for m in POINTS if m * dilation >= rest]
        last = min([last, *full], key=lambda part: part.products)
    return _joined([*parts, last])


def _joined(parts: list[Part]) -> list[Part]:
    """Return the parts, the last two as one if their tiles are alike."""
    if len(parts) < 2 or parts[-2].m != parts[-1].m:
        return parts
    *others, a, b = parts
    return [*others, Part(a.start, a.size + b.size, a.m, a.count + b.count, a.dilation)]


def is_worth_it(length: int, dilation: int, *, padded: bool) -> bool:
    """Tell whether tiles need so many fewer products that their transforms pay."""
    parts = cover(length, dilation, padded=padded)
    return sum(part.products for part in parts) <= WORTH_IT * TAPS * length
