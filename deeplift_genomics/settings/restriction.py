"""Restriction sites: the sites of enzymes by name, and where a sequence has them.

The sites are those of REBASE (Roberts et al., Nucleic Acids Res. 51:D629, 2023), as Biopython
brings them. Biopython is imported only where an enzyme is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.files.words import shortened

# what each letter of a site stands for (IUPAC; Cornish-Bowden, Nucleic Acids Res. 13:3021, 1985)
IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T",
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
# what suppliers add to an enzyme's name
_PRODUCT = re.compile(r"[- ]?(HF|v2|HFv2)?®?$", re.IGNORECASE)
_COMPLEMENT = str.maketrans("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN")


class Avoided(NamedTuple):
    """Sites that no oligo may have.

    Attributes
    ----------
    name
        The enzyme, or the site itself, as it was written.
    sites
        In IUPAC letters; more than one for an enzyme that cuts several.
    """

    name: str
    sites: tuple[str, ...]

    def __str__(self) -> str:
        sites = " or ".join(self.sites)
        return sites if sites == self.name else f"{self.name} ({sites})"


class Found(NamedTuple):
    """A site in a sequence: bases [start, end), on either strand."""

    avoided: Avoided
    start: int
    end: int


def parse_avoided(text: str) -> Avoided:
    """Return the sites of an enzyme, or a site that is written in IUPAC letters.

    Enzymes are known in any case, ``bsai`` as ``BsaI``, and by the names of their products, such as
    ``BsaI-HFv2``.

    Raises
    ------
    ConfigError
        If it is neither, or a site without a letter that excludes a base.

    Examples
    --------
    >>> parse_avoided("RCCGGY"), parse_avoided("ggtctc").sites
    (Avoided(name='RCCGGY', sites=('RCCGGY',)), ('GGTCTC',))
    """
    wanted = text.strip()
    if wanted and set(wanted) <= set("ACGTNacgtn"):  # names of enzymes have other letters, too
        return _of_letters(wanted.upper())
    from Bio.Restriction.Restriction_Dictionary import rest_dict

    names = {name.lower(): name for name in rest_dict}
    if name := names.get(_PRODUCT.sub("", wanted).lower()):
        return Avoided(name, tuple(str(rest_dict[name]["site"]).split("|")))
    if wanted and set(wanted.upper()) <= set(IUPAC):
        return _of_letters(wanted.upper())
    near = [names[name] for name in get_close_matches(wanted.lower(), names)]
    raise ConfigError(
        f"{shortened(repr(text), 100)} is no restriction enzyme that is known, and no site in "
        "IUPAC letters"
        + (f"; did you mean {' or '.join(near)}?" if near else ". Write such as BsaI or GGTCTC.")
    )


def _of_letters(site: str) -> Avoided:
    """Return a site given by its letters, which must exclude something."""
    if not set(site) - {"N"}:
        raise ConfigError(f"{shortened(repr(site), 100)} is a site that every sequence has.")
    return Avoided(site, (site,))


def find_sites(sequence: str, avoided: Iterable[Avoided]) -> list[Found]:
    """Return the sites that a sequence over A, C, G, T has on either strand, by first base.

    >>> [found[1:] for found in find_sites("AGAGACCAT", [parse_avoided("GGTCTC")])]
    [(1, 7)]
    """
    found = {
        Found(one, match.start(), match.start() + len(site))
        for one in avoided
        for site in one.sites
        for strand in (site, site.translate(_COMPLEMENT)[::-1])
        for match in re.finditer(f"(?={_pattern(strand)})", sequence)
    }
    return sorted(found, key=lambda one: (one.start, one.end, one.avoided))


def _pattern(site: str) -> str:
    """Return the regular expression of a site."""
    return "".join(f"[{IUPAC[letter]}]" for letter in site)


def check_ends(ends: Sequence[tuple[str, str]], avoided: Sequence[Avoided]) -> None:
    """Raise ConfigError if a constant end (name, sequence) has a site that is to be avoided."""
    for name, sequence in ends:
        for found in find_sites(sequence, avoided):
            raise ConfigError(
                f"{name} has a site of {found.avoided} at base {found.start + 1}, which "
                "oligos.avoid forbids. Take another end or another enzyme; or, if the end has this "
                "site to be cut there, set oligos.sites_in_ends to true"
            )
