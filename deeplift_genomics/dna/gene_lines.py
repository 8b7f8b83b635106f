"""Gene annotation, line by line: GTF and GFF3, plain or gzipped, told by their content.

Both have nine columns with tabs; positions count from 1, and the end is included. GTF (the GTF2.2
definition of the Brent lab) writes attributes as ``gene_id "X";``, GFF3 (the Sequence Ontology's
definition, version 1.26) as ``ID=X;``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes
from deeplift_genomics.files.words import shortened

WHAT = "Gene annotation"
EXPECTED = (
    "Expected GTF or GFF3, plain or gzipped: nine columns separated by tabs, with attributes such "
    'as gene_id "X"; or ID=X; in the last.'
)
_LONGEST_LINE = 1 << 20  # bytes
_LOOKED_AT = 1000  # lines that tell whether a file is of the kind
# attributes, the best first; Ensembl, GENCODE, RefSeq, StringTie, gffread, VEuPathDB
_NAMES = ("gene_name", "ref_gene_name", "Name", "gene", "gene_symbol", "symbol")
_IDS = ("gene_id", "geneID", "locus_tag", "ID")
# the attributes by which a transcript or an exon names its gene, and nothing else
_OF_PARTS = ("gene_id", "geneID", "gene_name", "ref_gene_name", "gene")
_PARTS = ("transcript", "exon", "CDS", "RNA")  # ends of the kinds of such lines
_TRANSCRIPTS = ("transcript_id", "Parent", "ID")
_PREFIXES = ("gene:", "gene-")  # of IDs in GFF3: Ensembl, NCBI
# where a line names its gene; found many times faster than all attributes
_GENE = re.compile(rb'\b(?:gene_id "|gene_id=|geneID=|gene=)([^";\r\n]+)')


class GeneLine(NamedTuple):
    """A line of annotation that belongs to a gene.

    `start` and `end` are 0-based and half-open. `ids` are all names by which other lines may call
    the gene, `name` is the one for readers. `whole` tells whether the line is the gene itself, and
    not one of its transcripts or exons.
    """

    number: int
    contig: str
    start: int
    end: int
    strand: str
    name: str
    ids: tuple[str, ...]
    transcript: str
    whole: bool


def gene_lines(path: str | Path) -> Iterator[GeneLine]:
    """Yield the lines that belong to a gene; parts of a gene whose line came before are left out.

    Raises
    ------
    InputError
        If the file is missing, damaged, not text, or neither GTF nor GFF3, or if a line is
        malformed, which is named with its number.
    """
    attributes: Callable[[str], dict[str, str]] | None = None
    known: set[bytes] = set()  # genes that have a line: millions of exons need not be read
    for number, raw in _raw_lines(path):
        gene = _GENE.search(raw)
        if gene and gene[1] in known and not _kind(raw).endswith(b"gene"):
            continue
        columns = _columns(path, number, raw)
        attributes = attributes or _form(path, number, columns[8])
        whole = columns[2].endswith("gene")
        if whole and gene:
            known.add(gene[1])
        if whole or columns[2].endswith(_PARTS):
            found = attributes(columns[8])
            names = _texts(found, _NAMES if whole else [key for key in _NAMES if key in _OF_PARTS])
            ids = _texts(found, _IDS if whole else [key for key in _IDS if key in _OF_PARTS])
            if names or ids:
                start, end = _span(path, number, columns)
                yield GeneLine(
                    number=number,
                    contig=columns[0],
                    start=start,
                    end=end,
                    strand=columns[6],
                    name=(*names, *map(_bare, ids))[0],
                    ids=(*map(_bare, ids), *names),
                    transcript=next(iter(_texts(found, _TRANSCRIPTS)), ""),
                    whole=whole,
                )


def exon_lines(path: str | Path) -> Iterator[tuple[str, int, int, str]]:
    """Yield contig, start, end (0-based, half-open) and strand of each line of an exon.

    Raises
    ------
    InputError
        As `gene_lines`.
    """
    for number, raw in _raw_lines(path):
        if _kind(raw) == b"exon":
            columns = _columns(path, number, raw)
            yield columns[0], *_span(path, number, columns), columns[6]


def look_at_genes(path: str | Path) -> None:
    """Read the beginning of a gene annotation, so that a wrong file is found early.

    Raises
    ------
    InputError
        As `gene_lines`, or if the file names no gene.
    """
    if not sum(1 for _ in islice(gene_lines(path), _LOOKED_AT)):
        raise no_gene(path)


def no_gene(path: str | Path) -> InputError:
    """Return the error for an annotation that names no gene."""
    return InputError(
        f"{WHAT} {path} names no gene: no line of a gene has a Name or an ID, and no line of a "
        f"transcript or exon has the gene_id or gene_name of its gene. {EXPECTED}"
    )


def annotation_form(path: str | Path) -> str:
    """Return how a gene annotation is written, ``"gtf"`` or ``"gff3"``, by its first line.

    Raises
    ------
    InputError
        As `gene_lines`; or if it has no line.
    """
    for number, raw in _raw_lines(path):
        is_gtf = _form(path, number, _columns(path, number, raw)[8]) is _of_gtf
        return "gtf" if is_gtf else "gff3"
    raise InputError(f"{WHAT} {path} has no line. {EXPECTED}")


def _raw_lines(path: str | Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each line that is not blank and no comment."""
    with open_bytes(path, WHAT) as handle:
        for number, raw in enumerate(_pieces(handle), start=1):
            if len(raw) == _LONGEST_LINE:
                raise InputError(
                    f"{WHAT} {path}, line {number} has {_LONGEST_LINE} bytes or more. {EXPECTED}"
                )
            raw = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            if raw.startswith((b"##FASTA", b">")) and number > 1:  # sequences end a GFF3 file
                return
            if raw.strip() and not raw.startswith((b"#", b"track ", b"browser ")):
                yield number, raw


def _pieces(handle: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: handle.readline(_LONGEST_LINE), b"")


def _kind(raw: bytes) -> bytes:
    """Return the third column of a line, or its end."""
    return raw.split(b"\t", 3)[:3][-1]


def _columns(path: str | Path, number: int, raw: bytes) -> list[str]:
    """Return the nine columns of a line."""
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InputError(
            f"{WHAT} {path}, line {number}: not text in UTF-8 ({raw[:40]!r}). {EXPECTED}"
        )
    columns = text.split("\t", 8)
    if len(columns) < 9:
        raise InputError(
            f"{WHAT} {path}, line {number} has {len(columns)} columns: "
            f"{shortened(text, 80)!r}. {EXPECTED}"
        )
    return columns


def _form(path: str | Path, number: int, text: str) -> Callable[[str], dict[str, str]]:
    """Return how attributes are written, by those of the file's first line."""
    word = text.split(None, 1)[0] if text.strip() else ""
    if "=" in word:
        return _of_gff3
    if '"' in text or len(text.split()) > 1:
        return _of_gtf
    raise InputError(
        f"{WHAT} {path}, line {number}: column 9 holds no attributes ({shortened(text, 80)!r}). "
        f"{EXPECTED}"
    )


def _of_gtf(text: str) -> dict[str, str]:
    """Return the attributes of a line of GTF; values are quoted, and may then hold semicolons."""
    found: dict[str, str] = {}
    pieces = text.split('"')
    for index in range(0, len(pieces), 2):  # the others were between quotes
        *items, last = pieces[index].split(";")
        if index + 1 < len(pieces):
            found.setdefault(last.strip(), pieces[index + 1])
        else:
            items.append(last)
        for item in items:
            key, _, value = item.strip().partition(" ")
            if value:
                found.setdefault(key, value.strip())
    return found


def _of_gff3(text: str) -> dict[str, str]:
    """Return the attributes of a line of GFF3; signs may be written as %3B."""
    items = (item.strip().partition("=") for item in text.split(";"))
    return {key: unquote(value) for key, _, value in items if value}


def _span(path: str | Path, number: int, columns: list[str]) -> tuple[int, int]:
    """Return start and end of a line, 0-based and half-open."""
    try:
        first, last = int(columns[3]), int(columns[4])
    except ValueError:
        first, last = 1, 0
    if not 1 <= first <= last:
        raise InputError(
            f"{WHAT} {path}, line {number}: start {shortened(columns[3], 20)!r} and end "
            f"{shortened(columns[4], 20)!r} are no span of whole numbers from 1 on. {EXPECTED}"
        )
    return first - 1, last


def _texts(attributes: Mapping[str, str], keys: Iterable[str]) -> tuple[str, ...]:
    """Return the values of some attributes, without line ends and tabs: no table can hold these."""
    values = (" ".join(attributes.get(key, "").split()) for key in keys)
    return tuple(value for value in values if value)


def _bare(text: str) -> str:
    """Return an ID without the kind of its feature."""
    return next((text[len(sign) :] for sign in _PREFIXES if text.startswith(sign)), text)
