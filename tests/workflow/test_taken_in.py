"""The workflow as a part of another one, whose rules make the inputs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.places import TAKING_IN
from deeplift_genomics.record.verify import verify
from tests.conftest import ROOT
from tests.workflow.conftest import DEMO_ROW, snakemake_environment, write_project
from tests.workflow.test_hostile_names import save_model

MODULE = """
shell.prefix("MINE=hello; ")

module dl:
    snakefile: {snakefile!r}
    config: {config!r}
    {prefix}

use rule * from dl as dl_*

rule everything:
    default_target: True
    input: rules.dl_all.input, "own.txt"

onsuccess:
    print("a success of its own")

rule own:
    output: "own.txt"
    shell: "echo $MINE > {{output}}"

rule make:
    input: "raw/{{name}}"
    output: "made/{{name}}"
    shell: "cp {{input}} {{output}}"

rule call_peaks:
    input: "raw/peaks.bed"
    output: temp("made/peaks.bed")
    shell: "cp {{input}} {{output}}"

rule take_motifs:
    input: "raw/known.meme"
    output: temp("made/known.meme")
    shell: "cp {{input}} {{output}}"

ruleorder: call_peaks > take_motifs > make
"""
CONFIG = {
    "samples": "samples.tsv",
    "results": "results/",
    "references": {"number": 1},
    "regions": {"per_shard": 2},
    "annotation": {"database": "made/known.meme"},
}


def write_workflow(folder: Path, prefix: str) -> None:
    """Write a workflow that makes model, genome and peaks, and takes this one in."""
    (folder / "raw").mkdir(parents=True)
    bases = decode(np.random.default_rng(0).integers(0, 4, 1000))
    (folder / "raw" / "genome.fa").write_text(f">chr1\n{bases}\n")
    (folder / "raw" / "peaks.bed").write_text(
        "".join(f"chr1\t{200 * i + 100}\t{200 * i + 150}\n" for i in range(4))
    )
    save_model(folder / "raw" / "model.keras")
    shutil.copy(ROOT / "resources" / "demo" / "motifs.meme", folder / "raw" / "known.meme")
    cells = ["d", *(f"made/{name}" for name in ("model.keras", "genome.fa", "peaks.bed")), "counts"]
    header = "sample\tmodel\tfasta\tregions\theads"
    (folder / "samples.tsv").write_text("\n".join([header, "\t".join(cells)]) + "\n")
    # of the other workflow alone, and none of this one's business
    (folder / "config").mkdir()
    (folder / "config" / "config.yaml").write_text("mine: &a 1\nother: *a\n")
    text = MODULE.format(snakefile=str(ROOT / "workflow/Snakefile"), config=CONFIG, prefix=prefix)
    (folder / "Snakefile").write_text(text)


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["snakemake", "--cores", "2", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=snakemake_environment() | variables,
    )


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished run, in whose shell functions with a hyphen are mistakes."""
    folder = tmp_path_factory.mktemp("taken_in") / "run"
    write_workflow(folder, 'prefix: "below/this"')
    done = run(folder, POSIXLY_CORRECT="1")
    (folder / "said").write_text(done.stdout)
    assert done.returncode == 0, done.stdout
    return folder


def test_results_are_below_the_prefix_and_inputs_where_the_sheet_says(
    taken_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(taken_in)
    assert not (taken_in / "results").exists()
    assert (taken_in / "below/this/results/d/report.html").exists()
    # what is temporary was kept until the record had its digests
    gone = {(finding.status, finding.name) for finding in verify("below/this/results")}
    assert gone == {("input not here", f"made/{name}") for name in ("known.meme", "peaks.bed")}
    benchmarks = (taken_in / "below/this/results/d/benchmarks").glob("attribute.*")
    assert len(list(benchmarks)) == 2  # shards of 2 windows


def test_the_other_workflow_keeps_its_shell_prefix(taken_in: Path) -> None:
    assert (taken_in / "own.txt").read_text() == "hello\n"


def test_its_run_ends_with_the_summary(taken_in: Path) -> None:
    said, summary = (taken_in / "said").read_text(), (taken_in / "below/this/results/summary.txt")
    assert summary.read_text() in said
    assert "a success of its own" in said
    assert "d: 4 regions used, 0 dropped\n" in summary.read_text()
    assert "double '/'" not in said


def test_it_runs_again_only_what_depends_on_a_change(taken_in: Path) -> None:
    assert "Nothing to be done" in run(taken_in).stdout
    peaks = taken_in / "raw" / "peaks.bed"
    before = peaks.read_bytes()
    peaks.write_bytes(before + b"chr1\t500\t550\n")
    try:
        said = run(taken_in, "--dry-run", "--quiet", "host", "reason").stdout
        assert "dl_regions" in said and "dl_counted" in said
        assert "dl_check" not in said
    finally:
        peaks.write_bytes(before)


def test_inputs_that_no_rule_makes_are_refused_by_name(tmp_path: Path) -> None:
    write_workflow(tmp_path / "run", 'replace_prefix: {"results/": "moved/"}')
    sheet = tmp_path / "run" / "samples.tsv"
    done = run(tmp_path / "run", "--dry-run")
    assert done.returncode == 0, done.stdout
    assert "output: moved/d/model.json" in done.stdout
    files = {"fasta": "genome.fa", "regions": "peaks.bed"}
    for name in files.values():
        sheet.write_text(sheet.read_text().replace(f"made/{name}", f"nowhere/{name}"))
    done = run(tmp_path / "run", "--dry-run")
    assert done.returncode == 1 and "Traceback" not in done.stdout
    for column, name in files.items():
        expected = f"sample 'd', column '{column}': nowhere/{name} not found, and no rule makes it"
        assert expected in done.stdout
    assert done.stdout.count("samples.tsv cannot be used") == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("__use_yte__: true\n__definitions__: [import os, 'os.mkdir(\"made\")']\n", "__use_yte__"),
        ("references: {number: 2}\nreferences: {number: 3}\n", "'references' occurs twice"),
    ],
)
def test_a_folder_of_ones_own_has_a_strict_configuration(
    tmp_path: Path, more: str, said: str
) -> None:
    """A template runs no code, and no section is lost, where the workflow is taken in."""
    folder = write_project(tmp_path / "run", [DEMO_ROW])
    (folder / "Snakefile").write_text(TAKING_IN)
    config = folder / "config" / "config.yaml"
    config.write_text(more + config.read_text())
    done = run(folder, "--dry-run", PYTHONPATH=str(ROOT))
    assert done.returncode == 1 and "Traceback" not in done.stdout
    assert f"{config.relative_to(folder)}" in done.stdout and said in done.stdout
    assert not (folder / "made").exists()


def test_a_failing_job_shows_its_message_last(tmp_path: Path) -> None:
    write_workflow(tmp_path / "run", "")
    (tmp_path / "run" / "raw" / "model.keras").write_text("no model")
    (tmp_path / "run" / "raw" / "peaks.bed").unlink()
    (tmp_path / "run" / "raw" / "peaks.bed").mkdir()  # cp refuses a folder, and the rule has no log
    done = run(tmp_path / "run", "--keep-going")
    assert done.returncode == 1
    end = done.stdout.partition("2 jobs failed:\n")[2]
    assert "    error: made/model.keras is no model: it is text." in end, done.stdout
    assert (
        "  call_peaks: made/peaks.bed\n    its messages are above, because it has no log\n" in end
    )
    assert "RuleException" not in done.stdout
