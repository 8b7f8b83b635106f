"""Variants from a VCF file, or from a table with the columns chrom, pos, ref and alt.

The first five columns of VCF are read, and nothing of the others: neither filters nor genotypes. A
row with several alternative alleles is one variant for each. Positions count from 1 in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from deeplift_genomics.dna.region_fields import is_absent, whole
from deeplift_genomics.dna.region_lines import fields_of, shown
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes

WHAT = "VCF file"
EXPECTED = (
    "Expected VCF: lines of chromosome, position (from 1), identifier, REF and ALT, separated by "
    "tabs; or a table whose heading names chrom, pos, ref and alt. Plain, gzipped or bgzipped."
)
_LONGEST_LINE = 1 << 24  # bytes; a VCF of many samples has long lines
_VCF = {"chrom": 0, "pos": 1, "id": 2, "ref": 3, "alt": 4}
# names of columns in headings, in lower case
_NAMES = {
    "chrom": ("chrom", "chr", "chromosome", "contig", "seqnames"),
    "pos": ("pos", "position", "bp"),
    "id": ("id", "rsid", "name", "snp", "variant", "variant_id"),
    "ref": ("ref", "reference", "ref_allele", "reference_allele"),
    "alt": ("alt", "alternate", "alternative", "alt_allele", "alternate_allele"),
}
_LARGEST = 1 << 40  # no position is so large
_BCF = b"BCF"


class Variant(NamedTuple):
    """A variant as its file writes it.

    Attributes
    ----------
    line
        Line of the file, from 1.
    chrom
        Contig, as the file names it.
    start
        First base of `ref` on the contig, 0-based: the file's position less 1.
    name
        The identifier; ``""`` for none.
    ref, alt
        Both alleles, bases in upper case; `alt` is one of those that the row names, and may be no
        sequence, such as ``<DEL>``.
    """

    line: int
    chrom: str
    start: int
    name: str
    ref: str
    alt: str

    @property
    def position(self) -> int:
        """The position as VCF counts it, from 1."""
        return self.start + 1

    def __str__(self) -> str:
        """Return the variant in the short form that people write.

        >>> str(Variant(5, "chr1", 99, "rs7", "A", "T"))
        'chr1:100:A>T'
        """
        return f"{self.chrom}:{self.position}:{self.ref or '-'}>{self.alt or '-'}"


def read_variants(path: str | Path) -> Iterator[Variant]:
    """Yield the variants of a file, those of a row in the order of its alternative alleles.

    Raises
    ------
    InputError
        If the file is missing, damaged, not text, or neither VCF nor such a table, or holds no
        variant.
    """
    path, columns, found = Path(path), dict(_VCF), False
    with open_bytes(path, WHAT) as handle:
        for number, text in _texts(handle, path):
            if text.startswith("##"):
                continue
            fields = fields_of(text)
            if named := _heading(fields):
                if not found:
                    columns = named
                continue
            if text.startswith("#"):
                continue
            found = True
            cells = _cells(f"{WHAT} {path}, line {number}", text, fields, columns)
            yield from _variants(number, cells)
    if not found:
        raise InputError(f"{WHAT} {path} holds no variant. {EXPECTED}")


def look_at_variants(path: str | Path) -> None:
    """Read the first variant of a file.

    Raises
    ------
    InputError
        As `read_variants`.
    """
    next(read_variants(path))


def _heading(fields: list[str]) -> dict[str, int]:
    """Return the column of each name in a heading; none if the line is no heading."""
    names = [field.strip().lstrip("#").strip().lower() for field in fields]
    found = {
        key: names.index(name)
        for key, known in _NAMES.items()
        for name in reversed(known)
        if name in names
    }
    return found if {"chrom", "pos", "ref", "alt"} <= found.keys() else {}


def _cells(place: str, text: str, fields: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Return the cells of a row by the names of the columns; the position less 1 is `start`."""
    needed = 1 + max(at for name, at in columns.items() if name != "id")
    if len(fields) < needed:
        commas = "" if text.count(",") < needed - 1 else " It has commas where tabs are expected."
        number = f"{len(fields)} column{'' if len(fields) == 1 else 's'}"
        raise InputError(f"{place} has {number}, not {needed}: {shown(text)}.{commas} {EXPECTED}")
    cells = {name: fields[at].strip() if at < len(fields) else "" for name, at in columns.items()}
    position = whole(cells["pos"].replace(",", ""))
    if position is None or not 0 <= position < _LARGEST:
        raise InputError(
            f"{place}: the position {shown(cells['pos'])} is no whole number. {EXPECTED}"
        )
    if not cells["chrom"] or not cells["ref"]:
        raise InputError(f"{place} names no chromosome or no REF: {shown(text)}. {EXPECTED}")
    return cells | {"start": str(position - 1)}


def _variants(number: int, cells: Mapping[str, str]) -> Iterator[Variant]:
    """Yield the variants of a row, which is line `number`."""
    name = "" if is_absent(cells.get("id", "")) else cells["id"]
    for alt in map(str.strip, cells["alt"].split(",")):
        yield Variant(
            number,
            cells["chrom"],
            int(cells["start"]),
            name,
            cells["ref"].upper(),
            alt.upper() if alt.isalpha() else alt,
        )


def _texts(handle: BinaryIO, path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text, without its end, of each line that is not blank."""
    for number, raw in enumerate(iter(lambda: handle.readline(_LONGEST_LINE), b""), start=1):
        if number == 1 and raw.startswith(_BCF):
            raise InputError(
                f"{WHAT} {path} is BCF, VCF's binary form. Write it as text: "
                f"bcftools view {path} > variants.vcf"
            )
        if len(raw) == _LONGEST_LINE:
            raise InputError(
                f"{WHAT} {path}, line {number} has {_LONGEST_LINE} bytes or more. {EXPECTED}"
            )
        # a description or a genotype may hold any byte; what is read of a row is ASCII
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
        if "\0" in text:
            raise InputError(f"{WHAT} {path}, line {number} is not text in UTF-8. {EXPECTED}")
        if "\r" in text:
            raise InputError(
                f"{WHAT} {path}, line {number}: its lines end with carriage returns only. Save it "
                "with Unix' or Windows' line ends."
            )
        if text.strip():
            yield number, text
