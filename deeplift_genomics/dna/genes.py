"""Genes near a place in the genome: where each begins, and which is nearest.

A gene begins at its transcription start site (TSS): the first base of its line in the annotation,
the last base on the minus strand. Genes without a line of their own, as StringTie and UCSC write
them, are made of their transcripts: those that overlap each other are one gene.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases, match_some_contigs
from deeplift_genomics.dna.gene_lines import EXPECTED, WHAT, GeneLine, gene_lines, no_gene
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few

log = logging.getLogger(__name__)

_SIGNS = {"+": 1, "-": -1}
_Key = tuple[str, str, str]  # ID of a gene, contig, strand


class Gene(NamedTuple):
    """A gene: contig, 0-based and half-open span, strand, and name."""

    contig: str
    start: int
    end: int
    strand: str
    name: str

    @property
    def tss(self) -> int:
        """The first base that is transcribed, 0-based."""
        return self.end - 1 if self.strand == "-" else self.start


class Genes:
    """The beginnings of genes on each contig, in order.

    Parameters
    ----------
    genes
        Genes of known strand. Of several that begin at one base, the first by name counts.
    """

    def __init__(self, genes: Iterable[Gene]) -> None:
        found: dict[str, dict[int, tuple[str, int]]] = defaultdict(dict)
        for gene in genes:
            of_contig, entry = found[gene.contig], (gene.name, _SIGNS[gene.strand])
            of_contig[gene.tss] = min(of_contig.get(gene.tss, entry), entry)
        self._starts = {contig: sorted(of_contig) for contig, of_contig in found.items()}
        self._genes = {
            contig: [found[contig][start] for start in starts]
            for contig, starts in self._starts.items()
        }

    def nearest(self, contig: str, position: int) -> tuple[str, int] | None:
        """Return the gene whose TSS is nearest to a base (0-based), and the distance to it (bp).

        The distance is negative upstream of the TSS and positive downstream of it, on the gene's
        strand. Of two equally near genes, the left one counts. None if the contig has no gene.
        """
        starts = self._starts.get(contig)
        if not starts:
            return None
        right = bisect_left(starts, position)
        around = [index for index in (right - 1, right) if 0 <= index < len(starts)]
        index = min(around, key=lambda one: abs(starts[one] - position))
        name, sign = self._genes[contig][index]
        return name, sign * (position - starts[index])


def read_genes(
    path: str | Path, contigs: Mapping[str, int], aliases: Aliases = NO_ALIASES
) -> Genes:
    """Read the beginnings of the genes of a GTF or GFF3 file, as `list_genes` does."""
    return Genes(list_genes(path, contigs, aliases))


def list_genes(
    path: str | Path, contigs: Mapping[str, int], aliases: Aliases = NO_ALIASES
) -> list[Gene]:
    """Read the genes of a GTF or GFF3 file, with the names of the genome's contigs.

    Parameters
    ----------
    contigs
        Contigs of the genome and their lengths.
    aliases
        The table of contig names, if there is one.

    Raises
    ------
    InputError
        If the file is missing, damaged or neither GTF nor GFF3, has no gene, shares no contig with
        the genome, or has a gene that begins beyond the end of its contig.
    """
    found = _stranded(path, _genes(gene_lines(path)))
    names = dict.fromkeys(gene.contig for gene in found)
    own = match_some_contigs(
        names, contigs, source=f"{WHAT} {path}", target="the genome", aliases=aliases
    )
    genes = [gene._replace(contig=own[gene.contig]) for gene in found if gene.contig in own]
    lost = [name for name in names if name not in own]
    if lost:
        log.warning(
            "%s: %d of %d genes are left out, because the genome does not have their contigs (%s)",
            path,
            len(found) - len(genes),
            len(found),
            first_few(lost),
        )
    log.info("%s: %d genes on %d contigs", path, len(genes), len(own))
    return [_inside(path, gene, contigs[gene.contig]) for gene in genes]


def _genes(lines: Iterable[GeneLine]) -> Iterator[Gene]:
    """Yield the genes that have a line, then those that have transcripts only."""
    known: set[str] = set()
    transcripts: dict[_Key, dict[str, tuple[int, int]]] = defaultdict(dict)
    names: dict[_Key, str] = {}
    for line in lines:
        if line.whole:
            known.update(line.ids)
            yield Gene(line.contig, line.start, line.end, line.strand, line.name)
        elif line.ids[0] not in known:
            key, span = (line.ids[0], line.contig, line.strand), (line.start, line.end)
            start, end = transcripts[key].get(line.transcript, span)
            transcripts[key][line.transcript] = min(start, line.start), max(end, line.end)
            if line.name != line.ids[0]:  # some of its lines may have a name, and others an ID only
                names.setdefault(key, line.name)
    for key, spans in transcripts.items():
        gene, contig, strand = key
        if gene not in known:
            for start, end in _joined(spans.values()):
                yield Gene(contig, start, end, strand, names.get(key, gene))


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans, those that overlap each other as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _stranded(path: str | Path, genes: Iterable[Gene]) -> list[Gene]:
    """Return the genes whose strand is known: no other has a TSS."""
    found = list(genes)
    if not found:
        raise no_gene(path)
    stranded = [gene for gene in found if gene.strand in _SIGNS]
    if not stranded:
        raise InputError(
            f"{WHAT} {path}: no gene has a strand, + or -, in column 7, so none has a TSS. "
            f"{EXPECTED}"
        )
    if len(stranded) < len(found):
        log.warning(
            "%s: %d of %d genes are left out, because without a strand they have no TSS",
            path,
            len(found) - len(stranded),
            len(found),
        )
    return stranded


def _inside(path: str | Path, gene: Gene, length: int) -> Gene:
    """Return a gene that begins on its contig; on a circular one, its end may be beyond."""
    if gene.start >= length:
        raise InputError(
            f"{WHAT} {path}: {gene.name} begins at {gene.start + 1}, but {gene.contig} has "
            f"{length} bases. Give the annotation of the same genome assembly."
        )
    return gene._replace(end=(gene.end - 1) % length + 1)
