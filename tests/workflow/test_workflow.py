"""The workflow: it lists the right jobs, and explains what is wrong with a configuration."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from deeplift_genomics.planning.paths import check_paths
from deeplift_genomics.settings.config import load_config
from deeplift_genomics.settings.results import RESULTS
from deeplift_genomics.settings.sample_sheet import load_samples
from tests.conftest import ROOT
from tests.steps.test_steps import rules
from tests.workflow.conftest import DEMO_ROW, Snakemake, jobs_of, write_project


@pytest.mark.parametrize(
    ("snakefile", "top"), [("Snakefile", "default"), ("workflow/Snakefile", "all")]
)
def test_both_entry_points_list_all_jobs(
    snakemake: Snakemake, tmp_path: Path, snakefile: str, top: str
) -> None:
    folder = write_project(tmp_path / "run", [DEMO_ROW], regions="{per_shard: 100}")
    done = snakemake(folder, "--dry-run", snakefile=snakefile)
    assert done.returncode == 0, done.stdout
    jobs = jobs_of(done.stdout)
    shards = jobs.pop("attribute")
    assert shards >= 3
    steps: dict[str, int] = {}
    for item in RESULTS.values():  # a step may make files of a target, and one of the sample
        if not (item.on_assembly or item.on_demand or item.on_variants):
            number = 2 if "{target}" in item.path else 1
            steps[item.step] = max(steps.get(item.step, 1), number)
    assert steps.pop("attribute")
    assert {"check", "regions", "merge", "tracks", "motifs", "report"} <= steps.keys()
    assert jobs == {**steps, top: 1, "total": sum(steps.values()) + 1 + shards}


def test_variants_that_a_sample_names_are_part_of_its_run(
    snakemake: Snakemake, tmp_path: Path
) -> None:
    folder = write_project(tmp_path / "run", [f"{DEMO_ROW}\ta.vcf"], columns=("variants",))
    (folder / "a.vcf").write_text("chr1\t20001\t.\tC\tA\n")
    done = snakemake(folder, "--dry-run", "--printshellcmds")
    jobs = jobs_of(done.stdout)
    assert (jobs["alleles"], jobs["report"]) == (1, 1), done.stdout
    assert " --vcf a.vcf " in done.stdout
    assert " --motifs results/demo/counts.modisco.h5 results/demo/profile" in done.stdout
    assert "--alleles.drawn=30" in done.stdout and "--references.number=" in done.stdout
    alone = jobs_of(snakemake(folder, "--dry-run", "variants").stdout)
    assert alone["alleles"] == 1 and not {"report", "effects"} & alone.keys()
    without = write_project(tmp_path / "without", [DEMO_ROW])
    done = snakemake(without, "--dry-run", "variants")
    assert done.returncode == 1 and "Traceback" not in done.stdout
    assert "no sample has a VCF file in the column 'variants'. Add it." in done.stdout


def test_the_config_as_shipped_runs_the_demo(snakemake: Snakemake, tmp_path: Path) -> None:
    for name in ("config", "resources"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = snakemake(tmp_path, "--dry-run")
    assert done.returncode == 0, done.stdout
    assert "results/demo/report.html" in done.stdout


def test_the_small_configurations_are_sound_and_all_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a checkout, where their own folder is the current one."""
    folders = sorted(path for path in (ROOT / ".test").iterdir() if path.is_dir())
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    for folder in folders:
        assert f'copy_scenario("{folder.name}", ' in tests
        monkeypatch.chdir(folder)
        config = load_config("config/config.yaml")
        check_paths(config, load_samples(config.samples))
    assert [path.name for path in folders] == ["complex", "folds", "small", "tile"]
    named = re.findall(r"^\| `(\w+)`", (ROOT / ".test" / "README.md").read_text(), re.MULTILINE)
    assert sorted(named) == [path.name for path in folders]


def test_a_run_of_300_000_regions_is_planned_in_seconds(tmp_path: Path) -> None:
    row = DEMO_ROW.replace("resources/demo/regions.narrowPeak", "regions.bed")
    folder = write_project(tmp_path / "run", [row])
    (folder / "regions.bed").write_text(
        "".join(f"chr{i % 24 + 1}\t{10 * i}\t{10 * i + 500}\tpeak{i}\n" for i in range(300_000))
    )
    command = [Path(sys.executable).with_name("snakemake"), "--snakefile", ROOT / "Snakefile"]
    command += ["--workflow-profile", ROOT / "profiles" / "slurm", "--dry-run", "--quiet", "rules"]
    # a small process starts and measures it: a child's memory begins with that of its parent
    watched = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
        "print('kB', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", watched, *map(str, command)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert jobs_of(done.stdout)["attribute"] == 600
    assert time.monotonic() - start < 30
    assert int(done.stdout.split("kB")[-1]) < 1_000_000


@pytest.mark.parametrize(
    ("config", "row", "message"),
    [
        ({"reslts": "x"}, DEMO_ROW, "did you mean 'results'"),
        ({"references": "{numbr: 3}"}, DEMO_ROW, "references.number"),
        ({"references": "{number: 0}"}, DEMO_ROW, "references.number"),
        ({}, DEMO_ROW.replace("counts,", "cuonts,"), "counts"),
        ({}, DEMO_ROW.replace("demo\t", "de mo\t", 1), "de mo"),
        ({}, DEMO_ROW.replace("regions.narrowPeak", "nothing.bed"), "nothing.bed"),
        ({}, DEMO_ROW.replace("\t", "  "), "tab"),
        (
            {},
            DEMO_ROW.replace("model.keras", "nothing.keras"),
            "column 'model': resources/demo/nothing",
        ),
        (
            {},
            DEMO_ROW.replace("demo/model.keras", "demo/model.keras,resources/demo"),
            "column 'model': resources/demo is a folder without saved_model.pb",
        ),
        ({"attribution": "{rules: reveal}"}, DEMO_ROW, "expected one of rescale, reveal_cancel"),
        ({}, DEMO_ROW.replace("genome.fa", "nothing.fa"), "column 'fasta': resources/demo/nothing"),
        ({"results": "config/samples.tsv/below"}, DEMO_ROW, "config key 'results'"),
        ({"annotation": "{taxon: mammals}"}, DEMO_ROW, "Of JASPAR2026 CORE, there is all, vertebr"),
        (
            {"annotation": "{database: known}"},
            DEMO_ROW,
            "known not found. Name a file of the MEME",
        ),
        (
            {"annotation": "{database: config/samples.tsv}"},
            DEMO_ROW,
            "Motif file config/samples.tsv has no line 'MEME version",
        ),
    ],
)
def test_mistakes_in_the_configuration(
    snakemake: Snakemake, tmp_path: Path, config: dict, row: str, message: str
) -> None:
    done = snakemake(write_project(tmp_path / "run", [row], **config), "--dry-run")
    assert done.returncode == 1
    assert message in done.stdout
    assert "Traceback" not in done.stdout
    assert "MissingInputException" not in done.stdout


def test_a_model_may_be_a_folder_or_two_files(snakemake: Snakemake, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    models = "saved model,a.json+b.h5"
    row = DEMO_ROW.replace("resources/demo/model.keras", models) + "\ttrue\tx=mine:f"
    write_project(folder, [row], columns=("allow_lambda", "lambdas"))
    files = ("saved_model.pb", "variables/variables.index", "variables/variables.data-0")
    for name in (*(f"saved model/{file}" for file in files), "a.json", "b.h5", "mine.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    os.truncate(folder / "saved model" / files[-1], 200_000_000)
    done = snakemake(folder, "--dry-run", "--printshellcmds")
    assert done.returncode == 0, done.stdout
    inside = sorted(f"saved model/{file}" for file in files)
    assert f"input: {', '.join([*inside, 'a.json', 'b.h5', 'mine.py'])}\n" in done.stdout
    for command in (
        "check 'saved model' a.json+b.h5 --allow-lambda --lambdas x=mine:f --targets",
        "attribute --model 'saved model' --allow-lambda --lambdas x=mine:f --windows",
        "attribute --model a.json+b.h5 --allow-lambda --lambdas x=mine:f --windows",
    ):
        assert f"deeplift_genomics {command}" in done.stdout, done.stdout
    # with four times the weights of the models that a job loads, in MB; eight with a second path
    asked = set(re.findall(r"rule (\w+):(?:\n .*)*? mem_mb=(\d+)", done.stdout))
    assert asked >= {("check", "3800"), ("predict", "4800"), ("effects", "4800")}
    assert asked >= {("attribute", "5600"), ("attribute", "4000"), ("merge", "2000")}


@pytest.mark.parametrize("quiet", [(), ("--quiet", "all")])
def test_a_failing_job_shows_its_message(
    snakemake: Snakemake, tmp_path: Path, quiet: tuple[str, ...]
) -> None:
    (tmp_path / "text.keras").write_text("no model")
    row = DEMO_ROW.replace("resources/demo/model.keras", str(tmp_path / "text.keras"))
    folder = write_project(tmp_path / "run", [row])
    done = snakemake(folder, "--cores", 1, *quiet)
    assert done.returncode == 1
    end = done.stdout.partition("1 job failed:\n")[2]  # of the summary, below all else
    assert end.startswith("  check: results/demo/model.json\n    error: ")
    assert "text.keras is no model: it is text." in end
    assert "    log: results/demo/logs/check.log\n" in end
    assert "RuleException" not in done.stdout
    assert (folder / "results" / "summary.txt").read_text() in done.stdout
    assert not list(folder.glob("results/demo/*.json"))


PINS = dict(
    re.findall(
        r"^([a-z0-9._-]+)==(\S+)", (ROOT / "envs" / "requirements.txt").read_text(), re.MULTILINE
    )
)


@pytest.mark.parametrize("path", sorted((ROOT / "envs").glob("*.yaml")), ids=lambda path: path.name)
def test_conda_environments_hold_the_pinned_versions(path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    python, pip, packages = content["dependencies"]
    assert (python, pip) == ("python=3.11", "pip")
    assert len(packages["pip"]) >= 3
    for package in packages["pip"]:
        name, version = package.split("==")
        assert PINS[name] == version


def test_tf_keras_is_added_to_an_environment_as_it_is_pinned() -> None:
    text = (ROOT / "envs" / "attribution.post-deploy.sh").read_text()
    assert f"pip install --quiet --no-deps tf-keras=={PINS['tf-keras']}\n" in text


def test_every_rule_has_an_environment_a_log_and_a_benchmark() -> None:
    used = set()
    for name, rule in rules().items():
        for keyword in ("log:", "benchmark:", "threads:", "resources:", "conda:", "shell:"):
            assert f"    {keyword}" in rule, (name, keyword)
        assert "run:" not in rule
        used |= set(re.findall(r"envs/(\w+\.yaml)", rule))
    assert used == {path.name for path in (ROOT / "envs").glob("*.yaml")}


def test_pins_carry_hashes_and_no_addresses() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / "envs" / name).read_text()
        assert "://" not in text
        entries = re.findall(r"^[a-z0-9._-]+==\S+ \\$", text, re.MULTILINE)
        assert len(entries) > 50
        assert len(entries) == len(re.findall(r"^[a-z0-9._-]+==", text, re.MULTILINE))


def test_further_methods_and_the_evaluation_are_planned(
    snakemake: Snakemake, tmp_path: Path
) -> None:
    """Each further method has its own jobs; an evaluation is made only if it is asked for."""
    methods = "{methods: [gradient, lrp], options: {lrp: {epsilon: 0.01}}}"
    folder = write_project(tmp_path / "run", [DEMO_ROW], attribution=methods)
    done = snakemake(folder, "--dry-run")
    jobs = jobs_of(done.stdout)
    assert done.returncode == 0, done.stdout
    assert (jobs["check_by_method"], jobs["merge_by_method"]) == (2, 4)
    assert jobs["attribute_by_method"] == 2 * jobs["attribute"]
    assert "evaluate" not in jobs
    for name in ("counts.gradient", "profile.lrp"):
        assert f"results/demo/{name}.scores.h5" in done.stdout
    method = "{method: in_silico_mutagenesis, options: {central: 300}}"
    refused = write_project(tmp_path / "refused", [DEMO_ROW], attribution=method)
    done = snakemake(refused, "--dry-run")
    assert done.returncode and "scores 300 bases of a long window, and 'motifs.wi" in done.stdout
    jobs = jobs_of(snakemake(folder, "--dry-run", "evaluation").stdout)
    assert {"evaluate", "assess", "trust"} <= jobs.keys() and "attribute" not in jobs
