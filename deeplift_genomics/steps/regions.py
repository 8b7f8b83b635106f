"""The step `regions`: regions and genome, or sequences -> windows.h5 and two lists of them."""

from __future__ import annotations

import logging
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplift_genomics.errors import ConfigError, InputError
from deeplift_genomics.models.info import ModelInfo, read_model_info
from deeplift_genomics.settings.choices import TILE
from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of, given_options
from deeplift_genomics.steps.parser import add_cutting_options, json_list, listed, number

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from deeplift_genomics.dna.contigs import Aliases
    from deeplift_genomics.settings.sections import Tile
    from deeplift_genomics.windows.tiling import Tiling

HELP = "cut windows around regions out of a genome, or take sequences as they are"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--regions",
        required=True,
        help=f"BED or narrowPeak file; or {TILE}: the whole genome; or, without --fasta, FASTA of "
        "sequences",
    )
    parser.add_argument("--exclude", type=Path, help="BED of regions that no tile may overlap")
    add_cutting_options(parser)
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--model-info", type=Path, help="JSON file written by check --output")
    length.add_argument(
        "--scores", type=Path, help="score file that exists, of windows of the same length"
    )
    length.add_argument("--length", type=number, help="window length (bp)")
    parser.add_argument(
        "--controls", type=listed, default=(), help="bigWig files for the model's control inputs"
    )
    add_settings(parser, "regions")
    parser.add_argument(
        "--loci", type=json_list, default=[], help="JSON list of loci that a window must hold"
    )
    parser.add_argument("--output", type=Path, required=True, help="windows (HDF5)")
    parser.add_argument("--peaks", type=Path, help="the windows for other programs (narrowPeak)")
    parser.add_argument("--dropped", type=Path, required=True, help="regions left out (TSV)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.windows.narrow_peak import write_narrow_peak

    _check_together(options)
    _cut(options)
    _check_loci(options)
    if options.peaks:
        write_narrow_peak(options.output, options.peaks)


def _check_loci(options: Namespace) -> None:
    """Raise InputError, and leave no windows, unless they hold the loci that they must."""
    from deeplift_genomics.dna.aliases import read_aliases
    from deeplift_genomics.windows.loci import check_loci, read_window_places

    if not options.loci:
        return
    places = read_window_places(options.output)
    try:
        check_loci(options.loci, places, read_aliases(options.contig_aliases))
    except InputError:
        options.output.unlink()
        raise


def _cut(options: Namespace) -> None:
    """Write the windows, and the list of dropped regions."""
    from deeplift_genomics.dna.aliases import read_aliases
    from deeplift_genomics.record.warnings import warning_of_controls
    from deeplift_genomics.windows.controls import plan_controls
    from deeplift_genomics.windows.from_genome import make_tiles
    from deeplift_genomics.windows.from_regions import make_windows
    from deeplift_genomics.windows.from_sequences import make_sequences

    settings, info = config_of(options).regions, _model_info(options)
    aliases = read_aliases(options.contig_aliases)
    controls = None
    if options.controls:
        controls = plan_controls(info.controls, options.controls, info.window_length, aliases)
    elif warning := warning_of_controls(list(info.controls)):
        log.warning("%s", warning)
    each: dict[str, Any] = {"dropped_path": options.dropped, "max_unknown": settings.max_unknown}
    if options.regions == TILE:
        make_tiles(
            options.fasta,
            _tiling(options, settings.tile, aliases),
            info.window_length,
            options.output,
            controls=controls,
            **each,
        )
        return
    each["max_dropped"] = settings.max_dropped
    if options.fasta is None:
        make_sequences(options.regions, info.window_length, options.output, **each)
        return
    make_windows(
        options.regions,
        options.fasta,
        info.window_length,
        options.output,
        aliases=aliases,
        form=options.regions_format,
        merge_within=settings.merge_within,
        controls=controls,
        **each,
    )


def _tiling(options: Namespace, tile: Tile, aliases: Aliases) -> Tiling:
    """Return the choice of tiles."""
    from deeplift_genomics.windows.tiling import Tiling

    contigs, leave_out = tuple(tile.contigs), tuple(tile.leave_out)
    return Tiling(tile.stride, contigs, leave_out, options.exclude, aliases)


def _check_together(options: Namespace) -> None:
    """Raise ConfigError if options are given that do not go with the kind of regions."""
    tiled = options.regions == TILE
    of_tiles = ["exclude"] if options.exclude else []
    of_tiles += [key for key in given_options(options) if key.startswith("regions.tile.")]
    if of_tiles and not tiled:
        raise ConfigError(f"--{of_tiles[0]} goes with --regions {TILE}")
    if options.regions_format and tiled:
        raise ConfigError("--regions-format is for region files, not for tiles")
    needing = [f"--regions {TILE}"] if tiled else []
    for name in ("controls", "regions_format", "contig_aliases"):
        needing += [f"--{name.replace('_', '-')}"] if getattr(options, name) else []
    if options.fasta is None and needing:
        raise ConfigError(
            f"{needing[0]} needs --fasta, the genome; without it, the regions are sequences that "
            "have no place in a genome"
        )


def _model_info(options: Namespace) -> ModelInfo:
    """Return the window length, and the control inputs if model.json names them."""
    from deeplift_genomics.scores.given_files import window_length

    if options.model_info is not None:
        return read_model_info(options.model_info)
    if options.controls:
        raise ConfigError("--controls needs --model-info, which says what the model takes")
    return ModelInfo(options.length or window_length(options.scores), {})
