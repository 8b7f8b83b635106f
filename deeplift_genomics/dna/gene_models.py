"""The genes in a few stretches of a genome, with their exons, and the nearest one of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases, match_contigs
from deeplift_genomics.dna.gene_lines import exon_lines
from deeplift_genomics.dna.genes import Gene, Genes, list_genes
from deeplift_genomics.dna.locus import Locus


class GeneModel(NamedTuple):
    """A gene and the bases of its exons within a stretch, of all transcripts together."""

    gene: Gene
    exons: list[tuple[int, int]]


class Neighbourhood(NamedTuple):
    """The genes of a stretch.

    Attributes
    ----------
    genes
        Genes that overlap it, from left to right.
    nearest
        The gene whose TSS is nearest to its middle, and the distance as `Genes.nearest` gives it;
        None if the contig has no gene.
    """

    genes: list[GeneModel]
    nearest: tuple[str, int] | None


def genes_around(
    path: str | Path,
    stretches: Sequence[Locus],
    contigs: Mapping[str, int],
    aliases: Aliases = NO_ALIASES,
) -> list[Neighbourhood]:
    """Return the genes of each stretch, from a GTF or GFF3 file that is read twice.

    Parameters and errors are those of `list_genes`.
    """
    genes = list_genes(path, contigs, aliases)
    starts = Genes(genes)
    exons = _exons(path, stretches, contigs, aliases)
    found = []
    for stretch, of_stretch in zip(stretches, exons, strict=True):
        inside = sorted(
            (gene for gene in genes if _overlaps(stretch, gene.contig, gene.start, gene.end)),
            key=lambda gene: (gene.start, gene.end, gene.name),
        )
        models = [
            GeneModel(gene, _within(gene, of_stretch.get(gene.strand, []))) for gene in inside
        ]
        middle = (stretch.start + stretch.end) // 2
        found.append(Neighbourhood(models, starts.nearest(stretch.contig, middle)))
    return found


def _exons(
    path: str | Path, stretches: Sequence[Locus], contigs: Mapping[str, int], aliases: Aliases
) -> list[dict[str, list[tuple[int, int]]]]:
    """Return the exons that overlap each stretch, by strand."""
    found: list[dict[str, list[tuple[int, int]]]] = [{} for _ in stretches]
    own: dict[str, str | None] = {}
    of_contig: dict[str, list[int]] = {}
    for index, stretch in enumerate(stretches):
        of_contig.setdefault(stretch.contig, []).append(index)
    for name, start, end, strand in exon_lines(path):
        if name not in own:
            own[name] = match_contigs([name], contigs, aliases).get(name)
        for index in of_contig.get(own[name] or "", ()):
            if start < stretches[index].end and end > stretches[index].start:
                found[index].setdefault(strand, []).append((start, end))
    return found


def _within(gene: Gene, exons: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the exons inside a gene, those that overlap or touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(exons):
        if start < gene.start or end > gene.end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _overlaps(stretch: Locus, contig: str, start: int, end: int) -> bool:
    """Return whether a stretch shares a base with a span."""
    return stretch.contig == contig and start < stretch.end and end > stretch.start
