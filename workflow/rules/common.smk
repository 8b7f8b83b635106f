# The configuration, the samples and the paths that the rules share.
import json
import os
import sys
from math import ceil
from pathlib import Path
from shlex import quote

from snakemake import __version__ as SNAKEMAKE
from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parents[1]
sys.path.insert(0, str(ROOT))

from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.models.files import code_files, model_files
from deeplift_genomics.motifs.memory import motif_memory
from deeplift_genomics.planning.count import count_windows
from deeplift_genomics.planning.paths import check_paths
from deeplift_genomics.record.portable import portable, portable_command
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.options import as_options
from deeplift_genomics.settings.results import (
    BENCHMARKS,
    LOGS,
    RESULTS,
    job_file,
    results_of,
)
from deeplift_genomics.settings.sample_sheet import load_samples, loading_options
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.settings.yaml_files import check_yaml

CONFIG_FILE = "config/config.yaml"
try:
    if Path(CONFIG_FILE).exists():
        check_yaml(CONFIG_FILE)
except DeepLiftGenomicsError as error:
    raise WorkflowError(str(error))


configfile: CONFIG_FILE


# Jobs run this checkout's package. With --sdm conda the environment's Python runs it, otherwise the
# Python that runs Snakemake.
CONDA = "conda" in str(workflow.deployment_settings.deployment_method).lower()
PYTHON = "python" if CONDA else quote(sys.executable)
COMMAND = f"PYTHONPATH={quote(str(ROOT))} {PYTHON} -m deeplift_genomics"
# braces are doubled because Snakemake formats the prefix too
shell.prefix(
    "deeplift-genomics() {{ "
    + COMMAND.replace("{", "{{").replace("}", "}}")
    + ' "$@"; }}; '
)

try:
    CONFIG = parse_config(config)
    SAMPLES = load_samples(CONFIG.samples)
    check_paths(CONFIG, SAMPLES)
    WINDOWS = {name: count_windows(CONFIG, sample) for name, sample in SAMPLES.items()}
    SHARDS = {
        name: max(1, ceil(number / CONFIG.regions.per_shard))
        for name, number in WINDOWS.items()
    }
except DeepLiftGenomicsError as error:
    raise WorkflowError(str(error))

# plain values, because Snakemake sees no change in others
SETTINGS = as_plain(CONFIG)
ROWS = {name: as_plain(row) for name, row in SAMPLES.items()}
# for the report and the record: the same in whatever folder the run is repeated
PORTABLE = portable(SETTINGS, ROWS)
# Jobs inherit these variables. On other nodes Snakemake starts anew, with a command of its own.
os.environ.setdefault("DEEPLIFT_GENOMICS_COMMAND", portable_command(sys.argv))
os.environ.setdefault("DEEPLIFT_GENOMICS_SNAKEMAKE", SNAKEMAKE)
# sample -> {the target as part of a file name: the target as written}
TARGETS = {
    name: {target.slug: target.text for target in sample.heads}
    for name, sample in SAMPLES.items()
}


wildcard_constraints:
    sample="[^/]+",
    target="[A-Za-z0-9_.-]+",
    shard="[0-9]+-of-[0-9]+",
    fold="[0-9]+-of-[0-9]+",


# Paths of results, logs and benchmarks: settings/results.py names them.
def result(name):
    return f"{CONFIG.results}/{RESULTS[name].path}"


def log_of(step):
    return f"{CONFIG.results}/{job_file(step, LOGS, 'log')}"


def benchmark_of(step):
    return f"{CONFIG.results}/{job_file(step, BENCHMARKS, 'tsv')}"


def all_results():
    return [
        f"{CONFIG.results}/{item.path}"
        for row in ROWS.values()
        for item in results_of(row)
    ]


# Memory (MB) and time (minutes) grow with each attempt. `retries` in the profile sets their number.
def by_attempt(amount):
    return lambda wildcards, attempt: amount * attempt


def memory_of_motifs(wildcards, attempt):
    number, motifs = WINDOWS[wildcards.sample], CONFIG.motifs
    return attempt * motif_memory(number, motifs.window, motifs.max_seqlets) // 10**6


def parts(number):
    return [f"{i}-of-{number}" for i in range(1, number + 1)]


def shards_of(wildcards):
    return expand(
        rules.attribute.output.shard,
        sample=wildcards.sample,
        fold=parts(len(SAMPLES[wildcards.sample].model)),
        shard=parts(SHARDS[wildcards.sample]),
    )


# The shell expands this pattern: the names of thousands of shards are too long for a command.
def pattern_of_shards(wildcards):
    folds, shards = len(SAMPLES[wildcards.sample].model), SHARDS[wildcards.sample]
    folder, name = result("shard").rsplit("/", 1)
    name = name.format(fold=f"*-of-{folds}", shard=f"*-of-{shards}")
    return f"{quote(folder.format(sample=wildcards.sample))}/{name}"


# A step gets the model as its user wrote it. Snakemake watches the files that the model and the
# user's own functions are made of.
def models_of(wildcards):
    return SAMPLES[wildcards.sample].model


def model_of_fold(wildcards):
    return models_of(wildcards)[int(wildcards.fold.split("-")[0]) - 1]


def files_of_models(wildcards):
    return [file for model in models_of(wildcards) for file in model_files(model)]


def files_of_fold(wildcards):
    return model_files(model_of_fold(wildcards))


def code_of_model(wildcards):
    sample = SAMPLES[wildcards.sample]
    return code_files(
        [*sample.lambdas.values(), *filter(None, [sample.custom_objects])]
    )


def model_options(wildcards):
    return loading_options(SAMPLES[wildcards.sample])


def controls_of(wildcards):
    return SAMPLES[wildcards.sample].controls


def control_options(wildcards):
    files = controls_of(wildcards)
    return ["--controls", ",".join(files)] if files else []


def region_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    if sample.tiled:
        return [sample.exclude] if sample.exclude else []
    return [sample.regions]


def region_options(wildcards):
    sample = SAMPLES[wildcards.sample]
    options = ["--regions", sample.regions]
    options += ["--exclude", sample.exclude] if sample.exclude else []
    options += control_options(wildcards)
    unused = "" if sample.tiled else "regions.tile"
    return options + as_options(SETTINGS, "regions", without=unused)


def configuration_of(sample):
    return json.dumps({"config": PORTABLE.config, "sample": PORTABLE.samples[sample]})
