"""The step `outputs`: model, windows and loci -> outputs.h5."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.loading import MODEL, add_loading_options, load_options
from deeplift_genomics.steps.parser import json_list

SETTINGS = (
    "references",
    "attribution.rules",
    "attribution.tolerance",
    "attribution.float64",
    "attribution.convolutions",
    "attribution.device",
)
HELP = "explain each position of the profiles at loci, one by one (PISA)"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=f"{MODEL}; several are folds")
    add_loading_options(parser, targets=("profile",))
    parser.add_argument("--windows", type=Path, required=True, help="from the regions step")
    parser.add_argument(
        "--loci",
        type=json_list,
        required=True,
        help="JSON list of regions or places; those without a window are left out",
    )
    parser.add_argument("--contig-aliases", type=Path, help="other names of contigs")
    add_settings(parser, *SETTINGS, "report.output_positions")
    parser.add_argument("--output", type=Path, required=True, help="the maps (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.errors import ConfigError
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.graph.lean_start import start_engine
    from deeplift_genomics.models.load import load_model

    config, loading = config_of(options), load_options(options)
    if not config.report.output_positions or not options.loci:
        raise ConfigError(
            "No maps are asked for. Name loci in report.loci, and set report.output_positions to "
            "the number of positions to explain at each, such as 200."
        )
    start_engine()
    use_device(config.attribution.device)
    from deeplift_genomics.attribution.maps import make_maps
    from deeplift_genomics.scores.outputs import OutputMap, write_outputs
    from deeplift_genomics.settings.options import stored_settings
    from deeplift_genomics.settings.strict import as_plain
    from deeplift_genomics.version import __version__

    models = [load_model(path, loading) for path in options.models]
    maps = make_maps(
        models,
        options.windows,
        targets=options.targets,
        loci=options.loci,
        config=config,
        aliases=options.contig_aliases,
    )
    attributes = {
        **stored_settings(as_plain(config), *SETTINGS),
        "package_version": __version__,
        "model": ", ".join(model.name for model in models),
        "model_digest": ", ".join(model.digest for model in models),
    }
    write_outputs(options.output, (OutputMap(**one) for one in maps), attributes)
