"""The methods of comparing a run with what was measured or known, in words, for a paper."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from deeplift_genomics.report.citations import Citations
from deeplift_genomics.report.fit import fits_of
from deeplift_genomics.report.known_sites import found_sites
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.scores.read_fit import HeadFit
from deeplift_genomics.settings.model_names import split_list

MOST_HEADS = 6  # whose numbers are told


def signal_in_words(run: SampleRun, cite: Citations) -> Iterator[str]:
    """Yield the sentences on the measured signal, if the sheet names one."""
    fits = fits_of(run)
    if not fits:
        return
    files = ", ".join(Path(path).name for path in split_list(run.row["signal"]))
    yield (
        f"Observed against predicted. What the model predicts was compared with the measured "
        f"signal of {files}: the predicted logarithm of the number of reads with log(1 + reads), "
        "by Pearson's correlation; and the shape along the window, by the Jensen-Shannon distance, "
        "which is also given for measured reads that were shuffled along the window."
    )
    for fit in fits[:MOST_HEADS]:
        if numbers := list(_numbers_of(run, fit)):
            yield f"{fit.label}: {'; '.join(numbers)}."
    if len(fits) > MOST_HEADS:
        yield f"The report has the numbers of {len(fits) - MOST_HEADS:,} more."


def _numbers_of(run: SampleRun, fit: HeadFit) -> Iterator[str]:
    """Yield the numbers of one head in words."""
    if fit.counts is not None and not math.isnan(fit.counts.pearson):
        yield f"correlation {fit.counts.pearson:.2f} over {fit.counts.n:,} {run.noun}s"
    if fit.shape is not None and fit.shape.n:
        predicted, shuffled, _ = fit.shape.medians
        yield (
            f"median distance {predicted:.2f}, of shuffled reads {shuffled:.2f}, over "
            f"{fit.shape.n:,} {run.noun}s with reads"
        )


def known_sites_in_words(run: SampleRun, cite: Citations) -> Iterator[str]:
    """Yield the sentences on known sites, if the sheet names a file of them."""
    if run.known_sites is None or not run.n_windows:
        return
    yield (
        f"Known sites. Of the sites of {Path(run.row['known_sites']).name} that lie where motifs "
        "were searched for, one counts as found if a seqlet, or an instance, holds at least half "
        "of its bases."
    )
    for target, found in found_sites(run, run.known_sites):
        sites, seqlets, instances = (
            sum(getattr(one, name) for one in found)
            for name in ("sites", "by_seqlets", "by_instances")
        )
        yield (
            f"{target.text}: of {sites:,} sites, {seqlets:,} were found by seqlets and "
            f"{instances:,} by instances."
        )
