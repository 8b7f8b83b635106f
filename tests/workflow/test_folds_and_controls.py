"""Two folds of a model with controls and a promoter, from the sheet to the score files."""

import json
from pathlib import Path

import numpy as np
import pyBigWig
import pytest

from deeplift_genomics import attribute, load_model, read_scores
from deeplift_genomics.cli import main
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.record.provenance import Provenance, write_provenance
from deeplift_genomics.scores.file import ScoreFile
from deeplift_genomics.scores.predictions import read_predictions, read_values
from deeplift_genomics.scores.read_fit import read_fit
from deeplift_genomics.settings.config import load_config
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.windows.file import Windows, read_windows
from tests.workflow.conftest import Snakemake, copy_scenario, jobs_of

LENGTH, PROFILE, REGIONS, REFERENCES = 60, 40, 24, 2  # of `.test/folds`
OUTPUTS = [f"results/pair/{head}.scores.h5" for head in ("counts", "profile")]
OUTPUTS += ["results/pair/predictions.h5"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_scenario("folds", tmp_path_factory.mktemp("folds") / "run")


@pytest.fixture(scope="module")
def results(project: Path, snakemake: Snakemake) -> Path:
    done = snakemake(project, "--cores", 2, *OUTPUTS)
    assert done.returncode == 0, done.stdout
    return project / "results" / "pair"


@pytest.fixture(scope="module")
def windows(results: Path) -> Windows:
    return read_windows(results / "windows.h5")


def test_jobs_run_side_by_side(project: Path, snakemake: Snakemake) -> None:
    done = snakemake(project, "--dry-run", "--forceall", *OUTPUTS)
    jobs = jobs_of(done.stdout)
    assert (jobs["check"], jobs["attribute"], jobs["merge"]) == (1, 2 * 2, 2), done.stdout


def test_controls_are_those_of_the_bigwigs(project: Path, windows: Windows) -> None:
    assert len(windows) == REGIONS
    files = [pyBigWig.open(str(project / name)) for name in ("plus.bw", "minus.bw")]
    missing = 0
    for row in range(REGIONS):
        contig = windows.chrom[row].removeprefix("chr")
        start = int(windows.summit[row]) - PROFILE // 2
        values = [file.values(contig, start, start + PROFILE, numpy=True) for file in files]
        missing += int(np.isnan(values).sum())
        expected = np.nan_to_num(np.stack(values, axis=1))
        np.testing.assert_array_equal(windows.controls["control_profile"][row], expected)
        np.testing.assert_allclose(
            windows.controls["control_logcounts"][row], np.log(expected.sum(axis=0) + 1), rtol=1e-6
        )
    assert windows.control_attributes["control_profile"]["n_missing"] == missing > 0


@pytest.fixture(scope="module")
def single(
    project: Path, results: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[ScoreFile]]:
    """Target -> the scores of each fold on its own, through the command line."""
    folder = tmp_path_factory.mktemp("single")
    found: dict[str, list[ScoreFile]] = {"counts": [], "profile": []}
    for fold, model in enumerate(("fold 0.keras", "fold1.h5")):
        shard = folder / f"{fold}.h5"
        main(
            ["--quiet", "attribute", "--model", str(project / model), "--references.number", "2"]
            + ["--windows", str(results / "windows.h5"), "--output", str(shard)]
            + ["--inputs", f"promoter={project / 'promoter.fa'}"]
        )
        for target, scores in found.items():
            merged = folder / f"{target}.{fold}.h5"
            main(["--quiet", "merge", str(shard), "--target", target, "--output", str(merged)])
            scores.append(read_scores(merged))
    return found


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_scores_are_the_mean_of_both_folds(
    results: Path, single: dict[str, list[ScoreFile]], target: str
) -> None:
    both, (a, b) = read_scores(results / f"{target}.scores.h5"), single[target]
    assert np.abs(a.hypothetical - b.hypothetical).max() > 0.1 * np.abs(a.hypothetical).max()
    for name in ("hypothetical", "target", "reference_target", "residual", "standard_error"):
        mean = (getattr(a, name) + getattr(b, name)) / 2
        np.testing.assert_allclose(getattr(both, name), mean, rtol=1e-5, atol=1e-7, err_msg=name)
    np.testing.assert_array_equal(both.sequences, a.sequences)
    np.testing.assert_array_equal(both.fold_target, np.stack([a.target, b.target], axis=1))
    for row in range(REGIONS):
        observed = [one.contributions[row].sum(axis=-1) for one in (a, b)]
        expected = np.corrcoef(observed)[0, 1]
        assert both.fold_agreement[row] == pytest.approx(expected, abs=1e-5)


def test_predictions_are_those_of_both_folds_beside_the_signal(
    project: Path, results: Path, windows: Windows
) -> None:
    path = results / "predictions.h5"
    (track,), (counts,), (fit,) = read_predictions(path), read_values(path), read_fit(path)
    scores = read_scores(results / "counts.scores.h5")
    np.testing.assert_allclose(counts.predicted.sum(axis=1), scores.target, rtol=1e-5)
    assert (track.offset, track.bin_width, track.unit) == ((LENGTH - PROFILE) // 2, 1, "reads")
    assert track.predicted is not None and track.observed is not None
    reads = np.maximum(np.expm1(counts.predicted), 0)
    np.testing.assert_allclose(track.predicted.sum(axis=2), reads, rtol=3e-3, atol=1e-6)
    # the signal is that of the controls, with its strands the other way round
    observed = windows.controls["control_profile"].transpose(0, 2, 1)[:, ::-1]
    np.testing.assert_array_equal(track.observed, observed)
    assert fit.counts is not None and fit.n_windows == fit.counts.n == REGIONS


def test_a_signal_that_is_left_out_scores_nothing_again(
    project: Path, results: Path, snakemake: Snakemake
) -> None:
    sheet = project / "config" / "samples.tsv"
    text = sheet.read_text()
    other = sheet.with_name("without.tsv")
    other.write_text(text.replace("minus.bw,plus.bw", ""))
    config = ["--config", "samples=config/without.tsv"]
    done = snakemake(project, "--dry-run", *OUTPUTS, *config)
    assert set(jobs_of(done.stdout)) <= {"predict", "predictions", "total"}, done.stdout
    assert jobs_of(done.stdout)["predictions"] == 1


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_the_controls_reach_the_model(
    project: Path, windows: Windows, single: dict[str, list[ScoreFile]], target: str
) -> None:
    options = LoadOptions(inputs={"promoter": str(project / "promoter.fa")})
    model = load_model(project / "fold1.h5", options)
    references = make_references(windows.codes, "dinucleotide_shuffle", REFERENCES, 1)
    given = (one_hot(windows.codes), references, target)
    scores = single[target][1]
    with_controls = attribute(model, *given, controls=windows.controls)[target]
    np.testing.assert_array_equal(scores.hypothetical, with_controls.hypothetical)
    without = attribute(model, *given)[target]
    assert (
        np.abs(scores.hypothetical - without.hypothetical).max()
        > 1e-3 * np.abs(scores.hypothetical).max()
    )


def test_the_score_file_says_what_was_given(project: Path, results: Path) -> None:
    attributes = read_scores(results / "profile.scores.h5").attributes
    models = [project / "fold 0.keras", project / "fold1.h5"]
    bigwigs = [project / "plus.bw", project / "minus.bw"]
    assert attributes["n_folds"] == 2
    assert attributes["model"] == "fold 0.keras, fold1.h5"
    assert attributes["model_digest"] == ", ".join(map(digest, models))
    assert attributes["controls"] == (
        "control_profile = values at the central 40 of 60 bp, each file; "
        "control_logcounts = log(1 + sum over the central 40 of 60 bp), each file"
    )
    assert attributes["control_files"] == "plus.bw, minus.bw"
    assert attributes["control_digests"] == ", ".join(map(digest, bigwigs))
    assert attributes["inputs"] == "promoter = held fixed at TATA of promoter.fa"
    assert attributes["input_digests"] == digest(project / "promoter.fa")
    assert (attributes["precision"], attributes["explained"]) == ("float32", "output")
    info = json.loads((results / "model.json").read_text())
    assert [item["model"] for item in info["models"]] == ["fold 0.keras", "fold1.h5"]


def record_run(project: Path) -> Provenance:
    """Record this run, and the results that it made."""
    config = as_plain(load_config(project / "config/config.yaml"))
    made = ("info", "windows", "dropped", "scores")
    return write_provenance(config, "provenance.json", command="snakemake", made=made)


@pytest.mark.parametrize(
    ("changed", "attribute"), [("plus.bw", "control_digests"), ("promoter.fa", "input_digests")]
)
def test_folds_and_controls_are_recorded(
    project: Path, results: Path, monkeypatch: pytest.MonkeyPatch, changed: str, attribute: str
) -> None:
    monkeypatch.chdir(project)
    inputs = record_run(project).inputs
    names = ["fold 0.keras", "fold1.h5", "minus.bw", "plus.bw", "promoter.fa"]
    assert {name: inputs[name] for name in names} == {
        name: digest(project / name) for name in names
    }
    before = Path(changed).read_bytes()
    Path(changed).write_bytes(before + b" ")
    try:
        with pytest.raises(InputError, match=rf"scores\.h5 is not of this run: {attribute} is"):
            record_run(project)
    finally:
        Path(changed).write_bytes(before)


@pytest.mark.parametrize("changed", ["plus.bw", "fold1.h5", "promoter.fa"])
def test_a_changed_file_remakes_what_depends_on_it(
    project: Path, results: Path, snakemake: Snakemake, changed: str
) -> None:
    path = project / changed
    before = path.read_bytes()
    try:
        path.write_bytes(before + b" ")
        done = snakemake(project, "--dry-run", *OUTPUTS)
    finally:
        path.write_bytes(before)
    remade = set(jobs_of(done.stdout)) - {"total"}
    # the number of control files counts for `check`, their content does not
    checked = set() if changed == "plus.bw" else {"check"}
    follow = {"regions", "attribute", "merge", "predict", "predictions"}
    assert remade == follow | checked, done.stdout
