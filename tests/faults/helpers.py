"""Starting the workflow, waiting for a moment in it, and comparing what came of it."""

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
LAST = SHARD_FILES[-1]
PATIENCE = 240  # seconds, for what takes a few on a machine that does nothing else


def start(folder: Path, *arguments: object, limit: Callable[[], None] | None = None) -> "Run":
    """Start snakemake in a process group of its own, as a shell does."""
    return Run(snakemake_command(folder, "--cores", 2, *arguments), folder, limit)


def start_step(folder: Path, *arguments: object, limit: Callable[[], None] | None = None) -> "Run":
    """Start a subcommand of deeplift-genomics."""
    command = [sys.executable, "-m", "deeplift_genomics", *map(str, arguments)]
    return Run(command, folder, limit)


class Run:
    """A command that runs in a folder, and what it says."""

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
                env=snakemake_environment() | {"PYTHONPATH": str(ROOT)},
                start_new_session=True,
                preexec_fn=limit,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self) -> int:
        """The exit code."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise AssertionError(f"did not end:\n{self.said}") from None

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something to happen while the command runs."""
        wait_for(condition, lambda: self.process.poll() is None, lambda: self.said)

    def signal_all(self, number: int) -> None:
        """What a terminal does on Ctrl-C: the signal goes to the command and to all its jobs."""
        os.killpg(self.process.pid, number)

    def kill_all(self) -> None:
        with suppress(ProcessLookupError):
            self.signal_all(signal.SIGKILL)
        self.process.wait()

    def job(self, step: str) -> psutil.Process | None:
        """The process of a subcommand that the command has started, if it is there."""
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if process.cmdline()[1:4] == ["-m", "deeplift_genomics", step]:
                        return process
        return None


def wait_for(
    condition: Callable[[], object],
    running: Callable[[], bool] = lambda: True,
    said: Callable[[], str] = lambda: "",
) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        alive = running()  # before the last look: it may end after having done it
        if not alive and condition():
            return
        assert alive, f"ended too early:\n{said()}"
        assert time.monotonic() < deadline, f"waited in vain:\n{said()}"
        time.sleep(0.005)


def finish(folder: Path, *arguments: object) -> str:
    """Run snakemake to its end, which must be a good one; what it said."""
    run = start(folder, *arguments)
    assert run.wait() == 0, run.said
    return run.said


def scoring(folder: Path, output: Path = LAST) -> bool:
    """Whether the last shard is being scored: some windows are done, and others are not."""
    logs = (folder / RESULTS / "logs").glob(f"attribute*{SHARDS}-of-{SHARDS}.log")
    return bool(temporary(folder / output)) and any(" 1 of " in log.read_text() for log in logs)


def catch(run: Run, step: str, condition: Callable[[], object]) -> psutil.Process | None:
    """Stop a job when a condition holds, even if only for a moment: it runs 1 ms at a time.

    None if the moment was missed.
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
    """Also if nobody has asked for its exit code."""
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def temporary(output: Path) -> list[Path]:
    """Files begun under the name `output` and not finished."""
    return sorted(output.parent.glob(f".{output.name}.*.tmp{output.suffix}"))


def outputs(folder: Path) -> dict[str, str]:
    """The digest of every result, without logs and timings, hidden and unfinished files too."""
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
    """Results up to the scores are those of the undisturbed run, and nothing else is there."""
    names = ("model.json", "windows.h5", "dropped.tsv", SCORES.name)
    expected = outputs(undisturbed)
    assert outputs(folder) == {name: expected[name] for name in names}
