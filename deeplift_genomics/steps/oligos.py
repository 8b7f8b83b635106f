"""The step `oligos`: model, windows, motifs and instances -> SAMPLE/oligos.tsv, .xlsx."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.loading import MODEL, add_loading_options, load_options

HELP = "design the oligos that test each motif, and predict what they do"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=f"{MODEL}; several are folds")
    add_loading_options(parser, targets=None)
    parser.add_argument("--sample", required=True, help="name of the sample")
    parser.add_argument("--windows", type=Path, required=True, help="from the regions step")
    parser.add_argument("--motif-table", type=Path, required=True, help="from the join step")
    parser.add_argument(
        "--motifs", type=Path, required=True, nargs="+", help="from the motifs step, of each target"
    )
    parser.add_argument(
        "--instances",
        type=Path,
        required=True,
        nargs="+",
        help="tables of instances, in the same order",
    )
    add_settings(
        parser,
        "oligos",
        "instances.match_p",
        "instances.weakest",
        "instances.worst",
        "attribution.float64",
        "attribution.device",
    )
    parser.add_argument("--output", type=Path, required=True, help="table (TSV)")
    parser.add_argument("--workbook", type=Path, required=True, help="workbook (xlsx)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.graph.lean_start import start_engine
    from deeplift_genomics.models.load import load_model

    config, loading = config_of(options), load_options(options)
    start_engine()
    free = use_device(config.attribution.device)
    from deeplift_genomics.attribution.predict import Predictor
    from deeplift_genomics.design.run import Files, design_oligos

    models = [load_model(path, loading) for path in options.models]
    design_oligos(
        Predictor(models, free=free, float64=config.attribution.float64),
        Files(options.windows, options.motif_table, options.motifs, options.instances),
        config.oligos,
        instances=config.instances,
        sample=options.sample,
        table=options.output,
        workbook=options.workbook,
    )
