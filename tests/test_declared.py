"""pyproject.toml declares what the package imports, in versions that the pins have."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.test_architecture import MODULES
from tests.workflow.test_workflow import PINS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
# of the extras `cpu` and `gpu`, which bring google.protobuf along
OF_TENSORFLOW = {"tensorflow", "keras", "tf_keras", "google"}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def imported() -> set[str]:
    """Return the top-level modules of other packages that the package imports anywhere."""
    found = set()
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"deeplift_genomics"}


def test_dependencies_are_what_is_imported() -> None:
    distributions = packages_distributions()
    needed = {canonicalize_name(distributions[module][0]) for module in imported() - OF_TENSORFLOW}
    assert names(PROJECT["dependencies"]) == needed


def test_the_extras_bring_tensorflow_and_snakemake() -> None:
    assert imported() >= OF_TENSORFLOW
    assert {name: names(texts) for name, texts in EXTRAS.items()} == {
        "cpu": {"tensorflow-cpu", "keras"},  # tf-keras asks for tensorflow
        "gpu": {"tensorflow", "keras", "tf-keras"},
        "workflow": {"snakemake", "snakemake-executor-plugin-slurm"},
    }


def test_the_pins_are_versions_that_are_declared() -> None:
    texts = [*PROJECT["dependencies"], *EXTRAS["cpu"], *EXTRAS["workflow"], *EXTRAS["gpu"][-1:]]
    assert len(texts) > 20
    for text in texts:
        requirement = Requirement(text)
        pinned = PINS[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pinned), (text, pinned)


def test_the_versions_of_python_are_said_alike() -> None:
    """By pip, by make where it fails, and by the README."""
    classified = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert len(classified) > 1
    supported = SpecifierSet(PROJECT["requires-python"])
    assert all(supported.contains(version) for version in classified)
    assert not supported.contains("3.10")
    said = f"Python {classified[0]} to {classified[-1]}"
    for name in ("Makefile", "README.md"):
        assert said in (ROOT / name).read_text(), name
