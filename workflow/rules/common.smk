# The configuration, the samples and the paths that the rules share.
import json
import os
import re
import sys
from functools import lru_cache
from math import ceil
from pathlib import Path
from shlex import quote
from types import SimpleNamespace

from snakemake import __version__ as SNAKEMAKE
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

HERE = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parents[1]
# The package is beside the workflow in a checkout, and around it in what pip installed.
ROOT = next(
    (
        place
        for place in (HERE, HERE.parent.parent)
        if (place / "deeplift_genomics" / "version.py").is_file()
    ),
    None,
)
if ROOT == HERE:
    sys.path.insert(0, str(ROOT))
try:
    from deeplift_genomics.version import __version__ as INSTALLED_VERSION
except ImportError:
    raise WorkflowError(
        f"The Python package deeplift_genomics is not at {HERE}, and {sys.executable}, which runs "
        "Snakemake, does not have it. Install it there, in the version of the workflow: pip install "
        "deeplift-genomics. Or name workflow/Snakefile of a clone of the repository."
    )
if (
    ROOT is None
):  # as with `snakefile: github(...)`: pip has the package, not the workflow
    text = Path(workflow.source_path("../../deeplift_genomics/version.py")).read_text()
    OWN_VERSION = text.partition('__version__ = "')[2].partition('"')[0]
    if OWN_VERSION != INSTALLED_VERSION:
        raise WorkflowError(
            f"The workflow at {HERE} is of version {OWN_VERSION}, and the installed package "
            f"deeplift_genomics of {INSTALLED_VERSION}. They must be the same: pip install "
            f"deeplift-genomics=={OWN_VERSION}, or name the workflow of {INSTALLED_VERSION}."
        )

from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.models.files import code_files, memory_of_weights, model_files
from deeplift_genomics.motifs.memory import motif_memory
from deeplift_genomics.places import CONFIG as USUAL_CONFIG
from deeplift_genomics.places import python_path
from deeplift_genomics.planning.count import count_windows, source_of_windows
from deeplift_genomics.steps.outputs import SETTINGS as SETTINGS_OF_MAPS
from deeplift_genomics.planning.loci import check_loci, loci_of_one
from deeplift_genomics.planning.paths import check_known_motifs, check_paths, not_made
from deeplift_genomics.planning.predictions import predicted_per_shard
from deeplift_genomics.planning.signal import check_signal
from deeplift_genomics.planning.truth import check_truth
from deeplift_genomics.record.portable import portable, portable_command
from deeplift_genomics.settings.choices import known_motifs_file
from deeplift_genomics.settings.config import as_written, parse_config
from deeplift_genomics.settings.input_forms import fasta_files
from deeplift_genomics.settings.motif_names import names_for
from deeplift_genomics.settings.motif_window import check_motif_window
from deeplift_genomics.settings.options import as_options
from deeplift_genomics.settings.results import (
    BENCHMARKS,
    LOGS,
    RESULTS,
    job_file,
    results_of,
    results_of_run,
)
from deeplift_genomics.settings.sample_files import loading_options
from deeplift_genomics.settings.sample_sheet import load_samples
from deeplift_genomics.settings.scored import (
    for_evaluation,
    for_method,
    further_methods,
    scoring_keys,
)
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.settings.yaml_files import check_yaml

# Whether another workflow takes this one in, as a module or by `include`. Its rules may make the
# inputs.
TAKEN_IN = Path(workflow.main_snakefile).resolve() not in {
    (HERE / name).resolve() for name in ("Snakefile", "workflow/Snakefile")
}

try:
    if not workflow.modifier.skip_configfile and Path(USUAL_CONFIG).exists():
        check_yaml(USUAL_CONFIG)
except DeepLiftGenomicsError as error:
    raise WorkflowError(str(error))


# who includes this workflow may have its configuration already
if not TAKEN_IN or Path(USUAL_CONFIG).exists():

    configfile: USUAL_CONFIG


# Jobs run this package: the checkout's, or the installed one. With --sdm conda the environment's
# Python runs it, otherwise the Python that runs Snakemake. Both are in the environment of the jobs, so
# that the text of a rule, whose change would run it again, is the same everywhere.
CONDA = "conda" in str(workflow.deployment_settings.deployment_method).lower()
PACKAGE_PATH = python_path(other_python=CONDA)
os.environ.update(
    DEEPLIFT_GENOMICS_CHECKOUT=PACKAGE_PATH,
    DEEPLIFT_GENOMICS_PYTHON="python" if CONDA else sys.executable,
)

if {"progress", "all"} & {
    str(kind).lower() for kind in workflow.output_settings.quiet or ()
}:
    os.environ.update(DEEPLIFT_GENOMICS_QUIET="1")


def step(text):
    return (
        'PYTHONPATH="$DEEPLIFT_GENOMICS_CHECKOUT" "$DEEPLIFT_GENOMICS_PYTHON"'
        f" -m deeplift_genomics {text}"
    )


# a module's `prefix` moves the results, but not the files that the sheet names
MOVED = TAKEN_IN and workflow.modifier.modify_path("results/x") != "results/x"

try:
    CONFIG = parse_config(as_written(config, workflow.config_settings.config_args))
    SAMPLES = load_samples(CONFIG.samples, CONFIG.genes)
    check_paths(CONFIG, SAMPLES, made_later=TAKEN_IN)
    if workflow.is_main_process:
        check_known_motifs(CONFIG)
        check_signal(CONFIG, SAMPLES)
        check_truth(CONFIG, SAMPLES)
        check_loci(CONFIG, SAMPLES)
        check_motif_window(as_plain(CONFIG))
    WINDOWS = {
        name: count_windows(CONFIG, sample)
        for name, sample in SAMPLES.items()
        if not TAKEN_IN or Path(source_of_windows(sample)).exists()
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


# Samples whose scores are given in place of a model: one rule less or another makes their files.
GIVEN = [name for name, sample in SAMPLES.items() if sample.scores]
EXPLAINED = [name for name in SAMPLES if name not in GIVEN]


def any_of(names):
    return "|".join(re.escape(name) for name in names) or "none/"


# Further methods of attribution; a target does not end with the name of one.
METHODS = further_methods(SETTINGS)


wildcard_constraints:
    sample="[^/]+",
    target="[A-Za-z0-9_.-]+" + "".join(f"(?<!\\.{name})" for name in METHODS),
    method="|".join(METHODS) or "none",
    shard="[0-9]+-of-[0-9]+",
    fold="[0-9]+-of-[0-9]+",


# Paths of results, logs and benchmarks: settings/results.py names them. Params hold none,
# because a module's `prefix` changes only input, output, log and benchmark.
def below_results(path):
    return str(Path(CONFIG.results) / path)


def result(name):
    return below_results(RESULTS[name].path)


def log_of(step, **of_method):
    return below_results(job_file(step, LOGS, "log", **of_method))


def benchmark_of(step, **of_method):
    return below_results(job_file(step, BENCHMARKS, "tsv", **of_method))


def all_results():
    of_samples = [
        item.path for row in ROWS.values() for item in results_of(row, METHODS)
    ]
    return [
        below_results(path) for path in [*of_samples, *results_of_run(ROWS.values())]
    ]


def of_targets(path):
    return lambda wildcards: expand(
        path, sample=wildcards.sample, target=TARGETS[wildcards.sample]
    )


def of_all_targets(name):
    return [
        file
        for sample, targets in TARGETS.items()
        if has(sample, name)
        for file in expand(result(name), sample=sample, target=targets)
    ]


# Whether a sample has a result: some need the model.
def has(sample, name):
    return not (RESULTS[name].of_model and SAMPLES[sample].scores)


# Results of a sample that need the model, if there is one.
def if_explained(*names):
    def files(wildcards):
        sample = wildcards.sample
        return [
            file
            for name in names
            if has(sample, name)
            for file in expand(result(name), sample=sample, target=TARGETS[sample])
        ]

    return files


@lru_cache(maxsize=None)
def is_made(path):
    return TAKEN_IN and any(rule.is_producer(path) for rule in workflow.rules)


# Snakemake refuses a missing input by itself, but knows neither sample nor column, and shows what an
# input function raises with a traceback.
@lru_cache(maxsize=None)
def say_once(message):
    logger.error(message)


def is_missing(path):
    return TAKEN_IN and not Path(path).exists() and not is_made(path)


# Files that the sheet names, in the spelling for which Snakemake has no warning. One message names all
# that are missing, of all samples.
def inputs(sample, paths):
    paths = [str(Path(path)) for path in paths]
    missing = [path for path in paths if is_missing(path)]
    if missing and sample:
        say_once(str(not_made(CONFIG, SAMPLES.values(), is_missing)))
    elif missing:
        names = ", ".join(missing)
        say_once(f"The configuration names {names}: not found, and no rule makes it.")
    return [local(path) for path in paths] if MOVED else paths


# The number of windows is an upper bound. If another rule makes the file that it follows from, it is
# counted when the windows are cut: that file may be temporary, or have no index.
def number_of_windows(name):
    source = source_of_windows(SAMPLES[name])
    if is_made(source):
        cut = Path(rules.regions.output.peaks.format(sample=name))
        return len(cut.read_bytes().splitlines()) if cut.exists() else None
    if name not in WINDOWS and Path(source).exists():
        WINDOWS[name] = count_windows(CONFIG, SAMPLES[name])
    return WINDOWS.get(name)


def shards_of_windows(name, per_shard):
    if workflow.is_main_process and is_made(source_of_windows(SAMPLES[name])):
        checkpoints.counted.get(sample=name)
    # none: the region file is missing, which Snakemake says
    return max(1, ceil((number_of_windows(name) or 1) / per_shard))


# Memory (MB) and time (minutes) grow with each attempt. `retries` in the profile sets their number.
def by_attempt(amount):
    return lambda wildcards, attempt: amount * attempt


# The same for a job that loads models: their weights come on top. They are in double precision if
# the scores are, or the second path that the job takes.
def with_weights(amount, second_path=0):
    double = CONFIG.attribution.float64 or second_path > 0

    def memory(wildcards, input, attempt):
        weights = memory_of_weights(input.model, float64=double)
        return attempt * (amount + weights // 10**6)

    return memory


def memory_of_motifs(wildcards, attempt):
    number = number_of_windows(wildcards.sample) or CONFIG.regions.per_shard
    motifs = CONFIG.motifs
    return attempt * motif_memory(number, motifs.window, motifs.max_seqlets) // 10**6


# The places of all windows are in memory, and zoom levels of up to 50 million bases.
def memory_of_tracks(wildcards, attempt):
    number = number_of_windows(wildcards.sample) or CONFIG.regions.per_shard
    return attempt * (2000 + 100 * number // 10**6)


def minutes_of_tracks(wildcards, attempt):
    number = number_of_windows(wildcards.sample) or CONFIG.regions.per_shard
    return attempt * (120 + number // 10**4)


def parts(number):
    return [f"{i}-of-{number}" for i in range(1, number + 1)]


def shards_of(wildcards):
    method = getattr(wildcards, "method", "")
    return expand(
        result("method_shard" if method else "shard"),
        sample=wildcards.sample,
        method=method,
        fold=parts(len(SAMPLES[wildcards.sample].model)),
        shard=parts(shards_of_windows(wildcards.sample, CONFIG.regions.per_shard)),
    )


# The shell expands this pattern: the names of thousands of shards are too long for a command.
def pattern_of_shards(wildcards, input):
    folder, name = os.path.split(input.shards[0])
    return f"{quote(folder)}/{re.sub('[0-9]+-of-', '*-of-', name)}"


def predicted_of(wildcards):
    number = shards_of_windows(wildcards.sample, predicted_per_shard(CONFIG))
    return expand(
        rules.predict.output.predicted, sample=wildcards.sample, shard=parts(number)
    )


# as `pattern_of_shards`
def pattern_of_predicted(wildcards, input):
    folder, name = os.path.split(input.predicted[0])
    return f"{quote(folder)}/{re.sub('[0-9]+-of-', '*-of-', name)}"


def calls_of(wildcards):
    number = shards_of_windows(wildcards.sample, CONFIG.instances.per_shard)
    return expand(
        rules.scan.output.calls,
        sample=wildcards.sample,
        target=wildcards.target,
        shard=parts(number),
    )


# as `pattern_of_shards`
def pattern_of_calls(wildcards, input):
    folder, name = os.path.split(input.calls[0])
    of_all = re.sub("[0-9]+(?=-of-[0-9]+[.]h5$)", "*", name)
    return f"{quote(folder)}/{of_all}"


# No more shards than windows have to be evaluated.
def evaluated_of(wildcards):
    settings = CONFIG.evaluation
    number = shards_of_windows(wildcards.sample, settings.per_shard)
    most = ceil(settings.regions / settings.per_shard)
    return expand(
        rules.evaluate.output.evaluated,
        sample=wildcards.sample,
        shard=parts(min(number, most)),
    )


# as `pattern_of_shards`
def pattern_of_evaluated(wildcards, input):
    folder, name = os.path.split(input.evaluated[0])
    return f"{quote(folder)}/{re.sub('[0-9]+-of-', '*-of-', name)}"


def known_sites(wildcards):
    sample = SAMPLES[wildcards.sample]
    file = CONFIG.evaluation.truth or sample.known_sites
    return inputs(sample, [file] if file else [])


# A step gets the model as its user wrote it. Snakemake watches the files that the model and the
# user's own functions are made of.
def models_of(wildcards):
    return SAMPLES[wildcards.sample].model


def model_of_fold(wildcards):
    return models_of(wildcards)[int(wildcards.fold.split("-")[0]) - 1]


def files_of(wildcards, models):
    files = [
        file
        for model in models
        for file in ([model] if is_made(str(Path(model))) else model_files(model))
    ]
    return inputs(SAMPLES[wildcards.sample], files)


# The score files of a sample that are given in place of a model.
def given_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    return inputs(sample, sample.scores.values())


def given_file(wildcards):
    sample = SAMPLES[wildcards.sample]
    return inputs(sample, [sample.scores[TARGETS[wildcards.sample][wildcards.target]]])


# What says how long the windows are.
def source_of_length(wildcards):
    if wildcards.sample in GIVEN:
        return given_files(wildcards)[:1]
    return expand(result("info"), sample=wildcards.sample)


def length_option(wildcards, input):
    return [
        "--scores" if wildcards.sample in GIVEN else "--model-info",
        *input.length,
    ]


def files_of_models(wildcards):
    return files_of(wildcards, models_of(wildcards))


def files_of_fold(wildcards):
    return files_of(wildcards, [model_of_fold(wildcards)])


def code_of_model(wildcards):
    sample = SAMPLES[wildcards.sample]
    functions = [*sample.lambdas.values(), *filter(None, [sample.custom_objects])]
    return inputs(sample, code_files(functions))


# FASTA files of sequences at which the model's other inputs are held
def fixed_sequences(wildcards):
    sample = SAMPLES[wildcards.sample]
    return inputs(sample, fasta_files(sample.inputs))


def model_options(wildcards):
    return loading_options(SAMPLES[wildcards.sample])


# The settings of one method: a change of another's options scores nothing again.
def settings_of(wildcards):
    return for_method(SETTINGS, getattr(wildcards, "method", CONFIG.attribution.method))


def scoring_options(wildcards):
    settings = settings_of(wildcards)
    return as_options(settings, *scoring_keys(settings), watched=True)


# without the seed, on which nothing that is checked depends
def checked_options(wildcards):
    return as_options(
        settings_of(wildcards),
        "references",
        "attribution",
        without="references.seed",
        watched=True,
    )


# Motifs are made of the default method's scores, and need them in all of these bases. The scores of
# a further method are of these bases if its options name no others.
def motif_window(wildcards):
    further = getattr(wildcards, "method", "")
    if further and "motifs.window" not in scoring_keys(settings_of(wildcards)):
        return ""
    return f"--motifs.window={CONFIG.motifs.window}"


def control_options(wildcards):
    files = SAMPLES[wildcards.sample].controls
    return ["--controls", ",".join(files)] if files else []


def region_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    files = [sample.exclude] if sample.tiled else [sample.regions]
    return inputs(sample, [file for file in (*files, sample.contig_aliases) if file])


def gene_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    files = [sample.genes, sample.contig_aliases] if sample.genes else []
    return inputs(sample, [file for file in files if file])


def gene_options(wildcards):
    sample = SAMPLES[wildcards.sample]
    options = ["--genes", sample.genes] if sample.genes else []
    aliases = sample.contig_aliases if sample.genes else ""
    return options + (["--contig-aliases", aliases] if aliases else [])


# The page shows genes, and knows other names of contigs.
def files_of_page(wildcards):
    sample = SAMPLES[wildcards.sample]
    return inputs(
        sample,
        filter(None, [sample.genes, sample.contig_aliases, sample.known_sites]),
    )


# the sites that they cover are counted where some are known
def seqlets_of_page(wildcards):
    known = SAMPLES[wildcards.sample].known_sites
    return of_targets(result("seqlets"))(wildcards) if known else []


def options_of_page(wildcards):
    sample = SAMPLES[wildcards.sample]
    named = {
        "--genes": sample.genes,
        "--contig-aliases": sample.contig_aliases,
        "--known-sites": sample.known_sites,
    }
    return [text for option, file in named.items() if file for text in (option, file)]


def genome_file(wildcards):
    sample = SAMPLES[wildcards.sample]
    return inputs(sample, [sample.fasta] if sample.has_genome else [])


def known_motifs(wildcards):
    file = known_motifs_file(CONFIG.annotation.database)
    return inputs(None, [file] if file else [])


def known_motifs_option(wildcards):
    file = known_motifs_file(CONFIG.annotation.database)
    return ["--known-motifs", file] if file else []


def control_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    return inputs(sample, sample.controls)


def variant_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    files = [sample.variants, sample.contig_aliases] if sample.variants else []
    return inputs(sample, [file for file in files if file])


def allele_options(wildcards):
    sample = SAMPLES[wildcards.sample]
    aliases = sample.contig_aliases
    options = ["--contig-aliases", aliases] if aliases else []
    return options + control_options(wildcards)


# The results that a target asks for. A file that nobody has made, named by its reason, stops a run
# without any.
def wanted(names, files, needed, advice="Add it."):
    if names:
        return expand(files, sample=names)
    say_once(f"{CONFIG.samples}: no sample has {needed}. {advice}")
    return [needed]


def of_explained(files):
    advice = "Samples with 'scores' in its place cannot have these results."
    return wanted(EXPLAINED, files, "a model in the column 'model'", advice)


def results_of_variants(wildcards):
    if not EXPLAINED:
        return of_explained(result("alleles_page"))
    names = [name for name, sample in SAMPLES.items() if sample.variants]
    return wanted(names, result("alleles_page"), "a VCF file in the column 'variants'")


def signal_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    files = [*sample.signal, sample.contig_aliases] if sample.signal else []
    return inputs(sample, [file for file in files if file])


def signal_options(wildcards):
    sample = SAMPLES[wildcards.sample]
    options = ["--signal", ",".join(sample.signal)] if sample.signal else []
    aliases = sample.contig_aliases if sample.signal else ""
    return options + (["--contig-aliases", aliases] if aliases else [])


# What the record takes the digests of. Files that other rules make for the while stay until then.
def all_inputs(wildcards):
    kinds = (
        files_of_models,
        given_files,
        code_of_model,
        fixed_sequences,
        region_files,
        gene_files,
        genome_file,
        control_files,
        variant_files,
        signal_files,
        known_motifs,
    )
    samples = [SimpleNamespace(sample=name) for name in SAMPLES]
    files = [file for sample in samples for kind in kinds for file in kind(sample)]
    return list(dict.fromkeys(files))


def region_options(wildcards):
    sample = SAMPLES[wildcards.sample]
    options = ["--regions", sample.regions]
    options += ["--exclude", sample.exclude] if sample.exclude else []
    aliases = sample.contig_aliases
    options += ["--contig-aliases", aliases] if aliases else []
    form = sample.regions_format
    options += ["--regions-format", form] if form else []
    options += control_options(wildcards)
    unused = "" if sample.tiled else "regions.tile"
    return options + as_options(SETTINGS, "regions", without=unused)


def scored_regions(wildcards):
    sample = SAMPLES[wildcards.sample]
    options = ["--regions", sample.regions]
    form = sample.regions_format
    return options + (["--regions-format", form] if form else [])


# What a report shows: a change of what only the crate says makes no report again.
def configuration_of(sample):
    shown = {
        key: value for key, value in PORTABLE.config.items() if key != "publication"
    }
    return json.dumps({"config": shown, "sample": PORTABLE.samples[sample]})


# What the page above all samples says of a sample: a change of another column makes no page again.
def shown_of(row):
    shown = ("sample", "heads", "fasta", "title", "assay", "cell_type", "genome")
    given = ["scores"] if row["scores"] else []
    return {name: row[name] for name in (*shown, *given)}


# Targets of a sample and, where they are given, that there are scores in place of a model.
def clustered(row):
    given = {name: row[name] for name in ("heads", "scores")}
    return given if row["scores"] else row["heads"]


# What genome browsers show: files of the results, and these of the user.
def shown_files(wildcards):
    sample = SAMPLES[wildcards.sample]
    return inputs(sample, [*sample.signal, *filter(None, [sample.genes])])


# Only the beginnings of long texts are shown, and a command has a largest length.
def browser_row(sample):
    row = {
        name: ROWS[sample][name]
        for name in (
            "sample",
            "heads",
            "fasta",
            "genome",
            "signal",
            "genes",
            "scores",
        )
    }
    row |= {name: ROWS[sample][name][:500] for name in ("title", "assay", "cell_type")}
    return {name: cell for name, cell in row.items() if cell}


# samples whose genome has a name in browsers
IN_BROWSERS = [name for name, sample in SAMPLES.items() if sample.genome]


def all_shown_files(wildcards):
    samples = [SimpleNamespace(sample=name) for name in IN_BROWSERS]
    return [file for sample in samples for file in shown_files(sample)]


def of_browsed(name):
    return [
        file
        for sample in IN_BROWSERS
        for file in expand(result(name), sample=sample, target=TARGETS[sample])
    ]


# The loci that a window of this sample must hold, because no other sample can show them.
def loci_of(wildcards):
    return json.dumps(loci_of_one(CONFIG, SAMPLES, wildcards.sample))


# Maps of outputs are made of the loci that the user names, and are on the page then.
WITH_MAPS = bool(CONFIG.report.loci and CONFIG.report.output_positions)


def aliases_of(wildcards):
    sample = SAMPLES[wildcards.sample]
    return inputs(sample, [sample.contig_aliases] if sample.contig_aliases else [])


# The user's names of a sample's motifs: a change of another sample's joins nothing again.
def joining_options(wildcards):
    names = names_for(SETTINGS["motif_names"], wildcards.sample)
    return as_options(
        {**SETTINGS, "motif_names": names}, "clusters.within_sample", "motif_names"
    )
