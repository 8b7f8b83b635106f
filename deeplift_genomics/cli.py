"""The command line: parsing only; every subcommand calls one function.

Nothing heavy is imported until a subcommand runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from deeplift_genomics import __version__
from deeplift_genomics.errors import ConfigError, DeepLiftGenomicsError, DiskError

Namespace = argparse.Namespace


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a mistake in its input ends in one message and exit code 1."""
    options = make_parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING if options.quiet else logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
        stream=sys.stderr,
    )
    for noisy in ("absl", "tensorflow", "matplotlib", "fontTools", "numba"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    # a job that is cancelled or out of time clears up as one that is interrupted does
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        options.run(options)
    except DiskError as error:
        _fail(str(error))
        sys.stderr.flush()
        os._exit(1)  # leaving in order would have HDF5 close what it cannot write
    except DeepLiftGenomicsError as error:
        sys.exit(_fail(str(error)))
    except OSError as error:
        sys.exit(_fail(f"{error.strerror or error}: {error.filename or 'no file named'}"))
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _one_of(module: str, name: str) -> Callable[[str], str]:
    """A type that takes what a module lists under a name; the module is imported when needed."""

    def parse(text: str) -> str:
        known = getattr(import_module(f"deeplift_genomics.{module}"), name)
        if text not in known:
            raise argparse.ArgumentTypeError(f"{text!r} is not known; there are {', '.join(known)}")
        return text

    return parse


def _load_options(options: Namespace) -> dict[str, Any]:
    """How the model is to be loaded: what was said of `deeplift_genomics.models.LoadOptions`."""
    from deeplift_genomics.model_options import parse_function, parse_lambdas

    said: dict[str, Any] = {}
    if options.allow_lambda:
        said["allow_lambda"] = True
    if options.lambdas:
        said["lambdas"] = parse_lambdas(options.lambdas)
    if options.custom_objects:
        said["custom_objects"] = parse_function(options.custom_objects)
    return said


def _check(options: Namespace) -> None:
    from deeplift_genomics.pipeline import check_model

    print(check_model(options.models, options.targets, options.output, _load_options(options)))


def _regions(options: Namespace) -> None:
    from deeplift_genomics.controls import plan_controls
    from deeplift_genomics.model_info import ModelInfo, read_model_info
    from deeplift_genomics.regions import make_windows

    if options.length is None:
        info = read_model_info(options.model_info)
    elif options.controls:
        raise ConfigError("--controls needs --model-info, which says what the model takes")
    else:
        info = ModelInfo(options.length, {})
    controls = None
    if options.controls:
        controls = plan_controls(info.controls, options.controls, info.window_length)
    make_windows(
        options.regions,
        options.fasta,
        info.window_length,
        options.output,
        options.dropped,
        options.max_unknown,
        controls,
    )


def _attribute(options: Namespace) -> None:
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


def _merge(options: Namespace) -> None:
    from deeplift_genomics.merge import merge_shards
    from deeplift_genomics.target_names import parse_target_name

    merge_shards(options.shards, parse_target_name(options.target).slug, options.output)


def _motifs(options: Namespace) -> None:
    from deeplift_genomics.motifs import find_motifs

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


def _logos(options: Namespace) -> None:
    from deeplift_genomics.logos import draw_logos

    draw_logos(options.motifs, options.output)


def _instances(options: Namespace) -> None:
    from deeplift_genomics.instances import write_instances

    write_instances(options.motifs, options.scores, options.output)


def _report(options: Namespace) -> None:
    from deeplift_genomics.report import write_report

    try:
        config = json.loads(options.config) if options.config else None
    except ValueError as error:
        raise ConfigError(f"--config is not JSON: {error}") from error
    if not isinstance(config, dict | None):
        raise ConfigError(f"--config must be a JSON object, not {options.config}")
    write_report(
        options.output,
        options.sample,
        options.scores,
        options.motifs,
        options.logos,
        options.dropped,
        config,
    )


class _Parser(argparse.ArgumentParser):
    """Answers a mistake as every step does: one message, exit code 1."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"error: {message}. See: {self.prog} --help\n")


class _Formatter(argparse.HelpFormatter):
    """Shows the defaults that say something."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        default = action.default
        if not action.option_strings or default in (None, (), argparse.SUPPRESS, False):
            return action.help
        shown = ",".join(default) if isinstance(default, tuple) else default
        return f"{action.help} (default: {shown})"


def make_parser() -> argparse.ArgumentParser:
    """The parser of all subcommands."""
    parser = _Parser(
        prog="deeplift-genomics",
        description="Contribution scores, motifs and reports from trained sequence models.",
        epilog="Snakemake runs these steps for all samples of a config: see the README.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--quiet", action="store_true", help="log warnings only")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)

    def step(name: str, run: Callable[[Namespace], None], text: str) -> argparse.ArgumentParser:
        added = steps.add_parser(
            name,
            help=text,
            description=text,
            formatter_class=_Formatter,
        )
        added.set_defaults(run=run)
        return added

    _add_model_steps(step)
    _add_motif_steps(step)
    return parser


StepMaker = Callable[[str, Callable[[Namespace], None], str], argparse.ArgumentParser]


def _add_model_steps(step: StepMaker) -> None:
    check = step("check", _check, "show a model's inputs, heads, and the rule of each operation")
    check.add_argument("models", nargs="+", metavar="MODEL", help=f"{_MODEL}; several are folds")
    _add_targets(check, default=())
    _add_load_options(check)
    check.add_argument("--output", type=Path, help="JSON file for the regions step")

    regions = step("regions", _regions, "cut windows around regions out of a genome")
    regions.add_argument("--regions", type=Path, required=True, help="BED or narrowPeak file")
    regions.add_argument("--fasta", type=Path, required=True, help="genome, plain or gzipped")
    length = regions.add_mutually_exclusive_group(required=True)
    length.add_argument("--model-info", type=Path, help="JSON file written by check --output")
    length.add_argument("--length", type=int, help="window length (bp)")
    regions.add_argument(
        "--max-unknown", type=float, default=0.05, help="largest fraction of N in a window"
    )
    regions.add_argument(
        "--controls", type=_listed, default=(), help="bigWig files for the model's control inputs"
    )
    regions.add_argument("--output", type=Path, required=True, help="windows (HDF5)")
    regions.add_argument("--dropped", type=Path, required=True, help="regions left out (TSV)")

    attribute = step("attribute", _attribute, "score windows with DeepLIFT")
    attribute.add_argument("--model", required=True, help=_MODEL)
    _add_load_options(attribute)
    attribute.add_argument("--windows", type=Path, required=True, help="from the regions step")
    _add_targets(attribute, default=("counts", "profile"))
    attribute.add_argument("--shard", default="1-of-1", help="which part of the windows to score")
    attribute.add_argument("--fold", default="1-of-1", help="which of several models this is")
    attribute.add_argument("--reference-kind", default="dinucleotide_shuffle", help="see config")
    attribute.add_argument("--references", type=int, default=20, help="references per window")
    attribute.add_argument("--seed", type=int, default=1, help="seed of the references")
    attribute.add_argument(
        "--rules",
        type=_one_of("attribution", "RULES"),
        default="rescale",
        help="DeepLIFT rules: rescale, reveal_cancel or genomics_default",
    )
    attribute.add_argument("--float64", action="store_true", help="compute in double precision")
    attribute.add_argument(
        "--score-type",
        type=_one_of("store", "SCORE_TYPES"),
        default="float32",
        help="of scores: float32 or float16",
    )
    attribute.add_argument(
        "--tolerance", type=float, default=1e-3, help="largest residual, as a share"
    )
    attribute.add_argument("--windows-per-batch", type=int, default=1, help="windows per step")
    attribute.add_argument("--output", type=Path, required=True, help="shard (HDF5)")

    merge = step("merge", _merge, "join shards into the score file of one target")
    merge.add_argument("shards", type=Path, nargs="+", help="all shards of a run")
    merge.add_argument("--target", required=True, help="target to take from the shards")
    merge.add_argument("--output", type=Path, required=True, help="score file (HDF5)")


def _add_targets(parser: argparse.ArgumentParser, default: tuple[str, ...]) -> None:
    parser.add_argument(
        "--targets", type=_listed, default=default, help="such as counts,profile or logit[0]"
    )


_MODEL = "model (.keras, .h5, SavedModel folder, or a.json+b.h5)"


def _add_load_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-lambda", action="store_true", help="run the code of the model's Lambda layers"
    )
    parser.add_argument("--lambdas", help="functions for Lambda layers: layer=module:function,...")
    parser.add_argument("--custom-objects", help="module:function that returns the model's layers")


def _add_motif_steps(step: StepMaker) -> None:
    motifs = step("motifs", _motifs, "find patterns with TF-MoDISco")
    motifs.add_argument("--scores", type=Path, required=True, help="score file")
    motifs.add_argument("--window", type=int, default=400, help="central bases searched (bp)")
    motifs.add_argument("--max-seqlets", type=int, default=20000, help="seqlets per sign")
    motifs.add_argument("--seqlet-fdr", type=float, default=0.05, help="false discovery rate")
    motifs.add_argument("--n-leiden", type=int, default=2, help="clusterings tried")
    motifs.add_argument("--min-seqlets", type=int, default=100, help="this many are not clustered")
    motifs.add_argument("--seed", type=int, default=1, help="seed of the order of windows")
    motifs.add_argument("--threads", type=int, default=1, help="threads")
    motifs.add_argument("--output", type=Path, required=True, help="motifs (HDF5)")

    logos = step("logos", _logos, "draw the logos of all patterns")
    logos.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    logos.add_argument("--output", type=Path, required=True, help="folder for PNG and SVG files")

    instances = step("instances", _instances, "list every seqlet in genome coordinates")
    instances.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    instances.add_argument("--scores", type=Path, required=True, help="score file")
    instances.add_argument("--output", type=Path, required=True, help="BED file")

    report = step("report", _report, "write the HTML report of one sample and target")
    report.add_argument("--sample", required=True, help="name of the sample")
    report.add_argument("--scores", type=Path, required=True, help="score file")
    report.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    report.add_argument("--logos", type=Path, required=True, help="folder from the logos step")
    report.add_argument("--dropped", type=Path, required=True, help="from the regions step")
    report.add_argument("--config", help="configuration to print, as JSON")
    report.add_argument("--output", type=Path, required=True, help="HTML file")
