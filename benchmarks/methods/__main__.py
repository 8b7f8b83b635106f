"""All measurements of methods, as described in the package."""

import argparse
import statistics
from pathlib import Path

from benchmarks.methods.cost import measure, ratios, report
from benchmarks.methods.evaluated import REGIONS, evaluate, numbers
from benchmarks.methods.memory import growth
from benchmarks.methods.table import PAGE, STORED, with_table
from benchmarks.reproduction.simulated import ROOT, require_data
from benchmarks.stored import load, save, with_versions
from benchmarks.znf143 import MODEL
from deeplift_genomics.models.load import load_model
from deeplift_genomics.settings.methods import DEFAULT
from deeplift_genomics.windows.file import read_windows


def main() -> None:
    """Measure, store the numbers and write the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.methods", description=__doc__)
    parser.add_argument(
        "--folder",
        type=Path,
        default=ROOT / "results" / "methods",
        help="where the workflow writes its results; what is there is not computed again",
    )
    parser.add_argument(
        "--page-only", action="store_true", help="write the table from the numbers of the last run"
    )
    given = parser.parse_args()
    if not given.page_only:
        save(STORED, _measured(given.folder))
    results = load(STORED)
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), results), "utf-8")


def _measured(folder: Path) -> dict:
    """Return all numbers."""
    require_data()
    found = {name: evaluate(name, folder / name) for name in REGIONS}
    windows = read_windows(found["ZNF143"] / "windows.h5", slice(0, 9))
    model = load_model(MODEL)
    seconds = measure(model, windows, ["counts", "profile"])
    report(seconds)
    parts = {name: numbers(path / "evaluation.h5") for name, path in found.items()}
    parts["ratios"] = ratios(seconds)
    demo = str(found["demo"] / "windows.h5")
    parts["memory"] = growth(str(ROOT / "resources" / "demo" / "model.keras"), demo)
    return with_versions({"seconds": statistics.median(seconds[DEFAULT])} | parts)


if __name__ == "__main__":
    main()
