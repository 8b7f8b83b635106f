"""The forecast of a large run, from measurements of one model."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.planning import calibration
from deeplift_genomics.planning import measured as planned
from deeplift_genomics.planning.calibration import (
    Calibration,
    Checked,
    Took,
    calibrate,
    run_watched,
)
from deeplift_genomics.planning.forecast import forecast, steps_of
from deeplift_genomics.planning.kept import count_kept
from deeplift_genomics.planning.step import StepForecast
from deeplift_genomics.planning.table import as_table
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.sample_sheet import load_samples
from deeplift_genomics.windows.file import number_of_windows
from tests.conftest import ROOT

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


def test_a_whole_genome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.h5", "b.h5"):
        Path(name).touch()
        os.truncate(name, 100_000_000)
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
    assert score.memory == 900_000_000
    for name in ("check", "predict", "effects", "oligos"):  # which load the second fold as well
        assert steps[name].memory == 900_000_000 + 4 * 100_000_000
    assert steps["merge"].disk == 300_000 * 60_000
    table = as_table(list(steps.values()), 100)
    assert "1,200" in table and "43.7 h" in table and "36.0 GB" in table


DEMO = ROOT / "resources" / "demo"


def sheet_of(folder: Path, regions: str) -> Path:
    """Write a sheet of the demo's model with some regions, and return it."""
    (folder / "regions.bed").write_text(regions)
    cells = ["d", DEMO / "model.keras", DEMO / "genome.fa.gz", folder / "regions.bed", "counts"]
    sheet = folder / "s.tsv"
    row = "\t".join(map(str, cells))
    sheet.write_text(f"sample\tmodel\tfasta\tregions\theads\n{row}\n")
    return sheet


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ("chr1\t9000000\t9000100\nchr2\t1\t2\n", "None of the 2 regions"),
        ("chrUn_1\t1000\t1100\n", "have no contig in common"),
        ("chr1\t5000\t5100\n" + "chr1\t9000000\t9000100\n" * 2, "2 of 3 regions .*max_dropped"),
    ],
)  # fmt: skip
def test_regions_of_which_none_can_be_used_are_refused_before_scoring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, regions: str, said: str
) -> None:
    def no_scoring(*_: object, **__: object) -> None:
        raise AssertionError("windows were scored")

    monkeypatch.setattr("deeplift_genomics.planning.measured.calibrate", no_scoring)
    checked = Checked(500, 1.0)
    monkeypatch.setattr("deeplift_genomics.planning.measured.check_model", lambda *_: checked)
    with pytest.raises(InputError, match=said):
        forecast(parse_config({}), load_samples(sheet_of(tmp_path, regions)))


@pytest.mark.parametrize(
    ("fasta", "regions", "said"),
    [
        ("", "short.fa", "None of the 2 sequences"),
        ("short.fa", "tile", "No tile of 500 bp .* longest to be tiled, b, has 50 bp"),
    ],
)
def test_sequences_and_contigs_of_another_length_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fasta: str, regions: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short.fa").write_text(f">a\n{'A' * 40}\n>b\n{'C' * 50}\n")
    Path("short.fa.fai").write_text("a\t40\t3\t40\t41\nb\t50\t47\t50\t51\n")
    header = "sample\tmodel\tfasta\tregions\theads"
    Path("s.tsv").write_text(f"{header}\nd\tm.keras\t{fasta}\t{regions}\tcounts\n")
    with pytest.raises(InputError, match=said):
        count_kept(parse_config({}), load_samples("s.tsv")["d"], 500)


def test_windows_are_those_that_a_run_has(tmp_path: Path) -> None:
    regions = "chr1\t5000\t5100\nchr1\t5000\t5100\nchr1\t1\t3\nchr9\t5000\t5100\n"
    sample = load_samples(sheet_of(tmp_path, regions))["d"]
    assert count_kept(parse_config({}), sample, 500) == 1


@pytest.mark.parametrize(("per_window", "second"), [(0.01, 40), (3.0, 20), (100.0, 12)])
def test_a_slow_model_is_tried_on_fewer_windows(
    monkeypatch: pytest.MonkeyPatch, per_window: float, second: int
) -> None:
    numbers: list[int] = []

    def watched(job: list[str], before: str = "") -> Took:
        n = calibration.FEW if not numbers else second
        numbers.append(number_of_windows(job[job.index("--windows") + 1]))
        Path(job[-1]).write_bytes(bytes(1000 * n))
        seconds = 5 + per_window * numbers[-1]
        return Took(seconds, seconds, 10**9)

    monkeypatch.setattr(calibration, "run_watched", watched)
    found = calibrate("m.keras", "counts", Checked(100, 5.0), loading=[], settings=[], on_gpu=False)
    assert numbers == [calibration.FEW, second]
    assert (found.start, found.per_window) == pytest.approx((5, per_window))
    assert found.shard_bytes == 1000


def test_steps_that_ask_for_two_cores_share_them() -> None:
    step = StepForecast("d", "motifs", 4, 40, 10, 1e9, threads=2)
    assert [step.wall(cores) for cores in (1, 2, 4, 8)] == [40, 40, 20, 10]


def test_plan_says_what_it_does(
    tmp_path: Path, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = "".join(f"chr1\t{at}\t{at + 100}\n" for at in range(5000, 8000, 100))
    sheet_of(tmp_path, lines)
    (tmp_path / "c.yaml").write_text("samples: s.tsv\nreferences: {number: 2}\n")
    main(["plan", "c.yaml", "--cores", "2"])
    shown = capfd.readouterr()
    table = shown.out.splitlines()
    assert table[-2].split()[:2] == ["-", "workflow,"]
    of_sample = [line.split()[1] for line in table if line.startswith("d ")]
    assert {"check", "attribute", "motifs", "join"} <= set(of_sample)
    assert [line.split()[1] for line in table if line.startswith("- ")] == [
        "cluster",
        "index",
        "workflow,",
    ]


def test_a_further_method_is_measured_on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each method is tried out; only what is done for it is counted."""
    asked: list[str] = []

    def measured(model: str, targets: str, checked: Checked, **more: Any) -> Calibration:
        asked.extend(text for text in more["settings"] if text.startswith("--attribution.method="))
        return replace(FOUND, per_window=0.25 / len(asked))

    monkeypatch.setattr(planned, "calibrate", measured)
    samples = load_samples(ROOT / "config" / "samples.tsv")
    monkeypatch.chdir(ROOT)
    config = parse_config({"attribution": {"methods": ["gradient"]}})
    steps = {step.name: step for step in forecast(config, samples)}
    assert asked == ["--attribution.method=deeplift", "--attribution.method=gradient"]
    assert [name for name in steps if "gradient" in name] == [
        "check.gradient", "attribute.gradient", "merge.gradient",
    ]  # fmt: skip
    first, second = (steps[name] for name in ("attribute", "attribute.gradient"))
    assert second.seconds < first.seconds and second.temporary == first.temporary
