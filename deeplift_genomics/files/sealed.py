"""Files that carry a digest of their own content, so that one changed bit is noticed.

HDF5 leaves room at the beginning of a file for what it does not read itself; the seal lies there.
Checksums of chunks, which HDF5 can keep, would cover neither names nor attributes.
"""

import hashlib
from pathlib import Path

from deeplift_genomics.errors import InputError

SEAL = 512  # bytes: the smallest room that HDF5 leaves
_MARK = b"deeplift_genomics sha256 "


def write_seal(path: str | Path) -> None:
    """Write the digest of what follows the first `SEAL` bytes into them."""
    seal = _seal_of(Path(path))
    with Path(path).open("r+b") as file:
        file.write(seal)


def check_seal(path: str | Path) -> None:
    """Read a sealed file from beginning to end.

    Raises
    ------
    InputError
        If it carries no seal, or is not what was sealed.
    """
    with Path(path).open("rb") as file:
        found = file.read(SEAL)
    if not found.startswith(_MARK):
        raise InputError(f"{path} carries no digest of itself: it is damaged, or of another kind.")
    if found != _seal_of(Path(path)):
        raise InputError(f"{path} is damaged: its content is not what was written.")


def _seal_of(path: Path) -> bytes:
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        file.seek(SEAL)
        while block := file.read(1 << 20):
            sha256.update(block)
    return (_MARK + sha256.hexdigest().encode()).ljust(SEAL, b"\0")
