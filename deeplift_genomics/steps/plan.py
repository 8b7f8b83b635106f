"""The step `plan`: a configuration -> the time, memory and disk that its run will take."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import given_options
from deeplift_genomics.steps.parser import number

HELP = "estimate the time, memory and disk that a run will take"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("config", type=Path, help="config.yaml; its paths count from this folder")
    parser.add_argument("--cores", type=number, default=os.cpu_count() or 1, help="jobs at a time")
    parser.add_argument("--gpus", type=number, default=1, help="GPUs at a time, where used")
    settings = parser.add_argument_group("settings, in place of those of the config")
    add_settings(settings, "attribution.device")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.planning.forecast import forecast
    from deeplift_genomics.planning.genome import check_regions_and_genome
    from deeplift_genomics.planning.loci import check_loci
    from deeplift_genomics.planning.paths import check_known_motifs, check_paths
    from deeplift_genomics.planning.signal import check_signal
    from deeplift_genomics.planning.table import as_table
    from deeplift_genomics.settings.config import load_config
    from deeplift_genomics.settings.motif_window import check_motif_window
    from deeplift_genomics.settings.options import replace_settings
    from deeplift_genomics.settings.sample_sheet import load_samples
    from deeplift_genomics.settings.strict import as_plain

    config = replace_settings(load_config(options.config), given_options(options))
    samples = load_samples(config.samples, config.genes)
    check_paths(config, samples)
    check_known_motifs(config)
    check_signal(config, samples)
    check_loci(config, samples)
    for sample in samples.values():
        check_regions_and_genome(sample)
    check_motif_window(as_plain(config))
    print(as_table(forecast(config, samples), options.cores, options.gpus))
