"""The largest number of windows that a sample can have, found without reading sequences."""

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.region_lines import count_regions
from deeplift_genomics.dna.sequence_file import record_lines
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.windows.tiling import Tiling, count_tiles


def source_of_windows(sample: Sample) -> str:
    """Return the path of the file from which `count_windows` takes the number."""
    return sample.fasta if sample.tiled else sample.regions


def count_windows(config: Config, sample: Sample) -> int:
    """Return the largest number of windows that a sample can have, without reading sequences.

    Raises
    ------
    InputError
        If the region file, or the index of the genome to tile, cannot be read.
    """
    if not sample.has_genome:
        return len(record_lines(sample.regions))
    if not sample.tiled:
        return count_regions(sample.regions)
    return count_tiles(sample.fasta, tiling_of(config, sample))


def tiling_of(config: Config, sample: Sample) -> Tiling:
    """Return the choice of a sample's tiles, without the regions that they must not overlap."""
    tile = config.regions.tile
    contigs, leave_out = tuple(tile.contigs), tuple(tile.leave_out)
    return Tiling(tile.stride, contigs, leave_out, aliases=read_aliases(sample.contig_aliases))
