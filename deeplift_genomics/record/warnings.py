"""What a run must not keep to itself: one function for each reason to doubt its results.

A warning is told from the numbers that the result files hold. The log of a step, the head of the
report and the summary of the run therefore say the same, sentence by sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.scores.file import SCORE_LAYOUT
from deeplift_genomics.scores.given import GIVEN, GIVEN_BY, NOT_KNOWN, is_not_known
from deeplift_genomics.settings.choices import SEQUENCES
from deeplift_genomics.settings.target_names import parse_target_name
from deeplift_genomics.windows.centres import warning_of_summits
from deeplift_genomics.windows.dropped import Dropped, read_dropped
from deeplift_genomics.windows.losses import losses, warning_of_empty, warning_of_losses
from deeplift_genomics.windows.overlap import count_overlapping, warning_of_overlap

log = logging.getLogger(__name__)

# The share of regions whose target is above the mean of their own shuffles. Counts heads, measured
# with 20 shuffles each: ZNF143 and CTCF peaks with the model trained on them 0.91 (50 to 160
# regions), the demo 1.00; the same peaks moved by 5 to 380 kb 0.27 to 0.31, yeast's 0.53.
ABOVE_SHUFFLES = 0.8
_FEWEST = 20  # regions of which a share can be told
_COUNTED = ("counts", "track")  # kinds of targets that are higher in the regions of their model
_SHUFFLES = "dinucleotide_shuffle"


@dataclass(frozen=True)
class Numbers:
    """The numbers behind the warnings, as far as the files that exist hold them.

    Attributes
    ----------
    attributes
        Attributes of the score file, and of the motifs file where there is one.
    lost
        Reason -> regions that were lost for it.
    n_regions
        Number of regions in the file.
    n_windows, n_overlapping
        Number of windows, and of those that overlap another.
    above, difference
        Share of the windows whose target is above the mean over their references, and the mean
        difference.
    """

    attributes: Mapping[str, Any]
    lost: Mapping[str, int] = field(default_factory=dict)
    n_regions: int = 0
    n_windows: int = 0
    n_overlapping: int = 0
    above: float = 1.0
    difference: float = 0.0

    @property
    def tiled(self) -> bool:
        """Whether the regions are tiles of a genome."""
        return "tile_stride" in self.attributes


def _given(numbers: Numbers) -> str | None:
    """Return a warning if nobody told how the contributions were made."""
    attributes = numbers.attributes
    if not is_not_known(attributes):
        return None
    return (
        f"Contributions were not computed here, but read from {attributes.get(GIVEN)}, of "
        f"{attributes.get(GIVEN_BY)}. Not known: {attributes[NOT_KNOWN]}. They belong to the bases "
        "of these windows, which was checked; whether they add up to a prediction cannot be. What "
        "a motif does to the prediction, and oligos, need the model."
    )


def _losses(numbers: Numbers) -> str | None:
    if numbers.tiled:  # a genome has gaps
        return None
    noun = "sequences" if numbers.attributes.get("regions_format") == SEQUENCES else "regions"
    return warning_of_losses(numbers.lost, numbers.n_regions, noun)


def _summits(numbers: Numbers) -> str | None:
    attributes = numbers.attributes
    if "summit_position" not in attributes:  # tiles, sequences, files of an older release
        return None
    return warning_of_summits(int(attributes["n_on_summits"]), attributes["summit_position"])


def _overlap(numbers: Numbers) -> str | None:
    if numbers.tiled:
        return None
    attributes = numbers.attributes
    if "n_overlapping" in attributes:  # of the bases in which motifs were searched for
        return warning_of_overlap(
            attributes["n_overlapping"], numbers.n_windows, attributes["window"]
        )
    length = attributes.get("window_length", 0)
    return warning_of_overlap(numbers.n_overlapping, numbers.n_windows, length)


def _controls(numbers: Numbers) -> str | None:
    given = [text.rpartition(" = ") for text in str(numbers.attributes["controls"]).split("; ")]
    return warning_of_controls([name for name, _, value in given if name and value == "0"])


def _empty_controls(numbers: Numbers) -> str | None:
    empty = int(numbers.attributes.get("control_n_empty", 0))
    return warning_of_empty(empty, numbers.n_windows, str(numbers.attributes.get("control_files")))


def warning_of_controls(names: list[str]) -> str | None:
    """Return a warning if control inputs of the model, by name, are filled with zero, else None."""
    if not names:
        return None
    inputs = "the control input" if len(names) == 1 else "the control inputs"
    return (
        f"{inputs[0].upper()}{inputs[1:]} {', '.join(names)} of the model "
        f"{'is' if len(names) == 1 else 'are'} filled with zero. A model that was trained with a "
        "control experiment is then asked about data that it has never seen: give its bigWig "
        "files in the column 'controls' of the sheet."
    )


def share_above_shuffles(numbers: Numbers) -> float | None:
    """Return the share of regions whose target is above the mean of their shuffles.

    None where it means nothing: it is for whole regions and targets that count something; a
    classifier may well be asked about regions of another class, and a tile need not hold anything.
    A few regions tell no share.
    """
    shuffled = numbers.attributes.get("reference_kind") == _SHUFFLES
    if numbers.tiled or not shuffled or not _counts(numbers.attributes.get("target", "")):
        return None
    return numbers.above if numbers.n_windows >= _FEWEST else None


def _shuffles(numbers: Numbers) -> str | None:
    """Return a warning if the regions hardly beat their own shuffles."""
    above = share_above_shuffles(numbers)
    if above is None or above >= ABOVE_SHUFFLES:
        return None
    return (
        f"The regions hardly beat their own shuffles: for {numbers.above:.0%} of them the model "
        f"predicts more than for the mean of their shuffles (at least {ABOVE_SHUFFLES:.0%} are "
        f"expected), by {numbers.difference:.2f} on average. Wrong genome, or a model that does "
        "not know these regions?"
    )


def _counts(target: Any) -> bool:
    """Return whether a target counts something, and is no difference or sum of targets."""
    try:
        return getattr(parse_target_name(str(target)), "kind", "") in _COUNTED
    except InputError:
        return False


def _seqlets(numbers: Numbers) -> str | None:
    few, least = [], numbers.attributes.get("min_seqlets")
    for sign, effect in (("positive", "raise"), ("negative", "lower")):
        found = numbers.attributes.get(f"n_seqlets_{sign}", 0)
        if found and least is not None and not numbers.attributes.get(f"n_seqlets_{sign}_used", 1):
            few.append(f"{found} that {effect}")
    if not few:
        return None
    return (
        f"Seqlets too few to be clustered: {' and '.join(few)} the target. Their patterns are "
        f"missing, not absent. motifs.min_seqlets = {least} asks for more than {least} of one "
        "sign; a smaller value clusters them."
    )


# name -> the warning that is told from the numbers, or None
WARNINGS: dict[str, Callable[[Numbers], str | None]] = {
    "given": _given,
    "losses": _losses,
    "summits": _summits,
    "overlap": _overlap,
    "controls": _controls,
    "empty controls": _empty_controls,
    "shuffles": _shuffles,
    "seqlets": _seqlets,
}


def warnings_of(numbers: Numbers, *names: str) -> list[str]:
    """Return the sentences of these warnings, by default of all, that the numbers ask for."""
    told = (WARNINGS[name](numbers) for name in names or WARNINGS)
    return [sentence for sentence in told if sentence]


def log_warnings(numbers: Numbers, *names: str) -> None:
    """Log these warnings, as far as the numbers ask for them."""
    for sentence in warnings_of(numbers, *names):
        log.warning("%s", sentence)


def read_early_numbers(windows_path: str | Path, dropped_path: str | Path) -> Numbers:
    """Read the numbers that are known before anything is scored: those of the regions.

    Raises
    ------
    InputError
        If one of the files is missing or damaged.
    """
    with open_typed(windows_path, "windows") as file:
        attributes, chrom, centre = _places(file, "chrom")
    length, dropped = int(attributes.get("window_length", 0)), read_dropped(dropped_path)
    return Numbers(
        attributes,
        losses(dropped),
        n_regions=len(centre) + len(dropped),
        n_windows=len(centre),
        n_overlapping=count_overlapping(chrom, centre, length),
    )


def read_numbers(
    scores_path: str | Path,
    motifs_path: str | Path | None = None,
    dropped_path: str | Path | None = None,
) -> Numbers:
    """Read the numbers from the files of one sample and target.

    Raises
    ------
    InputError
        If one of the files is missing or damaged.
    """
    with open_typed(scores_path, "scores", SCORE_LAYOUT) as file:
        attributes, chrom, centre = _places(file, "coords_chrom")
        n, length, _ = file["input_seqs"].shape
        above, difference = 1.0, 0.0
        if n and "reference_target" in file:
            references = file["reference_target"][:].astype(np.float64).mean(axis=1)
            over = file["target"][:].astype(np.float64) - references
            above, difference = float((over > 0).mean()), float(over.mean())
    if motifs_path is not None:
        with open_typed(motifs_path, "motifs") as file:
            attributes |= read_attributes(file)
    dropped = Dropped([]) if dropped_path is None else read_dropped(dropped_path)
    return Numbers(
        attributes,
        losses(dropped),
        n_regions=n + len(dropped),
        n_windows=n,
        n_overlapping=count_overlapping(chrom, centre, length),
        above=above,
        difference=difference,
    )


def _places(file: h5py.File, chrom: str) -> tuple[dict[str, Any], NDArray, NDArray]:
    """Return attributes, contigs and centres of a windows or score file."""
    attributes = {"controls": "none"} | read_attributes(file)
    return attributes, file[chrom].asstr()[:].astype(object), file["summit"][:]
