"""Loci that a user names, found among the windows of a sample."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases, match_contigs
from deeplift_genomics.dna.locus import Locus, locus_of
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.words import first_few, shortened
from deeplift_genomics.settings.choices import SEQUENCES
from deeplift_genomics.windows.file import LAYOUT

KEY = "report.loci"
_FORMS = "chr22:17,398,500 or chr22:17,398,400-17,398,700"
_COMPARED = 20_000  # names that are compared with one that is not found, which takes 0.2 s


class Places(NamedTuple):
    """The places of windows, or of regions that will be windows.

    Attributes
    ----------
    chrom, name : (N,) str
        Contig and region.
    start, end : (N,) int64
        0-based, half-open.
    contigs
        Lengths of the contigs by the names in `chrom`; empty if they are not known.
    """

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    name: NDArray[np.object_]
    contigs: Mapping[str, int]


class LocusError(InputError):
    """A locus that a sample cannot show; `reason` says why, in a sentence without a capital."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(
            f"{KEY}: {shortened(text, 80)!r} cannot be shown: {reason} Correct the config key "
            f"{KEY!r}, or leave it out there."
        )
        self.reason = reason


class Found(NamedTuple):
    """A locus in a window: the window's row, and the locus, or the whole window of a region."""

    row: int
    locus: Locus


def read_window_places(path: str | Path) -> Places:
    """Read the places of the windows in windows.h5, but no sequences.

    Raises
    ------
    InputError
        If the file is missing, damaged or no windows file.
    """
    with open_typed(path, "windows", LAYOUT) as file:
        texts = {key: file[key].asstr()[:] for key in ("chrom", "name")}
        start, end = (file[key][:].astype(np.int64) for key in ("start", "end"))
        contigs = contigs_of(file.attrs, texts["chrom"], end)
        return Places(start=start, end=end, contigs=contigs, **texts)


def contigs_of(
    attributes: Mapping[str, Any], chrom: NDArray[np.object_], end: NDArray[np.int64]
) -> dict[str, int]:
    """Return the lengths of the contigs, by the names that the windows have.

    `attributes` are those of a windows file or a score file. Without lengths the dict is empty.
    """
    if attributes.get("regions_format") == SEQUENCES:  # each is a contig of its own
        return dict(zip(chrom, end.tolist(), strict=True))
    try:
        lengths = json.loads(attributes["contig_lengths"])
        return {str(name): int(length) for name, length in lengths.items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}


def check_loci(texts: Iterable[str], places: Places, aliases: Aliases = NO_ALIASES) -> None:
    """Raise InputError, which names them all, unless a window holds each of the loci."""
    problems = []
    for text in texts:
        try:
            find_locus(text, places, aliases)
        except LocusError as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))


def find_locus(text: str, places: Places, aliases: Aliases = NO_ALIASES) -> Found:
    """Return the window that shows a locus: of a region by name, or the best one of a place.

    That is the window with most of the place's bases; of several, the one whose centre is nearest.

    Raises
    ------
    LocusError
        If it is neither the name of a region nor a place, if the place is outside the genome, or if
        no window holds any of its bases.
    """
    named = np.flatnonzero(places.name == text)
    if len(named):
        row = int(named[0])
        whole = Locus(str(places.chrom[row]), int(places.start[row]), int(places.end[row]))
        return Found(row, whole)
    locus = locate(text, places, aliases)
    return Found(int(windows_on(locus, places, text)[0]), locus)


def windows_on(locus: Locus, places: Places, text: str) -> NDArray[np.intp]:
    """Return the rows of the windows that hold bases of a locus, the best one first.

    That is the window with most of its bases; of several, the one whose centre is nearest. `text`
    is the locus as the user wrote it.

    Raises
    ------
    LocusError
        If no window holds any of its bases.
    """
    overlap = np.minimum(places.end, locus.end) - np.maximum(places.start, locus.start)
    overlap[places.chrom != locus.contig] = 0
    away = np.abs(places.start + places.end - locus.start - locus.end)
    rows = np.lexsort((away, -overlap))[: np.count_nonzero(overlap > 0)]
    if not len(rows):
        raise LocusError(text, f"no window holds it. {_nearest(locus, places)}")
    return rows


def locate(text: Any, places: Places, aliases: Aliases = NO_ALIASES) -> Locus:
    """Return the place that a text or a tuple names, with the windows' name of its contig.

    Raises
    ------
    LocusError
        If it is no place, or outside the genome.
    """
    locus, text = locus_of(text), str(text)
    if locus is None:
        raise LocusError(
            text,
            f"it is neither a region with a window{_such(text, places.name)} nor a place such as "
            f"{_FORMS}.",
        )
    if not 0 <= locus.start < locus.end:
        raise LocusError(text, "positions count from 1, and the end is not before the start.")
    known = places.contigs or dict.fromkeys(places.chrom, 0)
    contig = match_contigs([locus.contig], known, aliases).get(locus.contig)
    if contig is None:
        whose = "the genome has" if places.contigs else "the regions are on"
        raise LocusError(
            text, f"{whose} no contig {shortened(locus.contig, 80)!r}, but {first_few(known)}."
        )
    length = known[contig]
    if length and locus.end > length:
        raise LocusError(text, f"it is outside the genome: {contig} has {length:,} bases.")
    return locus._replace(contig=contig)


def _such(text: str, names: NDArray[np.object_]) -> str:
    """Return names of regions in brackets: those like the text, or the first ones."""
    if near := get_close_matches(text, names[:_COMPARED].tolist(), n=3):
        return f" (names like it: {', '.join(shortened(name, 80) for name in near)})"
    return f" ({first_few(names, 2)})" if len(names) else ""


def _nearest(locus: Locus, places: Places) -> str:
    """Return the sentence that names the window nearest to a locus."""
    rows = np.flatnonzero(places.chrom == locus.contig)
    if not len(rows):
        return f"There is none on {locus.contig}."
    away = np.maximum(places.start[rows] - locus.end, locus.start - places.end[rows]) + 1
    row = rows[np.argmin(away)]
    window = Locus(locus.contig, int(places.start[row]), int(places.end[row]))
    region = shortened(places.name[row], 80)
    return f"The nearest one, of {region}, is {window}, {away.min():,} bp away."
