"""`make audit` and `make sbom` say what was looked at, and what was not."""

import copy
import os
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

OF_TF_KERAS = "tf-keras 2.21.0 requires tensorflow, which is not installed."
# as pip-audit answers where the database does not know a package, or is not reached
AUDIT = """case "$*" in
  *--strict*) echo "ERROR: absl-py could not be audited"; exit 1;;
  *) echo "No known vulnerabilities found";;
esac"""


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("check", "audit", "said", "passes"),
    [
        (OF_TF_KERAS, AUDIT, "or could not be audited", False),
        (OF_TF_KERAS, "echo nothing known", "asks for tensorflow: tensorflow-cpu is that", True),
        ("No broken requirements found.", "echo nothing known", "nothing known", True),
        (f"{OF_TF_KERAS}\\nnumba 1 requires llvmlite.", "true", "numba 1 requires", False),
    ],
)
def test_an_audit_that_looked_at_nothing_does_not_pass(
    tmp_path: Path, check: str, audit: str, said: str, passes: bool
) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    write_program(tmp_path / ".venv/bin/pip", f"printf '{check}\\n'; exit 1")
    write_program(tmp_path / ".venv/supply/bin/pip-audit", audit)
    done = subprocess.run(
        ["make", "--old-file", ".venv/supply/installed", "audit"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"MAKEFLAGS": ""},
    )
    assert (done.returncode == 0) == passes and said in done.stdout, done


def bill(name: str, ref: str, **more: Any) -> dict[str, Any]:
    part = {"name": name, "version": "1.0", "bom-ref": ref}
    link = {"ref": "root-component", "dependsOn": ["tool==1.0", ref]}
    return {
        "metadata": {"component": {"name": "product", "bom-ref": "root-component"}},
        "components": [{"name": "tool", "version": "1.0", "bom-ref": "tool==1.0"}, part | more],
        "dependencies": [link, {"ref": ref}, {"ref": "tool==1.0", "dependsOn": [ref]}],
    }


def test_a_bill_has_licences_dependencies_and_the_digests_of_the_pins() -> None:
    joined = runpy.run_path(str(ROOT / "envs" / "bill.py"))["joined"]
    digests = [{"type": "distribution", "hashes": [{"alg": "SHA-256", "content": "0"}]}]
    installed = bill("Some_package", "Some_package==1.0", licenses=["MIT"])
    pins = bill("some-package", "line 1", externalReferences=digests)
    pins["components"] = pins["components"][1:]  # the tool is installed, not pinned
    found = joined("2.0", copy.deepcopy(installed), pins)
    (part,) = found["components"]
    assert part == installed["components"][1] | {"externalReferences": digests}
    assert found["metadata"]["component"]["version"] == "2.0"
    assert found["dependencies"] == [
        {"ref": "root-component", "dependsOn": ["Some_package==1.0"]},
        {"ref": "Some_package==1.0", "dependsOn": []},
    ]
    pins["components"][0]["version"] = "1.1"
    with pytest.raises(SystemExit, match=r"pinned as 1\.1, and \.venv has 1\.0"):
        joined("2.0", installed, pins)
