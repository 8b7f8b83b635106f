"""The check of the known sites before a run: are they of the genome that the regions are of?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deeplift_genomics.dna.bed import read_regions
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import shortened
from deeplift_genomics.planning.signal import contigs_of_regions
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.strict import refusal


def check_truth(config: Config, samples: Mapping[str, Sample]) -> None:
    """Look at the BED file `evaluation.truth`, if there is one.

    A file that is missing, because another rule of a workflow can make it, is left out.

    Raises
    ------
    ConfigError
        If it is no BED file, or has no contig of a sample's regions.
    """
    path = Path(config.evaluation.truth)
    if not config.evaluation.truth or not path.exists():
        return
    hint = "config/README.md explains the key."
    try:
        named = set(read_regions(path).chrom)
    except InputError as error:
        raise refusal("The configuration", [f"'evaluation.truth': {error}"], hint) from error
    problems = []
    for name, sample in samples.items():
        contigs = contigs_of_regions(sample)
        if contigs and not named & set(contigs):
            shown = [shortened(", ".join(sorted(some)[:5]), 200) for some in (named, set(contigs))]
            problems.append(
                f"'evaluation.truth': {path} names the contigs {shown[0]}, and the regions of "
                f"sample {name!r} are on {shown[1]}: the sites are of another genome"
            )
    if problems:
        raise refusal("The configuration", problems, hint)
