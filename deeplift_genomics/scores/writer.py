"""The writer of score groups, and of shards.

Rows are written a whole chunk at a time, so that the merge can copy the chunks of shards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import Attributes, atomic_hdf5, require_file_in_place, stamp
from deeplift_genomics.scores.file import (
    DATASETS,
    FOLD_DATASETS,
    OPTIONAL,
    ROWS_PER_CHUNK,
    SCORES,
    TEXT,
    format_version,
    read_dataset,
)
from deeplift_genomics.settings.choices import SCORE_TYPES
from deeplift_genomics.windows.file import Windows


def rows_of_windows(windows: Windows) -> dict[str, NDArray[Any]]:
    """Return what a score file says of the windows themselves, by dataset."""
    return {
        "coords_chrom": windows.chrom,
        "coords_start": windows.start,
        "coords_end": windows.end,
        "name": windows.name,
        "strand": windows.strand,
        "summit": windows.summit,
    }


class ScoreWriter:
    """A writer that fills the datasets of one score group in order, whole chunks at a time.

    `group` is the group; `optional` names the optional datasets that there are. The attribute
    ``score_type`` decides on the type of the scores.
    """

    def __init__(
        self,
        group: h5py.Group,
        n: int,
        length: int,
        n_references: int,
        *,
        attributes: Attributes,
        optional: Collection[str],
        n_folds: int = 1,
    ) -> None:
        self.group, self._n, self._row = group, n, 0
        self._datasets: dict[str, h5py.Dataset] = {}
        left_out = set(OPTIONAL) - set(optional)
        left_out |= set() if "residual" in optional else {"worst_residual"}
        layout = DATASETS | FOLD_DATASETS if n_folds > 1 else DATASETS
        layout = {name: row for name, row in layout.items() if name not in left_out}
        self._pending: dict[str, list[NDArray]] = {name: [] for name in layout}
        for key, value in sorted(attributes.items()):
            group.attrs[key] = value
        sizes: dict[str, tuple[int, ...]] = {"L4": (length, 4), "L": (length,), "": ()}
        sizes |= {"R": (n_references,), "F": (n_folds,)}
        score_type = attributes.get("score_type", SCORE_TYPES[0])
        for name, (dtype, letters) in layout.items():
            row = sizes[letters]
            options: dict[str, Any] = {}
            if n and dtype is not TEXT:
                height = ROWS_PER_CHUNK if row else 4096
                options = {"chunks": (height, *row), "maxshape": (max(n, height), *row)}
                options |= {"compression": "gzip", "compression_opts": 1}
                options |= {"shuffle": True, "fletcher32": True}
            self._datasets[name] = group.create_dataset(
                name,
                (n, *row),
                score_type if name in SCORES else dtype,
                track_times=False,
                **options,
            )

    def append(self, rows: Mapping[str, NDArray]) -> None:
        """Add rows, an array for each dataset; its first axis counts the windows."""
        for name, pending in self._pending.items():
            pending.append(np.asarray(rows[name]))
        if sum(map(len, self._pending["target"])) >= ROWS_PER_CHUNK:
            self._flush(whole_chunks=True)

    def copy_chunk(self, shard: h5py.Group, start: int) -> None:
        """Add the chunk of rows of a shard that begins at `start`, without unpacking scores.

        Only datasets whose chunks differ between shard and score file are read and written.
        """
        stop = min(start + ROWS_PER_CHUNK, len(shard["target"]))
        for name, dataset in self._datasets.items():
            source = shard[name]
            if dataset.chunks and dataset.chunks[0] == ROWS_PER_CHUNK:
                rest = (0,) * (dataset.ndim - 1)
                mask, packed = source.id.read_direct_chunk((start, *rest))
                dataset.id.write_direct_chunk((self._row, *rest), packed, mask)
            else:
                rows = slice(self._row, self._row + stop - start)
                dataset[rows] = read_dataset(source, slice(start, stop))
        self._row += stop - start

    def close(self) -> None:
        """Write the remaining rows; raise InputError if the number of rows is not `n`."""
        self._flush(whole_chunks=False)
        if self._row != self._n:
            raise InputError(f"{self._row} of {self._n} windows were scored; nothing is kept.")

    def _flush(self, whole_chunks: bool) -> None:
        """Write the rows that wait, or of them only whole chunks."""
        waiting = sum(map(len, self._pending["target"]))
        count = waiting - waiting % ROWS_PER_CHUNK if whole_chunks else waiting
        if not count:
            return
        require_file_in_place(self._datasets["target"].file)
        for name, pending in self._pending.items():
            block = np.concatenate(pending)
            self._datasets[name][self._row : self._row + count] = self._typed(name, block[:count])
            self._pending[name] = [block[count:]]
        self._row += count

    def _typed(self, name: str, block: NDArray) -> NDArray:
        """Return the rows in the type of their dataset."""
        dtype = self._datasets[name].dtype
        if dtype != np.float16:
            return block
        typed = block.astype(dtype)
        if np.isinf(typed).any():
            largest = np.abs(block).max()
            raise InputError(
                f"A value of {name} is {largest:g}, and float16 holds up to 65504. Store scores as "
                "float32 (config key 'attribution.score_type')."
            )
        return typed


@contextmanager
def write_shard(
    path: str | Path,
    n: int,
    length: int,
    n_references: int,
    *,
    attributes: Mapping[str, Attributes],
    place: Attributes,
    optional: Collection[str],
) -> Iterator[dict[str, ScoreWriter]]:
    """Yield a writer per target; the file appears under `path` when all rows are written.

    Parameters
    ----------
    n, length, n_references
        Windows in the shard, bases per window (bp), references per window.
    attributes
        Target slug -> attributes of its score file.
    place
        `shard` (0-based), `n_shards` and `first_row` of this shard among all windows; `fold`
        (0-based) and `n_folds` if there are several.
    optional
        Those of the `OPTIONAL` datasets that the method gives.
    """
    with atomic_hdf5(path, sealed=True) as file:
        stamp(file, "shard", place, format_version(optional))
        writers = {
            slug: ScoreWriter(
                file.create_group(slug),
                n,
                length,
                n_references,
                attributes=attributes[slug],
                optional=optional,
            )
            for slug in sorted(attributes)
        }
        yield writers
        for writer in writers.values():
            writer.close()
