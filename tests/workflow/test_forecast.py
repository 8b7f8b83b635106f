"""What was said before a run, beside what the run took."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.dna.region_lines import count_regions
from deeplift_genomics.planning.calibration import Calibration
from deeplift_genomics.planning.forecast import as_table, forecast, steps_of
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.sample_sheet import load_samples
from tests.conftest import ROOT


def measured(demo: Path, step: str) -> list[dict[str, float]]:
    """What Snakemake measured of each job of a step."""
    found = []
    for path in sorted((demo / "benchmarks").glob(f"{step}.*tsv")):
        (row,) = csv.DictReader(path.open(), delimiter="\t")
        found.append({key: float(row[key]) for key in ("max_rss", "cpu_time")})
    return found


def test_a_forecast_is_right_within_a_factor_of_two(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo.parents[1])
    config = parse_config({"regions": {"per_shard": 150}})
    steps = {step.name: step for step in forecast(config, load_samples("config/samples.tsv"))}
    jobs = measured(demo, "attribute")
    said = steps["attribute"]
    assert said.jobs == len(jobs) > 1

    def within_two(what: float, really: float) -> bool:
        return really / 2 < what < really * 2

    assert within_two(said.seconds, sum(job["cpu_time"] for job in jobs))
    assert within_two(said.memory, max(job["max_rss"] for job in jobs) * 2**20)
    motifs = measured(demo, "motifs")
    assert within_two(steps["motifs"].memory, max(job["max_rss"] for job in motifs) * 2**20)
    scores = sum(path.stat().st_size for path in demo.glob("*.scores.h5"))
    assert within_two(steps["merge"].disk, scores)
    assert within_two(steps["attribute"].temporary, scores)
    assert within_two(steps["regions"].disk, (demo / "windows.h5").stat().st_size)
    assert len(read_scores(demo / "counts.scores.h5")) <= count_regions(
        ROOT / "resources/demo/regions.narrowPeak"
    )


FOUND = Calibration(2114, 5, 6, 0.25, 900_000_000, 60_000, 700)


def test_a_whole_genome(tmp_path: Path) -> None:
    sheet = tmp_path / "samples.tsv"
    sheet.write_text(
        "sample\tmodel\tfasta\tregions\theads\nk562\ta.h5,b.h5\tg\tr\tcounts,profile\n"
    )
    sample = load_samples(sheet)["k562"]
    steps = {step.name: step for step in steps_of(parse_config({}), sample, 300_000, FOUND)}
    score = steps["attribute"]
    assert score.jobs == 1200  # of 500 windows, for two folds
    assert score.seconds == pytest.approx(2 * 300_000 * 0.25 + 1200 * 6)
    assert score.longest == pytest.approx(500 * 0.25 + 6)
    assert score.wall(100) == pytest.approx(score.seconds / 100)
    assert score.wall(5000) == pytest.approx(score.seconds / 1200)
    on_gpu = replace(score, on_gpu=True)
    assert on_gpu.wall(100, gpus=4) == pytest.approx(score.seconds / 4)
    assert score.temporary == 2 * 300_000 * 60_000
    assert steps["merge"].disk == 300_000 * 60_000
    table = as_table(list(steps.values()), 100)
    assert "1,200" in table and "43.7 h" in table and "36.0 GB" in table


def test_the_command(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(demo.parents[1])
    main(["plan", "config/config.yaml", "--cores", "8"])
    shown = capsys.readouterr().out
    assert shown.splitlines()[0].split()[:3] == ["sample", "step", "jobs"]
    assert "on 8 cores" in shown and "attribute" in shown
