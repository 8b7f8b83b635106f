"""A look at a sample's regions and genome that takes seconds, before the long steps."""

from __future__ import annotations

from pathlib import Path

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.bed import read_regions
from deeplift_genomics.dna.contigs import match_some_contigs
from deeplift_genomics.dna.fai import contig_lengths, index_of
from deeplift_genomics.dna.fasta import WHAT, look_at_fasta
from deeplift_genomics.dna.kind import is_twobit
from deeplift_genomics.files.gzipped import open_bytes
from deeplift_genomics.settings.sample_sheet import Sample

_SMALL = 50_000_000  # bytes of a file that is read through for the names of its contigs


def check_regions_and_genome(sample: Sample) -> None:
    """Read all regions and the beginning of the genome, and compare the names of their contigs.

    The names are compared if the genome has an index, is 2bit, or small.

    Raises
    ------
    InputError
        If the regions cannot be read, the genome is no FASTA or 2bit, or both have no contig in
        common.
    """
    if not sample.has_genome:
        return
    genome = Path(sample.fasta)
    if not is_twobit(genome):
        look_at_fasta(genome)
    if sample.tiled:
        return
    regions = read_regions(sample.regions, sample.regions_format)
    if contigs := _contigs(genome):
        match_some_contigs(
            dict.fromkeys(regions.chrom),
            contigs,
            source=f"Regions file {sample.regions}",
            target=f"{'genome' if is_twobit(genome) else WHAT} {genome}",
            aliases=read_aliases(sample.contig_aliases),
        )


def _contigs(genome: Path) -> list[str]:
    """Return the names of a genome's contigs; none if only the whole genome would tell them."""
    if is_twobit(genome) or index_of(genome) is not None:
        return list(contig_lengths(genome))
    if genome.stat().st_size > _SMALL:
        return []
    with open_bytes(genome, WHAT) as handle:
        names = (line[1:].split()[:1] for line in handle if line.startswith(b">"))
        return [name[0].decode("utf-8", "replace") for name in names if name]
