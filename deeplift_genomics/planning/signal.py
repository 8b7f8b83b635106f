"""The check of the measured signal before a run: is it of the genome that the regions are of?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.fai import contig_lengths
from deeplift_genomics.dna.region_lines import lines_of
from deeplift_genomics.dna.signal_files import look_at_signal
from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.strict import refusal


def check_signal(config: Config, samples: Mapping[str, Sample]) -> None:
    """Look at the headers of the bigWig files of all samples, which takes milliseconds.

    Files that are missing, because other rules of a workflow can make them, are left out.

    Raises
    ------
    ConfigError
        If a file is no bigWig, is damaged, has no contig of the regions, or holds values of both
        signs. One message names all, with sample and column.
    """
    problems = []
    for name, sample in samples.items():
        for path in filter(Path.exists, map(Path, sample.signal)):
            try:
                aliases = read_aliases(_if_there(sample.contig_aliases))
                look_at_signal(path, contigs_of_regions(sample), aliases)
            except InputError as error:
                problems.append(f"sample {name!r}, column 'signal': {error}")
    if problems:
        raise refusal(config.samples, problems, "config/README.md explains the column.")


def _if_there(path: str) -> str:
    """Return a path if there is such a file, and "" otherwise."""
    return path if path and Path(path).exists() else ""


def contigs_of_regions(sample: Sample) -> list[str]:
    """Return the contigs of a sample's regions; none if their file is missing."""
    if sample.tiled:
        return list(contig_lengths(sample.fasta)) if Path(sample.fasta).exists() else []
    if not Path(sample.regions).exists():
        return []
    return list(dict.fromkeys(line.fields[0].strip() for line in lines_of(Path(sample.regions))))
