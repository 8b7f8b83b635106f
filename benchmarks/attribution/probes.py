"""The measurements of ours alone: start, memory of weights, calls again, many outputs."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.attribution import subcommand
from benchmarks.attribution.cases import YARDSTICK
from benchmarks.attribution.material import LOADED, Material, make_random
from benchmarks.attribution.probe import FLATTENED, WEIGHTS
from benchmarks.attribution.team import ROOT, environment, pinned

Values = dict[str, Any]
STARTS = 3


def run(name: str, *arguments: object) -> Values:
    """Run a probe in a new process, on one core."""
    command = [sys.executable, "-m", "benchmarks.attribution.probe", name, *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(1),
        capture_output=True,
        text=True,
        preexec_fn=pinned(0, 1),
    )
    if done.returncode:
        raise RuntimeError(f"the measurement {name} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def start(folder: Path, quick: bool) -> Values:
    """Measure the stages of the start of a job."""
    made = _yardstick(folder)
    runs = 1 if quick else STARTS
    return {"starts": [asdict(subcommand.start(made.model, made.windows)) for _ in range(runs)]}


def again(folder: Path, quick: bool) -> Values:
    """Measure `attribute()` called again on a known model."""
    return run("again", _yardstick(folder).folder, 2 if quick else 7)


def weights(folder: Path, quick: bool) -> Values:
    """Measure the copies of many weights that are held: the slope over two sizes."""
    small, large = (run("weights", units) for units in WEIGHTS)
    number = [item["units"] * FLATTENED for item in (small, large)]
    slope = (large["peak"] - small["peak"]) / (number[1] - number[0])
    return {"weights": number, "peaks": [small["peak"], large["peak"]], "copies": slope / 4}


def outputs(folder: Path, quick: bool) -> Values:
    """Measure many outputs of one head."""
    place = _yardstick(folder).folder
    return {**run("tasks"), **run("positions", place, 2, 10 if quick else 50)}


def _yardstick(folder: Path) -> Material:
    return make_random(YARDSTICK, folder / YARDSTICK.name, LOADED)


PROBES: dict[str, Callable[[Path, bool], Values]] = {
    "start": start,
    "again": again,
    "weights": weights,
    "outputs": outputs,
}
