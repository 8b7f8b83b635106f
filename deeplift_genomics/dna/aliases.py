"""A table of the names that one contig has at NCBI, Ensembl and UCSC, given by the user.

It is text with tabs, one contig per row. UCSC's ``chromAlias.txt`` (of any layout) and NCBI's
``assembly_report.txt`` and ``sequence_report.tsv`` are read as they are. Without a heading that is
known, every column holds names. Lines that begin with ``#`` are headings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases
from deeplift_genomics.dna.region_fields import is_absent
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes
from deeplift_genomics.files.words import shortened

WHAT = "Table of contig aliases"
_LARGEST = 1 << 28  # bytes of a table
# columns with names, of the tables that have others, too
_NCBI = frozenset((
    "sequence-name", "genbank-accn", "refseq-accn", "ucsc-style-name", "genbank-seq-accession",
    "refseq-seq-accession",
))  # fmt: skip
_OLD_UCSC = ["alias", "chrom"]
# what that table has as source of an alias, in column 3; UCSC's database gives it without heading
_SOURCES = frozenset((
    "assembly", "custom", "ensembl", "flybase", "genbank", "ncbi", "refseq", "ucsc", "wormbase",
    "xenbase",
))  # fmt: skip
_LINE_END = re.compile(r"\r\n|\r|\n")


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
        # Excel's "Unicode text" is UTF-16
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{WHAT} {path} is not text in UTF-8: {error}.") from error
    heading: list[str] = []
    rows: dict[int, list[str]] = {}
    for number, line in enumerate(_LINE_END.split(text), start=1):
        cells = [cell.strip().strip('"') for cell in line.split("\t")]
        names = [cell.lower().replace(" ", "-") for cell in (cells[0].lstrip("# "), *cells[1:])]
        if line.startswith("#") or (not rows and _is_known(names)):
            heading = heading if _is_known(heading) else names
        elif any(cells):
            rows[number] = cells
    if not _is_known(heading) and all(map(_has_source, rows.values())):
        heading = _OLD_UCSC
    return Aliases(_contigs(path, rows, heading), str(path))


def _is_known(heading: list[str]) -> bool:
    """Return whether these are the names of the columns of a table that has others, too."""
    return len(_NCBI.intersection(heading)) > 1 or set(_OLD_UCSC) <= set(heading)


def _has_source(cells: list[str]) -> bool:
    """Return whether a row is that of an alias, a contig and a source in UCSC's database."""
    return len(cells) == 3 and set(cells[2].split(",")) <= _SOURCES


def _contigs(
    path: str | Path, rows: Mapping[int, list[str]], heading: list[str]
) -> list[tuple[int, list[str]]]:
    """Return line and names of each contig."""
    if not rows or max(map(len, rows.values())) < 2:
        raise InputError(
            f"{WHAT} {path} has no row with two names. Expected the names of one contig in each "
            "row, separated by tabs, as in UCSC's chromAlias.txt."
        )
    _refuse_row_numbers(path, rows)
    columns = [i for i, name in enumerate(heading) if name in _NCBI]
    if len(columns) > 1:
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
    return [name for name in dict.fromkeys(cells) if not is_absent(name)]


def _refuse_row_numbers(path: str | Path, rows: Mapping[int, list[str]]) -> None:
    """Raise InputError if the first column counts the rows, as pandas and R write it.

    A row number would be taken for a contig that is named by a number.
    """
    numbers = [cells[0] for cells in rows.values()]
    from_0, from_1 = ([str(first + i) for i in range(len(rows))] for first in (0, 1))
    known = set(from_1)
    at_odds = any(
        name.lower().removeprefix("chr") in known - {cells[0]}
        for cells in rows.values()
        for name in cells[1:]
    )
    if numbers == from_0 or (numbers == from_1 and at_odds):
        raise InputError(
            f"{WHAT} {path} has row numbers in column 1, which would be taken for contigs. Write "
            "it without them (pandas: index=False; R: row.names=FALSE)."
        )


def _refuse_collisions(path: str | Path, contigs: list[tuple[int, list[str]]]) -> None:
    """Raise InputError if one name is in the rows of two contigs."""
    first: dict[str, int] = {}
    for line, names in contigs:
        if len(lines := {first.get(name) for name in names}) == 1 and lines != {None}:
            continue  # the row repeats another
        for name in names:
            if name in first:
                raise InputError(
                    f"{WHAT} {path} has the name {shortened(name, 80)!r} in line {first[name]} and "
                    f"in line {line}; expected each name in the row of one contig. Remove it from "
                    "one of them, or the column that holds no names."
                )
            first[name] = line
