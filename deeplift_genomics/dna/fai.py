"""The index of a FASTA file (``.fai``), which gives the lengths of contigs without reading them.

Columns: name, bases, offset of the first base, bases per line, bytes per line (samtools faidx).
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import BinaryIO, NamedTuple

from deeplift_genomics.dna.kind import is_twobit
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.gzipped import is_bgzipped, is_gzipped
from deeplift_genomics.files.system_faults import reading

log = logging.getLogger(__name__)

_CHECKED = 100  # contigs whose names are looked for in the genome
_LONGEST_HEADER = 1 << 16  # bytes
_LARGEST = 1 << 50  # bytes or bases, far above any genome


class _Row(NamedTuple):
    name: str
    length: int
    offset: int
    line_bases: int
    line_bytes: int

    @property
    def end(self) -> int:
        """Offset of the byte after the last base."""
        if not self.length or not self.line_bases:
            return self.offset
        whole, rest = divmod(self.length - 1, self.line_bases)
        return self.offset + whole * self.line_bytes + rest + 1


def contig_lengths(path: str | Path) -> dict[str, int]:
    """Return the length of each contig of a genome, from the index beside it or its own.

    An index that is older than the genome is logged, and believed if it fits.

    Raises
    ------
    InputError
        If there is no index, or it does not fit the genome. The message names the programs that
        make one.
    """
    fasta = require_file(path, "FASTA file")
    if is_twobit(fasta):
        # NumPy, which it imports, slows the start of Snakemake's jobs
        from deeplift_genomics.dna.twobit import open_twobit

        with open_twobit(fasta) as genome:
            return genome.lengths
    index = index_of(fasta)
    if index is None:
        raise InputError(
            f"{fasta} is to be tiled, and the number of tiles must be known before the run, but "
            f"its index {fasta}.fai was not found. {_hint(fasta)}"
        )
    rows = _read(index, fasta)
    if not is_gzipped(fasta):
        _check(rows, fasta, index)
    if index.stat().st_mtime < fasta.stat().st_mtime:
        log.warning("%s is older than %s; used all the same, as it fits.", index, fasta)
    return {row.name: row.length for row in rows}


def index_of(fasta: Path) -> Path | None:
    """Return the index beside a FASTA file, or beside its unpacked copy; None without one."""
    places = [Path(f"{fasta}.fai")]
    if fasta.suffix in (".gz", ".bgz"):
        places.append(Path(f"{fasta.with_suffix('')}.fai"))
    return next((place for place in places if place.is_file()), None)


def require_fitting(index_lengths: dict[str, int], lengths: dict[str, int], fasta: Path) -> None:
    """Raise InputError if the lengths of an index are not those of the genome itself."""
    if index_lengths == lengths:
        return
    names = [*lengths, *index_lengths]
    name = next(name for name in names if index_lengths.get(name) != lengths.get(name))
    said, found = (
        "lacks it" if name not in table else f"says {table[name]} bases"
        for table in (index_lengths, lengths)
    )
    raise _unfit(fasta, index_of(fasta), f"of contig {name} the index {said}, the genome {found}")


def _read(index: Path, fasta: Path) -> list[_Row]:
    """Return the rows of an index."""
    try:
        with reading(index):
            lines = index.read_text().splitlines()
        rows = []
        for name, *fields in (line.split("\t") for line in lines):
            length, offset, line_bases, line_bytes = map(int, fields[:4])
            rows.append(_Row(name, length, offset, line_bases, line_bytes))
    except ValueError:
        rows = []
    numbers = [number for row in rows for number in row[1:]]
    odd = any(row.line_bytes < row.line_bases for row in rows)
    if not numbers or min(numbers) < 0 or max(numbers) > _LARGEST or odd:
        raise InputError(
            f"{index} is no index of a FASTA file; expected rows of a name and four numbers. "
            f"{_hint(fasta)}"
        )
    return rows


def _check(rows: list[_Row], fasta: Path, index: Path) -> None:
    """Look for the names, first lines and ends of some contigs, first and last, in the genome."""
    step = -(-len(rows) // _CHECKED)
    with reading(fasta), fasta.open("rb") as file:
        for number in sorted({*range(0, len(rows), step), len(rows) - 1}):
            row, begin = rows[number], rows[number - 1].end if number else 0
            if not _is_at_its_place(row, file, begin):
                raise _unfit(fasta, index, f"contig {row.name} is not at its place")
        file.seek(rows[-1].end)
        if file.read(_LONGEST_HEADER).strip():
            raise _unfit(fasta, index, f"the genome goes on after its last contig {row.name}")


def _is_at_its_place(row: _Row, file: BinaryIO, begin: int) -> bool:
    """Return whether a contig's name is all that comes after `begin`, and its first line fits."""
    if not 0 < row.offset - begin < _LONGEST_HEADER:
        return False
    file.seek(begin)
    between = file.read(row.offset - begin)
    # only before the first contig, there may be comments
    header = between.strip().rpartition(b"\n")[2] if not begin else between.strip()
    # an empty contig ends behind its name's line
    if (begin and between[:1] not in (b"\n", b"\r", b">")) or b"\n" in header or header[:1] != b">":
        return False
    if header[1:].split()[:1] != [row.name.encode()]:
        return False
    line = file.read(min(row.line_bases, row.length, _LONGEST_HEADER))
    file.seek(max(row.offset, row.end - 1))
    last = file.read(1)
    file.seek(row.offset + min(row.line_bases, row.length))
    return b"\n" not in line + last and not file.read(row.line_bytes - row.line_bases).strip()


def _unfit(fasta: Path, index: Path | None, reason: str) -> InputError:
    """Return the error for an index of another file."""
    return InputError(f"{index} does not fit {fasta}: {reason}. {_hint(fasta)}")


def _hint(fasta: Path) -> str:
    """Return how to make the index; no program indexes a file of plain gzip."""
    if is_gzipped(fasta) and not is_bgzipped(fasta):
        plain = fasta.with_suffix("") if fasta.suffix == ".gz" else Path(f"{fasta}.fa")
        return (
            f"{fasta} is compressed by gzip, which allows no index: unpack it, or compress it by "
            f"bgzip. For example: gunzip -c {fasta} > {plain}; samtools faidx {plain}. Then name "
            f"{plain} as the genome."
        )
    return f"Make it with: samtools faidx {fasta}, or: faidx {fasta}"
