"""The merge of the shards of predictions, and the measured signal beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import h5py

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.hdf5 import (
    Attributes,
    atomic_hdf5,
    open_typed,
    read_attributes,
    require_file_in_place,
    stamp,
)
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.same_run import require_same_run
from deeplift_genomics.files.shards import checked_shards, remake_shard
from deeplift_genomics.scores.observed import Observer
from deeplift_genomics.scores.prediction_writer import Group, PredictionWriter
from deeplift_genomics.scores.predictions import (
    KIND,
    SHARD,
    tracks_of,
    values_of,
)
from deeplift_genomics.windows.file import WindowPlaces, read_places
from deeplift_genomics.windows.signal import Signal

log = logging.getLogger(__name__)


def merge_predictions(
    paths: Sequence[str | Path],
    windows: str | Path,
    output: str | Path,
    *,
    signal: Sequence[str | Path] = (),
    aliases: Aliases = NO_ALIASES,
) -> int:
    """Join all shards of predictions into one file and return the number of windows.

    The file is the same, byte by byte, whatever the number of shards. A few windows are held at a
    time.

    Parameters
    ----------
    paths
        All shards.
    windows
        The windows file that was predicted.
    signal
        BigWig files of the measured signal, strands in order.
    aliases
        Other names of the contigs in them.

    Raises
    ------
    InputError
        If a shard is missing, damaged or of another run, or if a bigWig file cannot be used.
    """
    ordered, attributes = checked_shards(paths, SHARD, "predictions")
    places = read_places(windows)
    _check_windows(ordered[0], attributes, windows)
    attributes = {key: value for key, value in attributes.items() if key != "n_shards"}
    if not signal:
        _write(output, ordered, attributes, places=places, signal=None)
    else:
        with Signal(signal, places, aliases) as opened:
            attributes["signal_files"] = ", ".join(Path(path).name for path in signal)
            attributes["signal_digests"] = ", ".join(map(digest, signal))
            _write(output, ordered, attributes, places=places, signal=opened)
    return len(places.start)


def _write(
    output: str | Path,
    shards: Sequence[Path],
    attributes: Attributes,
    *,
    places: WindowPlaces,
    signal: Signal | None,
) -> None:
    """Write the file from its shards, and from the signal if there is one."""
    n = len(places.start)
    with atomic_hdf5(output) as file:
        stamp(file, KIND, attributes)
        _write_places(file, places)
        with open_typed(shards[0], SHARD) as first:
            groups = _described(first)
        writer = PredictionWriter(file, n, tracks=groups[0], values=groups[1])
        observer = None if signal is None else Observer(file, signal)
        done, together = 0, n if observer is None else observer.rows_together
        for row in _copied(writer, shards, groups):
            while observer is not None and row - done >= together:
                observer.add(slice(done, done + together))
                require_file_in_place(file)
                done += together
        writer.close()
        if observer is not None:
            if done < n:
                observer.add(slice(done, n))
            observer.finish()


def _write_places(file: h5py.File, places: WindowPlaces) -> None:
    """Write where the windows are."""
    file.create_dataset("coords_chrom", data=places.chrom, dtype=h5py.string_dtype())
    file.create_dataset("coords_start", data=places.start)
    file.create_dataset("coords_end", data=places.start + places.length)


def _copied(
    writer: PredictionWriter, shards: Sequence[Path], groups: tuple[list[Group], list[Group]]
) -> Iterator[int]:
    """Copy shard by shard; yield the number of windows so far, after each chunk."""
    for path in Progress(shards, what="join", unit="shard"):
        with open_typed(path, SHARD) as shard:
            if _described(shard) != groups:
                raise InputError(f"{path} holds other heads than {shards[0]}. {remake_shard(path)}")
            yield from writer.copy(shard)


def _described(file: h5py.File) -> tuple[list[Group], list[Group]]:
    """Return the groups of a shard."""
    tracks, values = (
        [
            Group(read_attributes(group), tuple(map(int, group["predicted"].shape[1:])))
            for group in of_file(file)
        ]
        for of_file in (tracks_of, values_of)
    )
    return tracks, values


def _check_windows(shard: Path, attributes: Attributes, windows: str | Path) -> None:
    """Raise InputError unless a shard was made from this windows file."""
    with open_typed(windows, "windows") as file:
        found = {**read_attributes(file), "n_windows": len(file["codes"])}
    require_same_run(
        shard,
        attributes,
        other=windows,
        other_attributes=found,
        keys=sorted(found.keys() & attributes.keys() - {"deeplift_genomics_type"}),
        advice=remake_shard(shard),
    )
