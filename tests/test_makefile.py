"""`make` says which versions of Python work where it cannot go on."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize("python", ["python9.9", "old"])
def test_a_python_that_does_not_work_is_answered_with_those_that_do(
    tmp_path: Path, python: str
) -> None:
    for name in ("Makefile", "pyproject.toml", "setup.py", "envs/requirements.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    old = tmp_path / "old"  # as Python 3.10 answers
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    program = python if python != "old" else old
    done = subprocess.run(
        ["make", "demo", f"PYTHON={program}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode != 0
    said = f"{program} is not there, or is not Python 3.11 to 3.13. Name one that is: make demo "
    assert said in done.stdout, done.stdout
    assert not (tmp_path / ".venv").exists()
    recipe = ["make", "--dry-run", "demo", f"PYTHON={sys.executable}"]
    shown = subprocess.run(recipe, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    check = shown.partition(" -c '")[2].partition("'")[0]  # it lets the Python of the tests pass
    subprocess.run([sys.executable, "-c", check], check=True)
