"""A step is a module, a rule and the results it makes; a test fails while a place is missing."""

import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from deeplift_genomics.planning.calibration import Calibration
from deeplift_genomics.planning.forecast import steps_of
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.results import (
    BENCHMARKS,
    LOGS,
    RESULTS,
    SHARDS,
    job_file,
    results_of,
    results_of_run,
)
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.steps.parser import STEPS
from tests.conftest import ROOT

SHARED = {
    "__init__",
    "parser",
    "life",
    "loading",
    "made_from",
    "scoring",
}  # modules that are no step
# steps that no rule runs
FOR_PEOPLE = {"init", "demo", "plan", "verify", "summary", "compare", "export"}
ON_DEMAND = {"evaluate", "assess", "trust", "outputs"}  # steps that a run has only if asked for
# results whose heading in docs/formats.md names a folder
FOLDERS = {"logos", "figures", "shard", "hub", "repeat"}


def rules() -> dict[str, str]:
    """Return the text of each rule, by name."""
    found = {}
    for path in (ROOT / "workflow" / "rules").glob("*.smk"):
        for part in re.split(r"^rule ", path.read_text(), flags=re.MULTILINE)[1:]:
            found[part.split(":")[0]] = part
    return found


def test_steps_are_the_modules_of_their_room() -> None:
    modules = {path.stem for path in (ROOT / "deeplift_genomics" / "steps").glob("*.py")}
    assert set(STEPS) == modules - SHARED
    assert len(set(STEPS)) == len(STEPS)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_has_options_and_one_call(name: str) -> None:
    step = import_module(f"deeplift_genomics.steps.{name}")
    assert step.__doc__.startswith(f"The step `{name}`: ")
    assert callable(step.add_options) and callable(step.run)
    assert step.HELP[0].islower() and not step.HELP.endswith(".")


def test_every_step_but_those_for_people_is_a_rule() -> None:
    assert rules().keys() == set(STEPS) - FOR_PEOPLE


def test_every_file_of_rules_is_included() -> None:
    included = re.findall(r'include: "rules/(.+)"', (ROOT / "workflow" / "Snakefile").read_text())
    files = {path.name for path in (ROOT / "workflow" / "rules").iterdir()}
    assert len(included) == len(set(included)) and set(included) == files


def test_every_rule_makes_the_results_of_its_step() -> None:
    made_by = {step for item in RESULTS.values() for step in (item.step, item.given_by) if step}
    assert made_by == rules().keys()
    for name, text in rules().items():
        outputs = text.partition("output:")[2].partition("log:")[0]
        made = set(re.findall(r'result\("(\w+)"\)', outputs))
        of_step = {
            key: item.path for key, item in RESULTS.items() if name in (item.step, item.given_by)
        }
        assert made == {key for key, path in of_step.items() if "{method}" not in path}, name
        assert f'log_of("{name}")' in text and f'benchmark_of("{name}")' in text
        assert re.search(rf'step\(\s*"{name} ', text.partition("shell:")[2])


def test_a_rule_makes_the_results_of_further_methods_as_well() -> None:
    text = (ROOT / "workflow" / "rules" / "attribution.smk").read_text()
    found = {
        name: set(re.findall(r'result\("(\w+)"\)', body.partition("log:")[0]))
        for name, body in re.findall(
            r"^use rule (\w+) as \1_by_method with:\n(.*?)(?=^use|\Z)", text, re.M | re.S
        )
    }
    for name, made in found.items():
        of_step = {key: result.path for key, result in RESULTS.items() if result.step == name}
        assert made == {key for key, path in of_step.items() if "{method}" in path}, name
    of_methods = {item.step for item in RESULTS.values() if "{method}" in item.path}
    assert found.keys() == of_methods == {"check", "attribute", "merge"}


def test_every_result_has_a_heading_in_the_description_of_formats() -> None:
    text = (ROOT / "docs" / "formats.md").read_text()
    headings = re.findall(r"^## `([^`]+)`: ", text, flags=re.MULTILINE)
    names = []
    for key, result in RESULTS.items():
        if "{method}" in result.path and not result.kept:
            continue  # the heading of the other shards tells of them
        path = result.path.removeprefix("{sample}/").replace("{target}", "TARGET")
        path = path.replace("{shard}", "SHARD").replace("{method}", "METHOD")
        names.append(f"{path.split('/')[0]}/" if key in FOLDERS else path)
    assert sorted(headings) == sorted(names)


def test_the_readme_lists_every_step() -> None:
    paragraph = (ROOT / "README.md").read_text().split("\n## Steps\n\n")[1].split("\n\n")[0]
    assert tuple(re.findall("`([a-z]+)`", paragraph)) == STEPS


def test_the_architecture_draws_every_step() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    drawn = re.findall(r"^  -> (\w+) ", text, re.MULTILINE)
    assert drawn == [name for name in STEPS if name not in FOR_PEOPLE]
    row = re.search(r"^\| `steps` \|.*$", text, re.MULTILINE)
    assert row is not None and tuple(re.findall("`([a-z]+)`", row[0])) == ("steps", *STEPS)


def test_the_jobs_of_a_cluster_are_those_of_the_rules() -> None:
    """Rules that the profile groups have a row together."""
    text = (ROOT / "docs" / "cluster.md").read_text()
    profile = yaml.safe_load((ROOT / "profiles" / "slurm" / "config.yaml").read_text())
    assert set(profile["groups"]) <= rules().keys()
    rows = set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    assert rows == {profile["groups"].get(name, name) for name in rules()}


def test_the_forecast_has_every_step_that_takes_time() -> None:
    sample = Sample(sample="a", model="m.h5", fasta="g.fa", regions="r.bed", heads="counts")
    measured = Calibration(1000, 1, 1, 1, 1, 1, 1)
    found = [step.name for step in steps_of(Config(), sample, 10, measured)]
    names = ", ".join(found).split(", ")
    once = {"cluster", "hub", "index", "provenance", "crate", "alleles"}
    of_given = {item.given_by for item in RESULTS.values() if item.given_by}
    assert sorted(names) == sorted(set(STEPS) - FOR_PEOPLE - ON_DEMAND - once - of_given)
    given = sample.model_copy(update={"model": (), "scores": {"counts": "a.h5"}})
    found = [step.name for step in steps_of(Config(), given, 10, measured)]
    left_out = {item.step for item in RESULTS.values() if item.of_model or item.given_by}
    names = {*", ".join(found).split(", ")}
    assert names == set(STEPS) - FOR_PEOPLE - ON_DEMAND - once - left_out | of_given


def test_captions_name_the_wildcards_of_their_files() -> None:
    """In the report of Snakemake, a caption with another wildcard is shown as a mistake."""
    found = {}
    for text in rules().values():
        found |= dict(re.findall(r'report\(\s*result\("(\w+)"\).*?report/(\w+\.rst)', text, re.S))
    captions = {path.name for path in (ROOT / "workflow" / "report").iterdir()} - {"workflow.rst"}
    assert set(found.values()) == captions and {"report", "index", "workbook", "oligos"} <= set(
        found
    )
    for name, caption in found.items():
        text = (ROOT / "workflow" / "report" / caption).read_text()
        used = set(re.findall(r"wildcards\.(\w+)", text))
        assert used == set(re.findall(r"\{(\w+)\}", RESULTS[name].path)), caption


def test_paths_of_a_sample() -> None:
    row = {"sample": "k562", "heads": "counts,logit:a/b[1]"}
    found = [(item.path, item.type, item.target) for item in results_of(row)]
    assert found[:3] == [
        ("k562/model.json", "", ""),
        ("k562/windows.h5", "windows", ""),
        ("k562/windows.narrowPeak", "", ""),
    ]
    own = [item for item in found if not item[2]]
    assert found[: len(own)] == own, "the sample's own files come first"
    assert ("k562/counts.scores.h5", "scores", "counts") in found
    assert ("k562/logit-a-b-1.scores.h5", "scores", "logit:a/b[1]") in found
    of_all = [item for item in RESULTS.values() if item.kept and not item.on_demand]
    of_a_run = [item for item in of_all if not item.on_variants]
    kept = [item.path for item in of_a_run if "{sample}" in item.path]
    of_a_target = [path for path in kept if "{target}" in path]
    assert len(of_a_target) >= 6
    assert len(of_a_target) - 1 == sum("{method}" not in path for path in of_a_target)
    # of two targets, and no further method
    assert len(found) == len(set(found)) == len(kept) + len(of_a_target) - 2
    more = set(results_of(row, ["gradient", "lrp"])) - set(results_of(row))
    assert {(item.path, item.type, item.target, item.method) for item in more} == {
        (f"k562/{slug}.{method}.scores.h5", "scores", target, method)
        for slug, target in (("counts", "counts"), ("logit-a-b-1", "logit:a/b[1]"))
        for method in ("gradient", "lrp")
    }
    asked = {item.path for item in results_of(row, on_demand=True)} - {item[0] for item in found}
    evaluated = {f"k562/evaluation.{end}" for end in ("h5", "tsv", "html")}
    assert asked == {*evaluated, "k562/outputs.h5"}
    with_variants = {item.path for item in results_of({**row, "variants": "a.vcf"})}
    assert with_variants - {item[0] for item in found} == {
        f"k562/alleles.{end}" for end in ("h5", "tsv", "motifs.tsv", "html")
    }


def test_a_sample_of_given_scores_has_no_results_of_the_model() -> None:
    row = {"sample": "k562", "heads": "counts", "scores": "counts=a.h5"}
    names = {item.name for item in results_of(row, ["gradient"], on_demand=True)}
    assert {"windows", "scores", "motifs", "instances", "track", "workbook", "report"} <= names
    assert not names & {
        *("info", "predictions", "effects", "effects_table", "figures", "oligos", "oligos_table"),
        *("evaluation", "outputs", "method_scores"),
    }
    assert job_file("convert", LOGS, "log") == "{sample}/logs/convert.{target}.log"


def test_paths_of_a_run() -> None:
    paths = results_of_run()
    assert paths == ["motifs.tsv", "motifs.meme", "motif_matrix.tsv", "index.html"]
    assert set(paths) <= {item.path for item in RESULTS.values()}
    assert results_of_run([{"sample": "a", "genome": ""}, {"sample": "b"}]) == paths
    assert set(results_of_run([{"genome": ""}, {"genome": "hg38"}])) == {*paths, "hub"}


def test_paths_of_jobs() -> None:
    assert job_file("check", LOGS, "log") == "{sample}/logs/check.log"
    shard = "{sample}/benchmarks/attribute.fold-{fold}.{shard}.tsv"
    assert job_file("attribute", BENCHMARKS, "tsv") == shard
    assert job_file("attribute", BENCHMARKS, "tsv", of_method=True) == shard.replace(
        "attribute.", "attribute.{method}."
    )
    assert job_file("provenance", LOGS, "log") == "logs/provenance.log"
    assert job_file("cluster", LOGS, "log") == "logs/cluster.log"
    assert Path(RESULTS["shard"].path).parts[1] == SHARDS
