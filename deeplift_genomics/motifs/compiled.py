"""What numba compiles of memelite, which takes a minute or more, is kept from run to run.

numba keeps it in the folder of memelite. `python -m deeplift_genomics.motifs.tomtom` fills that
folder when an environment is made. Where the folder cannot be written to later, as in a container
or an environment of another user, numba does not even read it: a job then works on a copy.
"""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

_KEPT = (".nbi", ".nbc")  # numba's index files, and its files of machine code


@cache
def import_tomtom() -> Callable[..., Any]:
    """Import memelite's TOMTOM, compiled if it was compiled before, and return it."""
    import numba

    before = numba.config.CACHE_DIR
    folder = _folder_of_memelite()
    kept = _kept_in(folder)
    if not kept and not before:
        log.info("compiling TOMTOM, which takes a minute or two, once for this environment")
    try:
        if kept and not before and not _is_writable(folder):
            numba.config.CACHE_DIR = _own_folder(folder, kept)
        try:
            from memelite import tomtom
        except RuntimeError:  # numba finds no folder that it could write to
            numba.config.CACHE_DIR = _own_folder(folder, [])
            from memelite import tomtom
    finally:
        numba.config.CACHE_DIR = before
    return tomtom


def _folder_of_memelite() -> Path:
    """Return the folder in which numba keeps what it compiled."""
    spec = find_spec("memelite")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("No module named 'memelite'", name="memelite")
    return Path(spec.origin).parent / "__pycache__"


def _kept_in(folder: Path) -> list[Path]:
    """Return numba's files of a folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in _KEPT)


def _is_writable(folder: Path) -> bool:
    """Return whether numba will write to a folder, which it finds out in the same way."""
    try:
        folder.mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _own_folder(folder: Path, kept: list[Path]) -> str:
    """Return a folder for this process, with a copy of what was kept; it is removed at the end."""
    from numba.core.caching import UserProvidedCacheLocator

    own = Path(tempfile.mkdtemp(prefix="deeplift-genomics-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    place = own / UserProvidedCacheLocator.get_suitable_cache_subpath(str(folder.parent / "x.py"))
    place.mkdir()
    for path in kept:
        shutil.copyfile(path, place / path.name)
    return str(own)
