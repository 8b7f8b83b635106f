"""The step `regions`: regions and genome, or sequences -> windows.h5 and dropped.tsv."""

from __future__ import annotations

import logging
from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.models.info import ModelInfo, read_model_info
from deeplift_genomics.settings.choices import REGION_FORMS, TILE
from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of, given_options
from deeplift_genomics.steps.parser import listed, number

log = logging.getLogger(__name__)

HELP = "cut windows around regions out of a genome, or take sequences as they are"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--regions",
        required=True,
        help=f"BED or narrowPeak file; or {TILE}: the whole genome; or, without --fasta, FASTA of "
        "sequences",
    )
    parser.add_argument(
        "--regions-format",
        choices=REGION_FORMS,
        default="",
        help="form of the region file, where its content allows two",
    )
    parser.add_argument("--exclude", type=Path, help="BED of regions that no tile may overlap")
    parser.add_argument("--fasta", type=Path, help="genome, plain or gzipped")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--model-info", type=Path, help="JSON file written by check --output")
    length.add_argument("--length", type=number, help="window length (bp)")
    parser.add_argument(
        "--controls", type=listed, default=(), help="bigWig files for the model's control inputs"
    )
    add_settings(parser, "regions")
    parser.add_argument("--output", type=Path, required=True, help="windows (HDF5)")
    parser.add_argument("--dropped", type=Path, required=True, help="regions left out (TSV)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.record.warnings import warning_of_controls
    from deeplift_genomics.windows.controls import plan_controls
    from deeplift_genomics.windows.from_genome import make_tiles
    from deeplift_genomics.windows.from_regions import make_windows
    from deeplift_genomics.windows.from_sequences import make_sequences
    from deeplift_genomics.windows.tiling import Tiling

    _check_together(options)
    settings, info = config_of(options).regions, _model_info(options)
    controls = None
    if options.controls:
        controls = plan_controls(info.controls, options.controls, info.window_length)
    elif warning := warning_of_controls(list(info.controls)):
        log.warning("%s", warning)
    if options.regions == TILE:
        tile = settings.tile
        make_tiles(
            options.fasta,
            Tiling(tile.stride, tuple(tile.contigs), tuple(tile.leave_out), options.exclude),
            info.window_length,
            options.output,
            dropped_path=options.dropped,
            max_unknown=settings.max_unknown,
            controls=controls,
        )
        return
    if options.fasta is None:
        make_sequences(
            options.regions,
            info.window_length,
            options.output,
            dropped_path=options.dropped,
            max_unknown=settings.max_unknown,
            max_dropped=settings.max_dropped,
        )
        return
    make_windows(
        options.regions,
        options.fasta,
        info.window_length,
        options.output,
        dropped_path=options.dropped,
        max_unknown=settings.max_unknown,
        form=options.regions_format,
        merge_within=settings.merge_within,
        max_dropped=settings.max_dropped,
        controls=controls,
    )


def _check_together(options: Namespace) -> None:
    """Raise ConfigError if options are given that do not go with the kind of regions."""
    tiled = options.regions == TILE
    of_tiles = ["exclude"] if options.exclude else []
    of_tiles += [key for key in given_options(options) if key.startswith("regions.tile.")]
    if of_tiles and not tiled:
        raise ConfigError(f"--{of_tiles[0]} goes with --regions {TILE}")
    if options.regions_format and tiled:
        raise ConfigError("--regions-format is for region files, not for tiles")
    if options.fasta is None and (tiled or options.controls or options.regions_format):
        what = f"--regions {TILE}" if tiled else "--controls" if options.controls else ""
        raise ConfigError(
            f"{what or '--regions-format'} needs --fasta, the genome; without it, the regions are "
            "sequences that have no place in a genome"
        )


def _model_info(options: Namespace) -> ModelInfo:
    """Return the window length, and the control inputs if model.json names them."""
    if options.length is None:
        return read_model_info(options.model_info)
    if options.controls:
        raise ConfigError("--controls needs --model-info, which says what the model takes")
    return ModelInfo(options.length, {})
