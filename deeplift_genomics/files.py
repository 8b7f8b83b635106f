"""Files: digests, and outputs that appear under their final name only when complete."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deeplift_genomics.errors import InputError


def require_file(path: str | Path, what: str) -> Path:
    """Return `path` as a Path, or raise InputError naming `what` if no such file is there."""
    path = Path(path)
    if not path.exists():
        raise InputError(f"{what} not found: {path}")
    if not path.is_file():
        raise InputError(f"{what} is not a file: {path}")
    if not os.access(path, os.R_OK):
        raise InputError(f"{what} cannot be read (permission denied): {path}")
    return path


def digest(path: str | Path) -> str:
    """SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    sha256 = hashlib.sha256()
    with Path(path).open("rb") as handle:
        while block := handle.read(1 << 20):
            sha256.update(block)
    return sha256.hexdigest()


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` on success, remove it on failure.

    Missing parent folders are made. The temporary name keeps the suffix, because some writers
    choose their format by it; it is always the same, so that what a killed process left is
    overwritten by the next.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    """
    path = Path(path)
    temporary = path.parent / f".{path.name}.tmp{path.suffix}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        temporary.touch()
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}") from error
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path`; on success it takes the place of `path`.

    Raises
    ------
    InputError
        If the parent folder cannot be made or written to.
    """
    path = Path(path)
    temporary = path.parent / f".{path.name}.tmp"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}") from error
    try:
        yield temporary
        if path.exists():
            shutil.rmtree(path)
        temporary.replace(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
