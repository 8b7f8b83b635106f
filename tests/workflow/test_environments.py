"""The conda environments: each holds all packages that the steps of its rules import."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

# environment -> modules that its rules run
STEPS = {
    "regions": ["windows.from_regions", "windows.from_genome", "scores.merge", "scores.tracks"],
    "attribution": ["attribution.description", "steps.scoring", "engine.batch", "scores.file"],
    "motifs": ["motifs.discovery", "motifs.instances"],
    "report": ["motifs.logos", "report.page", "record.provenance"],
}
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
# modules that a step imports only when it runs
LATE = {
    "regions": ["tqdm"],
    "attribution": ["deeplift_genomics.dna.references", "deeplift_genomics.windows.file", "tqdm"],
    "motifs": ["modiscolite.tfmodisco", "modiscolite.precompile"],
    "report": ["logomaker", "matplotlib.backends.backend_svg", "matplotlib.style"],
}


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


@pytest.mark.parametrize("name", STEPS)
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
    code = RUN.format(forbidden=forbidden, modules=STEPS[name], extra=LATE[name])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
