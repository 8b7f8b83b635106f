# Configuration, samples and the names of files: all that the rules share.
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

from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.planning.paths import check_paths
from deeplift_genomics.settings.yaml_files import check_yaml
from deeplift_genomics.planning.count import count_windows
from deeplift_genomics.settings.sample_sheet import load_samples
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.models.files import code_files, model_files
from deeplift_genomics.motifs.memory import motif_memory
from deeplift_genomics.record.portable import portable, portable_command
from deeplift_genomics.settings.sample_sheet import loading_options

CONFIG_FILE = "config/config.yaml"
try:
    if Path(CONFIG_FILE).exists():
        check_yaml(CONFIG_FILE)
except DeepLiftGenomicsError as error:
    raise WorkflowError(str(error))


configfile: CONFIG_FILE


# Jobs run this checkout's package: with --sdm conda by the environment's Python, which has the
# package's requirements, and otherwise by the Python that runs Snakemake.
CONDA = "conda" in str(workflow.deployment_settings.deployment_method).lower()
PYTHON = "python" if CONDA else quote(sys.executable)
COMMAND = f"PYTHONPATH={quote(str(ROOT))} {PYTHON} -m deeplift_genomics"
# braces are doubled because Snakemake formats the prefix, too
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

RESULTS = CONFIG.results
# plain values, because Snakemake sees no change in others
SETTINGS = as_plain(CONFIG)
# as they are printed and recorded: the same in whatever folder the run is repeated
PORTABLE = portable(SETTINGS, {name: as_plain(row) for name, row in SAMPLES.items()})
# for the jobs, which inherit it: on other nodes Snakemake starts anew, with a command of its own
os.environ.setdefault("DEEPLIFT_GENOMICS_COMMAND", portable_command(sys.argv))
os.environ.setdefault("DEEPLIFT_GENOMICS_SNAKEMAKE", SNAKEMAKE)
# what a run leaves in a sample's folder: once, and for each target
PER_SAMPLE = ["model.json", "windows.h5", "dropped.tsv"]
PER_TARGET = [
    "scores.h5",
    "contributions.bw",
    "modisco.h5",
    "logos",
    "instances.bed",
    "report.html",
]
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


# More memory (MB) and time (minutes) whenever a job is tried again. How often it is, the profile says.
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


# The shell finds the shards: the names of thousands make a longer command than Linux takes.
def pattern_of_shards(wildcards):
    folds, shards = len(SAMPLES[wildcards.sample].model), SHARDS[wildcards.sample]
    folder = quote(f"{RESULTS}/{wildcards.sample}/shards/")
    return f"{folder}fold-*-of-{folds}.*-of-{shards}.h5"


# A model is written as its user wrote it; what Snakemake watches are the files it is made of, and
# those of the user's own functions.
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


def region_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    if sample.tiled:
        return [sample.exclude] if sample.exclude else []
    return [sample.regions]


def region_options(wildcards):
    sample, tile = SAMPLES[wildcards.sample], CONFIG.regions.tile
    if not sample.tiled:
        return ["--regions", sample.regions]
    options = ["--tile", tile.stride]
    for name, value in (
        ("contigs", ",".join(tile.contigs)),
        ("leave-out", ",".join(tile.leave_out)),
        ("exclude", sample.exclude),
    ):
        options += [f"--{name}", value] if value else []
    return options


def control_options(wildcards):
    controls = SAMPLES[wildcards.sample].controls
    return ["--controls", ",".join(controls)] if controls else []


def per_sample(names):
    return [f"{RESULTS}/{sample}/{name}" for sample in SAMPLES for name in names]


def per_target(suffixes):
    return [
        f"{RESULTS}/{sample}/{target}.{suffix}"
        for sample, targets in TARGETS.items()
        for target in targets
        for suffix in suffixes
    ]


def configuration_of(sample):
    return json.dumps({"config": PORTABLE.config, "sample": PORTABLE.samples[sample]})
