"""Names of contigs, which differ from file to file by convention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few


def match_contigs(names: Iterable[str], contigs: Iterable[str]) -> dict[str, str]:
    """Return the contig for each name: the same name, or one that differs by convention only.

    Conventions are a leading `chr`, its case, and the names of the mitochondrial genome (M, MT,
    Mito). A name that matches no contig, or two, is left out.

    >>> match_contigs(["chr22", "chrM", "chr7"], ["22", "MT"])
    {'chr22': '22', 'chrM': 'MT'}
    """
    contigs = list(contigs)
    exact = set(contigs)
    by_key: Mapping[str, list[str]] = defaultdict(list)
    for contig in contigs:
        by_key[_key(contig)].append(contig)
    found = {}
    for name in names:
        alike = [name] if name in exact else by_key.get(_key(name), [])
        if len(alike) == 1:
            found[name] = alike[0]
    return found


def match_some_contigs(
    names: Iterable[str], contigs: Iterable[str], *, source: str, target: str
) -> dict[str, str]:
    """Match names as `match_contigs` does, and require that one name has a contig.

    Parameters
    ----------
    source, target
        What holds the names, and what holds the contigs, for the message.

    Raises
    ------
    InputError
        If there are names, and none has a contig.
    """
    names, contigs = list(names), list(contigs)
    found = match_contigs(names, contigs)
    if names and not found:
        raise InputError(
            f"{source} and {target} have no contig in common. The first has the contigs "
            f"{first_few(names)}; the second has {first_few(contigs)}. Are they of the same genome "
            "assembly?"
        )
    return found


def _key(name: str) -> str:
    """Return what is left of a name without its conventions."""
    bare = name[3:] if name[:3].lower() == "chr" and len(name) > 3 else name
    return "MT" if bare.upper() in ("M", "MT", "MITO") else bare
