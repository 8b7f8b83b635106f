"""The subcommands: from parsed arguments to one call each.

Nothing heavy is imported until a subcommand runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from deeplift_genomics.errors import ConfigError


def _load_options(options: Namespace) -> dict[str, Any]:
    """Return the given fields of `deeplift_genomics.models.options.LoadOptions`."""
    from deeplift_genomics.settings.model_names import parse_function, parse_lambdas

    said: dict[str, Any] = {}
    if options.allow_lambda:
        said["allow_lambda"] = True
    if options.lambdas:
        said["lambdas"] = parse_lambdas(options.lambdas)
    if options.custom_objects:
        said["custom_objects"] = parse_function(options.custom_objects)
    return said


def plan(options: Namespace) -> None:
    from deeplift_genomics.planning.forecast import as_table, forecast
    from deeplift_genomics.planning.paths import check_paths
    from deeplift_genomics.settings.config import load_config
    from deeplift_genomics.settings.sample_sheet import load_samples

    config = load_config(options.config)
    if options.device:
        there = config.attribution.model_copy(update={"device": options.device})
        config = config.model_copy(update={"attribution": there})
    samples = load_samples(config.samples)
    check_paths(config, samples)
    print(as_table(forecast(config, samples), options.cores, options.gpus))


def check(options: Namespace) -> None:
    from deeplift_genomics.pipeline import check_model

    print(check_model(options.models, options.targets, options.output, _load_options(options)))


def regions(options: Namespace) -> None:
    from deeplift_genomics.models.info import ModelInfo, read_model_info
    from deeplift_genomics.windows.controls import plan_controls
    from deeplift_genomics.windows.from_genome import make_tiles
    from deeplift_genomics.windows.from_regions import make_windows
    from deeplift_genomics.windows.tiling import Tiling

    if options.length is None:
        info = read_model_info(options.model_info)
    elif options.controls:
        raise ConfigError("--controls needs --model-info, which says what the model takes")
    else:
        info = ModelInfo(options.length, {})
    controls = None
    if options.controls:
        controls = plan_controls(info.controls, options.controls, info.window_length)
    outputs = (info.window_length, options.output)
    settings = {
        "dropped_path": options.dropped,
        "max_unknown": options.max_unknown,
        "controls": controls,
    }
    tiling = (options.contigs, options.leave_out, options.exclude)
    if options.tile is not None:
        make_tiles(options.fasta, Tiling(options.tile, *tiling), *outputs, **settings)
    elif any(tiling):
        raise ConfigError("--contigs, --leave-out and --exclude go with --tile")
    else:
        make_windows(options.regions, options.fasta, *outputs, **settings)


def attribute(options: Namespace) -> None:
    from deeplift_genomics.pipeline import Settings, score_windows

    settings = Settings(
        options.targets,
        options.reference_kind,
        options.references,
        options.seed,
        options.rules,
        options.tolerance,
        options.windows_per_batch,
        options.float64,
        options.score_type,
        options.device,
    )
    score_windows(
        options.model,
        options.windows,
        options.output,
        settings,
        options.shard,
        options.fold,
        _load_options(options),
    )


def merge(options: Namespace) -> None:
    from deeplift_genomics.scores.merge import merge_shards
    from deeplift_genomics.settings.target_names import parse_target_name

    merge_shards(options.shards, parse_target_name(options.target).slug, options.output)


def tracks(options: Namespace) -> None:
    from deeplift_genomics.scores.tracks import write_track

    write_track(options.scores, options.output, options.overlap)


def motifs(options: Namespace) -> None:
    from deeplift_genomics.motifs.discovery import find_motifs

    find_motifs(
        options.scores,
        options.output,
        window=options.window,
        max_seqlets=options.max_seqlets,
        seqlet_fdr=options.seqlet_fdr,
        n_leiden=options.n_leiden,
        min_seqlets=options.min_seqlets,
        seed=options.seed,
        threads=options.threads,
    )


def logos(options: Namespace) -> None:
    from deeplift_genomics.motifs.logos import draw_logos

    draw_logos(options.motifs, options.output)


def instances(options: Namespace) -> None:
    from deeplift_genomics.motifs.instances import write_instances

    write_instances(options.motifs, options.scores, options.output)


def report(options: Namespace) -> None:
    from deeplift_genomics.report.page import write_report

    write_report(
        options.output,
        options.sample,
        options.scores,
        options.motifs,
        logos_folder=options.logos,
        dropped_path=options.dropped,
        config=options.config,
    )


def provenance(options: Namespace) -> None:
    from deeplift_genomics.record.provenance import write_provenance
    from deeplift_genomics.settings.config import parse_config
    from deeplift_genomics.settings.strict import as_plain

    write_provenance(
        as_plain(parse_config(options.config, "--config")),
        options.output,
        options.per_sample,
        options.per_target,
        options.command,
        options.snakemake,
        options.threads,
    )


def verify(options: Namespace) -> None:
    from deeplift_genomics.record import verify as record

    findings = record.verify(options.results, options.threads)
    print(record.as_table(findings))
    if not record.is_well(findings):
        sys.exit(1)
