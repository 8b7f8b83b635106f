"""The lines of a summary on the pages that a sample may have beside its report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.record.motif_names import is_from
from deeplift_genomics.scores.alleles import read_alleles
from deeplift_genomics.settings.results import RESULTS


def lines_on_pages(results: Path, row: Mapping[str, str]) -> Iterator[str]:
    """Yield a line on each page of a sample, beside its report, that exists.

    Parameters
    ----------
    results
        The results folder.
    row
        The sample, as plain texts.
    """
    evaluation, numbers = (_path(results, row, f"evaluation{end}") for end in ("_page", ""))
    if evaluation.exists():
        yield f"  evaluation: {evaluation}{_age(evaluation, numbers)}"
    page, variants = (_path(results, row, f"alleles{end}") for end in ("_page", ""))
    if page.exists() and row.get("variants"):
        yield f"  variants: {_explained(variants)}{page}{_age(page, variants)}"


def warning_of_variants(results: Path, row: Mapping[str, str]) -> str | None:
    """Return the warning if variants of a sample were left out."""
    path = _path(results, row, "alleles")
    if not row.get("variants") or not path.exists():
        return None
    try:
        left_out = len(read_alleles(path).left_out)
    except (DeepLiftGenomicsError, OSError) as error:
        return str(error)
    if not left_out:
        return None
    were = "variant was" if left_out == 1 else "variants were"
    table = _path(results, row, "alleles_table")
    return f"{left_out} {were} left out; the column left_out of {table} has the reasons"


def _explained(path: Path) -> str:
    """Return how many variants were explained, and how many were not."""
    try:
        found = read_alleles(path)
    except (DeepLiftGenomicsError, OSError):  # which the warning tells
        return ""
    return f"{len(found)} explained, {len(found.left_out)} left out: "


def _path(results: Path, row: Mapping[str, str], name: str) -> Path:
    return results / RESULTS[name].path.format(sample=row["sample"])


def _age(page: Path, numbers: Path) -> str:
    return "" if is_from(page, [numbers] if numbers.exists() else []) else " (of an earlier run)"
