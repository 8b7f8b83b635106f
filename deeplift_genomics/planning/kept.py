"""The number of windows of a sample, found by cutting them."""

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.planning.count import count_windows
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.windows.from_regions import cut_windows


def count_kept(config: Config, sample: Sample, length: int) -> int:
    """Return the number of windows of a sample, by cutting them as the step `regions` does.

    Tiles of a genome, and sequences without one, are counted only.

    Raises
    ------
    InputError
        If a file cannot be read, or no region gives a window.
    """
    if sample.tiled or not sample.has_genome:
        return count_windows(config, sample)
    windows, _ = cut_windows(
        sample.regions,
        sample.fasta,
        length,
        config.regions.max_unknown,
        aliases=read_aliases(sample.contig_aliases),
        form=sample.regions_format,
        merge_within=config.regions.merge_within,
    )
    return len(windows)
