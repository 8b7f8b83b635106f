"""The whole comparison, as described in the package."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.attribution.environments import python_of
from benchmarks.attribution.material import ZNF143, make_real, write
from benchmarks.attribution.team import ROOT, environment
from benchmarks.peers_of_methods.cases import CASES, SEGMENTED
from benchmarks.peers_of_methods.page import NAMES, PAGE, RESULTS, Row, Versions, read, table
from benchmarks.peers_of_methods.sides import Request
from benchmarks.stored import save

REQUIREMENTS = Path(__file__).parent / "requirements"
ENVIRONMENT = {"xplique": "xplique", "captum": "zennit", "zennit": "zennit"}
# label of a network -> windows, and the most samples of stochastic methods
EFFORT = {"demo": (2, SEGMENTED[-1]), "ZNF143 model": (2, 0)}


def main() -> None:
    """Score, compare, store the numbers, and write the table into docs/methods.md."""
    parser = argparse.ArgumentParser(prog="benchmarks.peers_of_methods", description=__doc__)
    parser.add_argument("--table", action="store_true", help="only print what is stored")
    parser.add_argument("--folder", help="an interrupted run with this folder goes on from there")
    parser.add_argument("--only", nargs="+", default=list(CASES), help="cases; nothing is stored")
    given = parser.parse_args()
    if given.only != list(CASES):
        print(table(compare(given.only, given.folder)[0]))
        return
    if not given.table:
        before = table(read()[1])
        rows, versions = compare(given.only, given.folder)
        content = {"versions": versions, "rows": [row._asdict() for row in rows]}
        save(RESULTS, content)
        PAGE.write_text(PAGE.read_text("utf-8").replace(before, table(rows)), "utf-8")
    versions, rows = read()
    print(table(rows))
    for row in rows:
        print(f"{row.label} ({row.peer}): {row.found}")
    print(versions)


def compare(labels: list[str], kept: str | None) -> tuple[list[Row], Versions]:
    """Return the rows of the table, and the versions of packages; work in `kept`, if given."""
    found: dict[tuple[str, str], dict[str, float | dict[str, float]]] = {}
    versions: Versions = {}
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        for network, folder in folders(Path(kept or name)).items():
            Request(*EFFORT[network], labels).write(folder)
            for program in ("ours", *NAMES):
                versions[program] = run(program, folder)
            for peer in NAMES:
                for label, value in differences(peer, folder).items():
                    found.setdefault((label, peer), {})[network] = value
    order = sorted(found, key=lambda key: list(CASES).index(key[0]))
    return [Row(*key, found[key]) for key in order], versions


def folders(place: Path) -> dict[str, Path]:
    """Write the networks with their windows, unless they are there; return label -> folder."""
    if (place / "folders.json").exists():
        stored = json.loads((place / "folders.json").read_text())
        return {label: Path(folder) for label, folder in stored.items()}
    place.mkdir(exist_ok=True)
    demo = ROOT / "resources" / "demo"
    regions, genome = demo / "regions.narrowPeak", demo / "genome.fa.gz"
    made = [
        write("demo", place / "demo", demo / "model.keras", regions, genome=genome, length=500),
        *make_real(place, [ZNF143]),
    ]
    found = {label: str(item.folder) for label, item in zip(EFFORT, made, strict=False)}
    (place / "folders.json").write_text(json.dumps(found))
    return {label: Path(folder) for label, folder in found.items()}


def run(program: str, folder: Path) -> dict[str, str]:
    """Run a side on a folder, and return the versions of its packages."""
    python, name = sys.executable, program
    if program != "ours":
        peer = ENVIRONMENT[program]
        python = str(python_of(peer, REQUIREMENTS, complete=peer == "xplique"))
        name = f"{program}_side"
    module = f"benchmarks.peers_of_methods.{name}"
    command = [python, "-W", "ignore", "-m", module, str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment(1))
    return json.loads((folder / f"{program}.json").read_text())


def differences(peer: str, folder: Path) -> dict[str, float | dict[str, float]]:
    """Return case -> largest difference as a share, or number of samples -> correlation."""
    ours, theirs = np.load(folder / "ours.npz"), np.load(folder / f"{peer}.npz")
    found: dict[str, float | dict[str, float]] = {}
    for name in sorted(theirs.files, key=_by_level):
        label, _, level = name.rpartition("/")
        a, b = ours[name], theirs[name]
        if (peer, label) == ("xplique", "gradient"):
            a = np.abs(a)  # as Xplique's are
        if a.shape != b.shape:
            raise ValueError(f"{name}: ours are {a.shape}, those of {peer} {b.shape}")
        if level:
            found.setdefault(label, {})[level] = correlation(a, b)  # type: ignore[index, union-attr]
        else:
            found[label] = float(np.abs(a - b).max() / np.abs(a).max())
    return found


def _by_level(name: str) -> tuple[str, int]:
    label, _, level = name.rpartition("/")
    return label, int(level or 0)


def correlation(a: NDArray, b: NDArray) -> float:
    """Return the mean over windows of the correlation of scores."""
    pairs = zip(a, b, strict=True)
    return float(np.mean([np.corrcoef(x.ravel(), y.ravel())[0, 1] for x, y in pairs]))


if __name__ == "__main__":
    main()
