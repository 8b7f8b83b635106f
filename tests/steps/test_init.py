"""`init` looks into a model and lays out a folder whose configuration holds there."""

import os
from pathlib import Path

import pytest

from deeplift_genomics.planning.paths import check_paths
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.settings.config import Config, load_config
from deeplift_genomics.settings.sample_sheet import Sample, load_samples
from deeplift_genomics.steps import init
from deeplift_genomics.steps.parser import Parser
from tests.conftest import ROOT
from tests.motif_runs import MotifRun
from tests.scores.given_scores import write_chrombpnet, write_regions
from tests.steps.test_cli import fails, run

FOLDS, DEMO = ROOT / ".test" / "folds", ROOT / "resources" / "demo"


def read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Config, Sample]:
    """Return the configuration and the sample of a folder, whose files must be there."""
    monkeypatch.chdir(folder)
    config = load_config("config/config.yaml")
    samples = load_samples(config.samples)
    check_paths(config, samples)
    (sample,) = samples.values()
    return config, sample


def test_folds_with_controls_and_a_second_sequence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    data = Path(os.path.relpath(FOLDS, tmp_path))
    status = run(
        *("init", "run", "--model", data / "fold 0.keras", data / "fold1.h5"),
        *("--inputs", f"promoter={data / 'promoter.fa'}", "--fasta", DEMO / "genome.fa.gz"),
        *("--regions", data / "regions.narrowPeak", "--controls", data / "plus.bw"),
        *(data / "minus.bw", "--title", "Two folds"),
    )
    assert status == 0
    said = capsys.readouterr().out
    assert (
        "can be explained." in said and "run explains profile, counts in up to 24 windows" in said
    )
    assert said.index("cd run") < said.index("plan config/config.yaml") < said.index("snakemake\n")
    text = (tmp_path / "run" / "config" / "samples.tsv").read_text()
    assert (
        "# Its controls: control_profile (40, 2), control_logcounts (2); `controls` takes 2 "
        in text
    )
    config, sample = read(tmp_path / "run", monkeypatch)
    assert config == Config()
    assert sample.sample == "regions" and len(sample.model) == len(sample.controls) == 2
    assert [target.text for target in sample.heads] == ["profile", "counts"]
    assert sample.fasta == str(DEMO / "genome.fa.gz")
    assert not Path(sample.regions).is_absolute()


def test_targets_may_be_named_and_regions_be_sequences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    oligos = ROOT / ".test" / "complex" / "oligos.fa"
    given = ("--model", DEMO / "model.keras", "--regions", oligos, "--name", "mine")
    assert run("init", tmp_path / "run", *given, "--heads", "counts") == 0
    _, sample = read(tmp_path / "run", monkeypatch)
    assert (sample.sample, sample.fasta) == ("mine", "")
    assert [target.text for target in sample.heads] == ["counts"]


def test_scores_that_exist_take_the_place_of_a_model(
    motif_run: MotifRun,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    scores = read_scores(motif_run.scores)
    files = [write_chrombpnet(tmp_path / f"{name}.h5", scores) for name in ("a", "b")]
    regions = write_regions(tmp_path / "mine.bed", scores)
    given = ("--scores", f"counts={files[0]},profile={files[1]}", "--regions", regions)
    given += ("--fasta", DEMO / "genome.fa.gz")
    assert run("init", tmp_path / "run", *given, "--model", "") == 0
    said = capsys.readouterr().out
    assert f"run reports on counts, profile in up to {len(scores)} windows" in said
    text = (tmp_path / "run" / "config" / "samples.tsv").read_text()
    length = scores.sequences.shape[1]
    assert f"# The scores are of windows of {length} bp; there is no model.\n" in text
    _, sample = read(tmp_path / "run", monkeypatch)
    assert (sample.sample, sample.model, list(sample.scores)) == ("mine", (), ["counts", "profile"])
    cut = [values[:, 1:].swapaxes(1, 2) for values in (scores.sequences, scores.hypothetical)]
    write_chrombpnet(files[1], scores, raw=cut[0], shap=cut[1], projected_shap=None)
    message = fails(capsys, "init", tmp_path / "other", *given)
    assert "windows of different lengths" in message and f"b.h5 of {length - 1} bp" in message
    own = ("--scores", f"profile={motif_run.scores}", *given[2:])
    message = fails(capsys, "init", tmp_path / "other", *own)
    assert "explains the target 'counts', and is given for 'profile'" in message
    message = fails(capsys, "init", tmp_path / "other", *given[2:])
    assert "'model' is empty; name the trained model or, in the column 'scores'" in message
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"--model": "missing.keras"}, "column 'model': missing.keras not found"),
        ({"--fasta": "missing.fa"}, "column 'fasta': missing.fa not found"),
        ({"--regions": "missing.bed"}, "column 'regions': missing.bed not found"),
        ({"--name": "a/b"}, "column 'sample': 'a/b' names a folder"),
        ({"--signal": "{x}.bw"}, "column 'signal'"),
        ({"--model": ROOT / "LICENSE"}, "LICENSE is no model: it is text."),
        ({"--heads": "counts:tails"}, "tails"),
    ],
)
def test_mistakes_are_told_and_leave_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    changed: dict,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {
        "--model": DEMO / "model.keras",
        "--fasta": DEMO / "genome.fa.gz",
        "--regions": DEMO / "regions.narrowPeak",
    }
    arguments = [part for pair in (given | changed).items() for part in pair]
    assert message in fails(capsys, "init", "run", *arguments)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_has_one_is_refused_before_the_model_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text("mine")
    given = ("--model", ROOT / "LICENSE", "--regions", ROOT / "LICENSE")
    assert "nothing is overwritten" in fails(capsys, "init", tmp_path, *given)


def test_every_column_of_the_sheet_is_an_option() -> None:
    parser = Parser()
    init.add_options(parser)
    options = {option.dest for option in parser._actions}
    assert options == {"help", "folder", *Sample.model_fields}
