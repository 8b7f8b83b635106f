"""Windows from a region file and a genome, and the list of dropped regions.

A region becomes the window of `length` bases around its centre, or it is dropped with a reason; a
window is never moved, clipped or padded to make it fit. Contigs are read one after the other, each
once, and all windows of a contig are sliced from it together.
"""

import json
import logging
from pathlib import Path

from deeplift_genomics.dna.bed import Regions, read_regions
from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases, match_some_contigs
from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.genome import Genome
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.words import first_few
from deeplift_genomics.windows.centres import warning_of_summits
from deeplift_genomics.windows.controls import ControlPlan, control_writer
from deeplift_genomics.windows.cutting import check_cut
from deeplift_genomics.windows.dropped import Dropped, NoWindowsError, write_dropped
from deeplift_genomics.windows.file import Windows, write_windows
from deeplift_genomics.windows.losses import check_losses, losses, warning_of_losses
from deeplift_genomics.windows.overlap import count_overlapping, warning_of_overlap
from deeplift_genomics.windows.region_cutter import RegionCutter

log = logging.getLogger(__name__)


def make_windows(
    regions_path: str | Path,
    fasta_path: str | Path,
    length: int,
    windows_path: str | Path,
    *,
    dropped_path: str | Path,
    max_unknown: float,
    aliases: Aliases = NO_ALIASES,
    form: str = "",
    merge_within: int = 0,
    max_dropped: float = 1.0,
    controls: ControlPlan | None = None,
) -> Windows:
    """Cut windows as `cut_windows` does, write both files and return the windows.

    The list of dropped regions is written even if it names every region and the step fails. With
    `controls`, from `windows.controls.plan_controls`, the windows file holds the controls, too.

    Parameters
    ----------
    max_dropped
        Largest share of the regions, 0 to 1, that may be lost (`windows.losses`).

    Raises
    ------
    TooManyDroppedError
        If more are lost.
    InputError
        As `cut_windows` does, or if an output cannot be written.
    """
    try:
        windows, dropped = cut_windows(
            regions_path,
            fasta_path,
            length,
            max_unknown,
            form=form,
            merge_within=merge_within,
            aliases=aliases,
        )
    except NoWindowsError as error:
        write_dropped(dropped_path, error.dropped)
        raise
    write_dropped(dropped_path, dropped)
    n = len(windows) + len(dropped)
    check_losses(dropped, n, max_dropped, f"regions of {regions_path}")
    _warn(windows, dropped, n)
    add = None if controls is None else control_writer(controls, windows)
    write_windows(windows_path, windows, add)
    return windows


def _warn(windows: Windows, dropped: Dropped, n_regions: int) -> None:
    """Log warnings of lost regions, of odd summits, and of windows that overlap."""
    length, attributes = windows.codes.shape[1], windows.attributes
    n_overlapping = count_overlapping(windows.chrom, windows.summit, length)
    for warning in (
        warning_of_losses(losses(dropped), n_regions),
        warning_of_summits(int(attributes["n_on_summits"]), float(attributes["summit_position"])),
        warning_of_overlap(n_overlapping, len(windows), length),
    ):
        if warning is not None:
            log.warning("%s", warning)


def cut_windows(
    regions_path: str | Path,
    fasta_path: str | Path,
    length: int,
    max_unknown: float,
    *,
    aliases: Aliases = NO_ALIASES,
    form: str = "",
    merge_within: int = 0,
) -> tuple[Windows, Dropped]:
    """Cut one window per region, [c - length // 2, c - length // 2 + length) around its centre c.

    Regions are dropped, in this order of checks, if their contig is not in the genome, if the
    window leaves the contig, if it holds too many unknown bases, if it is the window of an earlier
    region, or if its centre is nearer than `merge_within` to that of a region with more signal.

    Parameters
    ----------
    regions_path : str or Path
        BED, narrowPeak or another of `settings.choices.REGION_FORMS`, plain or gzipped.
    fasta_path : str or Path
        FASTA, plain, gzipped or bgzipped.
    length : int
        Bases per window (L), at least 1.
    max_unknown : float
        Largest fraction, 0 to 1, of a window's bases that may be none of A, C, G, T.
    aliases
        Other names of the contigs.
    form
        The form of the region file; told by its content if not given.
    merge_within
        Distance of centres (bp) below which one of several regions is taken; 0 takes all.

    Returns
    -------
    windows : Windows
        At least one, in the order of the region file.
    dropped : Dropped

    Raises
    ------
    InputError
        If an argument or file is not as described, or the files have no contig in common.
    NoWindowsError
        If every region was dropped (an InputError too).
    """
    check_cut(length, max_unknown)
    length = int(length)
    regions = read_regions(regions_path, form)
    with open_genome(fasta_path) as genome:
        contig_of = _match_contigs(regions, genome, regions_path, aliases)
        cutter = RegionCutter(
            regions,
            genome,
            contig_of,
            length=length,
            max_unknown=max_unknown,
            merge_within=merge_within,
        )
        cutter.cut()
    dropped = cutter.dropped()
    _log_numbers(dropped, len(regions))
    if len(dropped) == len(regions):
        raise NoWindowsError(_all_dropped(regions_path, dropped, length, max_unknown), dropped)
    numbers = cutter.numbers()
    centred = numbers["n_on_summits"], numbers["n_on_middles"]
    log.info("read as %s; centred on summits: %d; on middles: %d", regions.form, *centred)
    renamed = {name: contig for name, contig in contig_of.items() if name != contig}
    attributes: dict[str, str | int | float] = {
        "fasta": Path(fasta_path).name,
        "fasta_digest": digest(fasta_path),
        "regions": Path(regions_path).name,
        "regions_digest": digest(regions_path),
        "regions_format": regions.form,
        "merge_within": merge_within,
        "window_length": length,
        "max_unknown": float(max_unknown),
        "n_regions": len(regions),
        "n_dropped": len(dropped),
        **numbers,
        "contig_names": json.dumps(renamed, sort_keys=True),
        "contig_lengths": json.dumps(cutter.contig_lengths(), sort_keys=True),
    }
    return cutter.windows(attributes), dropped


def _match_contigs(
    regions: Regions, genome: Genome, regions_path: str | Path, aliases: Aliases
) -> dict[str, str]:
    """Return the genome's contig for each name in the regions; log the names that differ.

    Raises
    ------
    InputError
        If no name has a contig.
    """
    contig_of = match_some_contigs(
        dict.fromkeys(regions.chrom),
        genome.lengths,
        source=f"Regions file {regions_path}",
        target=f"FASTA file {genome.path}",
        aliases=aliases,
    )
    renamed = [f"{name} = {contig}" for name, contig in contig_of.items() if name != contig]
    if renamed:
        log.warning(
            "Contigs are named differently in %s and %s; taken as the same: %s. "
            "Results use the names of the regions, and one for each contig.",
            Path(regions_path).name,
            genome.path.name,
            first_few(renamed),
        )
    return contig_of


def _log_numbers(dropped: Dropped, n_regions: int) -> None:
    """Log how many regions became windows, and how many were dropped for each reason."""
    log.info("%d of %d regions became windows", n_regions - len(dropped), n_regions)
    for reason, count in dropped.counts().items():
        log.warning("%d of %d regions dropped: %s", count, n_regions, reason)


def _all_dropped(
    regions_path: str | Path, dropped: Dropped, length: int, max_unknown: float
) -> str:
    """Return the message for a file whose regions were all dropped."""
    counts = "; ".join(f"{reason}: {count}" for reason, count in dropped.counts().items())
    first = dropped.records[0]
    return (
        f"None of the {len(dropped)} regions of {regions_path} gives a window of {length} bases "
        f"with at most {max_unknown:g} of them unknown ({counts}). The first, line {first.line}: "
        f"{first.detail}. Are regions, FASTA and model of the same genome assembly?"
    )
