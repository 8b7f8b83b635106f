"""Names of genome assemblies, as genome browsers take them: the sheet's column `genome`."""

from __future__ import annotations

import re

from deeplift_genomics.files.words import shortened

PATTERN = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}"
# UCSC's names of assemblies that sheets often have in another spelling; IGV has the same names
_KNOWN = (
    "hg18", "hg19", "hg38", "hs1", "mm9", "mm10", "mm39", "rn6", "rn7", "danRer10", "danRer11",
    "dm3", "dm6", "ce10", "ce11", "sacCer3", "galGal6", "xenTro10", "canFam6", "susScr11",
    "bosTau9", "panTro6", "rheMac10",
)  # fmt: skip
# what the Genome Reference Consortium, Ensembl, NCBI and aligners call them
_OTHER_NAMES = {
    "ncbi36": "hg18", "grch37": "hg19", "b37": "hg19", "hs37d5": "hg19", "g1kv37": "hg19",
    "grch38": "hg38", "hs38": "hg38", "t2tchm13": "hs1", "t2tchm13v2.0": "hs1", "chm13v2.0": "hs1",
    "ncbim37": "mm9", "mgscv37": "mm9", "grcm38": "mm10", "grcm39": "mm39", "rnor6.0": "rn6",
    "mratbn7.2": "rn7", "grcz10": "danRer10", "grcz11": "danRer11", "bdgp5": "dm3", "bdgp6": "dm6",
    "wbcel235": "ce11", "r641": "sacCer3",
}  # fmt: skip
_FILE = re.compile(r"\.(fa|fasta|fna|2bit|gz|txt|html|md|json|sizes)$", re.IGNORECASE)
_PATCH = re.compile(r"\.p[0-9]+$")  # GRCh38.p14
_IN_BROWSERS = _OTHER_NAMES | {name.lower(): name for name in _KNOWN}


def check_assembly(name: str) -> str:
    """Return a name of an assembly that genome browsers can take, or raise ValueError.

    >>> check_assembly("hg38")
    'hg38'
    """
    if not re.fullmatch(PATTERN, name):
        raise ValueError(
            f"{shortened(repr(name), 100)} is no name of an assembly in genome browsers; expected "
            "one such as hg38 or mm10: a single word of letters, digits, '_', '.' and '-'"
        )
    if _FILE.search(name):
        raise ValueError(
            f"{name!r} reads as a file; the genome's file is in 'fasta', and here is the name of "
            "its assembly in genome browsers, such as hg38 or mm10"
        )
    bare = re.sub("[_-]", "", _PATCH.sub("", name.lower()))
    meant = _IN_BROWSERS.get(bare, name)
    if meant != name:
        raise ValueError(f"{name!r} is called {meant!r} in genome browsers; write {meant}")
    return name
