"""The input of the page of one sample and target, read from the files of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.same_run import require_same_run
from deeplift_genomics.motifs.patterns import Pattern, read_motif_attributes, read_motifs
from deeplift_genomics.motifs.places import Places, check_rows, count_places, read_starts
from deeplift_genomics.record.warnings import read_numbers, warnings_of
from deeplift_genomics.report.numbers import ScoreSummary, summarise_scores
from deeplift_genomics.report.words import TargetWords, target_words
from deeplift_genomics.settings.choices import SEQUENCES
from deeplift_genomics.windows.dropped import Dropped, read_dropped

OF_THE_FILE = {"deeplift_genomics_type", "format_version"}  # attributes that say what a file is


@dataclass(frozen=True)
class Run:
    """The input of the page: what every section is made from.

    Attributes
    ----------
    sample
        Name of the sample.
    scores
        Numbers and attributes of the score file.
    motifs
        Attributes of the motifs file.
    patterns
        The patterns of the motifs file, positive ones first.
    logos_folder
        The folder of logos that `draw_logos` wrote for these patterns.
    places
        Numbers of places of the patterns' seqlets.
    dropped
        The dropped regions.
    warnings
        Reasons to doubt the results, in sentences.
    config
        The configuration as given, if any.
    """

    sample: str
    scores: ScoreSummary
    motifs: Mapping[str, Any]
    patterns: list[Pattern]
    logos_folder: Path
    places: Places
    dropped: Dropped
    warnings: list[str]
    config: Mapping[str, Any] | None

    @property
    def target(self) -> TargetWords:
        """The target in words."""
        return target_words(self.scores.attributes)

    @property
    def tiled(self) -> bool:
        """Whether the regions are tiles of a genome."""
        return "tile_stride" in self.scores.attributes

    @property
    def noun(self) -> str:
        """The word for what was cut into windows: region, tile or sequence."""
        if self.scores.attributes.get("regions_format") == SEQUENCES:
            return "sequence"
        return "tile" if self.tiled else "region"


def read_run(
    sample: str,
    scores_path: str | Path,
    motifs_path: str | Path,
    *,
    logos_folder: str | Path,
    dropped_path: str | Path,
    config: Mapping[str, Any] | None,
) -> Run:
    """Read the files of a page, but for the logos, and check that they are of one run.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another run than the rest.
    """
    scores = summarise_scores(scores_path)
    motifs, patterns = read_motif_attributes(motifs_path), read_motifs(motifs_path)
    dropped = read_dropped(dropped_path)
    require_same_run(
        motifs_path,
        motifs,
        other=scores_path,
        other_attributes=scores.attributes,
        keys=sorted(scores.attributes.keys() - OF_THE_FILE),
        advice="Run the motifs step again on this score file.",
    )
    _check_dropped(dropped, dropped_path, scores.attributes, scores_path)
    with open_typed(scores_path, "scores") as file:
        starts = read_starts(file)
    check_rows(patterns, len(starts.start), motifs_path)
    return Run(
        sample,
        scores,
        motifs,
        patterns,
        Path(logos_folder),
        places=count_places(patterns, starts),
        dropped=dropped,
        warnings=warnings_of(read_numbers(scores_path, motifs_path, dropped_path)),
        config=config,
    )


def _check_dropped(
    dropped: Dropped, path: str | Path, attributes: Mapping[str, Any], scores_path: str | Path
) -> None:
    """Raise InputError if the list has another number of dropped regions than the scores."""
    expected = attributes.get("n_dropped", dropped.n_windows)
    if expected != dropped.n_windows:
        raise InputError(
            f"{path} lists {dropped.n_windows} dropped regions, but {scores_path} was made with "
            f"{expected} dropped: they come from different runs. Run the regions step again."
        )
