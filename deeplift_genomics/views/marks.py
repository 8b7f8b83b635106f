"""Seqlets, or other stretches of the genome, that are marked in the figure of a window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from deeplift_genomics.dna.contigs import match_contigs
from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.gzipped import open_bytes
from deeplift_genomics.files.system_faults import reading
from deeplift_genomics.views.axes import MARK, Mark

WHAT = "File of seqlets"
_SCORES, _SEQLETS, _PATTERNS = ".scores.h5", ".seqlets.bed", ".modisco.h5"
_HDF5 = b"\x89HDF\r\n\x1a\n"
_BED = ("chrom", "start", "end", "name", "score", "strand")
_ARROWS, _TURNED = {"+": " →", "-": " ←"}, {"+": "-", "-": "+"}
_HEADINGS = ("chrom", "motif")  # the first name in the heading of a table of this package

Row = Mapping[str, Any]
Names = Mapping[str, tuple[str, bool]]  # pattern -> its motif, and whether it reads against that


def seqlets_beside(scores: Path) -> Path | None:
    """Return the file of seqlets of a score file, by its name; None if it is not there."""
    found = scores.with_name(scores.name.removesuffix(_SCORES) + _SEQLETS)
    return found if scores.name.endswith(_SCORES) and found.is_file() else None


def marks_of(source: Any, locus: Locus, target: str = "") -> list[Mark]:
    """Return the marks at a locus, on the scale of positions that count from 1.

    Parameters
    ----------
    source
        A table with the columns `chrom`, `start` and `end`, such as that of `read_instances`; or a
        file: TARGET.seqlets.bed, TARGET.instances.tsv, another BED, or a TARGET.modisco.h5 with the
        seqlets.bed beside it.
    target
        The target, by which patterns get the names of motifs from a ``motifs.tsv`` beside the file.

    Raises
    ------
    InputError
        If the file is missing or damaged, or holds no places.
    """
    if isinstance(source, str | Path):
        path = _with_places(require_file(source, WHAT))
        rows, names = _placed(path), _names_beside(path, target)
    else:
        rows, names = _rows_of_table(source), {}
    found, same = set(), {locus.contig: True}
    for row in rows:
        contig = row["chrom"]
        if contig not in same:
            same[contig] = bool(match_contigs([contig], [locus.contig]))
        start, end = int(row["start"]), int(row["end"])
        if same[contig] and start < locus.end and end > locus.start:
            found.add(_mark(row, start, end, names))
    return sorted(found)


def _mark(row: Row, start: int, end: int, names: Names) -> Mark:
    """Return the mark of a row; the base at a position reaches half a unit to both sides.

    The strand of a pattern that has the name of a motif is the one on which the motif reads.
    """
    label = next((str(row[name]) for name in ("motif", "pattern", "name") if row.get(name)), "")
    rgb = str(row.get("itemRgb") or "").split(",")
    colour = MARK
    if len(rgb) == 3 and all(part.isdigit() and int(part) < 256 for part in rgb):
        colour = "#" + "".join(f"{int(part):02x}" for part in rgb)
    label, turned = names.get(label, (label, False))
    strand = str(row.get("strand"))
    arrow = _ARROWS.get(_TURNED.get(strand, strand) if turned else strand, "")
    return Mark(start + 0.5, end + 0.5, label + arrow, colour)


def _with_places(path: Path) -> Path:
    """Return the file that has the places of seqlets: of a file of patterns, the one beside it."""
    with reading(path), path.open("rb") as handle:
        if handle.read(len(_HDF5)) != _HDF5:
            return path
    beside = path.with_name(path.name.removesuffix(_PATTERNS) + _SEQLETS)
    if beside != path and beside.is_file():
        return beside
    raise InputError(
        f"{path} holds patterns without places in the genome, and {beside} is not there. Make it: "
        f"deeplift-genomics seqlets --motifs {path} --scores TARGET.scores.h5 --output {beside}"
    )


def _placed(path: Path) -> Iterator[Row]:
    """Yield the rows of a file, which must have places."""
    for number, row in _rows(path):
        if not all(str(row.get(name, "")).isdigit() for name in ("start", "end")):
            raise InputError(
                f"{WHAT} {path}, line {number}, has no start and end in columns 2 and 3; expected "
                "BED such as TARGET.seqlets.bed, or TARGET.instances.tsv."
            )
        yield row


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield line and row of BED, or of a table of this package, by the names of its columns."""
    names: Iterable[str] = _BED
    with open_bytes(path, WHAT) as handle, TextIOWrapper(handle, "utf-8", "replace") as lines:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if cells[0].lstrip("#") in _HEADINGS:
                names = [cells[0].lstrip("#"), *cells[1:]]
            elif not line.startswith(("#", "track", "browser")) and line.strip():
                yield number, dict(zip(names, cells, strict=False))


def _rows_of_table(table: Any) -> Iterator[Row]:
    """Yield the rows of a pandas table."""
    columns = list(getattr(table, "columns", ()))
    if missing := [name for name in _BED[:3] if name not in columns]:
        raise InputError(
            f"seqlets is {type(table).__name__} without {', '.join(missing)}; expected a file such "
            "as TARGET.seqlets.bed, or a table with the columns chrom, start and end."
        )
    yield from table.to_dict("records")


def _names_beside(path: Path, target: str) -> Names:
    """Return the motif of each pattern of a target, from the motifs.tsv beside a file."""
    table = path.with_name("motifs.tsv")
    if not table.is_file():
        return {}
    rows = (row for _, row in _rows(table) if row.get("target") == target)
    return {row["pattern"]: (row["motif"], row["turned"] == "true") for row in rows}
