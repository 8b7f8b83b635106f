"""The scan: all places in some rows of a score file that reach the cutoffs of a pattern."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import codes_of
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.instances.cells import cells_of
from deeplift_genomics.instances.cores import Cores, read_cores
from deeplift_genomics.instances.cutoffs import find_cutoffs
from deeplift_genomics.instances.kernel import PATTERN, ROW, START, STRAND, scan_rows
from deeplift_genomics.instances.shards import Calls, CallSet, write_calls
from deeplift_genomics.motifs.patterns import (
    FROM_SCORES,
    read_motif_attributes,
    require_its_scores,
)
from deeplift_genomics.motifs.places import read_starts
from deeplift_genomics.scores.file import ROWS_PER_CHUNK, SCORE_LAYOUT, observed, rows_of_shard
from deeplift_genomics.settings.motif_sections import Instances

log = logging.getLogger(__name__)

_BASES_READ = 500_000  # at a time, in whole chunks of the score file
_CALLS_PER_ROW = 8  # room for calls; a block with more is scanned again


def scan_windows(
    scores_path: str | Path,
    motifs_path: str | Path,
    output: str | Path,
    *,
    settings: Instances,
    part: tuple[int, int] = (0, 1),
    threads: int = 1,
) -> int:
    """Write the calls of a shard of the windows and return their number.

    Windows are read a few at a time; the memory does not depend on their number.

    Parameters
    ----------
    part
        Position of the shard, from 0, and number of shards.
    threads
        Blocks of windows that are scanned at the same time.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another type, the motifs were not found in this score
        file, or scores are not finite.
    """
    attributes = read_motif_attributes(motifs_path)
    cores, seqlets = read_cores(motifs_path)
    cutoffs = find_cutoffs(cores, seqlets, settings)
    del seqlets
    with open_typed(scores_path, "scores", SCORE_LAYOUT) as file:
        n, length = file["hyp_scores"].shape[:2]
        require_its_scores(motifs_path, attributes, scores_path, file)
        rows = rows_of_shard(n, *part)
        scan = _Scan(file, cores, cutoffs, rows, cells_of(*read_starts(file), length)[rows])
        calls = _joined(scan, threads)
    place = {"shard": part[0], "n_shards": part[1], "first_row": rows.start}
    place |= {"n_rows": rows.stop - rows.start}
    shared = {key: attributes[key] for key in FROM_SCORES if key in attributes}
    digest = {"cores_digest": _digest(cores, cutoffs)}
    found = CallSet(
        calls=calls,
        patterns=list(cores.names),
        width=cores.width,
        before=cores.before,
        after=cores.after,
        cutoffs=cutoffs,
        attributes={**shared, **digest, **place},
    )
    write_calls(output, found)
    log.info("%s: %d calls of %d patterns", output, len(calls), len(cores))
    return len(calls)


def _digest(cores: Cores, cutoffs: NDArray[np.float64]) -> str:
    """Return the digest of what calls depend on beside the scores."""
    sha256 = hashlib.sha256(repr(cores.names).encode())
    for values in (cores.sign, cores.width, cores.cwm, cutoffs):
        sha256.update(values.tobytes())
    return sha256.hexdigest()


class _Scan(NamedTuple):
    """What the scan of a block of rows needs; `cells` are those of the shard's rows."""

    file: h5py.File
    cores: Cores
    cutoffs: NDArray[np.float64]
    rows: slice
    cells: NDArray[np.int64]

    def blocks(self) -> list[slice]:
        """Return the rows in blocks of whole chunks; none without a pattern."""
        length = self.file["hyp_scores"].shape[1]
        size = max(1, _BASES_READ // (length * ROWS_PER_CHUNK)) * ROWS_PER_CHUNK
        if not len(self.cores):
            return []
        starts = range(self.rows.start, self.rows.stop, size)
        return [slice(start, min(start + size, self.rows.stop)) for start in starts]

    def calls(self, block: slice) -> Calls:
        """Read a block of rows, and return its calls."""
        one_hot = self.file["input_seqs"][block]
        values = observed(self.file, block)
        if not np.isfinite(values).all():
            raise InputError(
                f"{self.file.filename} holds scores that are not finite. Delete it and run again."
            )
        codes = codes_of(one_hot)
        first = block.start - self.rows.start
        cells = self.cells[first : first + len(codes)]
        return find_calls(
            codes, values, cells, cores=self.cores, cutoffs=self.cutoffs, first_row=block.start
        )


def find_calls(
    codes: NDArray[np.int8],
    values: NDArray[np.float32],
    cells: NDArray[np.int64],
    *,
    cores: Cores,
    cutoffs: NDArray[np.float64],
    first_row: int = 0,
) -> Calls:
    """Return the calls in rows whose bases and contributions are known.

    Parameters
    ----------
    codes, values
        Bases and their contributions (n, L).
    cells
        Smallest and largest start + end of each row's own places (n, 2), as `scan_rows` takes them.
    cores, cutoffs
        The patterns, one at least, and their cutoffs.
    first_row
        Number of the first row.
    """
    room, found = _CALLS_PER_ROW * len(codes), None
    while found is None or found > room:
        room = max(room, found or 0)
        places, scores = np.empty((room, 4), dtype=np.int64), np.empty((room, 3))
        found = int(
            scan_rows(
                codes, values, cells, cores.cwm, cores.width, cores.sign, cores.best,
                cutoffs, places, scores,
            )
        )  # fmt: skip
    return _as_calls(codes, places[:found], scores[:found], first_row=first_row, cores=cores)


def _as_calls(
    codes: NDArray[np.int8],
    places: NDArray[np.int64],
    scores: NDArray[np.float64],
    *,
    first_row: int,
    cores: Cores,
) -> Calls:
    """Return the calls of a block of rows, whose first is `first_row`, with their bases."""
    longest = cores.cwm.shape[2]
    padded = np.pad(codes, ((0, 0), (0, longest)), constant_values=4)
    columns = places[:, START, np.newaxis] + np.arange(longest)
    return Calls(
        row=places[:, ROW] + first_row,
        start=places[:, START].copy(),
        which=places[:, PATTERN].astype(np.int16),
        minus=places[:, STRAND].astype(np.int8),
        match=scores[:, 0].astype(np.float32),
        similarity=scores[:, 1].astype(np.float32),
        contribution=scores[:, 2].astype(np.float32),
        codes=padded[places[:, ROW, np.newaxis], columns],
    )


def _joined(scan: _Scan, threads: int) -> Calls:
    """Join the calls of all blocks in the order of the rows; several are scanned at a time."""
    blocks = scan.blocks()
    parts = [_no_calls(scan.cores)]
    parts += Progress(
        _in_order(scan, blocks, threads), what="scan", unit="block", total=len(blocks)
    )
    names = Calls.__dataclass_fields__
    return Calls(**{name: np.concatenate([getattr(one, name) for one in parts]) for name in names})


def _in_order(scan: _Scan, blocks: list[slice], threads: int) -> Iterator[Calls]:
    """Yield the calls of each block; after an error, no other block is begun."""
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield from pool.map(scan.calls, blocks)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _no_calls(cores: Cores) -> Calls:
    """Return no calls, in the types of a shard."""
    nothing: Any = np.empty((0, 4), dtype=np.int64)
    codes = np.empty((0, 0), dtype=np.int8)
    return _as_calls(codes, nothing, np.empty((0, 3)), first_row=0, cores=cores)
