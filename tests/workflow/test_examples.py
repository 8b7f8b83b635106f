"""The examples of the public names and the notebooks of the documentation, run on the demo."""

import doctest
import json
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib import pyplot
from nbclient import NotebookClient

import deeplift_genomics as dg
from deeplift_genomics.attribution.maps import make_maps
from deeplift_genomics.cohort.patterns import PatternPlot
from deeplift_genomics.scores.outputs import OutputMap, write_outputs
from deeplift_genomics.settings.config import parse_config
from tests.conftest import ROOT

PUBLIC = [name for name in dg.__all__ if name != "__version__"]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
LARGEST = 300_000  # bytes of a notebook


@pytest.fixture(scope="module")
def project(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the project's after `make demo`, with a map of one locus beside the results."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "resources").symlink_to(ROOT / "resources")
    shutil.copytree(demo.parent, folder / "results", symlinks=True)
    config = parse_config({"report": {"output_positions": 3}}, of_a_step=True)
    maps = make_maps(
        [dg.load_model(ROOT / "resources/demo/model.keras")],
        demo / "windows.h5",
        targets=["profile"],
        loci=["peak_0005"],
        config=config,
    )
    write_outputs(folder / "results/demo/outputs.h5", (OutputMap(**one) for one in maps), {})
    return folder


def run_examples(thing: object, name: str) -> int:
    """Run the examples in a docstring, and those of its members; return how many there are."""
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in doctest.DocTestFinder().find(thing, name, globs={name: thing}):
        runner.run(test)
    assert not runner.failures
    return runner.tries


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_an_example_that_is_right(
    name: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert run_examples(getattr(dg, name), name)
    pyplot.close("all")


def test_the_example_of_a_figure_of_patterns_is_right(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert run_examples(PatternPlot.__call__, "plot")
    pyplot.close("all")


def test_one_locus_has_the_scores_of_the_run(demo: Path) -> None:
    stored = dg.read_scores(demo / "counts.scores.h5", slice(3, 4))
    place = (stored.chrom[0], int(stored.summit[0]), int(stored.summit[0]) + 1)
    folder = ROOT / "resources" / "demo"
    found = dg.explain(folder / "model.keras", folder / "genome.fa.gz", place, "counts")
    assert found.start[0] == stored.start[0]
    np.testing.assert_array_equal(found.sequences, stored.sequences)
    np.testing.assert_allclose(found.hypothetical, stored.hypothetical, atol=1e-6)
    np.testing.assert_allclose(found.reference_target, stored.reference_target, rtol=1e-5)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, project: Path) -> None:
    folder = project / "docs" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    figures = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in figures)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_it_ran(path: Path) -> None:
    text = path.read_text("utf-8")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    # nothing went wrong, nothing was logged, and no path of a machine is in it
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert len(text.encode()) < LARGEST and "/home/" not in text and "/tmp/" not in text
    assert json.loads(text)["metadata"]["kernelspec"]["name"] == "python3"


def test_there_are_two_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["explain_one_locus", "read_the_results"]
