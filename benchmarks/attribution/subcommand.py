"""The `attribute` subcommand seen from outside: a process, its files, its memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.attribution.team import ROOT, pinned

STAGES = ("Python and the command line", "TensorFlow", "model", "compilation", "first window")
# the stages of the subcommand, in its order; the clock is read after each
_STAGED = """
import sys, time
marks = []
mark = lambda: marks.append(time.time())
import numpy as np
import deeplift_genomics.cli, deeplift_genomics.steps.scoring, deeplift_genomics.dna.references
import deeplift_genomics.scores.file, deeplift_genomics.windows.file
mark()
from deeplift_genomics.graph.lean_start import start_engine
start_engine()
from deeplift_genomics.models.load import load_model
from deeplift_genomics.graph.device import use_threads
use_threads(1)
mark()
model = load_model(sys.argv[1])
mark()
from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.windows.file import read_windows
codes = read_windows(sys.argv[2], slice(0, 1)).codes
explainer = Explainer(
    model, ("counts", "profile"), 20, rules="rescale", tolerance=1e-3, float64=False
)
mark()
explainer(one_hot(codes), make_references(codes, "dinucleotide_shuffle", 20, 1), {}, ["first"])
mark()
from benchmarks.attribution.worker import peak_memory
print(peak_memory(), *marks)
"""


@dataclass(frozen=True)
class Finished:
    """One run: wall seconds, CPU seconds, bytes."""

    seconds: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Start:
    """The start of a job: seconds of each of `STAGES`, and bytes after the first window."""

    seconds: list[float]
    peak: int


def start(model: Path, windows: Path) -> Start:
    """Time the subcommand's stages up to its first window, in a new process."""
    begin = time.time()
    command = [sys.executable, "-c", _STAGED, str(model), str(windows)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the stages of the start failed:\n{done.stderr[-2000:]}")
    peak, *marks = done.stdout.split()
    clock = [begin, *map(float, marks)]
    return Start([later - earlier for earlier, later in pairwise(clock)], int(peak))


def run(model: Path, windows: Path, folder: Path, processes: int = 1) -> Finished:
    """Score all windows of a file in each process, with one thread."""
    start = time.perf_counter()
    jobs = [_Job(model, windows, folder, number, start) for number in range(processes)]
    done = [job.finish() for job in jobs]
    return Finished(
        time.perf_counter() - start,
        sum(item.cpu for item in done),
        max(item.peak for item in done),
    )


class _Job:
    def __init__(self, model: Path, windows: Path, folder: Path, number: int, start: float) -> None:
        output = folder / f"scores-{number + 1}.h5"
        command = [sys.executable, "-m", "deeplift_genomics", "attribute"]
        command += ["--model", str(model), "--windows", str(windows), "--output", str(output)]
        self.start, self.output = start, output
        self.process = subprocess.Popen(
            command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=pinned(number, 1)
        )

    def finish(self) -> Finished:
        assert self.process.stderr is not None
        log = self.process.stderr.read()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode:
            raise RuntimeError(f"the subcommand failed:\n{log[-2000:]}")
        self.output.unlink()
        cpu = usage.ru_utime + usage.ru_stime
        return Finished(time.perf_counter() - self.start, cpu, usage.ru_maxrss * 1024)
