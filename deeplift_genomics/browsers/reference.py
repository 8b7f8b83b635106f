"""The genome of an IGV session: an assembly that IGV has, or the sample's own file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from deeplift_genomics.browsers.tracks import outside_path
from deeplift_genomics.dna.contigs import match_contigs
from deeplift_genomics.dna.kind import is_twobit
from deeplift_genomics.files.gzipped import is_bgzipped, is_gzipped
from deeplift_genomics.files.words import first_few


class Reference(NamedTuple):
    """The genome of a session.

    Attributes
    ----------
    name
        The assembly, or the genome's file as it is found from the session's folder.
    names
        Name of a contig in the results -> its name in the file, where they differ.
    problems
        What hinders IGV from showing the results on it, and what to do, in sentences.
    """

    name: str
    names: Mapping[str, str]
    problems: list[str]


def reference_of(row: Mapping[str, str], folder: Path, names: Mapping[str, str]) -> Reference:
    """Return the genome of a sample's session, which is to be in `folder`.

    Parameters
    ----------
    row
        The sample's row of the sheet, as plain texts.
    names
        The attribute `contig_names` of the sample's score files.
    """
    if row.get("genome"):
        return Reference(row["genome"], {}, [])  # IGV knows the other names of its contigs
    path, problems = _readable(Path(row["fasta"]))
    unlike = [name for name, own in names.items() if not match_contigs([name], [own])]
    if unlike:
        problems.append(
            f"The results have other names of contigs ({first_few(unlike, 3)}) than {path}, and "
            "IGV does not know that they are the same. Give the sheet's column 'genome', if IGV "
            "has the assembly."
        )
    return Reference(outside_path(path, folder), names, problems)


def _readable(path: Path) -> tuple[Path, list[str]]:
    """Return the file that IGV is to read, and what hinders it.

    IGV goes by the ends of names. It makes the index of plain FASTA itself, and reads a compressed
    one only if it is bgzipped and has both indexes.
    """
    if is_twobit(path):
        problem = (
            f"IGV knows a 2bit file by its name, and {path} does not end in .2bit, so it cannot "
            "open igv.xml. Name a link that does in the column 'fasta'."
        )
        return path, [] if path.suffix == ".2bit" else [problem]
    if not is_gzipped(path):
        return path, []
    indexable = is_bgzipped(path) and path.suffix == ".gz"
    if indexable and all(Path(f"{path}.{end}").exists() for end in ("fai", "gzi")):
        return path, []
    plain = path.with_suffix("") if path.suffix in (".gz", ".bgz") else Path(f"{path}.fa")
    if plain.is_file():
        return plain, []
    quoted = quote(str(path))
    unpack = f"gunzip -c {quoted} > {quote(str(plain))}"
    make = f"samtools faidx {quoted}" if indexable else unpack
    what = "compressed by bgzip without its two indexes" if indexable else "gzipped"
    return path, [
        f"IGV cannot read FASTA that is {what}, so it cannot open igv.xml yet. Run: {make}; then "
        "delete igv.xml and run again. Or give the sheet's column 'genome', if IGV has the "
        "assembly."
    ]
