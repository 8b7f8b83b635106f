"""Known sites: how well contributions find the bases, and the sites, that matter by construction.

Bases are ranked by |contribution|, since a site may raise the target or lower it. Sites are ranked
by the summed |contribution| of their bases, against stretches of the same region that are as long
as its sites are in the median, lie side by side and touch no site; sites of another length are
compared by the mean of their bases. Sources: Fawcett 2006, "An introduction to ROC analysis";
Saito, Rehmsmeier 2015, "The precision-recall plot is more informative than the ROC plot when
evaluating binary classifiers on imbalanced datasets" (average precision).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.bed import read_regions
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.words import shortened
from deeplift_genomics.windows.file import read_places, read_windows

Spans = list[tuple[int, int]]  # first base and the one after the last, within a window


class Sites(NamedTuple):
    """Sites within windows: their number in the file, and the spans of each window, by its row."""

    number: int
    of_windows: dict[int, Spans]


def read_sites(path: str | Path, windows: str | Path) -> Sites:
    """Read a BED file of known sites, and place them within the windows.

    A site that reaches out of a window counts with the bases inside.

    Raises
    ------
    InputError
        If the file cannot be read, names other contigs than the windows, or has no site in them.
    """
    require_file(path, "File of known sites")
    sites, places = read_regions(path), read_places(windows)
    names = read_windows(windows, slice(0, 1)).attributes.get("contig_names", "{}")
    other = {new: old for old, new in json.loads(str(names)).items()}  # the genome's -> the user's
    contig_of = np.array([other.get(name, name) for name in sites.chrom], object)
    _check_contigs(path, windows, set(contig_of), set(places.chrom))
    order = np.lexsort((sites.start, contig_of.astype(str)))
    by_contig: dict[str, list[int]] = {}
    for at in order:
        by_contig.setdefault(contig_of[at], []).append(int(at))
    found: dict[int, Spans] = {}
    for contig, numbers in by_contig.items():
        start, end = sites.start[numbers], sites.end[numbers]
        longest = int((end - start).max())
        for row in np.flatnonzero(places.chrom == contig):
            first, last = int(places.start[row]), int(places.start[row]) + places.length
            some = slice(*np.searchsorted(start, [first - longest, last]))
            spans = [
                (max(int(a) - first, 0), min(int(b) - first, places.length))
                for a, b in zip(start[some], end[some], strict=True)
                if a < last and b > first
            ]
            if spans:
                found[int(row)] = spans
    if not found:
        raise InputError(
            f"{path} has {len(sites)} sites, and none of them is within the windows of {windows}. "
            "Give the sites that were planted into these regions, in coordinates of their genome."
        )
    return Sites(len(sites), found)


def _check_contigs(
    path: str | Path, windows: str | Path, of_sites: set[str], of_windows: set[str]
) -> None:
    """Raise InputError if no contig is that of a window: the file is of another genome."""
    if of_sites & of_windows:
        return
    shown = [shortened(", ".join(sorted(names)[:5]), 200) for names in (of_sites, of_windows)]
    raise InputError(
        f"{path} names the contigs {shown[0]}, and the windows of {windows} are on {shown[1]}: "
        "the sites are of another genome. Give a BED file whose contigs are named as those of the "
        "regions."
    )


def truth_numbers(contributions: NDArray, spans: Spans) -> dict[str, float]:
    """Return auROC and auPRC of a window's bases and sites, from contributions (L,).

    Numbers are left out where there is nothing to tell apart. What was not computed (NaN) is left
    out, and a site or stretch with such a base as well.
    """
    size = np.abs(np.asarray(contributions, np.float64))
    labels = np.zeros(len(size), bool)
    for start, end in spans:
        labels[start:end] = True
    known = np.isfinite(size)
    found = _named("base", size[known], labels[known])
    length = int(np.median([end - start for start, end in spans]))
    stretches = [*spans, *_stretches(labels, length)]
    means = np.array([size[start:end].mean() for start, end in stretches])
    is_site = np.arange(len(stretches)) < len(spans)
    known = np.isfinite(means)
    return found | _named("site", means[known], is_site[known])


def _stretches(labels: NDArray[np.bool_], length: int) -> Spans:
    """Return the stretches of that length that lie side by side and touch no site."""
    found, start = [], 0
    while start + length <= len(labels):
        inside = np.flatnonzero(labels[start : start + length])
        if len(inside):
            start += int(inside[-1]) + 1
        else:
            found.append((start, start + length))
            start += length
    return found


def _named(what: str, scores: NDArray, labels: NDArray[np.bool_]) -> dict[str, float]:
    """Return the two areas under their names, if there are labels of both kinds."""
    if labels.all() or not labels.any():
        return {}
    from sklearn.metrics import average_precision_score, roc_auc_score

    return {
        f"{what}_auroc": float(roc_auc_score(labels, scores)),
        f"{what}_auprc": float(average_precision_score(labels, scores)),
    }
