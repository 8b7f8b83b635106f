# Configuration, samples and the names of files: all that the rules share.
import json
import sys
from math import ceil
from pathlib import Path
from shlex import quote

from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parents[1]
sys.path.insert(0, str(ROOT))

from deeplift_genomics.bed import count_regions
from deeplift_genomics.config import as_plain, check_paths, load_samples, parse_config
from deeplift_genomics.errors import DeepLiftGenomicsError

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
    SHARDS = {
        name: max(1, ceil(count_regions(sample.regions) / CONFIG.regions.per_shard))
        for name, sample in SAMPLES.items()
    }
except DeepLiftGenomicsError as error:
    raise WorkflowError(str(error))

RESULTS = CONFIG.results
# plain values, because Snakemake sees no change in others
SETTINGS = as_plain(CONFIG)
# sample -> {the target as part of a file name: the target as written}
TARGETS = {
    name: {target.slug: target.text for target in sample.heads}
    for name, sample in SAMPLES.items()
}


wildcard_constraints:
    sample="[^/]+",
    target="[A-Za-z0-9_.-]+",
    shard="[0-9]+-of-[0-9]+",


def shards_of(wildcards):
    number = SHARDS[wildcards.sample]
    shards = [f"{i}-of-{number}" for i in range(1, number + 1)]
    return expand(rules.attribute.output.shard, sample=wildcards.sample, shard=shards)


def per_target(suffix):
    return [
        f"{RESULTS}/{sample}/{target}.{suffix}"
        for sample, targets in TARGETS.items()
        for target in targets
    ]


def configuration_of(sample):
    return json.dumps({"config": SETTINGS, "sample": as_plain(SAMPLES[sample])})
