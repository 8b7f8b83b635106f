"""Windows found by what a user writes in brackets: a number, a region, a place, or several."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few, shortened
from deeplift_genomics.windows.loci import LocusError, Places, locate, windows_on

_NO_PLACES = (
    "These scores have no coordinates, because they are of arrays. Write the number of a window, "
    "such as scores[0]; `explain` and `read_scores` give scores with coordinates."
)


class NoWindowError(InputError, LookupError):
    """A region, place or number that no window has."""


class View(NamedTuple):
    """The part of a window that is shown: its row, and bases counted from the window's first."""

    row: int
    first: int
    stop: int


def rows_of(key: Any, n: int, places: Places | None) -> NDArray[np.int64]:
    """Return the rows, of n windows, that a key names.

    Parameters
    ----------
    key
        A number; a slice, numbers or one truth value for each window, as NumPy takes them; the name
        of a region; a place, as text or as (contig, start, end); or a list of names and places. A
        place stands for the windows that hold bases of it, in the order of their rows.
    places
        Where the windows are, if that is known.

    Raises
    ------
    NoWindowError
        If there is no such window.
    """
    if isinstance(key, str) or _is_tuple(key):
        return _named(key, places)
    if isinstance(key, int | np.integer) and not isinstance(key, bool):
        if not -n <= key < n:
            raise NoWindowError(f"There is no window {key}: {_numbered(n)}.")
        return np.array([key % n])
    if getattr(getattr(key, "dtype", None), "kind", "") in ("U", "O"):
        key = list(key)  # names in an array or a column of a table
    if isinstance(key, list) and any(isinstance(item, str | tuple) for item in key):
        return np.concatenate([rows_of(item, n, places) for item in key])
    if isinstance(key, list) and not key:
        return np.zeros(0, np.int64)
    try:
        rows = np.arange(n)[key]
    except IndexError as error:
        shown = shortened(" ".join(str(key).split()), 80)
        raise NoWindowError(f"{shown} does not fit: {_numbered(n)} ({error}).") from None
    if rows.ndim != 1:
        raise NoWindowError(
            f"{shortened(repr(key), 80)} names no windows. Write a number, a slice, the name of a "
            "region, or a place such as 'chr1:100-600'."
        )
    return rows


def view_of(
    region: Any, zoom: Any, *, length: int, n: int, places: Places | None
) -> tuple[View, str]:
    """Return the part of a window to show, and what it is called.

    Parameters
    ----------
    region
        A number, name or place, as `rows_of` takes it; None if there is a single window. Of a name
        or number, the whole window is shown, and of a place its bases in the best window.
    zoom
        None; a number of bases, around the middle of what `region` shows; a place; or a pair
        (first, stop) of bases counted from the window's first one.
    length
        Bases of a window.
    n
        Number of windows.

    Raises
    ------
    NoWindowError
        If there is no such window, or it holds no bases of `zoom`.
    InputError
        If `region` names no single window, or `zoom` is of another form.
    """
    if region is None:
        region = _the_only_one(n, places)
    known = places if places is not None and _is_place(region, places) else None
    rows = rows_of(region, n, places) if known is None else _at_place(region, known)
    if isinstance(region, slice | list | np.ndarray) and len(rows) != 1:
        raise InputError(f"{region!r} names {len(rows)} windows; one can be drawn at a time.")
    row, shown = int(rows[0]), (0, length)
    called = f"window {row}" if places is None else str(places.name[row])
    if known is not None:
        locus = locate(region, known)
        if locus.end - locus.start > 1:  # a single base stands for its window
            shown = _within(locus, row, known, length)
    if zoom is None:
        return View(row, *shown), called
    return View(row, *_zoomed(zoom, shown, row=row, length=length, places=places)), called


def _zoomed(
    zoom: Any, shown: tuple[int, int], *, row: int, length: int, places: Places | None
) -> tuple[int, int]:
    """Return the bases of a window that `zoom` names."""
    whole = isinstance(zoom, int | np.integer) and not isinstance(zoom, bool)
    if whole and zoom > 0:
        first = max(0, min((shown[0] + shown[1]) // 2 - int(zoom) // 2, length - int(zoom)))
        return first, min(length, first + int(zoom))
    if isinstance(zoom, tuple | list) and len(zoom) == 2:
        first, stop = (int(position) for position in zoom)
        if not 0 <= first < stop <= length:
            raise NoWindowError(
                f"zoom={zoom!r} is not within the window, whose bases are 0 to {length}."
            )
        return first, stop
    if isinstance(zoom, str) or _is_tuple(zoom):
        if places is None:
            raise NoWindowError(f"zoom={zoom!r} is a place. {_NO_PLACES}")
        try:
            return _within(locate(zoom, places), row, places, length)
        except LocusError as error:
            raise NoWindowError(f"zoom={zoom!r}: {error.reason}") from None
    raise InputError(
        f"zoom is {zoom!r}; expected a number of bases, such as 100, a place, such as "
        "'chr1:100-200', or a pair of bases of the window, such as (150, 250)."
    )


def _within(locus: Locus, row: int, places: Places, length: int) -> tuple[int, int]:
    """Return the bases of a window that are in a locus."""
    start = int(places.start[row])
    first, stop = max(0, locus.start - start), min(length, locus.end - start)
    if locus.contig != places.chrom[row] or first >= stop:
        window = Locus(str(places.chrom[row]), start, start + length)
        raise NoWindowError(f"{locus} is not within the window {window}.")
    return first, stop


def _named(key: Any, places: Places | None) -> NDArray[np.int64]:
    """Return the rows of a region, or of the windows at a place, in their order."""
    if places is None:
        raise NoWindowError(f"{key!r} cannot be looked up. {_NO_PLACES}")
    if isinstance(key, str) and len(found := np.flatnonzero(places.name == key)):
        return found
    return np.sort(_at_place(key, places))


def _at_place(key: Any, places: Places) -> NDArray[np.int64]:
    """Return the rows of the windows that hold bases of a place, the best one first."""
    try:
        return windows_on(locate(key, places), places, str(key))
    except LocusError as error:
        raise NoWindowError(f"{shortened(str(key), 80)!r} was not found: {error.reason}") from None


def _is_tuple(key: Any) -> bool:
    """Return whether a key is (contig, start, end)."""
    return isinstance(key, tuple) and len(key) == 3 and isinstance(key[0], str)


def _is_place(key: Any, places: Places) -> bool:
    """Return whether a key is a place and not the name of a region."""
    return _is_tuple(key) or (isinstance(key, str) and not (places.name == key).any())


def _the_only_one(n: int, places: Places | None) -> int:
    """Return the row of the only window; InputError if there are others, or none."""
    if n == 1:
        return 0
    if not n:
        raise NoWindowError("There is no window to draw.")
    example = "0" if places is None else repr(str(places.name[0]))
    of = "" if places is None else f" ({first_few(places.name, 3)})"
    raise InputError(f"There are {n} windows{of}; name one, such as scores.plot({example}).")


def _numbered(n: int) -> str:
    """Return how many windows there are."""
    return f"there are {n} windows, numbered from 0 to {n - 1}" if n else "there are no windows"
