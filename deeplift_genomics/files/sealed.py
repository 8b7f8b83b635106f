"""Files that carry a digest of their own content, so that one changed bit is noticed.

The seal is in the user block, the part at the beginning of an HDF5 file that HDF5 does not read.
HDF5 can store checksums of chunks, but these cover neither names nor attributes.
"""

import hashlib
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.system_faults import reading

SEAL = 512  # bytes: the smallest user block
_MARK = b"deeplift_genomics sha256 "


def write_seal(path: str | Path) -> None:
    """Write the digest of the content after the first `SEAL` bytes into these bytes."""
    seal = _seal_of(Path(path))
    with Path(path).open("r+b") as file:
        file.write(seal)


def check_seal(path: str | Path) -> None:
    """Read a sealed file from beginning to end, and compare its content with its seal.

    Raises
    ------
    InputError
        If the file has no seal, or has changed since it was sealed.
    SystemFaultError
        If the system keeps the file's bytes away.
    """
    with reading(path), Path(path).open("rb") as file:
        found = file.read(SEAL)
    if not found.startswith(_MARK):
        raise InputError(
            f"{path} carries no digest of its content: it is damaged, or of another kind."
        )
    if found != _seal_of(Path(path)):
        raise InputError(f"{path} is damaged: its content has changed since it was written.")


def _seal_of(path: Path) -> bytes:
    """Return the seal that fits the content of a file."""
    sha256 = hashlib.sha256()
    with reading(path), path.open("rb") as file:
        file.seek(SEAL)
        while block := file.read(1 << 20):
            sha256.update(block)
    return (_MARK + sha256.hexdigest().encode()).ljust(SEAL, b"\0")
