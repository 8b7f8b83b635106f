"""Contributions that exist already: a ChromBPNet score file gives a report, without a model."""

import json
import re
from pathlib import Path

import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.motifs.names import read_motif_table
from deeplift_genomics.scores.file import read_scores
from tests.scores.given_scores import write_chrombpnet
from tests.workflow.conftest import DEMO_ROW, Snakemake, jobs_of, write_project

OF_MODELS = ("model.json", "predictions.h5", "counts.effects.h5", "counts.effects.tsv",
             "counts.figures", "oligos.tsv", "oligos.xlsx")  # fmt: skip


@pytest.fixture(scope="module")
def given(demo: Path, snakemake: Snakemake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a run on ChromBPNet's scores, made from the demo's by no code of ours.

    The assembly is named, so that there is a hub, and further methods and maps are asked for, which
    need a model.
    """
    cells = DEMO_ROW.split("\t")
    row = "\t".join(["given", "", cells[2], "peaks.bed", "counts", "counts=shap.h5", "hg38"])
    folder = write_project(
        tmp_path_factory.mktemp("given") / "run",
        [row],
        ("scores", "genome"),
        attribution="{methods: [gradient]}",
    )
    write_chrombpnet(folder / "shap.h5", read_scores(demo / "counts.scores.h5"))
    (folder / "peaks.bed").write_bytes((demo / "windows.narrowPeak").read_bytes())
    done = snakemake(folder, "--cores", 2)
    assert done.returncode == 0, done.stdout
    assert "were not computed here, but read from shap.h5, of ChromBPNet" in done.stdout
    return folder


def test_a_report_is_made_that_says_what_is_not_known(given: Path) -> None:
    page = (given / "results" / "given" / "report.html").read_text()
    text = re.sub(r"<[^>]+>", "", page)
    assert "Contributions were not computed here, but read from shap.h5, of ChromBPNet" in text
    assert "Not known: model, method, references, settings, predictions, residuals" in text
    assert "not known; contributions were read from shap.h5 (ChromBPNet)" in text
    assert text.count("Not measured: that takes the model.") > 1  # also of each motif
    assert "not measured" in text and "effects.motifs" not in text
    assert 'id="order"' not in page and 'href="#order"' not in page
    methods = text.split("Attribution. ")[1].split("Motifs. ")[0]
    assert methods.startswith("Contributions of single bases were read from shap.h5 (ChromBPNet)")
    assert "TensorFlow" not in methods and "shuffles of each window" not in methods


def test_motifs_are_those_of_the_run_with_the_model(given: Path, demo: Path) -> None:
    """The planted ones are; 16 bits may change chance findings, and the last letter of a name."""
    found, theirs = (
        {
            label.family
            for label in read_motif_table(folder / "motifs.tsv")
            if label.target == "counts" and label.pattern.startswith("pos_") and label.family
        }
        for folder in (given / "results" / "given", demo)
    )
    assert len(found) >= 4 and found == theirs


def test_what_needs_the_model_is_left_out(given: Path) -> None:
    folder = given / "results" / "given"
    assert not [name for name in OF_MODELS if (folder / name).exists()]
    made = (
        "counts.instances.tsv",
        "counts.contributions.bw",
        "igv.xml",
        "motifs.xlsx",
        "motifs.meme",
    )
    assert all((folder / name).exists() for name in made)
    assert (given / "results" / "index.html").exists() and (given / "results" / "hub").is_dir()
    rows = (given / "results" / "motif_matrix.tsv").read_text().splitlines()
    assert len(rows) > 2


def test_the_record_names_the_file_and_verify_is_well(
    given: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(given)
    record = json.loads((given / "results" / "provenance.json").read_text())
    assert {"shap.h5", "peaks.bed"} <= record["inputs"].keys()
    assert record["samples"][0]["scores"] == "counts=shap.h5" and not record["samples"][0]["model"]
    steps = {step["step"] for step in record["steps"]}
    assert "convert" in steps and not steps & {"check", "attribute", "merge", "effects", "oligos"}
    crate = json.loads((given / "results" / "ro-crate-metadata.json").read_text())["@graph"]
    action = next(item for item in crate if item["@id"] == "#action/given/convert")
    assert action["result"]["@id"] == "given/counts.scores.h5"
    main(["verify", "results"])
    assert "all outputs are as recorded" in capfd.readouterr().out


def test_nothing_is_left_to_do_and_other_scores_run_it_again(
    given: Path, snakemake: Snakemake
) -> None:
    done = snakemake(given, "--cores", 1, "--dry-run")
    assert "Nothing to be done" in done.stdout, done.stdout
    again = snakemake(given, "--cores", 1, "--dry-run", "--forcerun", "convert")
    assert jobs_of(again.stdout)["report"] == 1 and "attribute" not in jobs_of(again.stdout)


def test_plan_and_compare_know_such_runs(
    given: Path, demo: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(given)
    main(["plan", "config/config.yaml"])
    said = capfd.readouterr().out
    assert "convert" in said and "attribute" not in said and "effects" not in said
    main(["compare", str(demo.parent), "results", "--output", str(given / "both")])
    table = next(given.glob("both*.regions.tsv")).read_text().splitlines()
    correlations = [float(line.split("\t")[8]) for line in table[2:]]
    assert correlations and min(correlations) > 0.99


def test_targets_that_need_a_model_say_so(given: Path, snakemake: Snakemake) -> None:
    for target in ("evaluation", "maps", "variants"):
        done = snakemake(given, "--dry-run", target)
        assert done.returncode == 1 and "Traceback" not in done.stdout
        assert "no sample has a model in the column 'model'. Samples with 'scores'" in done.stdout


def test_other_regions_are_refused_and_named(
    given: Path, snakemake: Snakemake, tmp_path: Path
) -> None:
    row = (given / "config" / "samples.tsv").read_text().splitlines()[1]
    folder = write_project(tmp_path / "run", [row], ("scores", "genome"))
    (folder / "shap.h5").symlink_to(given / "shap.h5")
    lines = (given / "peaks.bed").read_text().splitlines(keepends=True)
    (folder / "peaks.bed").write_text("".join([lines[1], lines[0], *lines[2:]]))
    target = "results/given/counts.scores.h5"
    done = snakemake(folder, "--cores", 1, target)
    name = lines[1].split("\t")[3]
    assert done.returncode and f"have other bases in the region {name} (" in done.stdout
    assert not (folder / target).exists()
