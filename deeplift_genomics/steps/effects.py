"""The step `effects`: model, windows and motifs -> TARGET.effects.h5 and TARGET.effects.tsv."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.loading import MODEL, add_loading_options, load_options

HELP = "measure what each motif does to the prediction"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=f"{MODEL}; several are folds")
    add_loading_options(parser, targets=None)
    parser.add_argument("--windows", type=Path, required=True, help="from the regions step")
    parser.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    parser.add_argument("--motif-table", type=Path, required=True, help="from the join step")
    parser.add_argument("--instances", type=Path, required=True, help="table of all instances")
    add_settings(parser, "effects", "attribution.float64", "attribution.device")
    parser.add_argument("--output", type=Path, required=True, help="numbers (HDF5)")
    parser.add_argument("--table", type=Path, required=True, help="table (TSV)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.graph.lean_start import start_engine
    from deeplift_genomics.models.load import load_model

    config, loading = config_of(options), load_options(options)
    start_engine()
    free = use_device(config.attribution.device)
    from deeplift_genomics.attribution.predict import Predictor
    from deeplift_genomics.effects.run import Files, measure_effects

    models = [load_model(path, loading) for path in options.models]
    predictor = Predictor(models, free=free, float64=config.attribution.float64)
    files = Files(options.windows, options.motifs, options.motif_table, options.instances)
    measure_effects(predictor, files, config.effects, output=options.output, table=options.table)
