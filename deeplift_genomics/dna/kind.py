"""The kind of a genome's file, told by its first bytes and not by its name."""

import struct
from pathlib import Path

from deeplift_genomics.files.system_faults import reading

_MAGIC = 0x1A412743  # of 2bit


def is_twobit(path: Path) -> bool:
    """Return whether a file begins with the sign of a 2bit file, of either byte order."""
    with reading(path), path.open("rb") as file:
        head = file.read(4)
    return head in (struct.pack("<I", _MAGIC), struct.pack(">I", _MAGIC))
