"""The time, memory and disk of an attribution job, measured by running two small ones here."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deeplift_genomics.errors import ModelError
from deeplift_genomics.windows.file import Windows, write_windows

log = logging.getLogger(__name__)

FEW, MORE = 8, 40  # windows of the two jobs
FEWEST = 4  # windows that the second job has more than the first, however slow the model is
PATIENCE = 60.0  # s: a slow model scores fewer windows than `MORE`

# The process measures itself: its parent would count memory of its own.
_WATCHED = """
import re, resource, sys
from deeplift_genomics.cli import main
main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
peak = int(peak[1]) if peak else used.ru_maxrss
print("\\n", used.ru_utime + used.ru_stime, peak * 1024)
"""


@dataclass(frozen=True)
class Calibration:
    """The measurements of one model.

    Attributes
    ----------
    window_length
        Bases of a window (bp).
    check, start, per_window
        Seconds of `check`, of a scoring job's start, and of one window with all its references:
        of CPU, or by the clock if a GPU computes.
    memory
        Bytes of memory of a scoring job.
    shard_bytes, window_bytes
        Bytes on disk per window, in the shard of all targets and in the windows file.
    """

    window_length: int
    check: float
    start: float
    per_window: float
    memory: int
    shard_bytes: float
    window_bytes: float


@dataclass(frozen=True)
class Checked:
    """The window length (bp) of a model, and the CPU seconds that `check` took."""

    window_length: int
    seconds: float


def check_model(
    model: str, targets: str, loading: Sequence[str], settings: Sequence[str]
) -> Checked:
    """Run `check` on one model of several folds; the options are those of the command line.

    Raises
    ------
    ModelError
        With the step's own message, if it fails.
    """
    log.info("%s: loading and checking it", model)
    with tempfile.TemporaryDirectory(prefix="deeplift_genomics_") as folder:
        info = Path(folder, "model.json")
        command = ["check", model, *loading, "--targets", targets, *settings]
        took = run_watched([*command, "--output", str(info)])
        return Checked(json.loads(info.read_text())["window_length"], took.cpu)


def calibrate(
    model: str,
    targets: str,
    checked: Checked,
    *,
    loading: Sequence[str],
    settings: Sequence[str],
    on_gpu: bool,
) -> Calibration:
    """Run two jobs of `attribute` on random sequences.

    Parameters
    ----------
    model, targets
        As in the sheet; one model of several folds.
    checked
        What `check` found.
    loading, settings
        Options of the command line: for loading the model, and the settings of `attribute`.
    on_gpu
        Whether a GPU computes the scores, so that the clock counts and not the CPU.

    Raises
    ------
    ModelError
        With the step's own message, if a step fails.
    """
    length = checked.window_length

    def score(n: int, folder: Path) -> tuple[Took, int, int]:
        """Return what scoring of `n` windows took, and the bytes of both files."""
        windows, shard = folder / "windows.h5", folder / "shard.h5"
        write_windows(windows, _random_windows(n, length))
        job = ["attribute", "--model", model, *loading, "--windows", str(windows)]
        job += ["--targets", targets, *settings, "--output", str(shard)]
        log.info("%s: scoring %d random windows of %d bp, to measure it", model, n, length)
        return run_watched(job), windows.stat().st_size, shard.stat().st_size

    with tempfile.TemporaryDirectory(prefix="deeplift_genomics_") as name:
        few, *few_bytes = score(FEW, Path(name))
        # at most: a job's start takes longer than `check`
        per_window = max(min(few.clock, few.cpu) - checked.seconds, 0.0) / FEW
        n = max(FEW + FEWEST, min(MORE, int(PATIENCE / max(per_window, 1e-9))))
        more, *more_bytes = score(n, Path(name))
    begin, end = ((job.clock if on_gpu else job.cpu) for job in (few, more))
    per_window = max(end - begin, 0.0) / (n - FEW)
    window_bytes, shard_bytes = (
        max(b - a, 0) / (n - FEW) for a, b in zip(few_bytes, more_bytes, strict=True)
    )
    start = max(begin - FEW * per_window, 0.0)
    log.info("%s: %.3g s of a job's start and %.3g s per window", model, start, per_window)
    return Calibration(
        length, checked.seconds, start, per_window, more.memory, shard_bytes, window_bytes
    )


@dataclass(frozen=True)
class Took:
    """The seconds of CPU and by the clock, and the bytes of memory, that a process took."""

    cpu: float
    clock: float
    memory: int


def run_watched(arguments: Sequence[str], before: str = "") -> Took:
    """Run a step in a process of its own, after the Python code `before`.

    Raises
    ------
    ModelError
        With the step's own message, if the step fails.
    """
    begin = time.monotonic()
    command = [sys.executable, "-c", before + _WATCHED, "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [""]
        # a message may have several lines; where there is none, the last line says most
        first = max((i for i, line in enumerate(lines) if line.startswith("error: ")), default=-1)
        said = "\n".join(lines[first:]).removeprefix("error: ")
        raise ModelError(f"{arguments[0]} failed while it was tried out: {said}")
    seconds, memory = done.stdout.split()[-2:]
    return Took(float(seconds), time.monotonic() - begin, int(memory))


def _random_windows(n: int, length: int) -> Windows:
    start = np.arange(n) * length
    names = np.array([f"window{i}" for i in range(n)], dtype=object)
    return Windows(
        chrom=np.full(n, "random", dtype=object),
        start=start,
        end=start + length,
        summit=start + length // 2,
        name=names,
        strand=np.full(n, ".", dtype=object),
        codes=np.random.default_rng(1).integers(0, 4, (n, length), dtype=np.int8),
        attributes={"window_length": length, "contig_lengths": "{}"},
    )
