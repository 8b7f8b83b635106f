"""A long step shows on the screen that it lives, while its messages go to a file."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# a step of two seconds
STEP = """
import logging, sys, time
from deeplift_genomics.steps import life
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
life.FIRST, life.AGAIN = 0.3, 0.5
with life.signs_of_life(sys.argv[1], "results/d/counts.scores.h5"):
    for tenth in range(1, 5):
        logging.info("shard 1-of-1: %d0%%", tenth)
        time.sleep(0.5)
"""


def said(tmp_path: Path, step: str, *, to_file: bool = True, **more: str) -> str:
    with (tmp_path / "log").open("w") as file:
        done = subprocess.run(
            [sys.executable, "-c", STEP, step],
            stdout=subprocess.PIPE,
            stderr=file if to_file else subprocess.STDOUT,
            text=True,
            check=True,
            env={"PYTHONPATH": str(ROOT), **more},
        )
    return done.stdout


def test_the_last_message_reaches_the_screen(tmp_path: Path) -> None:
    lines = said(tmp_path, "attribute").splitlines()
    assert 2 <= len(lines) <= 4
    assert "attribute results/d/counts.scores.h5: shard 1-of-1: 10% (0 s so far)" in lines[0]
    assert "40%" in lines[-1]
    assert (tmp_path / "log").read_text().count("INFO") == 4


@pytest.mark.parametrize(
    ("step", "to_file", "more"),
    [
        ("check", True, {}),  # its standard output is its answer
        ("attribute", False, {}),  # the messages are there already
        ("attribute", True, {"DEEPLIFT_GENOMICS_QUIET": "1"}),  # snakemake --quiet
    ],
)
def test_nothing_is_said_twice(tmp_path: Path, step: str, to_file: bool, more: dict) -> None:
    assert "so far" not in said(tmp_path, step, to_file=to_file, **more)
