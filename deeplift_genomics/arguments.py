"""The arguments of the command line."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from deeplift_genomics import subcommands
from deeplift_genomics.version import __version__

Namespace = argparse.Namespace
StepMaker = Callable[[str, Callable[[Namespace], None], str], argparse.ArgumentParser]


def _json_object(text: str) -> dict[str, Any]:
    """An argument that is a JSON object."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise argparse.ArgumentTypeError(f"must be a JSON object, not {text}")
    return content


def _listed(text: str) -> tuple[str, ...]:
    """An argument that is a list, separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _one_of(module: str, name: str) -> Callable[[str], str]:
    """A type that takes what a module lists under a name; the module is imported when needed."""

    def parse(text: str) -> str:
        known = getattr(import_module(f"deeplift_genomics.{module}"), name)
        if text not in known:
            raise argparse.ArgumentTypeError(f"{text!r} is not known; there are {', '.join(known)}")
        return text

    return parse


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


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text!r}")
    return int(text)


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

    plan = step("plan", subcommands.plan, "how long a run will take, how much memory and disk")
    plan.add_argument("config", type=Path, help="config.yaml; its paths count from this folder")
    plan.add_argument("--cores", type=_number, default=os.cpu_count() or 1, help="jobs at a time")
    plan.add_argument(
        "--device",
        type=_one_of("settings.choices", "DEVICES"),
        help="cpu, gpu or gpu_or_cpu, in place of what the config says",
    )
    plan.add_argument("--gpus", type=_number, default=1, help="GPUs at a time, where they are used")
    _add_model_steps(step)
    _add_scoring_steps(step)
    _add_motif_steps(step)
    _add_record_steps(step)
    return parser


def _add_model_steps(step: StepMaker) -> None:
    check = step(
        "check", subcommands.check, "show a model's inputs, heads, and the rule of each operation"
    )
    check.add_argument("models", nargs="+", metavar="MODEL", help=f"{_MODEL}; several are folds")
    _add_targets(check, default=())
    _add_load_options(check)
    check.add_argument("--output", type=Path, help="JSON file for the regions step")

    regions = step("regions", subcommands.regions, "cut windows around regions out of a genome")
    which = regions.add_mutually_exclusive_group(required=True)
    which.add_argument("--regions", type=Path, help="BED or narrowPeak file")
    which.add_argument("--tile", type=int, metavar="STRIDE", help="the whole genome instead (bp)")
    regions.add_argument(
        "--contigs", type=_listed, default=(), help="to be tiled; all if not given"
    )
    regions.add_argument("--leave-out", type=_listed, default=(), help="contigs not to be tiled")
    regions.add_argument("--exclude", type=Path, help="BED of regions that no tile may overlap")
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


def _add_scoring_steps(step: StepMaker) -> None:
    attribute = step("attribute", subcommands.attribute, "score windows with DeepLIFT")
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
        type=_one_of("settings.choices", "RULES"),
        default="rescale",
        help="DeepLIFT rules: rescale, reveal_cancel or genomics_default",
    )
    attribute.add_argument("--float64", action="store_true", help="compute in double precision")
    attribute.add_argument(
        "--score-type",
        type=_one_of("settings.choices", "SCORE_TYPES"),
        default="float32",
        help="of scores: float32 or float16",
    )
    attribute.add_argument(
        "--tolerance", type=float, default=1e-3, help="largest residual, as a share"
    )
    attribute.add_argument(
        "--device",
        type=_one_of("settings.choices", "DEVICES"),
        default="cpu",
        help="cpu, gpu or gpu_or_cpu",
    )
    attribute.add_argument(
        "--windows-per-batch", type=int, default=1, help="windows at once; 0: as a GPU holds"
    )
    attribute.add_argument("--output", type=Path, required=True, help="shard (HDF5)")

    merge = step("merge", subcommands.merge, "join shards into the score file of one target")
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
    tracks = step("tracks", subcommands.tracks, "contributions along the genome, as bigWig")
    tracks.add_argument("--scores", type=Path, required=True, help="score file (HDF5)")
    tracks.add_argument(
        "--overlap",
        type=_one_of("settings.choices", "OVERLAPS"),
        default="centre",
        help="of windows: centre or mean",
    )
    tracks.add_argument("--output", type=Path, required=True, help="track (bigWig)")

    motifs = step("motifs", subcommands.motifs, "find patterns with TF-MoDISco")
    motifs.add_argument("--scores", type=Path, required=True, help="score file")
    motifs.add_argument("--window", type=int, default=400, help="central bases searched (bp)")
    motifs.add_argument("--max-seqlets", type=int, default=20000, help="seqlets per sign")
    motifs.add_argument("--seqlet-fdr", type=float, default=0.05, help="false discovery rate")
    motifs.add_argument("--n-leiden", type=int, default=2, help="clusterings tried")
    motifs.add_argument("--min-seqlets", type=int, default=100, help="this many are not clustered")
    motifs.add_argument("--seed", type=int, default=1, help="seed of the order of windows")
    motifs.add_argument("--threads", type=int, default=1, help="threads")
    motifs.add_argument("--output", type=Path, required=True, help="motifs (HDF5)")

    logos = step("logos", subcommands.logos, "draw the logos of all patterns")
    logos.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    logos.add_argument("--output", type=Path, required=True, help="folder for PNG and SVG files")

    instances = step("instances", subcommands.instances, "list every seqlet in genome coordinates")
    instances.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    instances.add_argument("--scores", type=Path, required=True, help="score file")
    instances.add_argument("--output", type=Path, required=True, help="BED file")

    report = step("report", subcommands.report, "write the HTML report of one sample and target")
    report.add_argument("--sample", required=True, help="name of the sample")
    report.add_argument("--scores", type=Path, required=True, help="score file")
    report.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    report.add_argument("--logos", type=Path, required=True, help="folder from the logos step")
    report.add_argument("--dropped", type=Path, required=True, help="from the regions step")
    report.add_argument("--config", type=_json_object, help="configuration to print, as JSON")
    report.add_argument("--output", type=Path, required=True, help="HTML file")


def _add_record_steps(step: StepMaker) -> None:
    provenance = step(
        "provenance",
        subcommands.provenance,
        "record what a finished run was made from, with what, and the digests of its outputs",
    )
    provenance.add_argument(
        "--config", type=_json_object, required=True, help="configuration of the run, as JSON"
    )
    provenance.add_argument(
        "--per-sample", type=_listed, required=True, help="outputs of a sample: windows.h5,..."
    )
    provenance.add_argument(
        "--per-target", type=_listed, required=True, help="outputs of a target: scores.h5,..."
    )
    provenance.add_argument("--command", default="", help="command line that started the run")
    provenance.add_argument("--snakemake", help="version of Snakemake that runs it")
    provenance.add_argument("--threads", type=int, default=1, help="files read at the same time")
    provenance.add_argument("--output", type=Path, required=True, help="provenance.json")

    verify = step("verify", subcommands.verify, "check results against their provenance.json")
    verify.description = (
        "Check every file of a results folder against its provenance.json, and the inputs where "
        "they are found from the current folder. Names what is missing, changed, unknown, or made "
        "with other settings than recorded. Exit status 0 only if all is well; inputs that are not "
        "here are named, and are no fault."
    )
    verify.add_argument("results", type=Path, help="folder that holds provenance.json")
    verify.add_argument("--threads", type=int, default=1, help="files read at the same time")
