"""Digests of files, and outputs that get their final name only when they are complete."""

import hashlib
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from deeplift_genomics.errors import DiskError, InputError
from deeplift_genomics.files.literal import not_literal
from deeplift_genomics.files.system_faults import (
    REMEDIES,
    REMEDIES_OF_WRITING,
    reading,
    reason_of,
    system_fault,
)
from deeplift_genomics.files.words import first_few

# .NAME.8-hexadecimal-digits.tmp, and the suffix of NAME once more
_TEMPORARY = re.compile(r"\.(?P<output>.+)\.[0-9a-f]{8}\.(tmp|old)(?P<suffix>\.[^.]*)?", re.DOTALL)
_WEEK = 7 * 24 * 3600  # seconds


def require_file(path: str | Path, what: str) -> Path:
    """Return `path` as a Path, or raise InputError if there is no such file.

    `what` names the kind of file in the message, such as "Regions file". SystemFaultError is
    raised if the system cannot tell.
    """
    path = Path(path)
    with reading(path):
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            hint = not_literal(path)
            raise InputError(f"{what} not found: {path}" + (f" ({hint})" if hint else "")) from None
    if not stat.S_ISREG(mode):
        raise InputError(f"{what} is not a file: {path}")
    if not os.access(path, os.R_OK):
        raise InputError(f"{what} cannot be read (permission denied): {path}")
    return path


def digest(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    sha256 = hashlib.sha256()
    with reading(path), Path(path).open("rb") as handle:
        while block := handle.read(1 << 20):
            sha256.update(block)
    return sha256.hexdigest()


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` on success, remove it on failure.

    Missing parent folders are made. The temporary name is unique to this call; it keeps the
    suffix, because some writers choose their format by it. The leftovers of a killed process are
    removed first. A process that is still writing `path`, such as a job of a workflow that was
    killed, then loses its temporary file and fails: the process that began last succeeds.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    DiskError
        If the file cannot be completed, or another process has begun to write it.
    """
    path = Path(path)
    _refuse_shorthand(path)
    if path.is_dir():
        raise InputError(f"Cannot write {path}: it is a folder; name a file.")
    temporary = _temporary(path, "tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise _cannot_begin(path, error) from error
    try:
        yield temporary
        _to_disk(temporary)
        temporary.replace(path)
    except OSError as error:
        # errors of reading name another file
        nameless = error.filename is None and error.errno in REMEDIES
        if nameless or error.filename == str(temporary):
            raise cannot_write(path, temporary, error) from error
        raise
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def atomic_paths(*paths: str | Path) -> Iterator[list[Path]]:
    """Yield temporary paths of files that belong together, such as data and their index.

    None gets its final name before all are complete; they get them in the given order. Old files of
    these names are removed before that, so that files of two runs never stand beside each other.

    Raises
    ------
    InputError, DiskError
        As `atomic_path`.
    """
    with ExitStack() as stack:  # which renames the last first
        temporaries = [stack.enter_context(atomic_path(path)) for path in reversed(paths)][::-1]
        yield temporaries
        for temporary in temporaries:
            with writing(temporary):
                _to_disk(temporary)
        remove_old(*reversed(paths))


def remove_old(*paths: str | Path) -> None:
    """Remove files that are made anew, so that those of two runs never stand beside each other."""
    for path in paths:
        Path(path).unlink(missing_ok=True)


@contextmanager
def writing(temporary: Path, *, library: bool = False) -> Iterator[None]:
    """Name the file that is being written in errors of the system that name none.

    A `library` may raise OSError without a reason, which is then found by writing to the file. What
    is read meanwhile must raise no OSError.
    """
    try:
        yield
    except OSError as error:
        if library and error.errno is None:
            raise _reason(temporary) from error
        if error.filename is None:
            error.filename = str(temporary)
        raise


def _reason(temporary: Path) -> OSError:
    """Return the system's error of a file that a library failed to write."""
    try:
        with temporary.open("ab") as file:
            file.write(bytes(1 << 16))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return OSError(error.errno, error.strerror, str(temporary))
    folder = tempfile.gettempdir()
    return OSError(None, f"the disk, or {folder} for temporary files, may be full", str(temporary))


def _cannot_begin(path: Path, error: OSError) -> InputError:
    """Return the error for a file or folder that cannot even be begun."""
    number = system_fault(error)
    remedy = "" if number is None else f" {REMEDIES_OF_WRITING[number]}"
    return InputError(f"Cannot write {path}: {reason_of(error)}.{remedy}")


def cannot_write(path: Path, temporary: Path, error: BaseException) -> DiskError:
    """Return the error for a file that was begun as `temporary` and cannot be completed."""
    if not temporary.exists():
        return DiskError(
            f"Cannot write {path}: another process has begun to write it since, or its temporary "
            "file was removed. The output of this process is lost."
        )
    number = system_fault(error)
    remedy = "Run again." if number is None else REMEDIES_OF_WRITING[number]
    return DiskError(
        f"Cannot write {path}: {reason_of(error)}. Nothing is left under that name. {remedy} "
        "Complete files are kept."
    )


def _refuse_shorthand(path: str | Path) -> None:
    """Raise InputError for an output that its writer means to be elsewhere."""
    if reason := not_literal(path):
        raise InputError(f"Cannot write {path}: {reason}.")


def _temporary(path: Path, kind: str) -> Path:
    """Return a new hidden name beside `path`, of the kind `tmp` or `old`."""
    return path.parent / f".{path.name}.{secrets.token_hex(4)}.{kind}{path.suffix}"


def _remove_leftovers(path: Path) -> None:
    """Remove temporary files and folders of `path`, and any in its folder that are a week old.

    The latter belong to outputs that nobody asks for any more, because the configuration changed.
    """
    for item in list(path.parent.iterdir()):
        found = _TEMPORARY.fullmatch(item.name)
        if not found or (found["suffix"] or "") != Path(found["output"]).suffix:
            continue
        with suppress(FileNotFoundError):  # another process removes it, too
            if found["output"] == path.name or time.time() - item.lstat().st_mtime > _WEEK:
                shutil.rmtree(item) if item.is_dir() else item.unlink()


def _to_disk(path: Path) -> None:
    """Wait until the file is on the disk: some file systems report only then that they are full."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def atomic_folder(path: str | Path, ours: re.Pattern[str]) -> Iterator[Path]:
    """Yield a temporary folder beside `path`; on success it replaces `path`.

    An existing folder is replaced only if each of its entries is a file whose whole name matches
    `ours`: files that somebody else put there are never removed. `atomic_path` explains how
    leftovers and other processes are treated.

    Raises
    ------
    InputError
        If `path` is a file or holds other files, or the folder cannot be made or written to.
    DiskError
        If the folder cannot be filled, or another process has begun to write it.
    """
    _refuse_shorthand(path)
    path = Path(path).resolve()  # so that "." has a name and a parent
    temporary, aside = _temporary(path, "tmp"), _temporary(path, "old")
    _check_replaceable(path, ours)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        temporary.mkdir()
    except OSError as error:
        raise _cannot_begin(path, error) from error
    try:
        yield temporary
        _check_replaceable(path, ours)  # again: making it may have taken long
        _replace_folder(path, temporary, aside)
    except OSError as error:
        nameless = error.filename is None and error.errno in REMEDIES
        if nameless or str(error.filename).startswith(str(temporary)):
            raise cannot_write(path, temporary, error) from error
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _replace_folder(path: Path, temporary: Path, aside: Path) -> None:
    """Rename `temporary` to `path`; move an existing `path` aside, and remove it at the end."""
    if path.exists():
        path.rename(aside)
    try:
        temporary.rename(path)
    except OSError:
        if aside.exists():
            aside.rename(path)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _check_replaceable(path: Path, ours: re.Pattern[str]) -> None:
    """Raise InputError if `path` is a file, or a folder that holds anything but `ours`."""
    if not path.exists():
        return
    if not path.is_dir():
        raise InputError(f"Cannot write {path}: a file of that name exists; name a new folder.")
    names = {
        item: item.relative_to(path).as_posix() + ("/" if item.is_dir() else "")
        for item in path.rglob("*")
    }
    foreign = sorted(
        name
        for item, name in names.items()
        if not (ours.fullmatch(name) or name == ".snakemake_timestamp")
    )
    if foreign:
        raise InputError(
            f"Cannot write {path}: the folder holds other files ({first_few(foreign, 3)}), which "
            "are left alone. Name a new or empty folder."
        )
