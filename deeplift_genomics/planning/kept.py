"""The number of windows of a sample, found by cutting them."""

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.fai import contig_lengths
from deeplift_genomics.errors import InputError
from deeplift_genomics.planning.count import count_windows, tiling_of
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.windows.from_regions import cut_windows
from deeplift_genomics.windows.from_sequences import cut_sequences
from deeplift_genomics.windows.losses import check_losses
from deeplift_genomics.windows.tiling import taken_contigs


def count_kept(config: Config, sample: Sample, length: int) -> int:
    """Return the number of windows of a sample, by cutting them as the step `regions` does.

    Tiles of a genome are counted only.

    Raises
    ------
    InputError
        If a file cannot be read, no region gives a window, or more regions are lost than a run
        allows.
    """
    if sample.tiled:
        _check_tiles(config, sample, length)
        return count_windows(config, sample)
    regions = config.regions
    if sample.has_genome:
        noun = "regions"
        windows, dropped = cut_windows(
            sample.regions,
            sample.fasta,
            length,
            regions.max_unknown,
            aliases=read_aliases(sample.contig_aliases),
            form=sample.regions_format,
            merge_within=regions.merge_within,
        )
    else:
        noun = "sequences"
        windows, dropped = cut_sequences(sample.regions, length, regions.max_unknown)
    n = len(windows) + len(dropped)
    check_losses(dropped, n, regions.max_dropped, f"{noun} of {sample.regions}")
    return len(windows)


def _check_tiles(config: Config, sample: Sample, length: int) -> None:
    """Raise InputError if no contig is as long as a window."""
    lengths = contig_lengths(sample.fasta)
    taken = taken_contigs(lengths, tiling_of(config, sample), sample.fasta)
    longest = max(taken, key=lengths.__getitem__)
    if lengths[longest] < length:
        raise InputError(
            f"No tile of {length} bp fits into a contig of {sample.fasta}: the longest to be "
            f"tiled, {longest}, has {lengths[longest]} bp."
        )
