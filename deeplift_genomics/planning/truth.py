"""The check of known sites before a run: are they of the genome that the regions are of?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from deeplift_genomics.dna.bed import read_regions
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import shortened
from deeplift_genomics.planning.signal import contigs_of_regions
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.strict import refusal


def check_truth(config: Config, samples: Mapping[str, Sample]) -> None:
    """Look at the BED files `evaluation.truth` and those of the column `known_sites`.

    A file that is missing, because another rule of a workflow can make it, is left out.

    Raises
    ------
    ConfigError
        If one is no BED file, or has no contig of the regions of a sample that it is for.
    """
    problems = [*_problems("'evaluation.truth'", config.evaluation.truth, samples)]
    for name, sample in samples.items():
        column = f"column 'known_sites' of sample {name!r}"
        problems += _problems(column, sample.known_sites, {name: sample})
    if problems:
        raise refusal("The configuration", problems, "config/README.md explains key and column.")


def _problems(what: str, file: str, samples: Mapping[str, Sample]) -> Iterator[str]:
    """Yield what is wrong with one file of sites, a sentence for each sample."""
    path = Path(file)
    if not file or not path.exists():
        return
    try:
        named = set(read_regions(path).chrom)
    except InputError as error:
        yield f"{what}: {error}"
        return
    for name, sample in samples.items():
        contigs = contigs_of_regions(sample)
        if contigs and not named & set(contigs):
            shown = [shortened(", ".join(sorted(some)[:5]), 200) for some in (named, set(contigs))]
            yield (
                f"{what}: {path} names the contigs {shown[0]}, and the regions of sample {name!r} "
                f"are on {shown[1]}: the sites are of another genome"
            )
