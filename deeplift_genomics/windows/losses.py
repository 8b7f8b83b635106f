"""Regions and controls that were lost: the limit at which a run stops, and the warning before it.

A region whose place is in the results all the same (a repeat, or one of several that are near to
each other) is dropped, but not lost.
"""

from __future__ import annotations

from collections.abc import Mapping

from deeplift_genomics.windows.dropped import (
    MERGED,
    REPEATED,
    WRONG_LENGTH,
    Dropped,
    DroppedRegion,
    TooManyDroppedError,
)

WARNED = 0.1  # share of regions lost, above which a run warns
_EXPLAINED = (REPEATED, MERGED)
_CHECK = "Are regions, genome and model of the same assembly (such as hg19 and hg38)?"
_CHECK_BASES = "regions.max_unknown is the largest share of unknown bases."
_CHECK_LENGTH = "Are these the sequences that the model was trained on, without adapters?"


def losses(dropped: Dropped) -> dict[str, int]:
    """Return the number of regions lost for each reason, the commonest first."""
    return {reason: n for reason, n in dropped.counts().items() if reason not in _EXPLAINED}


def check_losses(dropped: Dropped, n_regions: int, max_dropped: float, source: str) -> None:
    """Check that no more regions were lost than is allowed.

    Parameters
    ----------
    n_regions
        Number of regions in the file.
    max_dropped
        Largest share of them, 0 to 1, that may be lost.
    source
        The regions in words, for the message: "regions of peaks.bed".

    Raises
    ------
    TooManyDroppedError
        With the number and the first region of each reason.
    """
    lost = losses(dropped)
    n = sum(lost.values())
    if n <= max_dropped * n_regions:
        return
    first: dict[str, DroppedRegion] = {}
    for record in dropped:
        first.setdefault(record.reason, record)
    reasons = "; ".join(
        f"{reason}: {count} ({_example(first[reason])})" for reason, count in lost.items()
    )
    raise TooManyDroppedError(
        f"{n} of {n_regions} {source} were dropped, which is more than regions.max_dropped = "
        f"{max_dropped:g} allows. {reasons}. {_advice(lost, source)} If all is as it should "
        "be, raise regions.max_dropped: the dropped ones are then listed in dropped.tsv.",
        dropped,
    )


def warning_of_losses(lost: Mapping[str, int], n_regions: int, noun: str = "regions") -> str | None:
    """Return a warning if more than a tenth of the regions were lost, else None.

    Parameters
    ----------
    lost
        From `losses`, of the list of dropped regions.
    n_regions
        The attribute `n_regions` of the windows or score file.
    noun
        The word for them: regions or sequences.
    """
    n = sum(lost.values())
    if n <= WARNED * n_regions:
        return None
    reasons = "; ".join(f"{reason}: {count}" for reason, count in lost.items())
    return f"{n} of {n_regions} {noun} were dropped ({reasons}). {_advice(lost, noun)}"


def _advice(lost: Mapping[str, int], noun: str) -> str:
    if WRONG_LENGTH in lost:
        return _CHECK_LENGTH
    return _CHECK_BASES if noun.startswith("sequences") else _CHECK


def _example(record: DroppedRegion) -> str:
    place = f"{record.chrom}:{record.start}-{record.end}"
    return f"as in line {record.line}, {place}: {record.detail}"


def warning_of_empty(n_empty: int, n_windows: int, files: str) -> str | None:
    """Return a warning if the controls of more than a tenth of the windows are zero, else None."""
    if n_empty <= WARNED * n_windows:
        return None
    return (
        f"{n_empty} of {n_windows} windows have no value but zero in {files}, so that their "
        "controls are zero. Are these files of the control experiment, and of the same genome "
        "assembly as the regions?"
    )
