"""Helpers that start the workflow, wait for a moment in it, and compare its results."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from deeplift_genomics.files.atomic import digest
from tests.conftest import ROOT
from tests.workflow.conftest import snakemake_command, snakemake_environment

RESULTS = Path("results") / "demo"
TARGET = "counts"
SHARDS = 2
SCORES = RESULTS / f"{TARGET}.scores.h5"
SHARD_FILES = [RESULTS / "shards" / f"fold-1-of-1.{i}-of-{SHARDS}.h5" for i in range(1, SHARDS + 1)]
WITH_WINDOWS = ("model.json", "windows.h5", "windows.narrowPeak", "dropped.tsv")  # until scoring
LAST = SHARD_FILES[-1]
PATIENCE = 240  # seconds, for work that takes a few on an idle machine


def start(folder: Path, *arguments: object, limit: Callable[[], None] | None = None) -> "Run":
    """Start snakemake in its own process group, as a shell does."""
    return Run(snakemake_command(folder, "--cores", 2, *arguments), folder, limit)


def start_step(folder: Path, *arguments: object, limit: Callable[[], None] | None = None) -> "Run":
    """Start a subcommand of deeplift-genomics."""
    command = [sys.executable, "-m", "deeplift_genomics", *map(str, arguments)]
    return Run(command, folder, limit)


class Run:
    """A command that runs in a folder, and its output."""

    def __init__(
        self, command: list[str], folder: Path, limit: Callable[[], None] | None = None
    ) -> None:
        self.log = folder.parent / f"{folder.name}.{time.monotonic_ns()}.said"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # a limit of file sizes would cut the compiled modules of the checkout short
                env=snakemake_environment()
                | {"PYTHONPATH": str(ROOT)}
                | ({"PYTHONDONTWRITEBYTECODE": "1"} if limit else {}),
                start_new_session=True,
                preexec_fn=limit,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self) -> int:
        """Wait for the end and return the exit code."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise AssertionError(f"did not end:\n{self.said}") from None

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something to happen while the command runs."""
        wait_for(condition, lambda: self.process.poll() is None, lambda: self.said)

    def signal_all(self, number: int) -> None:
        """Send a signal to the command and to all its jobs, as a terminal does on Ctrl-C."""
        os.killpg(self.process.pid, number)

    def kill_all(self) -> None:
        with suppress(ProcessLookupError):
            self.signal_all(signal.SIGKILL)
        self.process.wait()

    def job(self, step: str) -> psutil.Process | None:
        """Return the process of a subcommand that the command has started, or None."""
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if process.cmdline()[1:4] == ["-m", "deeplift_genomics", step]:
                        return process
        return None


def kill_at(moment: str, script: str, *arguments: str) -> None:
    """Run a script in Python, and kill it when it prints a line that ends with `moment`."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip().endswith(moment):
            break
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()


def wait_for(
    condition: Callable[[], object],
    running: Callable[[], bool] = lambda: True,
    said: Callable[[], str] = lambda: "",
) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        alive = running()  # before the last check: it may do its work and then end
        if not alive and condition():
            return
        assert alive, f"ended too early:\n{said()}"
        assert time.monotonic() < deadline, f"waited in vain:\n{said()}"
        time.sleep(0.005)


def finish(folder: Path, *arguments: object) -> str:
    """Run snakemake to its end, which must be a success, and return its output."""
    run = start(folder, *arguments)
    assert run.wait() == 0, run.said
    return run.said


def scoring(folder: Path, output: Path = LAST) -> bool:
    """Return whether the last shard is being scored: some windows are done, others are not."""
    logs = (folder / RESULTS / "logs").glob(f"attribute*{SHARDS}-of-{SHARDS}.log")
    return bool(temporary(folder / output)) and any(" 1 of " in log.read_text() for log in logs)


def catch(run: Run, step: str, condition: Callable[[], object]) -> psutil.Process | None:
    """Suspend a job when a condition holds, even if only for a moment, and return its process.

    The job runs 1 ms at a time. Return None if the moment was missed.
    """
    run.until(lambda: run.job(step))
    job = run.job(step)
    with suppress(psutil.NoSuchProcess):
        while job is not None and job.status() != psutil.STATUS_ZOMBIE:
            job.suspend()
            if condition():
                return job
            job.resume()
            time.sleep(0.001)
    return None


def has_ended(process: psutil.Process) -> bool:
    """Return whether a process has ended, even if nobody has asked for its exit code."""
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def temporary(output: Path) -> list[Path]:
    """Return the unfinished temporary files for `output`."""
    return sorted(output.parent.glob(f".{output.name}.*.tmp{output.suffix}"))


def outputs(folder: Path) -> dict[str, str]:
    """Return the digest of every result, hidden and unfinished ones too, without logs and times."""
    results = folder / RESULTS
    found = {
        str(path.relative_to(results)): digest(path)
        for path in sorted(results.rglob("*"))
        if path.is_file() and path.name != ".snakemake_timestamp"
    }
    return {
        name: value
        for name, value in found.items()
        if name.split("/")[0] not in ("logs", "benchmarks")
    }


def assert_same(folder: Path, undisturbed: Path) -> None:
    """Check that the results up to the scores equal the undisturbed run's, with nothing else."""
    names = (*WITH_WINDOWS, SCORES.name)
    expected = outputs(undisturbed)
    assert outputs(folder) == {name: expected[name] for name in names}
