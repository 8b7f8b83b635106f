"""The forecast of a large run, from measurements of one model."""

from dataclasses import replace
from pathlib import Path

import pytest

from deeplift_genomics.errors import ModelError
from deeplift_genomics.planning.calibration import Calibration, run_watched
from deeplift_genomics.planning.forecast import as_table, steps_of
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.sample_sheet import load_samples

FOUND = Calibration(2114, 5, 6, 0.25, 900_000_000, 60_000, 700)


def test_a_step_that_fails_is_quoted_whole(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("result: x\n")
    with pytest.raises(ModelError) as caught:
        run_watched(["plan", str(path)])
    first, *others = str(caught.value).splitlines()
    assert first == f"plan failed while it was tried out: {path} cannot be used:"
    assert others == [
        "  config key 'result' is not known; did you mean 'results'?",
        "  config/README.md explains every key.",
    ]


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
