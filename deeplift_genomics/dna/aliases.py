"""A table of the names that one contig has at NCBI, Ensembl and UCSC, given by the user.

It is text with tabs, one contig per row. UCSC's ``chromAlias.txt`` (of either layout) and NCBI's
``assembly_report.txt`` are read as they are. Without a heading that is known, every column holds
names. Lines that begin with ``#`` are headings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes
from deeplift_genomics.files.words import shortened

WHAT = "Table of contig aliases"
_LARGEST = 1 << 28  # bytes of a table
_NOTHING = ("", "na", "n/a", ".", "-")  # cells without a name
# columns with names, of the tables that have others, too
_NCBI = ("sequence-name", "genbank-accn", "refseq-accn", "ucsc-style-name")
_OLD_UCSC = ("alias", "chrom")


def read_aliases(path: str | Path | None) -> Aliases:
    """Read a table of contig aliases, plain or gzipped; without a path, there are no aliases.

    Raises
    ------
    InputError
        If it is missing, damaged, not text, has a single column, or gives one name to two contigs.
    """
    if not path:
        return NO_ALIASES
    with open_bytes(path, WHAT) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise InputError(
            f"{WHAT} {path} has more than {_LARGEST} bytes; expected a row per contig."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{WHAT} {path} is not text in UTF-8: {error}.") from error
    heading: list[str] = []
    rows: dict[int, list[str]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        cells = [cell.strip().strip('"') for cell in line.split("\t")]
        if line.startswith("#"):
            heading = [cells[0].lstrip("# ").lower(), *map(str.lower, cells[1:])]
        elif any(cells):
            rows[number] = cells
    return Aliases(_contigs(path, rows, heading), str(path))


def _contigs(
    path: str | Path, rows: Mapping[int, list[str]], heading: list[str]
) -> list[tuple[int, list[str]]]:
    """Return line and names of each contig."""
    if not rows or max(map(len, rows.values())) < 2:
        raise InputError(
            f"{WHAT} {path} has no row with two names. Expected the names of one contig in each "
            "row, separated by tabs, as in UCSC's chromAlias.txt."
        )
    columns = [i for i, name in enumerate(heading) if name in _NCBI]
    if columns:
        rows = {line: [cells[i] for i in columns if i < len(cells)] for line, cells in rows.items()}
    elif set(_OLD_UCSC) <= set(heading):
        return _joined(rows, heading.index("alias"), heading.index("chrom"))
    named = [(line, _names(cells)) for line, cells in rows.items()]
    _refuse_collisions(path, named)
    return named


def _joined(rows: Mapping[int, list[str]], alias: int, chrom: int) -> list[tuple[int, list[str]]]:
    """Return line and names of each contig, of a table with a row for each alias."""
    lines: dict[str, int] = {}
    found: dict[str, list[str]] = defaultdict(list)
    for line, cells in rows.items():
        if max(alias, chrom) < len(cells):
            lines.setdefault(cells[chrom], line)
            found[cells[chrom]].append(cells[alias])
    return [(lines[name], _names([name, *others])) for name, others in found.items()]


def _names(cells: Iterable[str]) -> list[str]:
    """Return the names in the cells of a row, each once."""
    return [name for name in dict.fromkeys(cells) if name.lower() not in _NOTHING]


def _refuse_collisions(path: str | Path, contigs: list[tuple[int, list[str]]]) -> None:
    """Raise InputError if one name is in the rows of two contigs."""
    first: dict[str, int] = {}
    for line, names in contigs:
        for name in names:
            if name in first:
                raise InputError(
                    f"{WHAT} {path} has the name {shortened(name, 80)!r} in line {first[name]} and "
                    f"in line {line}; expected each name in the row of one contig. Remove it from "
                    "one of them, or the column that holds no names."
                )
            first[name] = line
