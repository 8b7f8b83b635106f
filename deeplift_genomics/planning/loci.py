"""The check of the loci that a configuration names, before anything runs.

The length of the windows is not known yet. A locus is refused here if there is no such region or
contig, or if it is outside the genome; the step that cuts the windows refuses the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.fai import contig_lengths, index_of
from deeplift_genomics.dna.kind import is_twobit
from deeplift_genomics.dna.sequence_file import record_names
from deeplift_genomics.errors import ConfigError, InputError
from deeplift_genomics.settings.choices import TILE
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample

if TYPE_CHECKING:
    from deeplift_genomics.windows.loci import Places


def check_loci(config: Config, samples: Mapping[str, Sample]) -> None:
    """Check that some sample can show each locus of ``report.loci``.

    Raises
    ------
    ConfigError
        If no sample can: none has such a region, nor such a place in its genome. One message names
        all such loci.
    InputError
        If a region file cannot be read.
    """
    problems = []
    for text in config.report.loci:
        reasons = [_refusal(text, sample) for sample in samples.values()]
        if all(reasons):
            named = zip(samples, reasons, strict=True)
            problems += reasons if len(samples) == 1 else [f"{name}: {why}" for name, why in named]
    if problems:
        raise ConfigError("\n".join(map(str, problems)))


def loci_of_one(config: Config, samples: Mapping[str, Sample], name: str) -> list[str]:
    """Return the loci of ``report.loci`` that no sample but this one can show.

    A window of the sample must hold them. Files that do not exist yet are not looked at.
    """
    others = [sample for other, sample in samples.items() if other != name]
    return [text for text in config.report.loci if all(_refusal(text, sample) for sample in others)]


def _refusal(text: str, sample: Sample) -> str:
    """Return why a sample cannot show a locus; an empty text if it perhaps can."""
    from deeplift_genomics.windows.loci import locate

    places = _places(sample.regions, sample.regions_format, sample.fasta)
    if places is None or (places.name == text).any():
        return ""
    try:
        locate(text, places, read_aliases(sample.contig_aliases))
    except InputError as error:
        return str(error)
    return ""


@cache
def _places(regions: str, form: str, fasta: str) -> Places | None:
    """Return the regions of a sample; None if they cannot be known yet."""
    # NumPy, which these import, slows the start of Snakemake's jobs
    import numpy as np

    from deeplift_genomics.dna.bed import read_regions
    from deeplift_genomics.windows.loci import Places

    tiled = regions == TILE
    if not Path(fasta if tiled else regions).exists():
        return None  # another rule makes it
    nowhere = np.empty(0, np.int64)
    if tiled:
        none = np.empty(0, object)
        return Places(none, nowhere, nowhere, none, _lengths(fasta))
    if not fasta:
        names = np.array(record_names(regions), object)
        return Places(names, nowhere, nowhere, names, {})
    found = read_regions(regions, form)
    return Places(found.chrom, found.start, found.end, found.name, _lengths(fasta))


def _lengths(fasta: str) -> dict[str, int]:
    """Return the lengths of the genome's contigs; empty if only reading all of it would tell."""
    path = Path(fasta)
    if not path.exists() or not (is_twobit(path) or index_of(path)):
        return {}
    return contig_lengths(path)
