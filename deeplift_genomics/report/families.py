"""Families of transcription factors, as biologists call them.

Factors of a family have nearly the same motif, so that a motif tells its family rather than its
factor. JASPAR names class and family by TFClass, such as "Tryptophan cluster factors: Ets-related";
the table here has the short names in use. What it does not have is called as JASPAR calls it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# what JASPAR's name of a family holds, in lower case -> the name in use; the first that fits counts
_SHORT = {
    r"\bets\b": "ETS",
    r"interferon-regulatory": "IRF",
    r"\bmyb": "MYB",
    r"\bfos-related|\bjun-related|\bb-atf": "AP-1",
    r"maf-related": "MAF",
    r"cebp": "C/EBP",
    r"\bcreb-related": "CREB/ATF",
    r"\batf-4": "ATF4",
    r"\bxbp-1": "XBP1",
    r"^e2a$": "bHLH, E2A",
    r"hairy": "bHLH, HES/HEY",
    r"myod": "bHLH, MyoD/ASCL",
    r"tal-related": "bHLH, TAL/NEUROD",
    r"bhlh-zip": "bHLH-ZIP",
    r"^ap-2$": "AP-2",
    r"kruppel": "KLF/SP",
    r"^fox": "Forkhead",
    r"^e2f": "E2F",
    r"^rfx": "RFX",
    r"^sox": "SOX",
    r"tcf-7": "TCF/LEF",
    r"^pou\b": "POU",
    r"^hd-cut": "CUT homeodomain",
    r"^hd-lim": "LIM homeodomain",
    r"^hd-sine": "SIX homeodomain",
    r"^hd-pros": "PROX homeodomain",
    r"^hd-zf": "ZEB/ZFHX",
    r"^paired-related hd": "Paired-like homeodomain",
    r"^tale-type": "TALE homeodomain",
    r"^nk$": "NK homeodomain",
    r"^hox": "HOX",
    r"paired domain only|paired plus homeo": "PAX",
    r"c4-gata": "GATA",
    r"^smad": "SMAD",
    r"nuclear factor 1": "NFI",
    r"^stat": "STAT",
    r"^runt": "RUNX",
    r"^nfat": "NFAT",
    r"^nf-?kappab": "NF-κB",
    r"early b-cell|^ebf": "EBF",
    r"^csl": "RBPJ (CSL)",
    r"^p53": "p53",
    r"^tbx|^brachyury|^tbrain": "T-box",
    r"^grainyhead": "Grainyhead",
    r"^cp2": "CP2",
    r"ccaat-binding": "NF-Y",
    r"^tef-1": "TEAD",
    r"regulators of differentiation": "MEF2",
    r"responders to external signals": "SRF",
    r"^tbp": "TBP",
    r"^hsf": "HSF",
    r"^dmrt": "DMRT",
    r"^thap": "THAP",
    r"^nrf$": "NRF1",
    r"^gcm$": "GCM",
}
# classes whose members have nothing in common but the fold: each factor is a family of its own
_ALONE = {
    "c2h2 zinc finger": "C2H2 zinc finger",
    "c2hc": "C2HC zinc finger",
    "c6 zinc cluster": "C6 zinc cluster",
}
_RECEPTOR = re.compile(r"\((nr\d\w?)\)")
_NUMBERED = re.compile(r"(group|type|subfamily) \w+", re.IGNORECASE)  # means nothing alone
_ENDINGS = re.compile(r"[\s-]*(related factors|factors|factor|related)$", re.IGNORECASE)


class Family(NamedTuple):
    """A family of factors.

    Attributes
    ----------
    name
        Its short name; ``""`` if the database names none.
    alone
        Whether its members have unlike motifs, so that each factor counts alone.
    """

    name: str
    alone: bool = False


def family_of(text: str) -> Family:
    """Return the family that JASPAR's class and family name.

    >>> family_of("Tryptophan cluster factors: Ets-related")
    Family(name='ETS', alone=False)
    >>> family_of("C2H2 zinc finger factors: More than 3 adjacent zinc fingers")
    Family(name='C2H2 zinc finger', alone=True)

    Parameters
    ----------
    text
        As in the column `family` of the tables of matches and motifs: classes, and after a colon
        families, each with a comma between several.
    """
    classes, _, families = text.partition(": ")
    names = [_short(name, classes) for name in families.split(", ") if name]
    for start, short in _ALONE.items():
        if classes.lower().startswith(start) and "KLF/SP" not in names:
            return Family(short, alone=True)
    return Family(" + ".join(dict.fromkeys(names or [_of_class(classes)])))


def _of_class(name: str) -> str:
    """Return a class by the abbreviation that its name has in brackets, or by its plain name."""
    short = re.search(r"\((\w+)\)", name)
    return short[1] if short else _plain(name)


def _short(name: str, classes: str) -> str:
    """Return the name in use of one family of these classes."""
    plain = _plain(name)
    if receptor := _RECEPTOR.search(name.lower()):
        return f"Nuclear receptor {receptor[1].upper()}"
    for pattern, short in _SHORT.items():
        if re.search(pattern, name.lower()) or re.search(pattern, plain.lower()):
            return short
    if _NUMBERED.fullmatch(plain):
        return f"{_of_class(classes)} {plain[0].lower()}{plain[1:]}"
    return plain


def _plain(name: str) -> str:
    """Return a name without the words that every family has."""
    return _ENDINGS.sub("", name.strip()) or name.strip()
