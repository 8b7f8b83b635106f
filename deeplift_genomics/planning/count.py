"""How many windows a sample can have, before any sequence is read."""

from deeplift_genomics.dna.region_lines import count_regions
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.windows.tiling import Tiling, count_tiles


def count_windows(config: Config, sample: Sample) -> int:
    """At most so many windows that a sample has, without a look at any sequence.

    Raises
    ------
    InputError
        If its region file, or the index of a genome that is to be tiled, cannot be read.
    """
    if not sample.tiled:
        return count_regions(sample.regions)
    tile = config.regions.tile
    return count_tiles(
        sample.fasta, Tiling(tile.stride, tuple(tile.contigs), tuple(tile.leave_out))
    )
