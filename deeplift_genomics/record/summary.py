"""The summary of a run (summary.txt): what was made of each sample, what to doubt, what failed.

It is told from the files that exist, so that it is right for a run that stopped, too. It holds no
time, and is no part of the record of the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.motifs.patterns import count_patterns
from deeplift_genomics.record.failed import FailedJob, last_words
from deeplift_genomics.record.leftovers import leftovers, warning_of_leftovers
from deeplift_genomics.record.warnings import read_numbers, warnings_of
from deeplift_genomics.settings.results import SUMMARY, results_of

Row = Mapping[str, str]


def write_summary(
    results: str | Path, rows: Sequence[Row], failed: Sequence[FailedJob] = ()
) -> str:
    """Write summary.txt, if there is a results folder, and return its text.

    Parameters
    ----------
    results
        The results folder.
    rows
        The samples, as plain texts.
    failed
        The jobs that failed.
    """
    results = Path(results)
    text = "\n".join(_lines(results, rows, failed)) + "\n"
    if results.is_dir():
        with atomic_path(results / SUMMARY) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    return text


def _lines(results: Path, rows: Sequence[Row], failed: Sequence[FailedJob]) -> Iterator[str]:
    told: dict[str, list[str]] = {}  # warning -> samples and targets
    yield f"Summary of {results}"
    for row in rows:
        yield from _of_sample(results, row, told)
    if warning := warning_of_leftovers(leftovers(results, rows), results):
        told[warning] = []
    if told:
        yield ""
        yield f"{len(told)} warning{'s' if len(told) > 1 else ''}:"
        for warning, places in told.items():
            yield f"  {', '.join(places)}{': ' if places else ''}{warning}"
    if failed:
        yield ""
        yield f"{len(failed)} job{'s' if len(failed) > 1 else ''} failed:"
        for job in failed:
            yield f"  {job.rule}: {', '.join(job.outputs) or 'no output'}"
            yield from (f"    {line}" for line in last_words(job.logs).splitlines())
            yield from (f"    log: {log}" for log in job.logs)
        yield "Mend this and start the same command: what is finished is not made again."


def _of_sample(results: Path, row: Row, told: dict[str, list[str]]) -> Iterator[str]:
    """Yield the lines of a sample, and add its warnings to those told."""
    files = list(results_of(row))
    of_sample = {item.name: results / item.path for item in files if not item.target}
    yield ""
    yield f"{row['sample']}: {_regions(of_sample['windows'])}"
    targets = list(dict.fromkeys(item.target for item in files if item.target))
    warned: dict[str, list[str]] = {}
    for target in targets:
        of_target = {item.name: results / item.path for item in files if item.target == target}
        try:
            yield f"  {target}: {_patterns(of_target['motifs'])}"
            for warning in _warnings(of_target, of_sample["dropped"]):
                warned.setdefault(warning, []).append(target)
        except InputError as error:
            yield f"  {target}: {error}"
        if of_target["report"].exists():
            yield f"    {of_target['report']}"
    for warning, some in warned.items():
        place = row["sample"] if some == targets else f"{row['sample']} {', '.join(some)}"
        told.setdefault(warning, []).append(place)


def _regions(path: Path) -> str:
    """Return the numbers of regions used and dropped."""
    if not path.exists():
        return "no windows yet"
    try:
        with open_typed(path, "windows") as file:
            attributes: Mapping[str, Any] = read_attributes(file)
            used = len(file["coords_start"])
    except InputError as error:
        return str(error)
    noun = "tile" if "tile_stride" in attributes else "region"
    dropped = attributes.get("n_dropped", 0)
    return f"{used} {noun}{'' if used == 1 else 's'} used, {dropped} dropped"


def _patterns(path: Path) -> str:
    """Return the number of patterns of either sign."""
    if not path.exists():
        return "no motifs yet"
    positive, negative = count_patterns(path)
    return (
        f"{positive} motif{'' if positive == 1 else 's'} that raise the target, {negative} that "
        "lower it"
    )


def _warnings(files: Mapping[str, Path], dropped: Path) -> list[str]:
    if not files["scores"].exists():
        return []
    motifs = files["motifs"] if files["motifs"].exists() else None
    return warnings_of(read_numbers(files["scores"], motifs, dropped if dropped.exists() else None))
