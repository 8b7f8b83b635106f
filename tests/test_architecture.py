"""Imports point one way, TensorFlow stays in its rooms, and everything imports."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "deeplift_genomics"
# a module may import those before it; see docs/architecture.md
ORDER = [
    "errors", "lean_start", "files", "model_options", "sealed", "first_look", "hdf5_probe", "hdf5",
    "sequence", "target_names", "references", "tiling", "gzipped", "bed", "genome", "windows",
    "bigwig", "controls", "regions", "tiles",
    "engine", "engine.hardware", "engine.convolutions", "engine.fusion",
    "engine.graph_definitions",
    "engine.choices", "engine.rewrites", "engine.speedups", "engine.graph",
    "engine.slopes", "engine.transposes", "engine.rules", "engine.reveal_cancel",
    "engine.propagate", "engine.chunks", "engine.batch", "engine.scalars",
    "models.device", "models.model", "models.inputs", "models.heads", "models.options",
    "models.functions",
    "models.lambda_layers", "models.keras1", "models.keras2", "models.weights",
    "models.keras_files", "models.saved_model", "models.freezing", "models", "lambdas",
    "targets", "attribution",
    "folds", "store", "merge", "tracks", "model_info", "patterns", "motif_memory", "motifs",
    "instances", "logos", "report_words", "report_numbers", "report",
    "config_base", "yaml_files", "sample_sheet", "config", "portable", "stored_settings",
    "run_times", "provenance", "verify", "calibration", "forecast", "pipeline", "subcommands",
    "arguments", "cli", "__main__",
]  # fmt: skip
NEEDS_TENSORFLOW = {"models", "lambdas", "targets", "attribution", "pipeline"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def imported(path: Path, top_level_only: bool = False) -> set[str]:
    """Full names of the modules a file imports, inside functions too."""
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_every_module_has_its_place() -> None:
    assert set(MODULES) - {"__init__"} == set(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_imports_point_one_way(name: str) -> None:
    later = ORDER[ORDER.index(name) :]
    forbidden = {f"deeplift_genomics.{other}" for other in later}
    assert not imported(MODULES[name]) & forbidden


@pytest.mark.parametrize("name", ORDER)
def test_tensorflow_stays_in_its_rooms(name: str) -> None:
    names = imported(MODULES[name])
    if not name.startswith("engine"):
        assert not {n for n in names if n.split(".")[0] in ("tensorflow", "keras")}
    if not name.startswith("engine") and name.split(".")[0] not in NEEDS_TENSORFLOW:
        engine = {"deeplift_genomics.engine", "deeplift_genomics.models"}
        assert not {n for n in names if n in engine or n.startswith("deeplift_genomics.engine.")}


def test_tensorflow_is_not_loaded_by_what_does_not_need_it() -> None:
    light = [name for name in ORDER if not name.startswith("engine") and name != "targets"]
    lines = [f"import deeplift_genomics.{name}" for name in light if name != "__main__"]
    code = "\n".join([*lines, "import sys", "assert 'tensorflow' not in sys.modules"])
    subprocess.run([sys.executable, "-c", code], check=True)


def test_public_names_are_those_promised() -> None:
    package = import_module("deeplift_genomics")
    for name in ("attribute", "dinucleotide_shuffle", "load_model", "read_scores"):
        assert callable(getattr(package, name))
        assert name in package.__all__
    with pytest.raises(AttributeError, match="no attribute 'shap'"):
        _ = package.shap


def test_modules_and_functions_stay_small() -> None:
    """Seldom over 300 lines and 40: a bound on the exceptions."""
    for path in MODULES.values():
        assert len(path.read_text().splitlines()) <= 350, path
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                body = node.end_lineno - node.body[0].lineno
                docstring = ast.get_docstring(node, clean=False)
                body -= docstring.count("\n") + 1 if docstring else 0
                assert body <= 60, (path, node.name, body)


def test_the_engine_starts_without_packages_that_scoring_does_not_need() -> None:
    code = """if True:
        import sys
        from deeplift_genomics.lean_start import OPTIONAL, start_engine
        start_engine()
        assert "tensorflow" in sys.modules
        assert not set(OPTIONAL) & set(sys.modules), set(OPTIONAL) & set(sys.modules)
        import matplotlib, pandas, scipy
    """
    subprocess.run([sys.executable, "-c", code], check=True)
