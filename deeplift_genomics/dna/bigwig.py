"""BigWig files: values along the genome; contigs may be named as in other files."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyBigWig
from numpy.typing import NDArray

from deeplift_genomics.dna.bigwig_header import WHAT, read_header
from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases, match_some_contigs
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.first_look import first_look
from deeplift_genomics.files.system_faults import read_through
from deeplift_genomics.files.words import first_few

log = logging.getLogger(__name__)

_CONTIGS = 100  # the first look reads a value of so many contigs


class Track:
    """An open bigWig file."""

    def __init__(self, path: Path) -> None:
        self.path = require_file(path, WHAT)
        read_header(self.path)
        if problem := first_look(self.path, _look):
            raise InputError(f"{WHAT} {path} is damaged: {problem}. Copy or make it again.")
        try:
            self._file = pyBigWig.open(str(path))
            self.lengths: dict[str, int] = dict(self._file.chroms())
        except RuntimeError as error:
            read_through(self.path)
            raise InputError(f"{WHAT} {path} cannot be read: {error}") from error
        self._contig_of: dict[str, str] = {}
        self._beyond = 0

    def __enter__(self) -> Track:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def find_contigs(self, names: Sequence[str], aliases: Aliases = NO_ALIASES) -> None:
        """Match the names that `values` will be called with; log those without a contig.

        Raises
        ------
        InputError
            If no name has a contig.
        """
        self._contig_of = match_some_contigs(
            names,
            self.lengths,
            source="The regions file",
            target=f"{WHAT} {self.path}",
            aliases=aliases,
        )
        absent = [name for name in names if name not in self._contig_of]
        if absent:
            log.warning(
                "%s lacks contigs of the regions; their values count as zero: %s",
                self.path.name,
                first_few(absent),
            )

    def values(self, chrom: str, start: int, width: int) -> NDArray[np.float32]:
        """Return the values (width,) of [start, start + width), NaN where there are none."""
        found = np.full(width, np.nan, np.float32)
        contig = self._contig_of.get(chrom)
        if contig is None:
            return found
        stop = min(start + width, self.lengths[contig])
        self._beyond += stop < start + width
        if start < stop:
            try:
                found[: stop - start] = self._file.values(contig, start, stop, numpy=True)
            except RuntimeError as error:
                read_through(self.path)
                raise InputError(
                    f"{WHAT} {self.path} cannot be read at {contig}:{start}-{stop}: {error} "
                    "Copy or make the file again."
                ) from error
        return found

    def warn(self) -> None:
        """Log how many windows reach beyond the file's contigs, if any."""
        if self._beyond:
            log.warning(
                "%d windows reach beyond the contigs of %s, where values count as zero. Is it of "
                "the same genome assembly as the FASTA?",
                self._beyond,
                self.path.name,
            )


def _look(path: Path) -> None:
    """Read the contigs, the index, and a value of some contigs."""
    track = pyBigWig.open(str(path))
    for name in list(track.chroms())[:_CONTIGS]:
        track.values(name, 0, 1)
