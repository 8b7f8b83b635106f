"""Work in several processes: its answers, and what is left when one of them is killed."""

import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest

from deeplift_genomics.errors import InputError, SystemFaultError
from deeplift_genomics.files.processes import in_processes
from tests.conftest import ROOT


def squared(number: int) -> tuple[int, int]:
    return number**2, os.getpid()


def killed_at_two(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refused(number: int) -> int:
    raise InputError(f"{number} is wrong.")


def test_answers_come_in_order_from_other_processes() -> None:
    here = list(in_processes(squared, [1, 2, 3], 1))
    assert here == [(1, os.getpid()), (4, os.getpid()), (9, os.getpid())]
    there = list(in_processes(squared, [1, 2, 3], 2))
    assert [square for square, _ in there] == [1, 4, 9]
    assert os.getpid() not in {process for _, process in there}


def test_what_goes_wrong_there_is_said_here() -> None:
    before = set(psutil.Process().children())  # such as the browser of other tests
    with pytest.raises(SystemFaultError, match=r"One of 2 .* was killed, .* --threads 1"):
        list(in_processes(killed_at_two, [1, 2, 3], 2))
    with pytest.raises(InputError, match="1 is wrong"):
        list(in_processes(refused, [1, 2], 2))
    # a process that multiprocessing keeps, to clear up after the others
    after = set(psutil.Process().children()) - before
    left = [" ".join(process.cmdline()) for process in after]
    assert [line for line in left if "resource_tracker" not in line] == []


SCRIPT = """
import time
from deeplift_genomics.files.processes import in_processes
for done in in_processes(time.sleep, [0.1, 0.1, 600, 600], 2):
    print("begun", flush=True)
"""


def test_processes_end_with_a_script_that_is_killed() -> None:
    """The script has no line about __main__, and comes from no file."""
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        others = psutil.Process(process.pid).children(recursive=True)
        assert len(others) >= 2
        process.kill()
        _, alive = psutil.wait_procs(others, timeout=20)
        assert alive == []


def test_an_interruption_is_quiet() -> None:
    script = (
        f"try:{textwrap.indent(SCRIPT.replace('600', '1'), '    ')}except KeyboardInterrupt: pass"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=ROOT, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "begun\n"
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C
        assert (process.wait(20), process.stderr.read()) == (0, "")
