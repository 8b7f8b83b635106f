"""The files of a sample that genome browsers show, and what they are called there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.settings.model_names import split_list
from deeplift_genomics.settings.results import results_of

# what a track is of
CONTRIBUTIONS, MOTIFS, SIGNAL, REGIONS, GENES = (
    "contributions",
    "motifs",
    "signal",
    "regions",
    "genes",
)
# red, green and blue; positive and negative contributions differ for colour-blind readers, too
RAISES, LOWERS, GREY = "30,105,180", "225,60,135", "90,90,90"
_STRANDS = ("plus strand", "minus strand")


class Track(NamedTuple):
    """A file that browsers show.

    Attributes
    ----------
    kind
        `CONTRIBUTIONS`, `MOTIFS`, `SIGNAL`, `REGIONS` or `GENES`.
    path
        Where it is from the current folder.
    label
        What it shows, in words.
    target
        The target that it is of, or ``""``.
    number
        Which of the measured signals it is, from 1; otherwise 0.
    """

    kind: str
    path: Path
    label: str
    target: str = ""
    number: int = 0


def tracks_of(results: Path, row: Mapping[str, str], *, bigbed: bool) -> Iterator[Track]:
    """Yield the tracks of a sample with a genome: its signal, then target by target, then others.

    Parameters
    ----------
    results
        The results folder.
    row
        The sample's row of the sheet, as plain texts.
    bigbed
        Whether motifs are taken as bigBed, which is read over a network, or as indexed BED.
    """
    signals = split_list(row["signal"]) if row.get("signal") else ()
    for number, path in enumerate(signals, start=1):
        which = f", file {number}" if len(signals) > len(_STRANDS) else ""
        which = f", {_STRANDS[number - 1]}" if len(signals) == len(_STRANDS) else which
        yield Track(SIGNAL, Path(path), f"measured signal{which}", number=number)
    names = {"track": (CONTRIBUTIONS, "contributions to {}")}
    names["bigbed" if bigbed else "places"] = (MOTIFS, "motifs of {}")
    files = [item for item in results_of(row) if item.name in names]
    for item in sorted(files, key=lambda item: item.name != "track"):
        kind, label = names[item.name]
        yield Track(kind, results / item.path, label.format(item.target), item.target)
    for item in results_of(row):
        if item.name == "peaks":
            yield Track(REGIONS, results / item.path, "regions")
    if row.get("genes"):
        yield Track(GENES, Path(row["genes"]), "genes")


def from_folder(track: Track, folder: Path) -> str:
    """Return the path of a track as it is found from a folder of the results."""
    if track.kind in (SIGNAL, GENES):
        return outside_path(track.path, folder)
    return Path(os.path.relpath(track.path, folder)).as_posix()


def outside_path(path: Path, folder: Path) -> str:
    """Return the path of a file outside the results as it is found from a folder of the results.

    The folder may be reached by a link, from where ``..`` leads elsewhere.
    """
    target = os.path.abspath(path)  # noqa: PTH100 (the links in it are its user's)
    return Path(os.path.relpath(target, os.path.realpath(folder))).as_posix()
