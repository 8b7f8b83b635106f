"""Contestants as processes: one with all threads, or several with one thread each."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.attribution.environments import PEERS, python_of

ROOT = Path(__file__).resolve().parents[2]


def environment(threads: int) -> dict[str, str]:
    """Return variables that bind the threads of all libraries and make the benchmark importable."""
    bound = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "MKL", "OPENBLAS", "NUMBA")}
    return {**os.environ, **bound, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def cores() -> list[int]:
    """Return the cores that this process may use."""
    return sorted(os.sched_getaffinity(0))


def own_cores(number: int, threads: int) -> list[int]:
    """Return the cores of the `number`-th of several processes, as many as it has threads."""
    return cores()[number * threads : (number + 1) * threads]


def pinned(number: int, threads: int) -> Callable[[], None]:
    """Return what binds a new process to its own cores."""
    own = own_cores(number, threads)
    return lambda: os.sched_setaffinity(0, own)


class Team:
    """The processes of one contestant, which share the windows of a run.

    Each process is bound to cores of its own, as many as it has threads.
    """

    def __init__(self, kind: str, folder: Path, processes: int = 1, threads: int = 1) -> None:
        self.kind, self.folder, self.peak = kind, folder, 0
        self.rate = self.cpu = 0.0  # all of the last run; rate in multiply-adds per second
        python = python_of(kind) if kind in PEERS else Path(sys.executable)
        command = [str(python), "-m", "benchmarks.attribution.worker", kind, str(folder)]
        self.log = (folder / f"{kind}.log").open("w+")
        self.workers = [
            subprocess.Popen(
                [*command, str(threads)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.log,
                text=True,
                env=environment(threads),
                cwd=ROOT,
                preexec_fn=pinned(number, threads),
            )
            for number in range(processes)
        ]
        self.versions = self._replies()[0]["versions"]

    def _replies(self) -> list[dict[str, Any]]:
        lines = [worker.stdout.readline() for worker in self.workers]  # type: ignore[union-attr]
        if not all(lines):
            self.log.seek(0)
            raise RuntimeError(f"{self.kind} ended:\n{self.log.read()[-2000:]}")
        return [json.loads(line) for line in lines]

    def _ask(self, **question: Any) -> list[dict[str, Any]]:
        for worker in self.workers:
            assert worker.stdin is not None
            worker.stdin.write(json.dumps(question) + "\n")
            worker.stdin.flush()
        return self._replies()

    def run(self, windows: int) -> float:
        """Explain `windows`, shared among the processes, and return the wall seconds per window."""
        each, rest = divmod(windows, len(self.workers))
        assert not rest
        start = time.perf_counter()
        replies = self._ask(do="run", windows=each)
        seconds = time.perf_counter() - start
        self.peak = max(self.peak, *(reply["peak"] for reply in replies))
        self.rate = sum(reply["rate"] or 0 for reply in replies)
        self.cpu = sum(reply["cpu"] for reply in replies) / windows
        return seconds / windows

    def set(self, **values: Any) -> None:
        """Set attributes of the contestant."""
        self._ask(do="set", values=values)

    def scores(self, windows: int, file: Path) -> None:
        """Write the scores of the first windows (.npz)."""
        self._ask(do="scores", windows=windows, file=str(file))

    def close(self) -> None:
        """End the processes."""
        for worker in self.workers:
            assert worker.stdin is not None
            worker.stdin.close()
            worker.wait()
        self.log.close()

    def __enter__(self) -> "Team":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
