"""Where the files of each sample are in a results folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deeplift_genomics.cohort.matrix import TargetFiles
from deeplift_genomics.cohort.unique import SampleFiles
from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.results import results_of


def files_of_samples(results: Path, samples: Mapping[str, Any]) -> list[SampleFiles]:
    """Return the motif table and the motif files of each sample.

    Parameters
    ----------
    results
        The results folder.
    samples
        Name of each sample -> its targets, separated by commas; or, of a sample whose scores were
        given in place of a model, its row of the sheet, with `heads` and `scores`.

    Raises
    ------
    InputError
        If the targets of a sample are not a text, or are none that are known.
    """
    found = []
    for sample, files in _files(results, samples):
        motifs = [path for (name, target), path in files.items() if name == "motifs" and target]
        found.append(SampleFiles(sample, files["labels", ""], motifs))
    return found


def files_of_targets(results: Path, samples: Mapping[str, Any]) -> list[TargetFiles]:
    """Return the tables of instances and effects of each target of each sample.

    Parameters and errors are those of `files_of_samples`.
    """
    return [
        TargetFiles(
            sample, target, files["instances", target], files.get(("effects_table", target))
        )
        for sample, files in _files(results, samples)
        for target in dict.fromkeys(target for _, target in files if target)
    ]


def _files(
    results: Path, samples: Mapping[str, Any]
) -> Iterator[tuple[str, dict[tuple[str, str], Path]]]:
    """Yield each sample with its results: name in `RESULTS` and target -> path."""
    for sample, given in samples.items():
        row = given if isinstance(given, dict) else {"heads": given}
        if not isinstance(row.get("heads"), str):
            raise InputError(
                f"--samples: the targets of {sample!r} are {row.get('heads')!r}; expected a text "
                "such as 'counts,profile'."
            )
        row = {**row, "sample": sample}
        yield (
            sample,
            {(item.name, item.target): results / item.path for item in results_of(row)},
        )
