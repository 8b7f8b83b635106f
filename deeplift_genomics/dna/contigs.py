"""Names of contigs, which differ from file to file by convention, or by a table that is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few


class Aliases:
    """The names of each contig, from a table.

    Parameters
    ----------
    contigs
        Line of the table and names of each contig; no name occurs twice.
    source
        The table, for messages.
    """

    def __init__(self, contigs: Iterable[tuple[int, Sequence[str]]] = (), source: str = "") -> None:
        self.source = source
        self._line = {name: line for line, names in contigs for name in names}
        by_key: dict[str, set[int]] = defaultdict(set)
        for name, line in self._line.items():
            by_key[_key(name)].add(line)
        # a name that the table lacks, but that differs from one in it by convention only
        self._line_of_key = {key: min(lines) for key, lines in by_key.items() if len(lines) == 1}

    def line(self, name: str) -> int | None:
        """Return the line that has a name, or the only one that has it by convention."""
        return self._line.get(name, self._line_of_key.get(_key(name)))

    def group(self, contigs: Iterable[str], target: str) -> dict[int, str]:
        """Return the contig of a file that each line of the table names.

        Raises
        ------
        InputError
            If two contigs of the file are one by the table.
        """
        found: dict[int, str] = {}
        for contig in contigs:
            line = self._line.get(contig)
            if line is None:
                continue
            if line in found:
                raise InputError(
                    f"{target} has the contigs {found[line]!r} and {contig!r}, which are one by "
                    f"line {line} of {self.source}. Remove one of them, or correct the table."
                )
            found[line] = contig
        return found


NO_ALIASES = Aliases()


def match_contigs(
    names: Iterable[str],
    contigs: Iterable[str],
    aliases: Aliases = NO_ALIASES,
    target: str = "The file",
) -> dict[str, str]:
    """Return the contig for each name: the same name, or another name of the same contig.

    A table of aliases decides about the names that it holds. Others may differ by convention only:
    a leading `chr`, its case, and the names of the mitochondrial genome (M, MT, Mito). A name that
    matches no contig, or two, is left out.

    >>> match_contigs(["chr22", "chrM", "chr7"], ["22", "MT"])
    {'chr22': '22', 'chrM': 'MT'}

    Raises
    ------
    InputError
        If two contigs are one by the table; `target` is what holds them.
    """
    contigs = list(contigs)
    exact = set(contigs)
    by_line = aliases.group(contigs, target)
    by_key: dict[str, list[str]] = defaultdict(list)
    for contig in contigs:
        by_key[_key(contig)].append(contig)
    found = {}
    for name in names:
        line = aliases.line(name)
        if name in exact:
            alike = [name]
        elif line in by_line:
            alike = [by_line[line]]
        else:
            by_convention = by_key.get(_key(name), [])
            alike = [item for item in by_convention if aliases.line(item) in (None, line)]
        if len(alike) == 1:
            found[name] = alike[0]
    return found


def match_some_contigs(
    names: Iterable[str],
    contigs: Iterable[str],
    *,
    source: str,
    target: str,
    aliases: Aliases = NO_ALIASES,
) -> dict[str, str]:
    """Match names as `match_contigs` does, and require that one name has a contig.

    Parameters
    ----------
    source, target
        What holds the names, and what holds the contigs, for the message.
    aliases
        The table of names, if there is one.

    Raises
    ------
    InputError
        If there are names, and none has a contig, or if two contigs are one by the table.
    """
    names, contigs = list(names), list(contigs)
    found = match_contigs(names, contigs, aliases, target)
    if names and not found:
        raise InputError(
            f"{source} and {target} have no contig in common. The first has the contigs "
            f"{first_few(names)}; the second has {first_few(contigs)}. Are they of the same genome "
            "assembly? If only the names differ, give a table of names, such as UCSC's "
            "chromAlias.txt, as contig_aliases."
        )
    return found


def _key(name: str) -> str:
    """Return what is left of a name without its conventions."""
    bare = name[3:] if name[:3].lower() == "chr" and len(name) > 3 else name
    return "MT" if bare.upper() in ("M", "MT", "MITO") else bare
