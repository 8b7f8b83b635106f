"""2bit files, written after UCSC's description of the format."""

import struct
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

_CODES = {"T": 0, "C": 1, "A": 2, "G": 3}
_MAGIC = 0x1A412743


def write_twobit(path: Path, contigs: Mapping[str, str], order: str = "<") -> None:
    """Write contigs of A, C, G, T and N; lower case is masked."""

    def numbers(*values: int) -> bytes:
        return struct.pack(f"{order}{len(values)}I", *values)

    def blocks(bases: str, is_in: Callable[[str], bool]) -> bytes:
        starts, sizes, place = [], [], 0
        for inside, run in groupby(bases, is_in):
            size = len(list(run))
            if inside:
                starts.append(place)
                sizes.append(size)
            place += size
        return numbers(len(starts), *starts, *sizes)

    records = []
    for bases in contigs.values():
        padded = bases.upper() + "T" * (-len(bases) % 4)
        codes = [_CODES.get(base, 0) for base in padded]
        packed = bytes(
            a << 6 | b << 4 | c << 2 | d
            for a, b, c, d in zip(*(codes[i::4] for i in range(4)), strict=True)
        )
        masks = blocks(bases, "Nn".__contains__) + blocks(bases, str.islower)
        records.append(numbers(len(bases)) + masks + numbers(0) + packed)
    place = 16 + sum(5 + len(name.encode()) for name in contigs)
    index = b""
    for name, record in zip(contigs, records, strict=True):
        index += bytes([len(name.encode())]) + name.encode() + numbers(place)
        place += len(record)
    path.write_bytes(numbers(_MAGIC, 0, len(contigs), 0) + index + b"".join(records))
