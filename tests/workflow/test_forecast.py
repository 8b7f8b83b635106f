"""The forecast of a run, compared with the cost of the run."""

import csv
from pathlib import Path

import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.dna.region_lines import count_regions
from deeplift_genomics.planning.forecast import forecast
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.settings.config import load_config
from deeplift_genomics.settings.sample_sheet import load_samples
from tests.conftest import ROOT


def measured(demo: Path, step: str) -> list[dict[str, float]]:
    """Return Snakemake's measurements of each job of a step."""
    found = []
    for path in sorted((demo / "benchmarks").glob(f"{step}.*tsv")):
        (row,) = csv.DictReader(path.open(), delimiter="\t")
        found.append({key: float(row[key]) for key in ("max_rss", "cpu_time")})
    return found


def test_a_forecast_is_right_within_a_factor_of_two(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo.parents[1])
    config = load_config(Path("config/config.yaml"))
    steps = {step.name: step for step in forecast(config, load_samples("config/samples.tsv"))}
    jobs = measured(demo, "attribute")
    said = steps["attribute"]
    assert said.jobs == len(jobs) > 1

    def within_two(what: float, really: float) -> bool:
        return really / 2 < what < really * 2

    assert within_two(said.seconds, sum(job["cpu_time"] for job in jobs))
    assert within_two(said.memory, max(job["max_rss"] for job in jobs) * 2**20)
    effects = measured(demo, "effects")
    assert within_two(steps["effects"].seconds, sum(job["cpu_time"] for job in effects))
    assert within_two(steps["effects"].memory, max(job["max_rss"] for job in effects) * 2**20)
    motifs = measured(demo, "motifs")
    assert within_two(steps["motifs"].memory, max(job["max_rss"] for job in motifs) * 2**20)
    scores = sum(path.stat().st_size for path in demo.glob("*.scores.h5"))
    assert within_two(steps["merge"].disk, scores)
    assert within_two(steps["attribute"].temporary, scores)
    assert within_two(steps["regions"].disk, (demo / "windows.h5").stat().st_size)
    assert len(read_scores(demo / "counts.scores.h5")) <= count_regions(
        ROOT / "resources/demo/regions.narrowPeak"
    )


def test_the_command(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(demo.parents[1])
    main(["plan", "config/config.yaml", "--cores", "8"])
    shown = capsys.readouterr().out
    assert shown.splitlines()[0].split()[:3] == ["sample", "step", "jobs"]
    assert "on 8 cores" in shown and "attribute" in shown
