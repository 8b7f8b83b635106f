"""What a summary says of the pages that a sample may have beside its report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.record.motif_names import is_from
from deeplift_genomics.scores.alleles import read_alleles
from deeplift_genomics.settings.results import results_of


def page_in_words(name: str, page: Path, is_new: bool) -> str:
    """Return the line of a page, which is `is_new` unless what it is made from is newer."""
    return f"{name}: {page}{'' if is_new else ' (of an earlier run)'}"


def further_pages(results: Path, row: Mapping[str, str]) -> tuple[list[str], str | None]:
    """Return a line on each page beside the report that exists, and a warning on variants.

    Parameters
    ----------
    results
        The results folder.
    row
        The sample, as plain texts.
    """
    of_sample = results_of(row, on_demand=True)
    files = {item.name: results / item.path for item in of_sample if not item.target}
    numbers, warning = _variants(files) if "alleles" in files else ("", None)
    lines = []
    for name, what, told in (("evaluation", "evaluation", ""), ("alleles", "variants", numbers)):
        page, source = files.get(f"{name}_page"), files.get(name)
        if page is not None and source is not None and page.exists():
            is_new = is_from(page, [source] if source.exists() else [])
            lines.append(f"  {page_in_words(f'{what}{told}', page, is_new)}")
    return lines, warning


def _variants(files: Mapping[str, Path]) -> tuple[str, str | None]:
    """Return how many variants were explained and left out, and the warning if some were."""
    if not files["alleles"].exists():
        return "", None
    try:
        found = read_alleles(files["alleles"])
    except (DeepLiftGenomicsError, OSError) as error:
        return "", str(error)
    number = len(found.left_out)
    told = f": {len(found)} explained, {number} left out"
    if not number:
        return told, None
    were = "variant was" if number == 1 else "variants were"
    table = files["alleles_table"]
    return told, f"{number} {were} left out; the column left_out of {table} has the reasons"
