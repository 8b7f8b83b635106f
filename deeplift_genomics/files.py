"""Files: digests, and outputs that appear under their final name only when complete."""

import hashlib
import os
import re
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
    if path.is_dir():
        raise InputError(f"Cannot write {path}: it is a folder; name a file.")
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
def atomic_folder(path: str | Path, ours: re.Pattern[str]) -> Iterator[Path]:
    """Yield a temporary folder beside `path`; on success it takes the place of `path`.

    A folder that is there already is replaced only if each of its entries is a file whose whole
    name matches `ours`: nothing that somebody else put there is ever removed.

    Raises
    ------
    InputError
        If `path` is a file or holds anything else, or the folder cannot be made or written to.
    """
    path = Path(path).resolve()  # so that "." has a name and a parent
    temporary, aside = (path.parent / f".{path.name}.{end}" for end in ("tmp", "old"))
    _check_replaceable(path, ours)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}") from error
    try:
        yield temporary
        _check_replaceable(path, ours)  # again: making it may have taken long
        if path.exists():
            shutil.rmtree(aside, ignore_errors=True)
            path.rename(aside)
        try:
            temporary.rename(path)
        except OSError:
            if aside.exists():
                aside.rename(path)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _check_replaceable(path: Path, ours: re.Pattern[str]) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise InputError(f"Cannot write {path}: a file of that name is there; give a new folder.")
    foreign = sorted(
        item.name
        for item in path.iterdir()
        if item.is_dir() or not (ours.fullmatch(item.name) or item.name == ".snakemake_timestamp")
    )
    if foreign:
        raise InputError(
            f"Cannot write {path}: the folder holds other things ({', '.join(foreign[:3])}), which "
            "are left alone. Give a new or empty folder."
        )
