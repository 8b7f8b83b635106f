"""The runner that fuzzes a reader, in child processes with limits of time and memory.

``python -m tests.fuzz.runner MODULE:FUNCTION NUMBER`` prints the outcome as JSON. The function
returns a `Target`. The runner is a separate process without threads, so that it can be forked
safely. If a child dies, its case counts as a failure, and the next child continues.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path

from deeplift_genomics.errors import DeepLiftGenomicsError

SECONDS = 10
BYTES = 1 << 30  # beyond the process's memory before it reads
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Target:
    """A reader to fuzz: `make` writes random case files into a folder, and `read` reads them."""

    make: Callable[[random.Random, Path], None]
    read: Callable[[Path], object]
    seconds: int = SECONDS


@dataclass
class Outcome:
    """The outcome of all cases; `failures` has a line for each without a result or own error."""

    results: int = 0
    refusals: int = 0
    messages: list[str] = field(default_factory=list)  # some of them
    failures: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return self.results + self.refusals + len(self.failures)


def fuzz(function: str, number: int) -> Outcome:
    """Run cases 0 to `number` - 1 of ``module:function`` in a separate process."""
    command = [sys.executable, "-m", "tests.fuzz.runner", function, str(number)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def run(target: Target, number: int) -> Outcome:
    """Run the cases of a target in this process and children that it forks."""
    outcome, case = Outcome(), 0
    while case < number:
        for kind, text in _child(target, case, number):
            if kind == "result":
                outcome.results += 1
            elif kind == "refusal":
                outcome.refusals += 1
                if len(outcome.messages) < 20:
                    outcome.messages.append(text)
            else:
                outcome.failures.append(f"case {case}: {text}")
            case += 1
    return outcome


def _child(target: Target, first: int, number: int) -> Iterator[tuple[str, str]]:
    """Yield the outcome of each case from `first` on, up to one that crashes the child."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        os.close(read_end)
        _cases(target, first, number, write_end)
    os.close(write_end)
    told = 0
    with os.fdopen(read_end, encoding="utf-8", errors="replace") as pipe:
        for line in pipe:
            yield tuple(json.loads(line))
            told += 1
    _, status = os.waitpid(child, 0)
    if status:
        yield "failure", f"the process ended with signal {os.WTERMSIG(status)}"
    elif first + told != number:
        yield "failure", "the process ended"


def _cases(target: Target, first: int, number: int, pipe: int) -> None:
    """Run the cases in the child; never return."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # messages of a crashing library
    limit = _address_space() + BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        for case in range(first, number):
            of_case = Path(folder, "case")
            of_case.mkdir()
            target.make(random.Random(case), of_case)
            signal.alarm(target.seconds)  # the signal ends the process, even in C code
            kind, text = _outcome_of(target, of_case)
            signal.alarm(0)
            os.write(pipe, (json.dumps([kind, text]) + "\n").encode())
            shutil.rmtree(of_case)
    os._exit(0)


def _outcome_of(target: Target, folder: Path) -> tuple[str, str]:
    try:
        target.read(folder)
    except DeepLiftGenomicsError as error:
        return "refusal", str(error)[:300]
    except BaseException as error:
        return "failure", f"{type(error).__name__}: {error}"[:300]
    return "result", ""


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    module, _, name = sys.argv[1].partition(":")
    made = getattr(import_module(module), name)()
    print(json.dumps(asdict(run(made, int(sys.argv[2])))))
