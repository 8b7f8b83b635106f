"""Methods in words, for a paper: only what was done, with the numbers of the run's own files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.report.asked import given_in_words, models_explained
from deeplift_genomics.report.check_methods import known_sites_in_words, signal_in_words
from deeplift_genomics.report.citations import WORKS, Citations
from deeplift_genomics.report.oligo_methods import oligos_in_words
from deeplift_genomics.report.sample_run import SampleRun, TargetRun
from deeplift_genomics.report.words import number_in_text
from deeplift_genomics.scores.effects import ABLATION, INSERTION, SPACING
from deeplift_genomics.scores.given import GIVEN, NOT_KNOWN, is_not_known
from deeplift_genomics.settings.choices import SEQUENCES, known_motifs_file
from deeplift_genomics.settings.methods import METHODS
from deeplift_genomics.settings.target_names import PROFILE_KINDS, parse_target_name

_RULES = {
    "rescale": "the Rescale rule",
    "reveal_cancel": "the RevealCancel rule",
    "genomics_default": "the Rescale rule after convolutions and the RevealCancel rule after dense "
    "layers",
}

# kind of target -> the work whose number it is
_DEFINED_BY = {
    **dict.fromkeys(("counts", *PROFILE_KINDS), ("chrombpnet",)),
    "profile_wn": ("bpnet",),
}


class MethodsText(NamedTuple):
    """Paragraphs, with numbers in square brackets that count the works they cite."""

    paragraphs: list[str]
    cited: list[str]

    @property
    def references(self) -> list[str]:
        """The works in the order of their numbers, as in a list of references."""
        return [WORKS[name].text for name in self.cited]

    @property
    def text(self) -> str:
        """The paragraphs and the list of references as plain text."""
        numbered = [f"{n}. {work}" for n, work in enumerate(self.references, 1)]
        return "\n\n".join([*self.paragraphs, "References", "\n".join(numbered)]) + "\n"

    @property
    def bibtex(self) -> str:
        """The works in BibTeX, in the order of their numbers."""
        return "\n\n".join(WORKS[name].bibtex(name) for name in self.cited) + "\n"


def methods_text(run: SampleRun) -> MethodsText:
    """Return the methods of a sample's run."""
    cite = Citations()
    parts = (
        _attribution, signal_in_words, _motifs, _instances, known_sites_in_words, _effects,
        oligos_in_words,
    )  # fmt: skip
    paragraphs = [" ".join(sentences) for part in parts if (sentences := list(part(run, cite)))]
    return MethodsText(paragraphs, cite.names)


def _attribution(run: SampleRun, cite: Citations) -> Iterator[str]:
    """Yield the sentences on windows, model, rules and references."""
    facts = run.attributes
    if is_not_known(facts):
        yield (
            f"Attribution. Contributions of single bases were read from {given_in_words(run)} by "
            f"{_versions(facts, cite)}. Not known: {facts[NOT_KNOWN]}."
        )
        yield _windows(run, facts)
    else:
        yield f"Attribution. {models_explained(run)} explained with {_versions(facts, cite)}."
        yield _windows(run, facts)
        yield _method(run, facts, cite)
        if GIVEN in facts:
            yield f"These contributions were read from {given_in_words(run)}."
    if run.snakemake:
        yield f"Snakemake {run.snakemake}{cite('snakemake')} ran the steps."
    for target in run.targets:
        source = cite(*_DEFINED_BY.get(_kind(target.text), ()))
        yield f"The target “{target.text}”{source} is {target.words.meaning}"
    found = [t.scores.completeness for t in run.targets if t.scores.completeness is not None]
    if found:
        largest = max(item.largest_relative for item in found)
        yield (
            "The largest residual of a window and a reference was "
            f"{number_in_text(100 * largest)}% of the median difference between them."
        )


def _kind(text: str) -> str:
    """Return the kind of a target that is no sum of others."""
    try:
        return getattr(parse_target_name(text), "kind", "")
    except InputError:
        return ""


def _versions(facts: Mapping[str, Any], cite: Citations) -> str:
    """Return this package, TensorFlow and Keras with their versions."""
    version = f"deeplift_genomics {facts.get('package_version', '')}".rstrip()
    own = f"{version}{cite('deeplift_genomics')}"
    keras = (
        f", tf-keras {facts['tf_keras_version']}"
        if "tf_keras_version" in facts
        else f", Keras {facts['keras_version']}"
        if "keras_version" in facts
        else ""
    )
    if "tensorflow_version" not in facts:
        return own
    return f"{own} on TensorFlow {facts['tensorflow_version']}{cite('tensorflow')}{keras}"


def _windows(run: SampleRun, facts: Mapping[str, Any]) -> str:
    """Return the sentence on regions and windows."""
    length = run.targets[0].scores.window_length
    total = run.n_windows + run.dropped.n_windows
    if facts.get("regions_format") == SEQUENCES:
        source = f"{run.n_windows:,} of {total:,} sequences of {facts.get('regions')}"
        return f"{source}, {length:,} bp long, were used."
    genome = str(run.row.get("genome") or "")
    of_genome = f"{genome} ({facts.get('fasta')})" if genome else str(facts.get("fasta"))
    if run.tiled:
        return (
            f"Tiles of {length:,} bp, {int(facts['tile_stride']):,} bp apart, were cut from "
            f"{of_genome}; {run.n_windows:,} of {total:,} were used."
        )
    summits, middles = (int(facts.get(f"n_on_{name}", 0)) for name in ("summits", "middles"))
    centres = {(True, False): "summits", (False, True): "middles of regions"}.get(
        (summits > 0, middles > 0), "summits, or on middles of regions without one,"
    )
    n = run.dropped.n_windows
    dropped = f"; {n:,} {'was' if n == 1 else 'were'} dropped" if n else ""
    return (
        f"Windows of {length:,} bp, centred on {centres}, were cut from {of_genome} for "
        f"{run.n_windows:,} of {total:,} regions of {facts.get('regions')}{dropped}."
    )


def _method(run: SampleRun, facts: Mapping[str, Any], cite: Citations) -> str:
    """Return the sentence on the method, its rules and its references."""
    title = str(facts.get("method", ""))
    name = next((name for name, method in METHODS.items() if method.title == title), "")
    rules = _RULES.get(str(facts.get("rules")), "")
    by = f" with {rules}" if rules else ""
    named = f"{title}{cite(name) if name else ''}{by}"
    chosen = json.loads(facts.get("method_options", "{}"))
    options = ", ".join(f"{name} {value}" for name, value in chosen.items() if value != "")
    named += f" ({options})" if options else ""
    return (
        f"Contributions of single bases were computed by {named}, {_references(run, facts, cite)}."
    )


def _references(run: SampleRun, facts: Mapping[str, Any], cite: Citations) -> str:
    kind, n = str(facts.get("reference_kind", "")), run.targets[0].scores.n_references
    precision = f", in {facts['precision']}" if "precision" in facts else ""
    if not n:
        return f"at each window itself, without references{precision}"
    if kind == "dinucleotide_shuffle":
        shuffles = f"{n} dinucleotide shuffle{'' if n == 1 else 's'} of each window"
        return (
            f"as the mean over {shuffles}{cite('shuffle', 'wilson')} (seed {facts.get('seed')})"
            f"{precision}"
        )
    return f"against {n} reference{'' if n == 1 else 's'} of the kind {kind}{precision}"


def _motifs(run: SampleRun, cite: Citations) -> Iterator[str]:
    """Yield the sentences on TF-MoDISco, known motifs and joined patterns."""
    facts = run.targets[0].attributes
    if "modisco_lite_version" not in facts or not run.n_windows:
        return
    yield (
        f"Motifs. TF-MoDISco{cite('modisco')} (modisco-lite {facts['modisco_lite_version']}) read "
        f"the central {int(facts['window']):,} bp of each window: seqlets at a false discovery "
        f"rate of {facts['seqlet_fdr']:g}, up to {int(facts['max_seqlets']):,} of each sign, "
        f"clustered where there were more than {int(facts['min_seqlets']):,}."
    )
    for target in run.targets:
        yield _seqlets(target)
    if not run.motifs:
        yield "No motif was found."
        return
    yield from _names(run, cite)


def _seqlets(target: TargetRun) -> str:
    facts = target.attributes
    found = [int(facts.get(f"n_seqlets_{name}", 0)) for name in ("positive", "negative")]
    n = len(target.patterns)
    return (
        f"{target.text}: {found[0]:,} positive and {found[1]:,} negative seqlets, "
        f"{n} pattern{'' if n == 1 else 's'}."
    )


def _names(run: SampleRun, cite: Citations) -> Iterator[str]:
    """Yield the sentences on the database of known motifs, and on patterns that are one motif."""
    settings, clusters = (run.config.get(name, {}) for name in ("annotation", "clusters"))
    if settings:
        file = known_motifs_file(settings["database"])
        known = f"the motifs of {file}" if file else _jaspar(settings, cite)
        yield (
            f"Patterns were compared with {known} by TOMTOM{cite('tomtom')}, by base frequencies "
            f"and by contributions; a match has q ≤ {settings['max_q']:g}{cite('benjamini')} and a "
            f"correlation of {settings['min_correlation']:g} or more."
        )
        if not file and any(label.family for t in run.targets for label in t.labels.values()):
            yield f"Families of factors are those of TFClass{cite('tfclass')}."
    n = len(run.motifs)
    patterns = sum(len(target.patterns) for target in run.targets)
    distance = f" at a mean distance of up to {clusters['within_sample']:g}" if clusters else ""
    yield (
        f"By average linkage{cite('linkage')} of patterns{distance}, {patterns} patterns are "
        f"{n} motif{'' if n == 1 else 's'}."
    )


def _jaspar(settings: Mapping[str, Any], cite: Citations) -> str:
    release = str(settings["release"])
    return f"{release} {settings['collection']} ({settings['taxon']}){cite(release)}"


def _instances(run: SampleRun, cite: Citations) -> Iterator[str]:
    """Yield the sentences on instances."""
    if not run.motifs:
        return
    settings = run.config.get("instances", {})
    yield (
        "Instances. Whole windows were searched on both strands for places where a pattern matches "
        "the sequence and resembles the contributions (continuous Jaccard similarity), with "
        "cutoffs that each pattern takes from its seqlets"
    ) + (
        f" (match_p {settings['match_p']:g}, weakest {settings['weakest']:g}, worst "
        f"{settings['worst']:g}); of instances that share more than {settings['max_overlap']:g} of "
        "the shorter one, the one that explains more was kept."
        if settings
        else "."
    )
    counts = [f"{len(columns):,} in {text}" for text, columns in run.instances.items()]
    yield f"Instances called: {', '.join(counts)}."


def _effects(run: SampleRun, cite: Citations) -> Iterator[str]:
    """Yield the sentences on the experiments whose rows the tables of effects have."""
    experiments = {row["experiment"] for rows in run.effects.values() for row in rows}
    if not experiments:
        return
    with open_typed(run.targets[0].paths["effects"], "effects") as file:
        facts = read_attributes(file)

    def told(name: str) -> str:
        return f"{int(facts[f'effects_{name}']):,}"

    if INSERTION in experiments:
        yield (
            f"Effects. The consensus of each of up to {told('motifs')} motifs of a target was put "
            f"into {told('backgrounds')} dinucleotide-shuffled windows, in both orientations, and "
            f"ranked among {told('scrambled')} inserts with its bases in other orders, in "
            f"{told('test_backgrounds')} of these windows (p-values adjusted by maxT"
            f"{cite('westfall')})."
        )
    if ABLATION in experiments:
        yield (
            f"Up to {told('instances')} instances of each motif were replaced, one at a time, by "
            f"the bases of {told('draws')} dinucleotide shuffles, and compared with stretches of "
            f"the same windows without an instance by Wilcoxon's signed-rank test"
            f"{cite('wilcoxon')} (Bonferroni)."
        )
    yield f"Intervals are 95% percentile bootstrap intervals{cite('bootstrap')}."
    if SPACING in experiments:
        yield (
            f"Up to {told('pairs')} pairs of motifs were put at all distances into "
            f"{told('spacing_backgrounds')} shuffled windows."
        )
    yield f"The seed of all draws was {told('seed')}."
