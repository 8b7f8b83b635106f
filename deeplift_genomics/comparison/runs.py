"""The runs that are compared: their records, and the samples that they have in common."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few
from deeplift_genomics.record.provenance import Provenance, read_provenance
from deeplift_genomics.settings.results import results_of

MOST = 20  # runs of one page


class Run(NamedTuple):
    """A run: a letter to call it by, its folder, and its record."""

    label: str
    folder: Path
    record: Provenance

    @property
    def samples(self) -> dict[str, dict[str, str]]:
        """The rows of its samples, by name."""
        return {row["sample"]: row for row in self.record.samples}

    def files(self, sample: str) -> dict[tuple[str, str], Path]:
        """Return the files of a sample: name in `RESULTS` and target (or ``""``) -> path."""
        row = self.samples[sample]
        return {(item.name, item.target): self.folder / item.path for item in results_of(row)}


class Matched(NamedTuple):
    """A sample as the runs have it: its name, and run and sample name wherever it is."""

    name: str
    members: list[tuple[Run, str]]

    def targets(self) -> list[str]:
        """Return the targets that all its members have, in the order of the first."""
        of_each = [
            list(dict.fromkeys(target for _, target in run.files(sample) if target))
            for run, sample in self.members
        ]
        return [target for target in of_each[0] if all(target in other for other in of_each)]


def read_runs(folders: Sequence[str | Path]) -> list[Run]:
    """Read the records of finished runs and call the runs A, B, C and so on.

    Raises
    ------
    InputError
        If there are less than two, or too many, or one is no results folder of a finished run.
    """
    if not 2 <= len(folders) <= MOST:
        raise InputError(
            f"{len(folders)} results folder{'' if len(folders) == 1 else 's'} given; name from two "
            f"to {MOST}, the first of which the others are compared with."
        )
    runs = []
    for label, folder in zip(string.ascii_uppercase, map(Path, folders), strict=False):
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder. Name the results folders of finished runs.")
        runs.append(Run(label, folder, read_provenance(folder)))
    return runs


def match_samples(runs: Sequence[Run]) -> list[Matched]:
    """Return the samples of all runs; those of one name, or the only one of each run, are one.

    The order is that of the sheets, those of the first run before those that only others have.
    """
    if all(len(run.samples) == 1 for run in runs):
        members = [(run, next(iter(run.samples))) for run in runs]
        names = dict.fromkeys(sample for _, sample in members)
        return [Matched(" / ".join(names), members)]
    found: dict[str, list[tuple[Run, str]]] = {}
    for run in runs:
        for sample in run.samples:
            found.setdefault(sample, []).append((run, sample))
    return [Matched(name, members) for name, members in found.items()]


def missing_samples(matched: Sequence[Matched], runs: Sequence[Run]) -> Iterator[str]:
    """Yield a sentence for each run that lacks samples of the others."""
    for run in runs:
        lacking = [
            sample.name
            for sample in matched
            if run.label not in {member.label for member, _ in sample.members}
        ]
        if lacking:
            noun = "sample" if len(lacking) == 1 else "samples"
            yield f"Run {run.label} has no {noun} {first_few(lacking, 5)}."
