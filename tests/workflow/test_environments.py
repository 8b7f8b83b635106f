"""The conda environments: each holds all packages that the steps of its rules import."""

import ast
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.steps.test_steps import rules

ENVIRONMENTS = sorted(path.stem for path in (ROOT / "envs").glob("*.yaml"))
RUN = """
import importlib.abc, sys
forbidden = set({forbidden!r})
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in forbidden:
            raise ModuleNotFoundError(name + " is not in the environment")
sys.meta_path.insert(0, Refuse())
import deeplift_genomics.cli
for module in {modules!r}:
    importlib.import_module("deeplift_genomics." + module)
for extra in {extra!r}:
    importlib.import_module(extra)
"""
# what the modules of the steps import only when they run
LATE = {
    "regions": ["hdf5plugin", "pybigtools", "tqdm", "scipy.stats", "scipy.spatial.distance"],
    "attribution": [
        *("deeplift_genomics.engine.batch", "tqdm", "xlsxwriter"),
        "Bio.Restriction.Restriction_Dictionary",
        "sklearn.linear_model",
    ],
    "alleles": [
        *("deeplift_genomics.engine.batch", "deeplift_genomics.alleles.run", "pyBigWig", "tqdm"),
        "sklearn.linear_model",
    ],
    "instances": ["pysam", "pybigtools", "tqdm"],
    "motifs": [
        *("modiscolite.tfmodisco", "modiscolite.precompile", "memelite", "pyjaspar"),
        *("scipy.stats", "tqdm"),
    ],
    "browsers": ["tqdm"],
    "report": ["matplotlib.backends.backend_svg", "matplotlib.backends.backend_pdf", "xlsxwriter"],
}


def imported(module: str) -> list[str]:
    """Return the package's modules that a step imports anywhere, also inside its functions."""
    path = ROOT / "deeplift_genomics" / f"{module.replace('.', '/')}.py"
    names = [
        node.module.removeprefix("deeplift_genomics.")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("deeplift_genomics.")
    ]
    inner = [name for name in names if name.startswith("steps.")]
    return [*names, *(found for name in inner for found in imported(name))]


def steps_of(environment: str) -> list[str]:
    """Return the steps whose rules have this environment."""
    line = f'"../../envs/{environment}.yaml"'
    return [name for name, text in rules().items() if line in text]


def test_the_pins_fit_each_other() -> None:
    """tensorflow-cpu is what tf-keras asks for by another name."""
    command = [sys.executable, "-m", "pip", "check"]
    done = subprocess.run(command, capture_output=True, text=True)
    found = [line for line in done.stdout.splitlines() if "tf-keras" not in line]
    assert found in ([], ["No broken requirements found."]), done.stdout


def test_every_rule_has_an_environment() -> None:
    assert sorted(name for item in ENVIRONMENTS for name in steps_of(item)) == sorted(rules())


def closure(names: list[str]) -> set[str]:
    """Return the packages and their installed requirements."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        try:
            needed = [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:
            continue
        found.add(name)
        waiting += [item.name for item in needed if item.marker is None or item.marker.evaluate()]
    return found


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_suffices_for_its_rules(name: str) -> None:
    *_, packages = yaml.safe_load((ROOT / "envs" / f"{name}.yaml").read_text())["dependencies"]
    inside = closure([re.split("==", package)[0] for package in packages["pip"]])
    forbidden = [
        module
        for module, distributions in packages_distributions().items()
        if not {canonicalize_name(item) for item in distributions}
        & (inside | {"deeplift-genomics"})
        and not module.startswith("_")
    ]
    assert "snakemake" in forbidden
    modules = sorted({found for step in steps_of(name) for found in imported(f"steps.{step}")})
    assert len(modules) > 3
    code = RUN.format(forbidden=forbidden, modules=modules, extra=LATE[name])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
