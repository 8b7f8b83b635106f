"""The files of a sample's page, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.same_run import require_same_run
from deeplift_genomics.models.info import HeadInfo, read_model_info
from deeplift_genomics.motifs.names import labels_of
from deeplift_genomics.motifs.patterns import read_motif_attributes, read_motifs
from deeplift_genomics.record.warnings import read_numbers, warnings_of
from deeplift_genomics.report.numbers import summarise_scores
from deeplift_genomics.report.sample_run import SampleRun, TargetRun
from deeplift_genomics.settings.results import files_of
from deeplift_genomics.windows.dropped import Dropped, read_dropped

OF_THE_FILE = {"deeplift_genomics_type", "format_version"}  # attributes that say what a file is


def read_sample(
    results: str | Path,
    row: Mapping[str, Any],
    config: Mapping[str, Any],
    *,
    genes: Path | None = None,
    contig_aliases: Path | None = None,
    known_motifs: Path | None = None,
    maps: Path | None = None,
    known_sites: Path | None = None,
    snakemake: str | None = None,
) -> SampleRun:
    """Read the files of a sample's page and check that they are of one run.

    Parameters
    ----------
    results
        The results folder.
    row, config
        The sample's row and the configuration, as plain values.
    genes
        Gene annotation, GTF or GFF3, if there is one.
    contig_aliases
        Table of contig names, if there is one.
    known_motifs
        The file of known motifs, if the configuration names one.
    maps
        outputs.h5, if maps of the loci were made.
    known_sites
        BED file of sites that are known to matter, if the sheet names one.
    snakemake
        The version of Snakemake that runs the steps, if it does.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another run than the rest.
    """
    own, of_targets = files_of(results, row)
    dropped = read_dropped(own["dropped"])
    heads = read_model_info(own["info"]).heads if "info" in own else ()
    targets = [_read_target(text, paths, own, heads) for text, paths in of_targets.items()]
    for target in targets:
        _check_dropped(dropped, own["dropped"], target)
    warnings = _warnings(targets)
    return SampleRun(
        row=row,
        config=config,
        paths=own,
        targets=targets,
        dropped=dropped,
        warnings=warnings,
        genes=genes,
        contig_aliases=contig_aliases,
        known_motifs=known_motifs,
        maps=maps,
        known_sites=known_sites,
        snakemake=snakemake,
    )


def _read_target(
    text: str,
    paths: Mapping[str, Path],
    own: Mapping[str, Path],
    heads: tuple[HeadInfo, ...],
) -> TargetRun:
    """Read the scores and motifs of one target, and check that they are of one run."""
    scores = summarise_scores(paths["scores"])
    attributes, patterns = read_motif_attributes(paths["motifs"]), read_motifs(paths["motifs"])
    require_same_run(
        paths["motifs"],
        attributes,
        other=paths["scores"],
        other_attributes=scores.attributes,
        keys=sorted(scores.attributes.keys() - OF_THE_FILE),
        advice="Run the motifs step again on this score file.",
    )
    named = labels_of(own["labels"], text, [pattern.name for pattern in patterns])
    numbers = read_numbers(paths["scores"], paths["motifs"], own["dropped"])
    return TargetRun(text, paths, scores, attributes, patterns, named, numbers, heads)


def _check_dropped(dropped: Dropped, path: Path, target: TargetRun) -> None:
    """Raise InputError if the list has another number of dropped regions than the scores."""
    expected = target.scores.attributes.get("n_dropped", dropped.n_windows)
    if expected != dropped.n_windows:
        raise InputError(
            f"{path} lists {dropped.n_windows} dropped regions, but {target.paths['scores']} was "
            f"made with {expected} dropped: they come from different runs. Run the regions step "
            "again."
        )


def _warnings(targets: list[TargetRun]) -> list[str]:
    """Return the warnings of all targets, each once; one of some targets only names them."""
    found: dict[str, list[str]] = {}
    for target in targets:
        for warning in warnings_of(target.numbers):
            found.setdefault(warning, []).append(target.text)
    return [
        text if len(of) == len(targets) else f"{', '.join(of)}: {text}"
        for text, of in found.items()
    ]
