"""The summary of a run (summary.txt): what was made of each sample, what to doubt, what failed.

It is told from the files that exist, so that it is right for a run that stopped, too. It holds no
time, and is no part of the record of the run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.files.tables import count_rows
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.motifs.patterns import count_patterns, read_motif_attributes
from deeplift_genomics.record.failed import FailedJob, lines_of
from deeplift_genomics.record.further_pages import further_pages, page_in_words
from deeplift_genomics.record.leftovers import leftovers, warning_of_leftovers
from deeplift_genomics.record.motif_names import (
    is_from,
    motif_tables,
    names_in_words,
    of_all_samples,
    warning_of_unused_names,
)
from deeplift_genomics.record.warnings import read_early_numbers, read_numbers, warnings_of
from deeplift_genomics.settings.results import RESULTS, SUMMARY, files_of
from deeplift_genomics.windows.file import number_of_windows

Row = Mapping[str, str]
Files = dict[str, Path]  # name of a result -> its place
# a file that cannot be read takes away its own lines only
_UNREADABLE = (DeepLiftGenomicsError, OSError)


def write_summary(
    results: str | Path,
    rows: Sequence[Row],
    failed: Sequence[FailedJob] = (),
    *,
    names: Mapping[str, str] | None = None,
    methods: Collection[str] = (),
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
    names
        The user's own names of motifs (`motif_names`).
    methods
        The further methods of attribution.
    """
    results = Path(results)
    warnings = [
        _of_leftovers(results, rows, methods),
        warning_of_unused_names(results, names or {}),
    ]
    text = "\n".join(_lines(results, rows, failed, list(filter(None, warnings)))) + "\n"
    try:
        if results.is_dir():
            with atomic_path(results / SUMMARY) as temporary:
                temporary.write_text(text, encoding="utf-8", newline="\n")
    except (DeepLiftGenomicsError, OSError) as error:  # what stopped the run may stop this, too
        text += f"This summary is on the screen only. {error}\n"
    return text


def _lines(
    results: Path, rows: Sequence[Row], failed: Sequence[FailedJob], warnings: Sequence[str]
) -> Iterator[str]:
    told: dict[str, list[str]] = {}  # warning -> samples and targets
    yield f"Summary of {results}"
    for row in rows:
        yield from _of_sample(results, row, told)
    if together := list(of_all_samples(results, rows)):
        yield from ("", *together)
    yield from _index(results, rows)
    told |= {warning: [] for warning in warnings}
    if told:
        yield ""
        yield f"{len(told)} warning{'s' if len(told) > 1 else ''}:"
        for warning, places in told.items():
            yield f"  {', '.join(places)}{': ' if places else ''}{warning}"
    if failed:
        yield ""
        yield from lines_of(failed)


def _index(results: Path, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the line of the page above all samples, if it exists."""
    page = results / RESULTS["index"].path
    if page.exists():
        is_new = is_from(page, motif_tables(results, rows))
        yield ""
        yield page_in_words("all samples", page, is_new)


def _of_leftovers(results: Path, rows: Sequence[Row], methods: Collection[str]) -> str | None:
    try:
        return warning_of_leftovers(leftovers(results, rows, methods), results)
    except OSError as error:
        return f"Whether {results} holds results of other settings cannot be told: {error}."


def _of_sample(results: Path, row: Row, told: dict[str, list[str]]) -> Iterator[str]:
    """Yield the lines of a sample, and add its warnings to those told."""
    of_sample, of_targets = files_of(results, row)
    yield ""
    yield f"{row['sample']}: {_regions(of_sample['windows'])}"
    warned: dict[str, list[str]] = {}
    all_motifs: list[Path | None] = []
    for target, of_target in of_targets.items():
        files = _of_this_run({**of_sample, **of_target})
        motifs = files.get("motifs")
        names = names_in_words(of_sample["labels"], motifs, target) if motifs else ""
        yield f"  {target}: {_patterns(motifs)}{names}{_instances(motifs, of_target['instances'])}"
        all_motifs.append(motifs)
        for warning in _warnings(files):
            warned.setdefault(warning, []).append(target)
    yield from _page(of_sample["report"], all_motifs)
    lines, of_variants = further_pages(results, row)
    yield from lines
    if of_variants:
        warned[of_variants] = list(of_targets)
    for warning, targets in warned.items():
        which = [] if len(targets) == len(of_targets) else [", ".join(targets)]
        told.setdefault(warning, []).append(" ".join([row["sample"], *which]))


def _page(page: Path, made_from: Sequence[Path | None]) -> Iterator[str]:
    """Yield the line of a page, if it exists; one that is older than a motif file is named so."""
    if page.exists():
        found = [path for path in made_from if path is not None]
        is_new = len(found) == len(made_from) and is_from(page, found)
        yield f"  {page_in_words('report', page, is_new)}"


def _instances(motifs: Path | None, table: Path) -> str:
    """Return the number of instances, if there are any of these motifs."""
    try:
        if motifs is None or table.stat().st_mtime < motifs.stat().st_mtime:
            return ""
        number = count_rows(table, INSTANCES)
    except FileNotFoundError:
        return ""
    except _UNREADABLE as error:
        return f". {error}"
    return f"; {number} instance{'' if number == 1 else 's'}" if number else ""


def _of_this_run(files: Files) -> Files:
    """Return the files that exist and are not older than what they are made from.

    After a run that stopped, files of an earlier one may be beside those of this one.
    """
    found: Files = {}
    made = 0.0
    for name in ("windows", "scores", "motifs"):
        path = files[name]
        if not path.exists() or path.stat().st_mtime < made:
            break
        found[name], made = path, path.stat().st_mtime
    return found | {"dropped": files["dropped"]} if files["dropped"].exists() else found


def _warnings(files: Files) -> list[str]:
    """Return the warnings that the files of a target, or of its sample alone, ask for."""
    try:
        if "scores" in files:
            return warnings_of(
                read_numbers(files["scores"], files.get("motifs"), files.get("dropped"))
            )
        if "windows" in files and "dropped" in files:
            return warnings_of(read_early_numbers(files["windows"], files["dropped"]))
        return []
    except _UNREADABLE as error:
        return [str(error)]


def _regions(path: Path) -> str:
    """Return the numbers of regions used and dropped."""
    if not path.exists():
        return "no windows yet"
    try:
        with open_typed(path, "windows") as file:
            attributes: Mapping[str, Any] = read_attributes(file)
        used = number_of_windows(path)
    except _UNREADABLE as error:
        return str(error)
    noun = "tile" if "tile_stride" in attributes else "region"
    dropped = attributes.get("n_dropped", 0)
    return f"{used} {noun}{'' if used == 1 else 's'} used, {dropped} dropped"


def _patterns(path: Path | None) -> str:
    """Return the number of patterns of either sign."""
    if path is None:
        return "no motifs yet"
    try:
        positive, negative = count_patterns(path)
        if not positive + negative:
            return f"no motif. {read_motif_attributes(path)['note']}".rstrip()
    except _UNREADABLE as error:
        return str(error)
    return f"motifs found: {positive} that raise the target, {negative} that lower it"
