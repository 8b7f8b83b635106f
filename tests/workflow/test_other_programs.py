"""Programs that read our files: Fi-NeMo and modisco-lite, run as the documents say."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.scores.file import read_scores
from tests.conftest import ROOT
from tests.workflow.conftest import DEMO_ROW, Snakemake, write_project

FINEMO = Path(os.environ.get("DEEPLIFT_GENOMICS_FINEMO", ROOT / ".venv" / "finemo")) / "bin"
FEW_STEPS = "-S 30"  # of Fi-NeMo's optimiser: enough to see places, and quick


def documented(folder: Path) -> list[str]:
    """Return the commands of docs/formats.md that run other programs, for the demo's counts."""
    text = (ROOT / "docs" / "formats.md").read_text()
    section = text.split("## `windows.narrowPeak`")[1].split("\n## ")[0]
    block = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)[0]
    return block.replace("TARGET", "counts").replace("\\\n", " ").strip().splitlines()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file, delimiter="\t"))


def run(command: str, folder: Path) -> None:
    programs = [str(Path(sys.executable).parent), str(FINEMO), os.environ["PATH"]]
    environment = os.environ | {"PATH": os.pathsep.join(programs), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stderr[-2000:]}"


def test_rows_are_those_of_the_scores(demo: Path) -> None:
    rows = [line.split("\t") for line in (demo / "windows.narrowPeak").read_text().splitlines()]
    scores = read_scores(demo / "counts.scores.h5")
    assert {len(row) for row in rows} == {10}
    assert [row[0] for row in rows] == scores.chrom.tolist()
    assert [int(row[1]) for row in rows] == scores.start.tolist()
    assert [int(row[2]) for row in rows] == scores.end.tolist()
    assert [row[3] for row in rows] == scores.name.tolist()
    assert [int(row[1]) + int(row[9]) for row in rows] == scores.summit.tolist()
    assert len(rows) < len((ROOT / "resources/demo/regions.narrowPeak").read_text().splitlines())


def test_it_can_be_the_regions_of_a_run(demo: Path, snakemake: Snakemake, tmp_path: Path) -> None:
    """The windows of the rows are the rows."""
    row = DEMO_ROW.replace("resources/demo/regions.narrowPeak", "windows.narrowPeak")
    folder = write_project(tmp_path / "run", [row])
    (folder / "windows.narrowPeak").write_bytes((demo / "windows.narrowPeak").read_bytes())
    target = "results/demo/windows.narrowPeak"
    done = snakemake(folder, "--cores", 2, target)
    assert done.returncode == 0, done.stdout
    assert (folder / target).read_bytes() == (demo / "windows.narrowPeak").read_bytes()


def test_modisco_places_seqlets_where_we_do(demo: Path, tmp_path: Path) -> None:
    command = next(line for line in documented(demo) if line.startswith("modisco seqlet-bed"))
    run(command.replace("seqlets.bed", str(tmp_path / "seqlets.bed")), demo)
    theirs = {
        (chrom, int(start) - 1, int(end), strand)  # modisco-lite begins one base late
        for chrom, start, end, *_, strand in (
            line.split("\t")
            for line in (tmp_path / "seqlets.bed").read_text().splitlines()
            if "\t" in line  # the others are headings and blank
        )
    }
    ours = rows_of(demo / "counts.seqlets.bed")
    assert theirs == {(r["#chrom"], int(r["start"]), int(r["end"]), r["strand"]) for r in ours}


@pytest.mark.slow
def test_finemo_reads_all_files(demo: Path, tmp_path: Path) -> None:
    if not (FINEMO / "finemo").is_file():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "Fi-NeMo is not installed: make finemo"
        )
    for name in ("windows.narrowPeak", "counts.scores.h5", "counts.modisco.h5"):
        (tmp_path / name).symlink_to(demo / name)
    commands = documented(demo)
    assert [line.split()[1] for line in commands if line.startswith("finemo")] == [
        "extract-regions-bpnet-h5",
        "call-hits",
        "report",
        "extract-regions-modisco-fmt",
    ]
    for command in commands:
        run(command + (f" {FEW_STEPS}" if "call-hits" in command else ""), tmp_path)
    both = [np.load(tmp_path / name) for name in ("regions.npz", "regions_modisco.npz")]
    for key in both[0].files:
        np.testing.assert_array_equal(both[0][key], both[1][key], err_msg=key)
    scores = read_scores(demo / "counts.scores.h5")
    hits = rows_of(tmp_path / "hits" / "hits.tsv")
    for hit in hits:
        row = int(hit["peak_id"])
        assert hit["chr"] == scores.chrom[row] and hit["peak_name"] == scores.name[row]
        assert scores.start[row] <= int(hit["start"]) < int(hit["end"]) <= scores.end[row]
    assert len(hits) > 300
    # hits are where TF-MoDISco's seqlets are, so the coordinates are the same
    found = rows_of(tmp_path / "report" / "motif_report.tsv")
    assert np.mean([float(row["seqlet_recall"]) for row in found]) > 0.7
