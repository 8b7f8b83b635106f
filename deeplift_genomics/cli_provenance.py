"""The command line of the record of a run: the steps that write it and hold the results to it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Namespace = argparse.Namespace
StepMaker = Callable[[str, Callable[[Namespace], None], str], argparse.ArgumentParser]


def json_object(text: str) -> dict[str, Any]:
    """An argument that is a JSON object."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise argparse.ArgumentTypeError(f"must be a JSON object, not {text}")
    return content


def listed(text: str) -> tuple[str, ...]:
    """An argument that is a list, separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _provenance(options: Namespace) -> None:
    from deeplift_genomics.config import as_plain, parse_config
    from deeplift_genomics.provenance import write_provenance

    write_provenance(
        as_plain(parse_config(options.config, "--config")),
        options.output,
        options.per_sample,
        options.per_target,
        options.command,
        options.snakemake,
        options.threads,
    )


def _verify(options: Namespace) -> None:
    from deeplift_genomics.verify import as_table, is_well, verify

    findings = verify(options.results, options.threads)
    print(as_table(findings))
    if not is_well(findings):
        sys.exit(1)


def add_provenance_steps(step: StepMaker) -> None:
    """Add the subcommands `provenance` and `verify`."""
    provenance = step(
        "provenance",
        _provenance,
        "record what a finished run was made from, with what, and the digests of its outputs",
    )
    provenance.add_argument(
        "--config", type=json_object, required=True, help="configuration of the run, as JSON"
    )
    provenance.add_argument(
        "--per-sample", type=listed, required=True, help="outputs of a sample: windows.h5,..."
    )
    provenance.add_argument(
        "--per-target", type=listed, required=True, help="outputs of a target: scores.h5,..."
    )
    provenance.add_argument("--command", default="", help="command line that started the run")
    provenance.add_argument("--snakemake", help="version of Snakemake that runs it")
    provenance.add_argument("--threads", type=int, default=1, help="files read at the same time")
    provenance.add_argument("--output", type=Path, required=True, help="provenance.json")

    verify = step("verify", _verify, "check results against their provenance.json")
    verify.description = (
        "Check every file of a results folder against its provenance.json, and the inputs where "
        "they are found from the current folder. Names what is missing, changed, unknown, or made "
        "with other settings than recorded. Exit status 0 only if all is well; inputs that are not "
        "here are named, and are no fault."
    )
    verify.add_argument("results", type=Path, help="folder that holds provenance.json")
    verify.add_argument("--threads", type=int, default=1, help="files read at the same time")
